"""Everything is restarted while the clock's visits are under way: each is made once, or safely again."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import connection, connections
from django.utils import timezone
from kombu import Connection

from claims.models import Recheck, Watch
from factcheck import processes
from tests import make
from tests.chaos.conftest import environment, members, until
from tests.operations.test_picking import watched
from workers.tasks import rechecking

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = f"<html><body><article><p>{make.SOURCE}</p></article></body></html>".encode()


class Site:
    """A page that takes its time; counts who asks."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.under_way = threading.Semaphore(0)
        site = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = self.path != "/robots.txt"
                site.asked[self.path] += 1
                if found:
                    site.under_way.release()
                    threading.Event().wait(0.3)
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(PAGE if found else b"")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def crew(transactional_db: None, tmp_path: Path, site: Site, broker: redis.Redis) -> Iterator[processes.Crew]:
    extra = {
        "FETCH_ALLOWED_NETWORKS": "127.0.0.0/8",
        "FETCH_PORTS": str(site.port),
        "FETCH_PACE_PERCENT": "100000",
        "FETCH_PAGES_AT_ONCE": "50",
        "FETCH_CONTACT": "https://desk.example/contact",
        "RECHECKS_PER_HOST_AND_HOUR": "100000",
        "RECHECKS_PER_HOST_AND_ROUND": "1000",
        "RECHECKS_HANDED_OUT_SECONDS": "5",
    }
    crew = processes.Crew(members(threads=4), logs=tmp_path / "logs", settings=environment(tmp_path, **extra))
    yield crew
    crew.stop()


@pytest.fixture(autouse=True)
def hints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """What is handed out here, by the rules of the crew, is hinted to its broker; one that is away loses it."""
    settings.RECHECKS_PER_HOST_AND_ROUND = settings.RECHECKS_PER_HOST_AND_HOUR = 100_000
    settings.RECHECKS_HANDED_OUT_SECONDS = 5
    url = f"redis+socket://{tmp_path / 'valkey.sock'}?virtual_host=0"

    def hint(pk: int) -> None:
        with Connection(url) as broker:
            rechecking.visit_passage.apply_async((pk,), connection=broker, queue="gathering", retry=False)

    monkeypatch.setattr(rechecking.visit_passage, "delay", hint)


OTHERS = (
    "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    " AND datname = current_database()"
)


def _somebody_works() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {OTHERS}")
        return bool(cursor.fetchone()[0])


def restart_the_database(*, crash: bool = False) -> None:
    """Throw everybody out of the test's database, as a restart does.

    With `crash` one of PostgreSQL's processes is killed, so that it recovers from its log: that takes every database of
    the server with it, those of other tests too.
    """
    until(_somebody_works, "somebody is at work in the database")
    with connection.cursor() as cursor:
        if crash:
            cursor.execute(f"SELECT pid {OTHERS} LIMIT 1")
            for (victim,) in cursor.fetchall():
                os.kill(victim, signal.SIGKILL)
        else:
            cursor.execute(f"SELECT count(pg_terminate_backend(pid)) {OTHERS}")
    connections.close_all()
    until(_database_answers, "the database is back")


def _database_answers() -> bool:
    try:
        return Watch.objects.count() >= 0
    except Exception:  # noqa: BLE001 whatever a recovering server says
        connections.close_all()
        return False


def visits_survive(
    crew: processes.Crew, site: Site, lose_messages: Callable[[], object], *, passages: int, crash: bool = False
) -> None:
    """Workers, broker and database go down in turn while visits are under way; with `crash` the hard way."""
    page = make.draft(url=f"http://127.0.0.1:{site.port}/trees", source="searxng")
    publication = make.publication(drafts=[page])
    publication.watches.all().delete()
    watched(publication, passages, host=f"127.0.0.1:{site.port}")
    Watch.objects.update(newsroom=publication.newsroom)
    crew.start()
    began = time.monotonic()

    def again() -> None:
        crew.tend()
        if time.monotonic() - again.last > 1:  # type: ignore[attr-defined]
            again.last = time.monotonic()  # type: ignore[attr-defined]
            rechecking.recheck_due.run()  # as the clock does; it is not under test whether the clock goes

    again.last = 0.0  # type: ignore[attr-defined]

    def under_way() -> None:
        while site.under_way.acquire(blocking=False):
            pass  # begun before the last blow, by those it hit
        until(lambda: site.under_way.acquire(timeout=0.1), "a visit is under way", each=again)

    under_way()
    for member in crew.children if crash else ["gathering"]:
        os.kill(crew.pid(member), signal.SIGKILL)
    under_way()
    lose_messages()
    under_way()
    restart_the_database(crash=crash)

    until(
        lambda: Recheck.objects.values("watch").distinct().count() == passages,
        "all are visited",
        seconds=300,
        each=again,
    )
    until(lambda: not Watch.objects.filter(leased_until__isnull=False).exists(), "nothing is held", each=crew.tend)
    per_watch = Counter(Recheck.objects.values_list("watch", flat=True))
    assert set(per_watch.values()) == {1}, "a visit was noted twice"
    assert not Watch.objects.filter(state="open", next_attempt_at__lt=timezone.now()).exists()
    assert not Watch.objects.exclude(state="open").exists()
    assert site.asked["/trees"] >= passages
    print(f"{passages} visits, {site.asked['/trees']} requests, {time.monotonic() - began:.0f} s")  # noqa: T201


def test_visits_survive_the_restart_of_workers_broker_and_database(
    crew: processes.Crew, site: Site, broker: redis.Redis
):
    visits_survive(crew, site, broker.flushall, passages=40)
