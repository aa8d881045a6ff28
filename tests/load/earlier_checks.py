"""How long a match query takes over a million earlier checks.

    export FACTCHECK_LOCAL=../load
    python3 manage.py migrate
    python3 manage.py shell -c "from tests.load import earlier_checks; earlier_checks.run()"

The first run makes the checks with a seeded generator (some minutes) and they stay, so that the next run only asks:
use servers of their own, as above. `rows=100_000` makes fewer. Processor time is printed beside the time on the clock:
where the two are far apart, the machine was busy with something else.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.db import connection

from claims import earlier
from claims.analysis import extraction
from claims.analysis.types import Fact, to_json
from claims.models import Claim, EarlierCheck, Newsroom
from claims.ownership import as_owner

SLUG = "load"
LANGUAGE = "en"
SYLLABLES = "ba be bi bo bu da de di do du fa fe ga ge ha he ka ke ki ko la le li lo ma me mi mo na ne ni no pa ra re ri ro sa se si so ta te ti to va ve".split()  # noqa: E501, SIM905
PLACES = "Germany France Poland Spain Italy Kenya India Japan Brazil Canada Ukraine Peru".split()  # noqa: SIM905
COLUMNS = (
    "newsroom_id identifier claim_text title more language claimant publisher url rating shared facts keys"
    " recorded_at changed_at"
)
INDEX = "earlier_check_keys"


def texts(rows: int, *, seed: int = 11) -> Iterator[tuple[str, str, str]]:
    """Short claims over a vocabulary of 60,000 words with the frequencies of a natural one, each with its number and
    its place."""
    pick = random.Random(seed)  # noqa: S311 a seeded generator
    words = sorted({"".join(pick.choices(SYLLABLES, k=pick.randint(2, 5))) for _ in range(70_000)})
    pick.shuffle(words)
    weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(words))))
    for _ in range(rows):
        said = pick.choices(words, cum_weights=weights, k=pick.randint(8, 16))
        number, place = f"{pick.randint(2, 9000):,}", pick.choice(PLACES)
        said.insert(pick.randint(1, 6), number)
        said.insert(pick.randint(1, 6), place)
        text = " ".join(said)
        yield f"{text[0].upper()}{text[1:]}.", number, place


@lru_cache(maxsize=20_000)
def _read(word: str) -> tuple[Fact, ...]:
    return tuple(extraction.facts(f"{word} was seen.", LANGUAGE, None))


def _facts(text: str, *words: str) -> list[Fact]:
    """What the machine would read in `text`, quicker: only its number and its place."""
    return [replace(fact, span=fact.span.shifted(text.index(word))) for word in words for fact in _read(word)]


def run(rows: int = 1_000_000, queries: int = 300) -> None:
    """Prints median, p95 and the longest time of one match query, in milliseconds."""
    room = Newsroom.objects.filter(slug=SLUG).first()
    if room is None or not EarlierCheck.objects.filter(newsroom=room, identifier=str(rows - 1)).exists():
        room = build(rows)
    earlier.forget_statistics()
    asked = [text for number, (text, _, _) in enumerate(texts(rows)) if number % max(1, rows // queries) == 0]
    ask(room, asked[:20])
    ask(room, asked, say=True)


def build(rows: int) -> Newsroom:
    """The checks, written in one stream and indexed afterwards."""
    if EarlierCheck.objects.exclude(newsroom__slug=SLUG).exists():
        raise SystemExit("There are earlier checks of others here: use a database of its own (FACTCHECK_LOCAL=...).")
    began = time.monotonic()
    with as_owner() as owner, owner.cursor() as cursor:
        room, _ = Newsroom.objects.get_or_create(slug=SLUG, defaults={"name": "Load"})
        EarlierCheck.objects.filter(newsroom=room).delete()
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [INDEX])
        (definition,) = cursor.fetchone()
        cursor.execute(f"DROP INDEX {INDEX}")
        with cursor.copy(f"COPY claims_earliercheck ({COLUMNS.replace(' ', ', ')}) FROM STDIN") as copy:
            for number, (text, figure, place) in enumerate(texts(rows)):
                facts = _facts(text, figure, place)
                keys = earlier.keys_of(text, LANGUAGE, facts)
                read = json.dumps([to_json(fact) for fact in facts])
                copy.write_row(
                    (room.pk, str(number), text, "", "", LANGUAGE, "", "", "", "", "", read, keys, "now", "now")
                )
        print(f"{rows:,} checks written after {time.monotonic() - began:.0f} s")  # noqa: T201
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE claims_earliercheck")
    print(f"{rows:,} checks ready after {time.monotonic() - began:.0f} s")  # noqa: T201
    return room


def ask(room: Newsroom, texts_asked: Sequence[str], *, say: bool = False) -> None:
    """Asks for three quarters of the words of each text, in another order, as `earlier.match` is asked for a claim."""
    pick = random.Random(5)  # noqa: S311
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    wall: list[float] = []
    ours: list[float] = []
    theirs: list[float] = []
    brought = 0
    for text in texts_asked:
        words = text.rstrip(".").split()
        pick.shuffle(words)
        query = " ".join(words[: max(6, len(words) * 3 // 4)])
        facts = [to_json(fact) for fact in extraction.facts(query, LANGUAGE, None)]
        claim = Claim(newsroom=room, text=query, language=LANGUAGE, facts=facts)
        used, used_there, began = _own_seconds(), _seconds_of(backend), time.perf_counter()
        found = earlier.match(claim)
        wall.append((time.perf_counter() - began) * 1000)
        ours.append((_own_seconds() - used) * 1000)
        theirs.append((_seconds_of(backend) - used_there) * 1000)
        brought += any(one.check.claim_text == text for one in found)
    if not say:
        return
    wall.sort()
    load = Path("/proc/loadavg").read_text().split()[0]
    print(  # noqa: T201
        f"{len(wall)} match queries: median {statistics.median(wall):.1f} ms, p95 {wall[int(len(wall) * 0.95)]:.1f} ms,"
        f" longest {wall[-1]:.1f} ms; processor time of one on average: {statistics.mean(ours):.1f} ms here,"
        f" {statistics.mean(theirs):.1f} ms in PostgreSQL, {(sum(ours) + sum(theirs)) / sum(wall):.0%} of the time on"
        f" the clock; load {load}; the check itself was among the ten found for {brought}"
    )


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _seconds_of(process: int) -> float:
    """Processor time of another process of this machine; 0 where it runs elsewhere."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
