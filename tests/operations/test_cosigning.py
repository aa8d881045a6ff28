"""Co-signing: three newsrooms, each on its own scale, stand by one check for as long as it says what they read."""

from __future__ import annotations

import pytest
from django.db import Error, transaction
from django.test import Client

from claims import pool
from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken, StaleClaim
from claims.events import KINDS, as_event
from claims.models import Claim, CoSignature, LedgerEntry, Newsroom, Publication, Rating, User
from claims.operations import cosigning, publishing, rechecking
from claims.roles import Role
from tests import make

pytestmark = pytest.mark.django_db


def stars(room: Newsroom) -> Rating:
    """A step of a scale that has other words and other degrees than the default one."""
    return Rating.objects.create(
        newsroom=room,
        slug="one-star",
        labels={"en": "One star", "de": "Ein Stern"},
        shared=Rating.Shared.FALSE,
        value=1,
        shape=Rating.Shape.CIRCLE,
    )


def shared() -> Publication:
    return make.publication(make.newsroom(shares_published=True))


def sign(publication: Publication, room: Newsroom | None = None, rating: Rating | None = None) -> CoSignature:
    room = room or make.newsroom()
    return cosigning.cosign(
        publication,
        newsroom=room,
        by=make.editor(room),
        rating=rating or make.rating(room, "mostly-false"),
        content=pool.content_hash(publication),
        note="We called the union too.",
    )


def kinds(room: Newsroom) -> list[str]:
    return list(LedgerEntry.objects.filter(newsroom=room).order_by("sequence").values_list("kind", flat=True))


def test_three_newsrooms_stand_by_a_check_each_on_its_own_scale() -> None:
    publication, second, third = shared(), make.newsroom(), make.newsroom()
    sign(publication, second)
    sign(publication, third, stars(third))

    page = Client().get(publication.get_absolute_url()).content.decode()
    told = Client().get(f"{publication.get_absolute_url()}cosignatures.json").json()

    assert page.index("False") < page.index("Mostly false") < page.index("One star")
    for room in (publication.newsroom, second, third):
        assert room.name in page
    assert "We called the union too." in page
    assert "in shared words: mostly false" in " ".join(page.split()).replace("</span>", "")
    assert (told["rating"]["slug"], told["rating"]["shared"]) == ("false", "false")
    assert [
        (one["newsroom"]["name"], one["rating"]["slug"], one["rating"]["shared"]) for one in told["cosignatures"]
    ] == [
        (second.name, "mostly-false", "mostly_false"),
        (third.name, "one-star", "false"),
    ]


def test_both_ledgers_tell_of_it_each_in_its_own_words() -> None:
    publication, room = shared(), make.newsroom()
    made = sign(publication, room)
    cosigning.revoke(made, by=make.editor(room), reason="Our source was wrong.")

    own, theirs = kinds(room), kinds(publication.newsroom)

    assert own[-2:] == ["cosignature.given", "cosignature.ended"]
    assert theirs[-2:] == ["publication.cosigned", "publication.unsigned"]
    assert {*own[-2:], *theirs[-2:]} <= set(KINDS)
    told = LedgerEntry.objects.filter(newsroom=publication.newsroom, kind="publication.cosigned").get()
    assert told.actor is None  # a person of another newsroom is nobody here
    assert as_event(told)["data"] == {
        "claim": publication.claim_id,
        "publication": publication.pk,
        "cosignature": made.pk,
        "rating": "mostly-false",
        "content_hash": made.content_hash,
    }


def test_a_rating_shows_as_it_was_given_whatever_becomes_of_the_scale() -> None:
    publication, room = shared(), make.newsroom()
    sign(publication, room)
    Rating.objects.filter(newsroom=room, slug="mostly-false").update(labels={"en": "Baloney"}, shared="true")

    told = Client().get(f"{publication.get_absolute_url()}cosignatures.json").json()

    assert told["cosignatures"][0]["rating"]["labels"]["en"] == "Mostly false"
    assert told["cosignatures"][0]["rating"]["shared"] == "mostly_false"


def test_a_signature_is_taken_back_with_a_reason_and_can_be_given_anew() -> None:
    publication, room = shared(), make.newsroom()
    made, editor = sign(publication, room), make.editor(room)
    with pytest.raises(InvalidInput):
        cosigning.revoke(made, by=editor, reason="  ")

    ended = cosigning.revoke(made, by=editor, reason="Our source was wrong.")

    assert (ended.end, ended.end_reason, ended.ended_by) == ("revoked", "Our source was wrong.", editor)
    assert room.name not in Client().get(publication.get_absolute_url()).content.decode()
    with pytest.raises(MoveNotAllowed):
        cosigning.revoke(made, by=editor, reason="Once more.")
    assert sign(publication, room).pk != made.pk


