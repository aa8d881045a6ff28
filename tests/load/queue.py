"""How long the queue takes over a million claims: every tab, order, facet, search, and pages deep inside.

    export FACTCHECK_LOCAL=../load
    python3 manage.py migrate
    python3 manage.py shell -c "from tests.load import queue; queue.run()"

The first run makes the claims, with a seeded generator inside the database (some minutes), and they stay, so that the
next run only asks: use servers of their own, as above. `rows=100_000` makes fewer. What is timed is the whole page as a
signed-in person gets it, template and session included. Processor time, ours and PostgreSQL's, stands beside the time
on the clock: where the two are far apart, the machine was busy with something else.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from claims.models import Article, Assessment, Claim, Lookup, Newsroom, User, Verdict
from claims.operations import staffing
from claims.ownership import as_owner
from claims.roles import Role
from tests.load.earlier_checks import _own_seconds, _seconds_of

SLUGS = ("load-big", "load-small")  # nine claims of ten belong to the first
QUEUE = "/admin/claims/claim/"
BAR = 300  # milliseconds, p95
SLOW = 100  # whose plan is shown

ASKED = {
    "first page": "",
    "mine": "tab=mine",
    "free": "tab=free",
    "to pick": "tab=pick",
    "late": "tab=late",
    "to approve": "tab=approve",
    "to publish": "tab=publish",
    "being gathered": "tab=running",
    "everything": "tab=all",
    "everything, oldest first": "tab=all&sort=oldest",
    "everything, worth checking": "tab=all&sort=score",
    "everything, waiting longest": "tab=all&sort=waiting",
    "everything, due first": "tab=all&sort=due",
    "everything, came in most often": "tab=all&sort=demand",
    "to pick, waiting longest": "tab=pick&sort=waiting",
    "a frequent topic": "tab=all&topic=topic+1",
    "a rare topic": "tab=all&topic=topic+39",
    "a rare topic, worth checking": "tab=pick&topic=topic+39&sort=score",
    "a language": "tab=all&language=fr",
    "a rare language": "tab=all&language=lv",
    "a claimant": "tab=all&claimant=Person+77+",
    "part of many claimants' names": "tab=all&claimant=son+1",
    "a claimant nobody is": "tab=all&claimant=Zeppelin",
    "high severity": "tab=all&severity=3",
    "came in 20 times": "tab=all&demand=20",
    "a source that failed": "tab=all&source=unavailable",
    "a source still asked": "tab=all&source=asking",
    "nothing found": "tab=all&source=nothing",
    "a day old at most": "tab=all&age=day",
    "older than a month": "tab=all&age=older",
    "older than a month, worth checking": "tab=pick&age=older&sort=score",
    "a person's": "tab=all&assignee=%(person)s",
    "one newsroom": "tab=all&newsroom=%(small)s&sort=score",
    "search: a frequent word": "q=w1",
    "search: a rare word": "q=w19990",
    "search: two words": "q=w1+w40",
    "search: a phrase": "q=%%22w1+w2%%22",
    "search: no such word": "q=zeppelin",
    "search: a claimant": "q=Person+77",
    "search: a number": "q=%%23%(some)s",
    "search: a frequent word, worth checking": "tab=all&q=w3&sort=score",
    "several facets": "tab=all&language=de&topic=topic+3&severity=3&age=older&sort=score",
    "status of old ones": "tab=all&status=dismissed&sort=waiting",
}
DEEP = {"everything": "tab=all", "to pick": "tab=pick", "everything, waiting longest": "tab=all&sort=waiting"}


def run(rows: int = 1_000_000, rounds: int = 20) -> None:
    """Prints median and p95 of every page, and the plans of the slow queries."""
    if not Newsroom.objects.filter(slug=SLUGS[0]).exists():
        build(rows)
    with override_settings(ALLOWED_HOSTS=["*"]):
        measure(rounds)


# What there is to be asked


def build(rows: int) -> None:
    """Claims of three years with what hangs on them, written by the owner past the triggers and indexed afterwards."""
    if Claim.objects.exists():
        raise SystemExit("There are claims of others here: use a database of its own (FACTCHECK_LOCAL=...).")
    began = time.monotonic()
    big, small = (staffing.found(slug.replace("-", " ").title(), by=None, slug=slug) for slug in SLUGS)
    people = [User.objects.create_user(f"load-{n}", password="load", is_staff=True) for n in range(12)]
    for room in (big, small):
        for one in people:
            staffing.admit(room, user=one, roles=[Role.DESK_LEAD], by=None)
    User.objects.create_user("load-single", password="load", is_staff=True)
    staffing.admit(big, user=User.objects.get(username="load-single"), roles=[Role.DESK_LEAD], by=None)
    names = {"rows": rows, "big": big.pk, "small": small.pk, "person": people[0].pk, "rating": big.ratings.first().pk}  # type: ignore[union-attr]
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # one generator, one order
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SELECT setseed(0.42)")
        for model, given, source in _tables(names):
            with _bare(owner, model):
                _write(cursor, model, given, source)
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
            _say(f"{model._meta.db_table} after {time.monotonic() - began:.0f} s")


def _tables(names: dict[str, int]) -> Iterator[tuple[type[models.Model], dict[str, str], str]]:
    articles = max(1, names["rows"] // 10)
    somebody = f"{names['person']} + floor(random() * 12)::int"
    when = "now() - interval '3 years' * (1 - i::float / {of})"
    yield (
        Article,
        {
            "id": "i",
            "newsroom_id": f"CASE WHEN i % 10 = 0 THEN {names['small']} ELSE {names['big']} END",
            "text": "'Text of article ' || i",
            "sha256": "md5(i::text)",
            "language": "'en'",
            "title": "'Title of article ' || i",
            "door": "'api'",
            "received_at": when.format(of=articles),
            "state": "'done'",
            "settled_at": "now()",
        },
        f"generate_series(1, {articles}) i",
    )
    yield (
        Claim,
        {
            "id": "i",
            "newsroom_id": f"CASE WHEN (1 + i / 10) % 10 = 0 THEN {names['small']} ELSE {names['big']} END",
            "article_id": f"LEAST(1 + i / 10, {articles})",
            "start": "i",
            '"end"': "i + 1",
            "text": "(SELECT string_agg('w' || (1 + floor(power(random(), 4) * 20000))::int, ' ') "
            "FROM generate_series(1, 12) WHERE i > 0)",
            "sha256": "md5(i::text)",
            "language": "(ARRAY['en','en','en','en','de','de','de','fr','es'])[1 + floor(random() * 9)]",
            "score": "random()",
            "claimant": "CASE WHEN random() < 0.6 THEN "
            "'Person ' || floor(power(random(), 3) * 5000)::int || ' Name' ELSE '' END",
            "topic": "CASE WHEN random() < 0.7 THEN 'topic ' || (1 + floor(power(random(), 3) * 40))::int ELSE '' END",
            "severity": "1 + (random() * 2)::int",
            "door": "'api'",
            "status": "kind.status",
            "submitted_at": when.format(of=names["rows"]),
            "moved_at": when.format(of=names["rows"]) + " + random() * interval '10 days'",
            "assignee_id": "CASE WHEN kind.status IN ('in_review', 'in_approval') AND random() < 0.5 "
            f"OR kind.status = 'published' AND random() < 0.4 THEN {somebody} END",
            "due_at": "CASE WHEN kind.status IN ('gathering', 'assessing', 'in_review', 'in_approval') THEN "
            "now() + (random() * 20 - 6) * interval '1 day' WHEN random() < 0.5 THEN "
            + when.format(of=names["rows"])
            + " + interval '3 days' END",
            "demand": "CASE WHEN random() < 0.01 THEN 2 + floor(power(random(), 4) * 60)::int ELSE 1 END",
        },
        f"generate_series(1, {names['rows']}) i CROSS JOIN LATERAL (SELECT CASE WHEN dice < 0.30 THEN 'submitted' "
        "WHEN dice < 0.302 THEN 'gathering' WHEN dice < 0.3025 THEN 'assessing' WHEN dice < 0.32 THEN 'in_review' "
        "WHEN dice < 0.323 THEN 'in_approval' WHEN dice < 0.325 THEN 'decided' WHEN dice < 0.85 THEN 'published' "
        "WHEN dice < 0.86 THEN 'withdrawn' WHEN dice < 0.95 THEN 'dismissed' ELSE 'duplicate' END AS status "
        "FROM (SELECT random() + i * 0 AS dice) d) kind",
    )
    yield (
        Lookup,
        {
            "claim_id": "c.id",
            "cycle": "1",
            "source": "'source-' || s",
            "outcome": "CASE WHEN c.status = 'gathering' THEN '' WHEN random() < 0.6 THEN 'hits' "
            "WHEN random() < 0.99 THEN 'empty' ELSE 'unavailable' END",
            "state": "CASE WHEN c.status = 'gathering' THEN 'open' ELSE 'done' END",
            "settled_at": "CASE WHEN c.status = 'gathering' THEN NULL ELSE now() END",
            "opened_at": "c.submitted_at",
        },
        "claims_claim c CROSS JOIN generate_series(1, 2) s "
        "WHERE c.status NOT IN ('submitted', 'dismissed', 'duplicate')",
    )
    yield (
        Assessment,
        {
            "claim_id": "c.id",
            "cycle": "1",
            "table": '\'[{"outcome": "match"}, {"outcome": "mismatch"}]\'',
            "documents_count": "7",
            "origins_count": "2",
            "made_at": "now()",
            "state": "'done'",
            "settled_at": "now()",
        },
        "claims_claim c WHERE c.status IN ('in_review', 'in_approval', 'decided', 'published', 'withdrawn')",
    )
    yield (
        Verdict,
        {
            "claim_id": "c.id",
            "cycle": "1",
            "rating_id": str(names["rating"]),
            "headline": "'Headline'",
            "reasons": "'Reasons'",
            "language": "'en'",
            "proposed_by_id": str(names["person"]),
            "proposed_at": "c.submitted_at",
            "content_hash": "md5(c.id::text)",
            "approved_by_id": str(names["person"] + 1),
            "approved_at": "c.moved_at",
        },
        "claims_claim c WHERE c.status IN ('decided', 'published', 'withdrawn')",
    )


def _write(cursor: Any, model: type[models.Model], given: dict[str, str], source: str) -> None:
    """Insert with these expressions; columns that are not given get the model's defaults."""
    columns = dict(given)
    values: list[Any] = []
    for field in model._meta.concrete_fields:
        known = field.column in columns or f'"{field.column}"' in columns
        if known or field.primary_key or field.generated or field.has_db_default() or field.null:
            continue
        default = (
            "now()"
            if getattr(field, "auto_now_add", False)
            else field.get_db_prep_save(field.get_default(), connection)
        )
        columns[f'"{field.column}"'] = "%s"
        values.append(default)
    names = ", ".join(name if name.startswith('"') else f'"{name}"' for name in columns)
    expressions = ", ".join(text if text == "%s" else text.replace("%", "%%") for text in columns.values())
    source = source.replace("%", "%%")
    cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) SELECT {expressions} FROM {source}", values)
    if "id" in given:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'),"
            f" (SELECT max(id) FROM {model._meta.db_table}))"
        )


