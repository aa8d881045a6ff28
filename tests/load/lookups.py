"""One claim and twelve sources, with real workers: `python3 manage.py test tests/load/lookups.py -s`.

Sources answer after 0.2 to 2 s; then four of them fail in different ways. Prints how long the claim took.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import redis

from claims.models import Claim, Evidence, Lookup, Newsroom
from claims.operations import gathering
from factcheck import processes
from tests import make
from tests.chaos.conftest import broker, environment, members, until  # noqa: F401 broker is a fixture
from tests.load import answering
from tests.workers import loopback

pytestmark = pytest.mark.django_db(transaction=True)

SLOWEST = 2.0
DEADLINE = 6  # of a lookup here, so that a source that takes 30 s is given up within the test


class Sources(loopback.RawServer):
    """All sources' services on one port, told apart by the path; `fails` says how some of them misbehave."""

    def __init__(self, slowest: float = SLOWEST) -> None:
        self.slowest = slowest
        self.fails: dict[int, str] = {}
        super().__init__(self._answer_as, "0.0.0.0")  # noqa: S104 each source has an address of its own in 127.0.2.0/24

    def _answer_as(self, peer: socket.socket, request: bytes) -> None:
        number = int(request.split()[1].strip(b"/"))
        how = self.fails.get(number)
        if how == "dead":
            return  # the connection is closed without a word
        if how == "slow":
            self.wait(30)
        elif how == "lying":
            peer.sendall(loopback.http(b"<html>Everything is fine.</html>", "Content-Type: application/json"))
            return
        elif how == "endless":
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
            while not self.wait(0.05):
                peer.sendall(b" " * 100)
        else:
            self.wait(0.2 + (self.slowest - 0.2) * (number - 1) / (answering.NUMBER - 1))
        peer.sendall(loopback.http(b"{}", "Content-Type: application/json"))


@pytest.fixture
def sources() -> Iterator[Sources]:
    server = Sources()
    yield server
    server.close()


@pytest.fixture
def crew(
    transactional_db: None,
    tmp_path: Path,
    sources: Sources,
    broker: redis.Redis,  # noqa: F811 the fixture
) -> Iterator[processes.Crew]:
    settings = environment(
        tmp_path,
        EXTRA_SOURCES=",".join(answering.PATHS),
        ANSWERING_PORT=str(sources.port),
        FETCH_ALLOWED_NETWORKS="127.0.0.0/8",
        FETCH_CONTACT="https://desk.example/contact",
        LOOKUP_DEADLINE_SECONDS=str(DEADLINE),
        LEASE_SECONDS=str(3 * DEADLINE),
    )
    crew = processes.Crew(members(threads=answering.NUMBER), logs=tmp_path / "logs", settings=settings)
    yield crew
    crew.stop()


def checked(sources: Sources, fails: Mapping[int, str] | None = None) -> tuple[Claim, float]:
    """A claim brought from its opening to review, and the seconds it took, by workers that have worked before."""
    room = make.newsroom(sources=[source.slug for source in answering.SOURCES])
    _brought_to_review(room)
    sources.fails = dict(fails or {})
    return _brought_to_review(room)


def _brought_to_review(room: Newsroom) -> tuple[Claim, float]:
    claim = make.claim_submitted(room)
    started = time.monotonic()
    gathering.open_lookups(claim, by=make.researcher(claim.newsroom))
    until(lambda: Claim.objects.get(pk=claim.pk).status == "in_review", "the claim comes to review")
    return claim, time.monotonic() - started


def test_twelve_sources_cost_little_more_than_the_slowest(
    crew: processes.Crew, sources: Sources, request: pytest.FixtureRequest
):
    crew.start()

    claim, took = checked(sources)

    request.config.get_terminal_writer().line(f"12 sources answering after 0.2 to 2 s: evidence after {took:.1f} s")
    assert set(Lookup.objects.filter(claim=claim).values_list("outcome", flat=True)) == {"hits"}
    assert Evidence.objects.filter(claim=claim).count() >= answering.NUMBER
    assert took < SLOWEST + 3


def test_four_sources_failing_in_different_ways_hold_nobody_up_and_each_has_its_reason(
    crew: processes.Crew, sources: Sources, request: pytest.FixtureRequest
):
    fails = {2: "dead", 5: "slow", 8: "lying", 11: "endless"}
    crew.start()

    claim, took = checked(sources, fails)

    shown = request.config.get_terminal_writer()
    shown.line(f"4 of 12 sources failing, deadline of a lookup {DEADLINE} s: evidence after {took:.1f} s")
    lookups = Lookup.objects.filter(claim=claim)
    reasons = dict(lookups.filter(outcome="unavailable").values_list("source", "reason"))
    for source, reason in sorted(reasons.items()):
        shown.line(f"  {source}: {reason}")
    assert {int(slug.removeprefix("source-")) for slug in reasons} == set(fails)
    assert len(set(reasons.values())) >= 3 and all(reasons.values())
    assert lookups.filter(outcome="hits").count() == answering.NUMBER - len(fails)
    assert took < DEADLINE + 3
