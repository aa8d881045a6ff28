"""The clock's visits over real HTTP: a changed passage is noticed, a page that cannot be read is not taken for one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from claims.models import Publication, Recheck, Watch
from tests import make
from workers import documents, http
from workers.tasks import rechecking

pytestmark = pytest.mark.django_db

PAGE = (
    "<html><head><title>Trees</title></head><body><article><h1>Trees in Eulenburg</h1><p>{}</p>"
    "<p>The forestry union asked the city for a list of all streets in which trees were planted this spring, and "
    "said it would publish its own count after a walk through every quarter of the city in the summer.</p>"
    "</article></body></html>"
)
SENTENCE = "The city of Eulenburg planted some {} trees in March 2024, the mayor's office said on Monday."


@pytest.fixture(autouse=True)
def site(loopback_allowed: Any, httpserver: HTTPServer) -> None:
    loopback_allowed.FETCH_PORTS = [httpserver.port]
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)


def published(httpserver: HTTPServer) -> Publication:
    """A published check that cites the page as it stands now."""
    httpserver.expect_request("/trees").respond_with_data(
        PAGE.format(SENTENCE.format("1,250")), content_type="text/html"
    )
    draft = documents.of_response(http.fetch(httpserver.url_for("/trees")), source="wikipedia")
    return make.publication(drafts=[draft])


def visit(publication: Publication) -> Recheck:
    watch = Watch.objects.filter(publication=publication).order_by("pk")[:1].get()
    Watch.objects.filter(pk=watch.pk).update(next_attempt_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    rechecking.visit_passage(watch.pk)
    return Recheck.objects.filter(watch=watch).latest("pk")


def serve(httpserver: HTTPServer, body: str, status: int = 200) -> None:
    httpserver.clear()
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/trees").respond_with_data(body, status=status, content_type="text/html")


def test_a_page_that_stays_is_unchanged(httpserver: HTTPServer):
    publication = published(httpserver)
    assert visit(publication).outcome == "unchanged"


def test_a_changed_number_is_material_once_two_visits_agree(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, PAGE.format(SENTENCE.format("2,250")))
    first = visit(publication)
    assert (first.outcome, first.confirmed) == ("material", False)
    publication.refresh_from_db()
    assert publication.state == "live"

    second = visit(publication)
    assert (second.outcome, second.confirmed) == ("material", True)
    assert second.document is not None and "2,250" in second.document.text
    publication.refresh_from_db()
    assert publication.state == "under_review"


def test_a_changed_banner_is_no_reason_to_bother_anybody(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, PAGE.format(SENTENCE.format("1,250")).replace("this spring", "in spring"))
    assert visit(publication).outcome in ("unchanged", "cosmetic")


def test_a_page_that_is_gone_is_told_apart_from_one_that_cannot_be_read(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, "gone", status=410)
    assert visit(publication).outcome == "page_gone"
    serve(httpserver, "busy", status=503)
    assert visit(publication).outcome == "unreachable"


def test_a_visit_that_found_nobody_is_made_again_later(httpserver: HTTPServer):
    publication = published(httpserver)
    serve(httpserver, "busy", status=503)
    recheck = visit(publication)
    watch = Watch.objects.get(pk=recheck.watch_id)
    assert watch.state == "open" and watch.next_attempt_at > recheck.at
