"""How long a match query takes over a million earlier checks.

    python3 manage.py shell -c "from tests.load import earlier_checks; earlier_checks.run()"

Makes the checks with a seeded generator in a newsroom of their own, asks 300 claims, prints the times, and takes the
checks away again. `rows=100_000` makes it shorter.
"""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Iterator

from django.db import transaction

from claims import earlier
from claims.analysis import extraction
from claims.models import EarlierCheck, Newsroom
from claims.ownership import as_owner

SYLLABLES = "ba be bi bo bu da de di do du fa fe ga ge ha he ka ke ki ko la le li lo ma me mi mo na ne ni no pa ra re ri ro sa se si so ta te ti to va ve".split()  # noqa: E501, SIM905
PLACES = [
    "Germany",
    "France",
    "Poland",
    "Spain",
    "Italy",
    "Kenya",
    "India",
    "Japan",
    "Brazil",
    "Canada",
    "Ukraine",
    "Peru",
]


class _Undo(Exception):
    pass


def texts(rows: int, *, seed: int = 11) -> Iterator[str]:
    """Short claims over a vocabulary of 60,000 words with the frequencies of a natural one, numbers and places."""
    pick = random.Random(seed)  # noqa: S311 a seeded generator
    words = sorted({"".join(pick.choices(SYLLABLES, k=pick.randint(2, 5))) for _ in range(70_000)})
    pick.shuffle(words)
    weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(words))))
    for _ in range(rows):
        said = pick.choices(words, cum_weights=weights, k=pick.randint(8, 16))
        said.insert(pick.randint(1, 6), f"{pick.randint(2, 9000):,}")
        said.insert(pick.randint(1, 6), pick.choice(PLACES))
        yield " ".join(said).capitalize() + "."


def run(rows: int = 1_000_000, queries: int = 300) -> None:
    """Prints median, p95 and the longest time of one match query, in milliseconds."""
    try:
        with as_owner() as connection, transaction.atomic():
            room = Newsroom.objects.create(slug="load-in-progress", name="Load")
            began = time.monotonic()
            batch: list[EarlierCheck] = []
            kept: list[str] = []
            for number, text in enumerate(texts(rows)):
                batch.append(
                    EarlierCheck(
                        newsroom=room,
                        identifier=str(number),
                        claim_text=text,
                        language="en",
                        keys=earlier.keys_of(text, "xx", ()),
                    )
                )
                if number % max(1, rows // queries) == 0:
                    kept.append(text)
                if len(batch) == 5_000:
                    EarlierCheck.objects.bulk_create(batch)
                    batch.clear()
            EarlierCheck.objects.bulk_create(batch)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE claims_earliercheck")
            earlier.forget_statistics()
            print(f"{rows:,} checks made in {time.monotonic() - began:.0f} s")  # noqa: T201
            _ask(room, kept)
            raise _Undo
    except _Undo:
        earlier.forget_statistics()


def _ask(room: Newsroom, kept: list[str]) -> None:
    pick = random.Random(5)  # noqa: S311
    taken, brought = [], 0
    for text in kept:
        words = text.rstrip(".").split()
        pick.shuffle(words)
        query = " ".join(words[: max(6, len(words) * 3 // 4)])
        facts = extraction.facts(query, "xx", None)
        began = time.perf_counter()
        found = earlier.candidates(query, "xx", facts, newsrooms=[room.pk])
        taken.append((time.perf_counter() - began) * 1000)
        brought += any(check.claim_text == text for check in found)
    taken.sort()
    middle, late = statistics.median(taken), taken[int(len(taken) * 0.95)]
    print(  # noqa: T201
        f"{len(taken)} match queries: median {middle:.1f} ms, p95 {late:.1f} ms, longest {taken[-1]:.1f} ms;"
        f" the check itself was brought for {brought}"
    )