@contextmanager
def _bare(owner: BaseDatabaseWrapper, model: type[models.Model]) -> Iterator[None]:
    """The table without triggers and without the indexes no constraint needs, which come back afterwards."""
    table = model._meta.db_table
    with owner.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE indrelid ="
            " %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
            [table],
        )
        indexes = cursor.fetchall()
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for _name, definition in indexes:
            cursor.execute(definition)


# Asking


def measure(rounds: int) -> None:
    """Every page, some times, in turn."""
    small = Newsroom.objects.get(slug=SLUGS[1])
    single, several = User.objects.get(username="load-single"), User.objects.get(username="load-0")
    words = {"small": small.pk, "person": several.pk, "some": Claim.objects.order_by("pk").values_list("pk")[5][0]}
    for who, user in (("of one newsroom", single), ("of two newsrooms", several)):
        client = Client()
        client.force_login(user)
        pages = {name: f"{QUEUE}?{query % words}" for name, query in ASKED.items()}
        pages |= {f"{name}, 30 pages on": _further(client, f"{QUEUE}?{query}") for name, query in DEEP.items()}
        pages["overview"] = "/admin/"
        _say(f"\n{who}\n{'page':44}{'median':>8}{'p95':>8}{'ours':>8}{'theirs':>8}  ms, {rounds} times each")
        worst: list[tuple[float, str]] = []
        for name, address in pages.items():
            p95 = _time(client, name, address, rounds)
            worst.append((p95, address))
        slow = [address for p95, address in worst if p95 > BAR]
        load = Path("/proc/loadavg").read_text().split()[0]
        _say(f"{len(slow)} of {len(pages)} pages over {BAR} ms at p95; load {load}")
        for address in slow:
            _explain(client, address)


