"""A large newsroom goes out in one file and comes in again: how long it takes, and how much memory.

    python3 manage.py test tests/load/moving.py -s

Some minutes; MOVING_CLAIMS=10000 makes a tenth of it. What is printed is what docs/performance.md says.
"""

from __future__ import annotations

import gc
import hashlib
import os
import resource
import sys
import time
from pathlib import Path

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection

from claims.models import Claim, LedgerEntry, Newsroom
from claims.operations import moving
from claims.parcels import reading
from tests import make
from tests.conftest import LEDGER_GUARD

pytestmark = pytest.mark.django_db(transaction=True)

CLAIMS = int(os.environ.get("MOVING_CLAIMS", "100000"))
PAGE = os.sysconf("SC_PAGE_SIZE")
MOST_MB = 40  # that memory may grow by, whatever there is to export


def memory() -> float:
    """What this process holds now, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def fill(room: Newsroom) -> None:
    person = make.researcher(room)
    for begins in range(0, CLAIMS, 5000):
        texts = [f"Eulenburg planted {number:,} trees in March 2024." for number in range(begins, begins + 5000)]
        claims = Claim.objects.bulk_create(
            Claim(
                newsroom=room, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), language="en", door="api",
                submitted_by=person, reasons=["It names a number."], match_keys=["n:1", "t:tree"],
            )
            for text in texts
        )  # fmt: skip
        LedgerEntry.objects.bulk_create(
            LedgerEntry(newsroom=room, kind="claim.submitted", actor=person, claim=claim) for claim in claims[::5]
        )


def empty_the_house() -> None:
    tables = ", ".join(model._meta.db_table for model in apps.get_app_config("claims").get_models())
    with pgtrigger.ignore(LEDGER_GUARD), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


def test_memory_stays_flat(tmp_path: Path) -> None:
    room = make.newsroom()
    fill(room)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    gc.collect()
    place, began, before, most = tmp_path / "room.jsonl", time.perf_counter(), memory(), 0.0
    with place.open("wb") as file:
        for number, line in enumerate(moving.pack(room, by=None)):
            file.write(line)
            if number % 1000 == 0:
                most = max(most, memory() - before)
    out, size = time.perf_counter() - began, place.stat().st_size / 1e6
    empty_the_house()
    before, began = memory(), time.perf_counter()
    found = moving.unpack(reading.read(place))
    taken, grown = time.perf_counter() - began, memory() - before
    load = os.getloadavg()[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    say(f"\n{found.rows:,} rows ({CLAIMS:,} claims), {size:,.0f} MB, load {load:.1f}")
    say(f"out: {out:.1f} s, {found.rows / out:,.0f} rows/s, memory grew by {most:.1f} MB")
    say(f"in:  {taken:.1f} s, {found.rows / taken:,.0f} rows/s, memory grew by {grown:.1f} MB (peak {peak:.0f} MB)")
    assert most < MOST_MB
    assert grown < MOST_MB
