"""Topics, severities and deadlines: who sets them, what the ledger keeps, when the clock starts by itself."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from claims.calendars import add_business_hours
from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted
from claims.models import Claim, LedgerEntry
from claims.operations import deciding, rechecking, triaging
from claims.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)


def _entries(claim: Claim) -> list[LedgerEntry]:
    return list(claim.history.filter(kind="claim.triaged").order_by("sequence"))


def test_a_topic_is_kept_and_the_ledger_tells_what_it_was():
    claim = make.claim_submitted()
    dora = make.researcher(claim.newsroom)
    triaging.classify(claim, by=dora, topic=" energy ")
    triaging.classify(claim, by=dora, topic="climate  policy")
    assert Claim.objects.get(pk=claim.pk).topic == "climate policy"
    last = _entries(claim)[-1]
    assert (last.actor, last.payload) == (dora, {"before": {"topic": "energy"}, "after": {"topic": "climate policy"}})


def test_what_is_as_it_was_leaves_no_trace():
    claim = make.claim_submitted()
    triaging.triage(claim, by=make.researcher(claim.newsroom), topic="", severity=claim.severity, due_at=claim.due_at)
    assert _entries(claim) == []


def test_an_auditor_and_a_stranger_set_nothing():
    claim = make.claim_submitted()
    for person in (make.person(claim.newsroom, Role.AUDITOR), make.researcher(make.newsroom())):
        with pytest.raises(NotPermitted):
            triaging.classify(claim, by=person, topic="x")
        with pytest.raises(NotPermitted):
            triaging.schedule(claim, by=person, due_at=MONDAY)


def test_how_much_hangs_on_a_claim_is_settled_before_its_verdict_is_proposed():
    claim = make.claim_in_approval()
    with pytest.raises(MoveNotAllowed, match="Too late"):
        triaging.weigh(claim, by=make.reviewer(claim.newsroom), severity=1)
    with pytest.raises(InvalidInput):
        triaging.weigh(claim, by=make.reviewer(claim.newsroom), severity=9)


def test_a_deadline_years_away_is_a_slip_of_the_hand():
    claim = make.claim_submitted()
    with pytest.raises(InvalidInput, match="years away"):
        triaging.schedule(claim, by=make.researcher(claim.newsroom), due_at=MONDAY.replace(year=2226))


@time_machine.travel(MONDAY, tick=False)
def test_the_clock_starts_with_the_pick_in_the_newsrooms_office_hours():
    room = make.newsroom(due_hours=12, time_zone="Europe/Berlin", country="DE", region="BE")
    waiting = make.claim_submitted(room)
    assert waiting.due_at is None
    claim = make.claim_gathering(room)
    assert claim.due_at == add_business_hours(MONDAY, 12, room.calendar())
    assert claim.due_at == dt.datetime(2026, 11, 24, 14, tzinfo=dt.UTC)
    assert _entries(claim)[0].actor is None


def test_a_newsroom_without_hours_sets_no_deadline():
    assert make.claim_gathering(make.newsroom(due_hours=0)).due_at is None


def test_a_deadline_somebody_set_before_the_pick_stays():
    room = make.newsroom()
    claim = make.claim_submitted(room)
    wanted = dt.datetime.now(dt.UTC) + dt.timedelta(days=30)
    triaging.schedule(claim, by=make.researcher(room), due_at=wanted)
    triaging.start_clock(claim)
    assert Claim.objects.get(pk=claim.pk).due_at == wanted


def test_a_reopened_claim_gets_a_new_deadline():
    room = make.newsroom(due_hours=1)
    with time_machine.travel(MONDAY):
        claim = make.claim_published(room)
        first = claim.due_at
    with time_machine.travel(MONDAY + dt.timedelta(days=60)):
        rechecking.reopen(claim, by=make.editor(room), reason="New figures.")
        assert Claim.objects.get(pk=claim.pk).due_at > first + dt.timedelta(days=59)


def test_demand_counts_a_claim_and_its_duplicates_and_goes_back_when_one_is_restored():
    room = make.newsroom()
    first, second, third = (make.claim_submitted(room) for _ in range(3))
    dora = make.researcher(room)
    deciding.mark_duplicate(second, of=first, by=dora)
    deciding.mark_duplicate(third, of=first, by=dora)
    assert Claim.objects.get(pk=first.pk).demand == 3
    deciding.restore(Claim.objects.get(pk=third.pk), by=dora)
    assert Claim.objects.get(pk=first.pk).demand == 2
