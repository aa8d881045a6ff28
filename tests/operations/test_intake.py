"""What comes in: kept as it came, once, or refused with the name of the field and nothing half-saved."""

import datetime as dt

import pytest
import time_machine

from claims.analysis.types import Entity
from claims.errors import InvalidInput, NotPermitted
from claims.models import Article, Claim, Door, LedgerEntry
from claims.operations import aliasing, intake
from tests import make

pytestmark = pytest.mark.django_db

HTML = (
    "<!doctype html><html><head><title>Trees</title><script>alert(1)</script></head><body><nav>Home</nav><article>"
    "<h1>Trees</h1><p>The city of Eulenburg planted 1,250 trees in March 2024, the mayor's office said.</p>"
    "<p>The forestry union counted 900 trees and asked for the list of all streets.</p></article></body></html>"
)


def hand_in(text: str, **fields: object) -> tuple[Article, bool]:
    room = make.newsroom()
    given = {"by": make.researcher(room), "door": Door.API, "language": "en", **fields}
    return intake.submit_article(room, text=text, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "blank"),
        (" \n\t ", "blank"),
        ("!!! ... ???", "blank"),
        ("a" * 5_000_000, "too_long"),
        ("before\x00after", "nul"),
        ("half \ud83d a character", "surrogate"),
        ("<html><body><script>only()</script></body></html>", "no_text_in_html"),
    ],
    ids=["empty", "blank", "no letters", "5 MB", "NUL", "lone surrogate", "HTML without text"],
)
def test_a_text_that_cannot_be_read_is_refused_by_name_and_nothing_is_kept(text: str, code: str):
    with pytest.raises(InvalidInput) as refusal:
        hand_in(text)
    assert (refusal.value.field, refusal.value.code) == ("text", code)
    assert not Article.objects.exists()
    assert not LedgerEntry.objects.filter(kind="article.received").exists()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("language", "klingon!", "unknown"),
        ("language", "xx", "unknown"),
        ("published_on", dt.date(2124, 1, 1), "in_future"),
        ("published_on", dt.date(12, 1, 1), "implausible"),
        ("url", "javascript:alert(1)", "bad_url"),
        ("url", "courier.example/1", "bad_url"),
        ("title", "x" * 501, "too_long"),
        ("title", "a\x00b", "control_characters"),
        ("external_id", "x" * 201, "too_long"),
    ],
)
def test_a_field_that_is_wrong_is_refused_by_name(field: str, value: object, code: str):
    with pytest.raises(InvalidInput) as refusal:
        hand_in("Eulenburg planted 1,250 trees.", **{field: value})
    assert (refusal.value.field, refusal.value.code) == (field, code)
    assert not Article.objects.exists()


def test_tomorrow_is_accepted_because_somewhere_it_is_tomorrow():
    with time_machine.travel(dt.datetime(2024, 4, 2, 23, 30, tzinfo=dt.UTC), tick=False):
        article, _ = hand_in("Eulenburg planted 1,250 trees.", published_on=dt.date(2024, 4, 3))
    assert article.published_on == dt.date(2024, 4, 3)


def test_html_becomes_its_article_and_says_so():
    article, _ = hand_in(HTML)
    assert "1,250 trees" in article.text
    assert "<p>" not in article.text and "alert" not in article.text
    assert any("HTML" in note for note in article.notes)


@pytest.mark.parametrize(
    "text",
    [
        "في مارس 2024 زرعت المدينة 1250 شجرة.",
        "Die Sta\u0308dte pflanzten 1.250 Ba\u0308ume.",
        "Trees 🌳🌳 1,250 planted.\r\nEnd.",
    ],
    ids=["right to left", "combining marks", "emoji and CRLF"],
)
def test_any_script_is_kept_to_the_letter(text: str):
    article, _ = hand_in(text, language="")
    assert Article.objects.get(pk=article.pk).text == text