def _time(client: Client, name: str, address: str, rounds: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    client.get(address)
    wall: list[float] = []
    ours, theirs = _own_seconds(), _seconds_of(backend)
    for _ in range(rounds):
        began = time.perf_counter()
        response = client.get(address)
        wall.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, (address, response.status_code)
    ours, theirs = (_own_seconds() - ours) * 1000 / rounds, (_seconds_of(backend) - theirs) * 1000 / rounds
    wall.sort()
    p95 = wall[max(0, int(len(wall) * 0.95) - 1)]
    _say(f"{name[:43]:44}{statistics.median(wall):8.0f}{p95:8.0f}{ours:8.0f}{theirs:8.0f}")
    return p95


def _further(client: Client, address: str, pages: int = 30) -> str:
    """The address of the page that comes so many pages later."""
    for _ in range(pages):  # as a person would get there
        found = re.search(r'rel="next" href="([^"]+)"', client.get(address).content.decode())
        if found is None:
            break
        address = QUEUE + found.group(1).replace("&amp;", "&")
    return address


def _explain(client: Client, address: str) -> None:
    """The plans of what this page asks for too long."""
    _say(f"\n{address}")
    with CaptureQueriesContext(connection) as caught:
        client.get(address)
    for query in caught.captured_queries:
        if float(query["time"]) * 1000 >= SLOW and query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF) " + query["sql"].replace("%", "%%"), None)
                plan = "\n".join(line for (line,) in cursor.fetchall())
            _say(f"{query['time']} s: {query['sql'][-400:]}\n{plan[:3000]}")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
