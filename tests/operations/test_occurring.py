"""What was said before is noted where it is checked; a person can part the two; demand and reach make the priority."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from claims import priority
from claims.errors import NotPermitted, RuleBroken
from claims.models import Article, Claim, Door, FollowedItem, FollowedSource, Newsroom, Notice, Occurrence
from claims.models.claim import PRIORITY
from claims.operations import deciding, following, intake, occurring, reviving
from claims.operations.following import Entry, Sight
from claims.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
SAID = "Eulenburg planted 1,250 trees in March 2024."


def followed(room: Newsroom, text: str, *, url: str = "https://bote.example/1", **given: Any) -> Article:
    """An article that came in by following, read."""
    source = FollowedSource.objects.filter(newsroom=room).first() or following.follow(
        room, by=make.researcher(room), url="https://bote.example/feed", name="Bote", reach=2
    )
    fields = {"language": "en", "published_on": dt.date(2024, 5, 1), "title": "Bote", **given}
    article, _ = intake.submit_article(room, text=text, by=None, door=Door.FEED, url=url, **fields)
    FollowedItem.objects.create(
        newsroom=room, source=source, address=following.address_of(url), url=url, digest="-", article=article
    )
    held = Article.objects.take(article.pk)
    assert held is not None
    intake.record_claims(held, intake.read(held))
    return article


@pytest.mark.parametrize("state", ["claim_submitted", "claim_in_review", "claim_published"])
def test_what_is_known_is_noted_there_with_where_and_when_and_nobody_has_to_do_it_twice(state: str):
    room = make.newsroom()
    claim = getattr(make, state)(room, text=SAID)
    followed(room, f"{SAID} The weather was fine.")

    assert not Claim.objects.filter(newsroom=room, article__isnull=False).exists()
    occurrence = Occurrence.objects.of(claim).get()
    assert (occurrence.kind, occurrence.text, occurrence.said_on) == ("said", SAID, dt.date(2024, 5, 1))
    assert (occurrence.found_by.name, occurrence.article.url) == ("Bote", "https://bote.example/1")
    claim.refresh_from_db()
    assert (claim.demand, claim.reach) == (2, 2)
    assert claim.history.filter(kind="claim.said_again").exists()
    assert Notice.objects.filter(kind="said").exists() == (state == "claim_published")


@pytest.mark.parametrize(
    "other",
    [
        "Eulenburg planted 1,350 trees in March 2024.",
        "Eulenburg planted 1,250 trees in March 2023.",
        "Eulenburg did not plant 1,250 trees in March 2024.",
        "Adlerstadt planted 1,250 trees in March 2024.",
    ],
)
def test_another_number_date_place_or_a_denial_is_another_claim(other: str):
    room = make.newsroom()
    make.claim_submitted(room, text=SAID)
    followed(room, other)
    assert not Occurrence.objects.exists()
    assert Claim.objects.filter(newsroom=room, text=other).count() == 1


def test_the_same_in_other_words_and_from_another_mouth_is_the_same():
    room = make.newsroom()
    text = "Die Stadt Eulenburg hat im März 2024 nach Angaben des Bürgermeisteramts 1.250 neue Bäume gepflanzt."
    claim = make.claim_submitted(room, text=text, language="de")
    again = "Im März 2024 pflanzte die Stadt Eulenburg 1.250 neue Bäume, sagte Bürgermeisterin Ada Lindgren."
    followed(room, again, language="de")
    assert Occurrence.objects.get().claim_id == claim.pk


def test_only_the_own_newsroom_is_looked_through():
    make.claim_published(text=SAID)
    room = make.newsroom()
    followed(room, SAID)
    assert Claim.objects.filter(newsroom=room, text=SAID).count() == 1


def test_what_names_no_day_and_was_said_years_ago_comes_in_anew():
    room = make.newsroom()
    text = "Eulenburg has 340 playgrounds in all quarters of the city."
    make.claim_submitted(room, text=text, said_on=dt.date(2021, 4, 2))
    followed(room, text)
    assert Claim.objects.filter(newsroom=room, text=text, article__isnull=False).count() == 1


def test_what_is_said_of_a_duplicate_counts_where_it_is_really_checked():
    room = make.newsroom()
    claim = make.claim_submitted(room, text="The city of Eulenburg planted trees: 1,250 in March 2024.")
    double = make.claim_submitted(room, text=SAID)
    deciding.mark_duplicate(double, of=claim, by=make.researcher(room))
    followed(room, SAID)
    assert Occurrence.objects.get().claim_id == claim.pk
    claim.refresh_from_db()
    assert claim.demand == 3


def test_a_person_parts_what_was_taken_for_the_same():
    room = make.newsroom()
    claim = make.claim_submitted(room, text=SAID)
    followed(room, SAID)
    occurrence = Occurrence.objects.get()
    with pytest.raises(NotPermitted):
        occurring.part(occurrence, by=make.member(room, Role.AUDITOR))

    made = occurring.part(occurrence, by=make.researcher(room))
    assert made is not None and (made.text, made.status, made.demand, made.reach) == (SAID, "submitted", 1, 2)
    assert made.article == occurrence.article and made.facts
    claim.refresh_from_db()
    assert claim.demand == 1 and not Occurrence.objects.of(claim).exists()
    with pytest.raises(RuleBroken):
        occurring.part(Occurrence.objects.get(), by=make.researcher(room))
    assert Claim.objects.filter(newsroom=room).count() == 2


def test_the_database_does_not_take_an_occurrence_back_twice_nor_changes_what_was_found():
    room = make.newsroom()
    make.claim_submitted(room, text=SAID)
    followed(room, SAID)
    occurring.part(Occurrence.objects.get(), by=make.researcher(room))
    for change in ({"undone_at": None, "undone_by": None}, {"text": "something else"}):
        with pytest.raises(Exception, match=r"Cannot update"), transaction.atomic():
            Occurrence.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.create(claim=Claim.objects.all()[0], kind="said", text="nowhere")


def test_reading_an_article_twice_notes_its_claims_once():
    room = make.newsroom()
    make.claim_submitted(room, text=SAID)
    article = followed(room, SAID)
    Article.objects.revive(article.pk)
    held = Article.objects.take(article.pk)
    assert held is not None
    intake.record_claims(held, intake.read(held))
    assert Occurrence.objects.count() == 1 and Claim.objects.get(newsroom=room).demand == 2


def test_who_hands_in_a_known_claim_counts_once_a_day():
    room = make.newsroom()
    claim = make.claim_submitted(room, text=SAID)
    reader = make.member(room, Role.RESEARCHER)
    for _ in range(2):
        same, new = intake.submit_claim(room, text=SAID, by=reader, door=Door.API, language="en")
        assert (same.pk, new) == (claim.pk, False)
    intake.submit_claim(room, text=SAID, by=claim.submitted_by, door=Door.API, language="en")
    claim.refresh_from_db()
    assert (claim.demand, Occurrence.objects.of(claim).get().kind) == (2, "asked")


def test_a_source_that_was_given_up_is_tried_again_by_a_person():
    room = make.newsroom()
    source = following.follow(room, by=make.researcher(room), url="https://bote.example/feed")
    held = FollowedSource.objects.take(source.pk)
    assert held is not None and FollowedSource.objects.bury(held, error="Its worker was lost at every try.")
    with pytest.raises(NotPermitted):
        reviving.revive(source, by=make.member(room, Role.AUDITOR))
    reviving.revive(source, by=make.researcher(room))
    assert FollowedSource.objects.get(pk=source.pk).active


def test_a_lost_lease_and_a_pause_write_nothing():
    room = make.newsroom()
    person = make.researcher(room)
    source = following.follow(room, by=person, url="https://bote.example/feed")
    held = FollowedSource.objects.take(source.pk)
    assert held is not None
    following.pause(source, by=person)
    assert following.record_visit(held, Sight(entries=[Entry("https://bote.example/1")])) == []
    assert not FollowedItem.objects.exists() and not FollowedSource.objects.get(pk=source.pk).active


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.bote.example/a/?utm_source=x#top", "http://bote.example/a"),
        ("https://bote.example/a?id=1&fbclid=y", "https://BOTE.example/a/?id=1"),
    ],
)
def test_copies_of_a_link_are_one_address(one: str, other: str):
    assert following.address_of(one) == following.address_of(other) != ""
    assert following.address_of("https://bote.example/a?id=1") != following.address_of("https://bote.example/a?id=2")


def test_the_priority_is_the_score_the_demand_and_the_reach_and_says_so():
    room = make.newsroom()
    claim = make.claim_submitted(room, text=SAID)
    Claim.objects.filter(pk=claim.pk).update(score=0.5)
    followed(room, SAID)
    claim.refresh_from_db()
    parts = priority.parts(claim)
    assert [(part.kind, round(part.counts, 3)) for part in parts] == [("score", 0.5), ("demand", 0.15), ("reach", 0.1)]
    assert priority.of(claim) == pytest.approx(0.75)
    ordered = Claim.objects.annotate(priority=PRIORITY).get(pk=claim.pk)
    assert ordered.priority == pytest.approx(0.75)


def test_the_order_by_priority_is_read_from_an_index():
    rows = Claim.objects.filter(newsroom=1, status="submitted").annotate(priority=PRIORITY)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = rows.order_by("-priority", "-pk").values_list("pk")[:50].explain()
    assert "claim_priority" in plan and "Sort" not in plan


def test_demand_that_grew_while_a_claim_was_a_duplicate_leaves_with_it():
    room = make.newsroom()
    first, second, third = (make.claim_submitted(room) for _ in range(3))
    Claim.objects.filter(pk=second.pk).update(duplicate_of=first)
    Claim.objects.filter(pk=third.pk).update(duplicate_of=second)
    assert Claim.objects.get(pk=first.pk).demand == 3
    Claim.objects.filter(pk=second.pk).update(duplicate_of=None)
    demands = [Claim.objects.get(pk=one.pk).demand for one in (first, second, third)]
    assert demands == [1, 2, 1]
