"""What is accepted is not lost: real workers are killed, the real broker is emptied, and every claim arrives."""

from __future__ import annotations

import os
import signal
from collections import Counter

import pytest
import redis

from claims.audit import ledger_export
from claims.audit.ledger_proof import verify
from claims.models import Claim, Document, Evidence, Hit, LedgerEntry, Lookup, Newsroom
from claims.operations import gathering
from factcheck import processes
from tests import make
from tests.chaos.conftest import Gate, until

pytestmark = pytest.mark.django_db(transaction=True)

CLAIMS = 6


def open_claims(room: Newsroom, number: int = CLAIMS) -> None:
    for _ in range(number):
        claim = make.claim_submitted(room)
        gathering.open_lookups(claim, by=make.researcher(room))


def all_reviewed() -> bool:
    return Claim.objects.filter(status="in_review").count() == CLAIMS


def assert_everything_happened_once(claims: int = CLAIMS) -> None:
    assert Counter(Lookup.objects.values_list("outcome", "state")) == {("hits", "done"): claims}
    assert Document.objects.count() == 3
    assert Hit.objects.count() == 3 * claims
    assert Evidence.objects.count() == Evidence.objects.values("claim", "document", "start", "end").distinct().count()
    answers = Counter(LedgerEntry.objects.filter(kind="lookup.answered").values_list("claim", flat=True))
    assert set(answers.values()) == {1} and len(answers) == claims
    _, breach = verify(ledger_export.entries())
    assert breach is None


def test_a_worker_killed_while_gathering_loses_no_lookup(crew: processes.Crew, gate: Gate):
    room = make.newsroom(sources=["gated"])
    crew.start()
    open_claims(room)
    gate.wait_for(4)

    os.kill(crew.pid("gathering"), signal.SIGKILL)
    gate.opened.set()

    until(all_reviewed, "all claims come to review", each=crew.tend)
    assert_everything_happened_once()


def test_a_broker_emptied_while_gathering_loses_no_lookup(crew: processes.Crew, gate: Gate, broker: redis.Redis):
    room = make.newsroom(sources=["gated"])
    crew.start()
    open_claims(room)
    gate.wait_for(4)

    broker.flushall()
    gate.opened.set()

    until(all_reviewed, "all claims come to review", each=crew.tend)
    assert_everything_happened_once()
