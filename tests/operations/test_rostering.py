"""Who gets which claim: load and skill, absence and capacity, and nobody who is a party to it."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from claims.errors import InvalidInput, NotPermitted, RuleBroken
from claims.models import Claim, LedgerEntry, Membership, Newsroom, User
from claims.operations import conflicts, reviewing, rostering, triaging
from claims.roles import Role
from tests import make

pytestmark = pytest.mark.django_db


def _member(room: Newsroom, **given: Any) -> User:
    user = make.member(room, Role.REVIEWER)
    tell(user, room, **given)
    return user


def tell(user: User, room: Newsroom, **given: Any) -> Membership:
    nothing = {"languages": [], "topics": [], "capacity": None, "away_from": None, "away_until": None}
    return rostering.tell(Membership.objects.get(newsroom=room, user=user), by=user, **{**nothing, **given})


def _given_to(claim: Claim) -> User | None:
    return rostering.assign_by_load(claim, by=make.person(claim.newsroom, Role.DESK_LEAD)).assignee


def _room() -> Newsroom:
    """A newsroom whose desk lead is full: only those a test brings in get claims."""
    room = make.newsroom()
    tell(make.person(room, Role.DESK_LEAD), room, capacity=0)
    return room


def test_whoever_holds_least_gets_the_next_claim():
    room = _room()
    people = [_member(room) for _ in range(3)]
    given = [_given_to(make.claim_submitted(room)) for _ in range(6)]
    assert sorted(one.pk for one in given) == sorted([one.pk for one in people] * 2)


def test_whoever_is_given_a_claim_is_told_and_whoever_takes_one_is_not():
    room = _room()
    user, lead = _member(room), make.person(room, Role.DESK_LEAD)
    claim = make.claim_submitted(room)
    _given_to(claim)
    reviewing.assign(claim, to=lead, by=lead)
    reviewing.assign(claim, to=user, by=lead)
    assert list(user.notices.values_list("kind", flat=True)) == ["assigned", "assigned"]
    assert not lead.notices.exists()


def test_language_and_topic_decide_before_the_load():
    room = _room()
    german, trees, anything = _member(room, languages=["de"]), _member(room, topics=["Trees"]), _member(room)
    for _ in range(2):
        reviewing.assign(make.claim_submitted(room), to=trees, by=trees)
    about_trees, other = make.claim_submitted(room), make.claim_submitted(room)
    triaging.classify(about_trees, by=anything, topic="trees")
    triaging.classify(other, by=anything, topic="roads")
    assert _given_to(about_trees) == trees
    assert _given_to(other) == anything
    assert german not in (about_trees.assignee, other.assignee)


def test_nobody_away_full_or_apart_gets_a_claim():
    room, today = _room(), timezone.now().date()
    _member(room, away_from=today - dt.timedelta(days=1), away_until=today)
    _member(room, capacity=0)
    author, recused, near = _member(room), _member(room), _member(room)
    claim = make.claim_in_review(room, by=author)
    reviewing.recuse(claim, by=recused, reason="My brother said it.")
    conflicts.declare(room, user=near, words="Eulenburg", by=near)
    with pytest.raises(RuleBroken, match="Nobody who is there"):
        _given_to(claim)
    back = _member(room, away_from=today - dt.timedelta(days=9), away_until=today - dt.timedelta(days=1))
    assert _given_to(claim) == back


def test_people_of_other_newsrooms_and_without_the_role_get_nothing():
    room = _room()
    _member(make.newsroom())
    make.member(room, Role.RESEARCHER)
    with pytest.raises(RuleBroken):
        _given_to(make.claim_submitted(room))
    with pytest.raises(NotPermitted):
        rostering.assign_by_load(make.claim_submitted(room), by=make.researcher(room))


def test_one_tells_for_oneself_the_admin_for_everybody_and_the_ledger_keeps_it():
    room = make.newsroom()
    ralf, emil = make.reviewer(room), make.person(room, Role.ADMIN)
    membership = Membership.objects.get(newsroom=room, user=ralf)
    given = {"languages": ["de"], "topics": [" climate "], "capacity": 3, "away_from": None, "away_until": None}
    with pytest.raises(NotPermitted):
        rostering.tell(membership, by=make.editor(room), **given)
    kept = rostering.tell(membership, by=emil, **given)
    assert (kept.topics, kept.capacity) == (["climate"], 3)
    entry = LedgerEntry.objects.get(newsroom=room, kind="member.available")
    assert (entry.actor, entry.payload["after"]["capacity"]) == (emil, 3)
    with pytest.raises(InvalidInput, match="first one first"):
        tell(ralf, room, away_from=dt.date(2026, 12, 9), away_until=dt.date(2026, 12, 1))
    with pytest.raises(InvalidInput, match="both days"):
        tell(ralf, room, away_from=dt.date(2026, 12, 9))


def test_claims_of_absent_people_and_of_those_who_left_are_found_and_only_these_are_given_back():
    room, today = make.newsroom(), timezone.now().date()
    away, there, gone = _member(room), _member(room), _member(room)
    held = {one: make.claim_in_review(room) for one in (away, there, gone)}
    for one, claim in held.items():
        reviewing.assign(claim, to=one, by=one)
    tell(away, room, away_from=today - dt.timedelta(days=1), away_until=today + dt.timedelta(days=5))
    Membership.objects.filter(user=gone).update(active=False)
    assert {claim.pk for claim in rostering.held_by_absent([room])} == {held[away].pk, held[gone].pk}
    assert rostering.give_back(held[away], by=there).assignee is None
    with pytest.raises(RuleBroken, match="is there"):
        rostering.give_back(held[there], by=there)


@pytest.mark.django_db(transaction=True)
def test_two_claims_assigned_at_once_do_not_go_beyond_what_somebody_can_take():
    room = _room()
    only = _member(room, capacity=1)
    lead = make.person(room, Role.DESK_LEAD)
    claims = [make.claim_submitted(room) for _ in range(4)]
    barrier = threading.Barrier(len(claims))

    def assign(claim: Claim) -> None:
        barrier.wait()
        try:
            rostering.assign_by_load(claim, by=User.objects.get(pk=lead.pk))
        except RuleBroken:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=assign, args=(claim,)) for claim in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Claim.objects.filter(assignee=only).count() == 1
