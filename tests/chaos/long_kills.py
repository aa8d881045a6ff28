"""The long version, run by command: `python3 manage.py test tests/chaos/long_kills.py`.

`KILLS` (20) and `CLAIMS` (200, ten for each kill) choose another length.
"""

from __future__ import annotations

import os
import signal
import time

import pytest

from claims.models import Claim, Lookup
from factcheck import processes
from tests import make
from tests.chaos.conftest import Gate, until
from tests.chaos.test_gathering import assert_everything_happened_once, open_claims

pytestmark = pytest.mark.django_db(transaction=True)

CLAIMS, KILLS = int(os.environ.get("CLAIMS", "200")), int(os.environ.get("KILLS", "20"))
SEARCHES_PER_LIFE = 9


def test_twenty_kills_during_two_hundred_claims_lose_nothing_and_keep_nothing_twice(
    crew: processes.Crew, gate: Gate, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    monkeypatch.setattr(processes, "FAILURES_IN_A_MINUTE", 10 * KILLS)  # these deaths are ours
    gate.hold = 0.25
    room = make.newsroom(sources=["gated"])
    open_claims(room, CLAIMS)
    started = time.monotonic()
    crew.start()

    interrupted = 0
    for _ in range(KILLS):
        for _ in range(SEARCHES_PER_LIFE):
            until(lambda: gate.waiting.acquire(timeout=0.1), "a worker asks its source", each=crew.tend)
        os.kill(crew.pid("gathering"), signal.SIGKILL)
        interrupted += Lookup.objects.filter(outcome="", attempts__gt=0).count()
    assert interrupted >= KILLS  # the kills met lookups under way

    until(
        lambda: Claim.objects.filter(status="in_review").count() == CLAIMS,
        "all claims come to review",
        seconds=240,
        each=crew.tend,
    )
    assert_everything_happened_once(CLAIMS)
    seconds = round(time.monotonic() - started)
    shown = request.config.get_terminal_writer()
    shown.line(
        f"{KILLS} kills, {interrupted} lookups under way when killed, {CLAIMS} claims in review after {seconds} s"
    )
