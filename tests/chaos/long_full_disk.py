"""Database, broker's log and snapshots on one small disk that runs full amid the work, by command, as root:

    mount -t tmpfs -o size=700m tmpfs /mnt/small
    FACTCHECK_LOCAL=/mnt/small/local python3 manage.py test tests/chaos/long_full_disk.py -s

`FULL_SECONDS` is how long it stays full (120).
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import DatabaseError, InterfaceError, connections

from claims.audit import ledger_export
from claims.audit.ledger_proof import verify
from claims.models import Claim, Document, Hit, LedgerEntry, Lookup, Newsroom
from factcheck import processes
from tests import make
from tests.api.client import program_of
from tests.chaos.conftest import Gate, environment, members, until

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = 2 * 1024**3
FULL_SECONDS = float(os.environ.get("FULL_SECONDS", "120"))


@pytest.fixture
def disk() -> Path:
    place = Path(os.environ.get("FACTCHECK_LOCAL", ".local"))
    if not place.is_dir() or shutil.disk_usage(place).total > SMALL:
        pytest.skip("fills a disk: needs FACTCHECK_LOCAL on one of less than 2 GB of its own, such as a tmpfs")
    return place


@pytest.fixture
def crew(
    transactional_db: None, tmp_path: Path, disk: Path, gate: Gate, broker: redis.Redis
) -> Iterator[processes.Crew]:
    gate.hold = 0.2
    extra = {
        "EXTRA_SOURCES": "tests.chaos.gated.Fresh",
        "GATE_URL": gate.url,
        "SNAPSHOT_DIR": str(disk / "snapshots-of-test"),
        "STEP_MAX_ATTEMPTS": "5",
    }
    crew = processes.Crew(members(threads=4), logs=tmp_path / "logs", settings=environment(tmp_path, **extra))
    yield crew
    crew.stop()


class Ballast:
    """Takes all that is left of a disk."""

    def __init__(self, disk: Path) -> None:
        self.path = disk / "ballast"

    def load(self) -> None:
        with self.path.open("ab", buffering=0) as file:
            for size in (1024**2, 4096):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)


def counted(query: Any) -> int:
    """Of a database that may be away."""
    try:
        return int(query.count())
    except (DatabaseError, InterfaceError):
        connections.close_all()
        return -1


def test_a_full_disk_loses_nothing_and_all_goes_on_when_there_is_room(
    crew: processes.Crew, disk: Path, request: pytest.FixtureRequest
) -> None:
    room = make.newsroom(sources=["fresh"], gather_automatically=Newsroom.Gather.CLAIMS)
    program, ballast, answers = program_of(make.researcher(room), room), Ballast(disk), Counter[int]()
    accepted: set[int] = set()

    def send(number: int) -> None:
        body = {"text": f"Eulenburg planted {number:,} trees in March 2024.", "language": "en"}
        answer = program.post("claims/", body, Idempotency_Key=f"send-{number}")
        answers[answer.status_code] += 1
        if answer.status_code == 201:
            accepted.add(answer.json()["id"])
        else:
            assert answer.status_code == 503, answer.content
            assert answer.json()["errors"][0]["code"] == "unavailable"
            connections.close_all()  # as between two requests

    crew.start()
    for number in range(1, 31):
        send(number)
    assert answers == {201: 30}
    in_review = Claim.objects.filter(status="in_review")
    until(lambda: in_review.count() > 3, "the work has begun", seconds=300, each=crew.tend)
    try:
        ballast.load()
        began, number = time.monotonic(), 100
        while time.monotonic() - began < FULL_SECONDS:
            ballast.load()  # what was freed meanwhile
            send(number := number + 1)
            crew.tend()
            threading.Event().wait(1)
        reviewed = counted(in_review)
    finally:
        ballast.drop()
    refused = answers[503]
    until(lambda: counted(in_review) == len(accepted), "all come to review", seconds=600, each=crew.tend)
    for again in range(101, number + 1):
        send(again)  # those refused are taken now, those taken are answered as before
    until(lambda: counted(in_review) == len(accepted), "all come to review", seconds=600, each=crew.tend)

    assert set(Claim.objects.values_list("pk", flat=True)) == accepted
    assert len(accepted) == 30 + number - 100
    assert Counter(Lookup.objects.values_list("outcome", "state")) == {("hits", "done"): len(accepted)}
    assert Hit.objects.count() == Document.objects.count() == 3 * len(accepted)
    answered = LedgerEntry.objects.filter(kind="lookup.answered").values_list("claim", flat=True)
    assert sorted(answered) == sorted(accepted)
    _, breach = verify(ledger_export.entries())
    assert breach is None
    request.config.get_terminal_writer().line(
        f"full for {FULL_SECONDS:.0f} s: {reviewed} of {len(accepted)} in review at its end, {refused} of "
        f"{number - 100} requests refused with 503, all {len(accepted)} in review after"
    )
