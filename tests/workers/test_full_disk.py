"""The disk of the snapshots is full: work waits for it, however long, and counts no try; then all goes on."""

from __future__ import annotations

import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from django.conf import settings as configured
from django.db import OperationalError
from psycopg import errors as postgres
from pytest_httpserver import HTTPServer

from claims.models import Document, Recheck, Step, Watch
from claims.storage import refusal
from tests import make
from tests.workers.test_rechecking import PAGE, SENTENCE, published, serve
from tests.workers.test_rechecking import site as site  # a fixture
from workers.sources.base import Finding, Findings, Query
from workers.tasks import gathering, rechecking

pytestmark = pytest.mark.django_db


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Web:
    """Finds one page."""

    slug, name, languages, polite = "web", "A search engine", (), False
    found: ClassVar[str] = ""

    def available(self) -> str | None:
        return None

    def search(self, query: Query) -> Findings:
        return Findings((Finding(url=self.found),))


def now_due(step: Step) -> None:
    type(step)._default_manager.filter(pk=step.pk).update(next_attempt_at="2024-01-01T00:00:00Z")


def test_a_lookup_waits_until_its_pages_can_be_kept(httpserver: HTTPServer, settings: Any) -> None:
    serve(httpserver, PAGE.format(SENTENCE.format("1,250")))
    settings.SOURCES = [f"{__name__}.Web"]
    Web.found = httpserver.url_for("/trees")
    claim = make.claim_gathering(make.newsroom(sources=["web"]), sources=["web"])
    lookup = claim.lookups.get()
    for _ in range(configured.STEP_MAX_ATTEMPTS + 1):
        now_due(lookup)
        with full_disk(), pytest.raises(OSError, match="File too large"):
            gathering.consult_source(lookup.pk)
    lookup.refresh_from_db()
    claim.refresh_from_db()
    assert (lookup.state, lookup.outcome, lookup.attempts, claim.status) == ("open", "", 0, "gathering")
    assert lookup.last_error == "The disk is full. Nothing of this was saved; try again later."

    now_due(lookup)
    gathering.consult_source(lookup.pk)
    lookup.refresh_from_db()
    assert (lookup.state, lookup.outcome) == ("done", "hits")
    assert Document.objects.filter(url=Web.found).exclude(warc_file="").count() == 1


def test_a_visit_waits_until_what_it_sees_can_be_kept(httpserver: HTTPServer) -> None:
    watch = published(httpserver).watches.first()
    assert watch is not None
    serve(httpserver, PAGE.format(SENTENCE.format("2,250")))
    for _ in range(configured.STEP_MAX_ATTEMPTS + 1):
        now_due(watch)
        with full_disk(), pytest.raises(OSError, match="File too large"):
            rechecking.visit_passage(watch.pk)
    watch.refresh_from_db()
    assert (watch.state, watch.attempts, watch.visits_made) == ("open", 0, 0)
    assert not Recheck.objects.exists()

    now_due(watch)
    rechecking.visit_passage(watch.pk)
    assert Recheck.objects.get().outcome == "material"
    assert Watch.objects.get(pk=watch.pk).visits_made == 1


@pytest.mark.parametrize(
    ("exc", "reason"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (postgres.DiskFull("could not extend file"), "The disk is full"),
        (postgres.ReadOnlySqlTransaction("cannot execute INSERT"), "may only be read"),
        (OSError(errno.EROFS, "Read-only file system"), "The disk takes nothing in"),
        (OSError(errno.ECONNREFUSED, "Connection refused"), ""),
        (postgres.DeadlockDetected("deadlock detected"), ""),
        (ValueError("a bug"), ""),
    ],
)
def test_only_a_storage_that_takes_nothing_in_is_waited_for(exc: Exception, reason: str) -> None:
    raised = OperationalError(str(exc))
    raised.__cause__ = exc
    assert reason in refusal(exc)
    assert bool(refusal(raised)) == bool(reason)