@pytest.mark.parametrize("what", ["text", "retraction", "withdrawal", "replacement"])
def test_a_signature_ends_when_the_check_is_not_any_more_what_was_signed(what: str) -> None:
    publication, room = shared(), make.newsroom()
    made, editor = sign(publication, room), make.editor(publication.newsroom)
    if what == "text":
        publishing.correct(publication, by=editor, kind="correction", notice="N", field="reasons", after="905 trees.")
    elif what == "retraction":
        publishing.correct(publication, by=editor, kind="retraction", notice="We take it back.")
    elif what == "withdrawal":
        publishing.withdraw(publication.claim, by=editor, reason="The letter was forged.")
    else:
        rechecking.reopen(publication.claim, by=editor, reason="Counted anew.")
        assert made.ended_at is None
        make.walk_to_publication(Claim.objects.get(pk=publication.claim_id))
    made.refresh_from_db()

    ends = {"text": "corrected", "retraction": "corrected", "withdrawal": "withdrawn", "replacement": "replaced"}
    assert (made.end, made.ended_by) == (ends[what], None)
    assert kinds(room)[-1] == "cosignature.ended"
    assert "publication.unsigned" in kinds(publication.newsroom)
    assert room.name not in Client().get(publication.get_absolute_url()).content.decode()


def test_a_mere_notice_leaves_signatures_standing() -> None:
    publication, room = shared(), make.newsroom()
    made = sign(publication, room)

    publishing.correct(publication, by=make.editor(publication.newsroom), kind="update", notice="One more source.")

    made.refresh_from_db()
    assert made.ended_at is None
    assert room.name in Client().get(publication.get_absolute_url()).content.decode()


def test_who_did_not_read_the_present_text_signs_nothing() -> None:
    publication, room = shared(), make.newsroom()
    read = pool.content_hash(publication)
    editor = make.editor(publication.newsroom)
    publishing.correct(publication, by=editor, kind="correction", notice="N", field="headline", after="Fewer trees")

    with pytest.raises(StaleClaim):
        cosigning.cosign(publication, newsroom=room, by=make.editor(room), rating=make.rating(room), content=read)


def test_only_an_editor_of_another_newsroom_signs_and_only_once() -> None:
    publication, room = shared(), make.newsroom()
    content = pool.content_hash(publication)

    def attempt(by: User, own: Newsroom, rating: Rating) -> None:
        cosigning.cosign(publication, newsroom=own, by=by, rating=rating, content=content)

    editor, rating = make.editor(room), make.rating(room)
    with pytest.raises(NotPermitted):
        attempt(make.reviewer(room), room, rating)
    with pytest.raises(NotPermitted):
        attempt(make.member(room, Role.AUDITOR), room, rating)
    with pytest.raises(RuleBroken):
        attempt(make.editor(publication.newsroom), publication.newsroom, make.rating(publication.newsroom))
    both = make.member(room, Role.EDITOR)
    publication.newsroom.memberships.create(user=both, roles=[Role.RESEARCHER])
    with pytest.raises(RuleBroken):
        attempt(User.objects.get(pk=both.pk), room, rating)
    with pytest.raises(InvalidInput):
        attempt(editor, room, make.rating(publication.newsroom))
    attempt(editor, room, rating)
    with pytest.raises(MoveNotAllowed):
        attempt(editor, room, rating)
    Newsroom.objects.filter(pk=publication.newsroom_id).update(shares_published=False)
    with pytest.raises(NotPermitted):
        sign(publication)


def test_what_is_not_live_is_not_signed() -> None:
    publication = shared()
    publishing.withdraw(publication.claim, by=make.editor(publication.newsroom), reason="Forged.")

    with pytest.raises(MoveNotAllowed):
        sign(publication)


def test_the_database_keeps_signatures_whoever_writes() -> None:
    publication, room = shared(), make.newsroom()
    made = sign(publication, room)
    others = {"note": "x", "content_hash": "0" * 64, "rating": make.rating(room, "true"), "given": {}}
    for name, value in others.items():
        with pytest.raises(Error), transaction.atomic():
            CoSignature.objects.filter(pk=made.pk).update(**{name: value})
    with pytest.raises(Error), transaction.atomic():
        made.delete()
    with pytest.raises(Error), transaction.atomic():
        CoSignature.objects.filter(pk=made.pk).update(ended_at=made.signed_at)  # without a cause
    own = publication.newsroom
    made.pk, made.newsroom, made.rating = None, own, make.rating(own)
    with pytest.raises(Error), transaction.atomic():
        made.save(force_insert=True)  # its own check
    made = CoSignature.objects.get(newsroom=room)
    cosigning.revoke(made, by=make.editor(room), reason="R")
    with pytest.raises(Error), transaction.atomic():
        CoSignature.objects.filter(pk=made.pk).update(ended_at=None, end="", ended_by=None, end_reason="")


def test_hostile_texts_of_another_newsroom_are_shown_and_never_run() -> None:
    naughty = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'"
    publication = shared()
    room = make.newsroom()
    Newsroom.objects.filter(pk=room.pk).update(name=naughty)
    rating = stars(room)
    Rating.objects.filter(pk=rating.pk).update(labels={"en": naughty}, colour='"><x>')
    rating.refresh_from_db()
    room.refresh_from_db()
    cosigning.cosign(
        publication,
        newsroom=room,
        by=make.editor(room),
        rating=rating,
        content=pool.content_hash(publication),
        note=naughty,
    )
    client = Client()
    client.force_login(make.editor(publication.newsroom))

    for address in (publication.get_absolute_url(), f"/admin/claims/publication/{publication.pk}/change/"):
        page = client.get(address).content.decode()
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<x>" not in page