def test_the_same_article_twice_is_one_article():
    room = make.newsroom()
    first, created = intake.submit_article(room, text="Trees: 1,250.", by=None, door=Door.FEED, language="en")
    second, again = intake.submit_article(room, text="Trees: 1,250.", by=None, door=Door.API, language="en")
    assert (created, again) == (True, False)
    assert first.pk == second.pk
    assert LedgerEntry.objects.filter(kind="article.received").count() == 1


def test_the_same_article_in_two_newsrooms_is_two_articles():
    first, _ = intake.submit_article(make.newsroom(), text="Trees: 1,250.", by=None, door=Door.FEED)
    second, _ = intake.submit_article(make.newsroom(), text="Trees: 1,250.", by=None, door=Door.FEED)
    assert first.pk != second.pk


def test_a_language_that_was_not_given_is_guessed_and_noted():
    article, _ = hand_in(
        "Die Stadt Eulenburg hat im März 1.250 Bäume gepflanzt, sagte die Bürgermeisterin.", language=""
    )
    assert article.language == "de" and article.language_guessed
    assert any("Language" in note for note in article.notes)


def test_a_stranger_hands_nothing_in():
    stranger = make.researcher(make.newsroom())
    with pytest.raises(NotPermitted):
        hand_in("Eulenburg planted 1,250 trees.", by=stranger)


def test_claims_stand_in_the_article_word_for_word_and_so_do_their_facts():
    article = make.article_read()
    claims = list(article.claims.all())
    assert claims
    for claim in claims:
        assert article.text[claim.start : claim.end] == claim.text
        for fact in claim.read_facts():
            assert fact.span.of(claim.text) == fact.text


def test_an_article_read_twice_has_its_claims_once():
    article = make.article_read()
    before = set(article.claims.values_list("pk", flat=True))
    Article.objects.revive(article.pk)
    held = Article.objects.take(article.pk)
    assert held is not None
    intake.record_claims(held, intake.read(held))
    assert set(article.claims.values_list("pk", flat=True)) == before


def test_a_reader_that_lost_its_lease_writes_nothing():
    article = make.article()
    slow = Article.objects.take(article.pk)
    assert slow is not None
    Article.objects.filter(pk=article.pk).update(leased_until=None)
    quick = Article.objects.take(article.pk)
    assert quick is not None
    reading = intake.read(quick)
    assert intake.record_claims(quick, reading)
    assert intake.record_claims(slow, reading) == []


def test_a_policy_of_the_newsroom_opens_lookups_for_claims_it_names():
    article = make.article_read(make.newsroom(gather_automatically="claims"))
    by_suggestion = {(claim.suggestion, claim.status) for claim in article.claims.all()}
    assert ("claim", "gathering") in by_suggestion
    assert ("candidate", "gathering") not in by_suggestion


def test_a_claim_sent_alone_twice_is_one_claim():
    room = make.newsroom()
    first = make.claim_submitted(room, text="Eulenburg planted 1,250 trees.")
    second = make.claim_submitted(room, text="Eulenburg planted 1,250 trees.")
    assert first.pk == second.pk
    assert Claim.objects.filter(newsroom=room).count() == 1


def test_an_article_is_read_with_the_names_of_its_own_newsroom() -> None:
    rooms = make.newsroom(), make.newsroom()
    name = {"written": "Kowar", "canonical": "Anna Kovar", "kind": "person", "wikidata": "Q9", "language": "de"}
    aliasing.take_in([name], newsroom=rooms[0], by=None)

    taught, untaught = (
        {
            fact.id
            for claim in make.article_read(room, text="Kowar eröffnete am 3. Mai 2024 das Museum in Rom.").claims.all()
            for fact in claim.read_facts()
            if isinstance(fact, Entity)
        }
        for room in rooms
    )

    assert "wd:Q9" in taught
    assert "wd:Q9" not in untaught
    assert taught & untaught  # the city, read in both
