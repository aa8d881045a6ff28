"""The pool: who shows what to whom, and a claim taken over with where it came from."""

from __future__ import annotations

import json

import pytest

from claims import pool
from claims.errors import NotPermitted
from claims.models import Claim, LedgerEntry, Newsroom, Takeover
from claims.operations import publishing, researching, sharing
from claims.roles import Role
from tests import make

pytestmark = pytest.mark.django_db


def test_a_newsroom_that_shares_nothing_shows_nothing_each_way() -> None:
    open_room = make.newsroom(shares_published=True, shares_open_claims=True)
    closed_room = make.newsroom()
    for room in (open_room, closed_room):
        make.publication(room)
        make.claim_gathering(room)
    inside, outside = make.editor(open_room), make.editor(closed_room)

    assert [one.newsroom for one in pool.checks(outside)] == [open_room]
    assert [one.newsroom for one in pool.claims(outside)] == [open_room]
    assert not pool.checks(inside).exists()
    assert not pool.claims(inside).exists()


def test_checks_and_open_claims_are_shared_apart() -> None:
    room, reader = make.newsroom(shares_published=True), make.editor(make.newsroom())
    make.publication(room)
    make.claim_gathering(room)
    assert (pool.checks(reader).count(), pool.claims(reader).count()) == (1, 0)

    Newsroom.objects.filter(pk=room.pk).update(shares_published=False, shares_open_claims=True)

    assert (pool.checks(reader).count(), pool.claims(reader).count()) == (0, 1)


def test_only_what_is_live_and_only_what_a_desk_is_checking_is_in_the_pool() -> None:
    room, reader = make.newsroom(shares_published=True, shares_open_claims=True), make.editor(make.newsroom())
    make.claim_submitted(room)  # came in; nobody picked it
    make.claim_decided(room)  # decided; not published
    reviewed = make.claim_in_review(room)
    gone = make.publication(room)
    publishing.withdraw(gone.claim, by=make.editor(room), reason="Forged.")

    assert not pool.checks(reader).exists()
    assert [one.pk for one in pool.claims(reader)] == [reviewed.pk]


def test_whoever_belongs_to_no_newsroom_reads_no_pool() -> None:
    room, person = make.newsroom(shares_published=True, shares_open_claims=True), make.editor(make.newsroom())
    make.publication(room)
    make.claim_gathering(room)
    person.memberships.update(active=False)
    person = type(person).objects.get(pk=person.pk)

    assert not pool.checks(person).exists()
    assert not pool.claims(person).exists()


def test_a_check_is_shown_as_readers_see_it() -> None:
    room = make.newsroom(shares_published=True)
    private = make.draft(private=True, url="file:///own/archive/1", title="Letter")
    publication = make.publication(room, drafts=[make.draft(), private])

    shown = json.dumps(pool.shown(publication))

    assert publication.content["evidence"]
    assert "file:" not in shown
    for name in ("published_by", "proposed_by", "reviewer"):
        assert name not in shown


def test_what_is_protected_later_leaves_the_pool_too() -> None:
    room = make.newsroom(shares_published=True)
    address = "https://courier.example/leaked"
    publication = make.publication(room, drafts=[make.draft(url=address)])
    elsewhere = make.claim_in_review(room, drafts=[make.draft(url=address)]).evidence.first()
    assert elsewhere is not None
    assert address in json.dumps(pool.shown(publication))

    researching.protect(elsewhere, by=make.researcher(room), reason="A whistle-blower.")

    assert address not in json.dumps(pool.shown(publication))
    assert "whistle" not in json.dumps(pool.shown(publication))


def test_words_find_checks_and_claims() -> None:
    room, reader = make.newsroom(shares_published=True, shares_open_claims=True), make.editor(make.newsroom())
    make.publication(room, text="Eulenburg planted 1,250 trees in March 2024.")
    make.claim_gathering(room, text="Adlerstadt closed 12 libraries in 2023.")

    assert pool.checks_about(pool.checks(reader), "eulenburg TREES").count() == 1
    assert pool.checks_about(pool.checks(reader), "eulenburg libraries").count() == 0
    assert pool.claims_about(pool.claims(reader), "libraries").count() == 1
    assert pool.claims_about(pool.claims(reader), "trees").count() == 0
    for odd in ("\x00", "%_'\"\\", "( | & !", "a" * 500):
        assert pool.checks_about(pool.checks(reader), odd).count() in (0, 1)
        assert pool.claims_about(pool.claims(reader), odd).count() in (0, 1)


def test_a_check_taken_over_is_a_new_claim_with_its_source() -> None:
    publication = make.publication(
        make.newsroom(shares_published=True), claimant="Ada Lindgren", appearance="https://town.example/speech"
    )
    room = make.newsroom()
    by = make.researcher(room)

    claim, created = sharing.take_over_check(publication, newsroom=room, by=by)

    assert created
    assert (claim.newsroom, claim.status, claim.text) == (room, "submitted", publication.content["claim"])
    assert (claim.claimant, claim.appearance) == ("Ada Lindgren", "https://town.example/speech")
    taken = Takeover.objects.get(claim=claim)
    assert (taken.kind, taken.origin_slug, taken.taken_by) == ("check", publication.newsroom.slug, by)
    assert taken.address.endswith(publication.get_absolute_url())
    entry = LedgerEntry.objects.get(newsroom=room, kind="claim.taken_over")
    assert entry.payload["from_name"] == publication.newsroom.name
    again, created = sharing.take_over_check(publication, newsroom=room, by=by)
    assert (again.pk, created) == (claim.pk, False)
    assert Takeover.objects.count() == 1


def test_an_open_claim_taken_over_brings_text_language_and_topic_no_more() -> None:
    theirs = make.claim_gathering(
        make.newsroom(shares_open_claims=True), claimant="Ada Lindgren", appearance="https://town.example/speech"
    )
    Claim.objects.filter(pk=theirs.pk).update(topic="trees")
    theirs.refresh_from_db()
    room = make.newsroom()

    claim, created = sharing.take_over_claim(theirs, newsroom=room, by=make.researcher(room))

    assert created
    assert (claim.text, claim.language, claim.topic) == (theirs.text, theirs.language, "trees")
    assert (claim.claimant, claim.appearance) == ("", "")
    assert Takeover.objects.get(claim=claim).origin_number == theirs.pk


def test_what_is_not_in_the_pool_is_not_taken_over() -> None:
    publication, claim = make.publication(), make.claim_gathering()
    room = make.newsroom()
    by = make.researcher(room)

    with pytest.raises(NotPermitted):
        sharing.take_over_check(publication, newsroom=room, by=by)
    with pytest.raises(NotPermitted):
        sharing.take_over_claim(claim, newsroom=room, by=by)
    Newsroom.objects.filter(pk__in=[publication.newsroom_id, claim.newsroom_id]).update(
        shares_published=True, shares_open_claims=True
    )
    auditor = make.member(room, Role.AUDITOR)
    with pytest.raises(NotPermitted):
        sharing.take_over_check(publication, newsroom=room, by=auditor)
    with pytest.raises(NotPermitted):
        sharing.take_over_claim(claim, newsroom=room, by=auditor)
    assert not Claim.objects.filter(newsroom=room).exists()
