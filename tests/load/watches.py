"""How long picking the next thousand visits takes among a million watched passages.

    export FACTCHECK_LOCAL=../load
    python3 manage.py migrate
    python3 manage.py shell -c "from tests.load import watches; watches.run()"

The first run makes the rows (some minutes), inside the database; the next only picks: use servers of their own, as
above. `rows=100_000` makes fewer. Picked is as in production, rows handed out and committed; afterwards they are given
back. Once with what a day brings due, and once with everything due at the same time. Processor time, ours and
PostgreSQL's, stands beside the time on the clock: where they are far apart, the machine was busy with something else.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from django.db import connection

from claims.models import Claim, Document, Evidence, Newsroom, Publication, Rating, Turn, User, Verdict, Watch
from claims.operations import picking, staffing
from claims.ownership import as_owner
from tests.load.earlier_checks import _own_seconds, _seconds_of
from tests.load.queue import _bare, _write

NEWSROOMS = 200
PER_PUBLICATION = 4
BAR = 50  # milliseconds


def run(rows: int = 1_000_000, rounds: int = 10, limit: int = 1000) -> None:
    """Prints median and slowest of picking, and the plans."""
    if not Watch.objects.exists():
        build(rows)
    for name, share in (("what a day brings", 0.02), ("everything at once", 1.0)):
        _make_due(share)
        measure(name, rounds, limit)
    _explain(limit)


def build(rows: int) -> None:
    """Newsrooms of very different size, publications with four passages each, on many hosts."""
    if Claim.objects.exists():
        raise SystemExit("There are claims of others here: use a database of its own (FACTCHECK_LOCAL=...).")
    began = time.monotonic()
    rooms = [staffing.found(f"Load {n}", by=None, slug=f"load-{n}") for n in range(NEWSROOMS)]
    one, other = (User.objects.create_user(f"load-{n}", password="load", is_staff=True) for n in range(2))
    rating = Rating.objects.filter(newsroom=rooms[0])[0].pk
    first = rooms[0].pk
    publications = rows // PER_PUBLICATION
    with as_owner() as owner, owner.cursor() as cursor:
        room = f"{first} + floor(power(random(), 2) * {NEWSROOMS})::int"
        given = {
            "id": "i", "newsroom_id": room, "text": "'Claim ' || i", "sha256": "md5(i::text)", "language": "'en'",
            "door": "'command'", "status": "'published'",
        }  # fmt: skip
        with _bare(owner, Claim):
            _write(cursor, Claim, given, f"generate_series(1, {publications}) i")
        given = {
            "id": "c.id", "claim_id": "c.id", "cycle": "1", "rating_id": str(rating), "headline": "'Headline'",
            "reasons": "'Reasons'", "language": "'en'", "proposed_by_id": str(one.pk), "proposed_at": "now()",
            "content_hash": "'x'", "approved_by_id": str(other.pk), "approved_at": "now()",
        }  # fmt: skip
        with _bare(owner, Verdict):
            _write(cursor, Verdict, given, "claims_claim c")
        given = {
            "id": "c.id", "newsroom_id": "c.newsroom_id", "claim_id": "c.id", "verdict_id": "c.id",
            "slug": "'load-' || c.id", "content": "'{}'", "published_at": "now()", "changed_at": "now()",
            "published_by_id": str(one.pk),
        }  # fmt: skip
        with _bare(owner, Publication):
            _write(cursor, Publication, given, "claims_claim c")
        given = {
            "id": "1", "url": "'https://load.example/'", "text": "'Text.'", "sha256": "'x'", "fetched_at": "now()",
            "source": "'searxng'",
        }  # fmt: skip
        _write(cursor, Document, given, "(SELECT 1) one")
        given = {
            "id": f"(c.id - 1) * {PER_PUBLICATION} + s", "claim_id": "c.id", "cycle": "1", "document_id": "1",
            "start": "s", '"end"': "s + 1", "quote": "'x'",
        }  # fmt: skip
        with _bare(owner, Evidence):
            _write(cursor, Evidence, given, f"claims_claim c CROSS JOIN generate_series(1, {PER_PUBLICATION}) s")
        given = {
            "publication_id": "e.claim_id", "evidence_id": "e.id", "newsroom_id": "c.newsroom_id",
            "host": "'site' || floor(power(random(), 3) * 20000)::int || '.example'",
            "next_attempt_at": "now() + random() * interval '90 days'", "due_at": "now()", "visits_made": "7",
        }  # fmt: skip
        with _bare(owner, Watch):
            _write(cursor, Watch, given, "claims_evidence e JOIN claims_claim c ON c.id = e.claim_id")
        cursor.execute("VACUUM ANALYZE claims_watch")
    _say(f"{Watch.objects.count():,} passages, {Newsroom.objects.count()} newsrooms: {time.monotonic() - began:.0f} s")


def _make_due(share: float) -> None:
    """Let this share of all passages be due, and nothing be handed out."""
    Turn.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE claims_watch SET next_attempt_at = statement_timestamp() + (random() - %s) * interval '90 days'",
            [share],
        )
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE claims_watch")


def measure(name: str, rounds: int, limit: int) -> None:
    """Pick round after round, as the clock does."""
    wall, picked, visits = [], 0, 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    ours, theirs = _own_seconds(), _seconds_of(backend)
    for _ in range(rounds):
        began = time.perf_counter()
        rows = picking.pick_watches(limit)
        wall.append((time.perf_counter() - began) * 1000)
        picked += len(rows)
        before = _seconds_of(backend)
        _visit(rows)
        visits += _seconds_of(backend) - before
    wall.sort()
    ours, theirs = (_own_seconds() - ours) * 1000 / rounds, (_seconds_of(backend) - theirs - visits) * 1000 / rounds
    load = Path("/proc/loadavg").read_text().split()[0]
    _say(
        f"{name:20} median {statistics.median(wall):6.1f} ms, slowest {wall[-1]:6.1f} ms,"
        f" processor {ours:.0f} + {theirs:.0f} ms; {picked / rounds:.0f} picked each; load {load}"
    )


def _visit(rows: list[int]) -> None:
    """What the visits would leave."""
    Turn.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE claims_watch SET next_attempt_at = statement_timestamp() + interval '90 days' WHERE id = ANY(%s)",
            [rows],
        )


def _explain(limit: int) -> None:
    words = {"table": "claims_watch", "host": "host", "due": "coalesce(due_at, next_attempt_at)"}
    given = {"share": -(-limit // Newsroom.objects.count()), "rooms": None}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + picking._ROWS.format(**words), given)
        _say("\n" + "\n".join(line for (line,) in cursor.fetchall()))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
