"""Workers fetch the pages people bring, and read their files; what cannot be had is said in plain words."""

import datetime as dt

import pytest

from claims.models import Addition, Document, Evidence, Lookup
from claims.operations import adding
from tests import make
from tests.workers import loopback
from workers.additions import NOT_PUBLIC
from workers.tasks.gathering import consult_source

pytestmark = pytest.mark.django_db

PAGE = (
    b"<html lang=en><head><title>Union counts trees</title></head><body><article><p>The union of foresters counted 900"
    b" new trees in Eulenburg in March 2024, not the 1,250 the mayor spoke of.</p><p>Its members walked every street of"
    b" the town for a week, the union said on its site.</p></article></body></html>"
)


def brought(url="", content=b"", **fields):
    claim = make.claim_in_review()
    by = make.researcher(claim.newsroom)
    if url:
        return adding.add_page(claim, by=by, url=url, **fields)
    return adding.add_file(claim, by=by, name="report.pdf", content=content, **fields)


def consulted(addition):
    consult_source(addition.lookup_id)
    return Lookup.objects.get(pk=addition.lookup_id)


def html(body, status="200 OK"):
    return loopback.http(body, "Content-Type: text/html; charset=utf-8", status=status)


def test_a_page_is_fetched_kept_byte_for_byte_and_compared(loopback_allowed):
    with loopback.serving(loopback.saying(html(PAGE))) as server:
        loopback_allowed.FETCH_PORTS = [server.port]
        addition = brought(server.url())
        lookup = consulted(addition)

    assert (lookup.outcome, lookup.reason) == ("hits", "")
    document = Document.objects.get(hits__lookup=lookup)
    assert document.title == "Union counts trees"
    assert document.warc_file
    assert document.source == "by-hand"
    make.assess(addition.claim)
    assert Evidence.objects.filter(document=document, quote__contains="900").exists()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/admin", "http://[::1]/", "http://169.254.169.254/meta", "http://10.0.0.8/"]
)
def test_addresses_within_the_house_are_refused_in_plain_words(url, settings):
    settings.FETCH_ALLOWED_NETWORKS = []

    lookup = consulted(brought(url))

    assert (lookup.outcome, lookup.state) == ("unavailable", "dead")
    assert lookup.reason == NOT_PUBLIC


def test_a_page_that_is_not_there_is_said_with_its_status(loopback_allowed):
    with loopback.serving(loopback.saying(html(b"<p>Gone</p>", "404 Not Found"))) as server:
        loopback_allowed.FETCH_PORTS = [server.port]
        lookup = consulted(brought(server.url()))

    assert lookup.reason == "The server answered with status 404."
    assert lookup.state == "dead"


def test_a_server_that_does_not_answer_is_tried_again_later(loopback_allowed):
    loopback_allowed.FETCH_PORTS = [9]
    lookup = consulted(brought("http://127.0.0.1:9/"))

    assert (lookup.outcome, lookup.state) == ("unavailable", "open")
    assert lookup.reason


def test_the_date_a_person_gives_is_the_date_of_the_document(loopback_allowed):
    addition = brought(content=b"Eulenburg planted 900 trees.", published_on=dt.date(2024, 3, 31))
    lookup = consulted(addition)

    assert Document.objects.get(hits__lookup=lookup).published_at.date() == dt.date(2024, 3, 31)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"Eulenburg planted 900 trees.", "text/plain"),
        (PAGE, "text/html"),
        ("Eulenburg hat 900 Bäume gepflanzt.".encode("utf-16"), "text/plain"),
    ],
)
def test_a_file_is_read_by_what_it_is_and_not_by_its_name(content, kind, loopback_allowed):
    lookup = consulted(brought(content=content))

    assert lookup.outcome == "hits"
    document = Document.objects.get(hits__lookup=lookup)
    assert document.content_type == kind
    assert "900" in document.text
    assert document.newsroom_id is not None
    assert document.warc_file
    assert Addition.objects.get(lookup=lookup).content is None


def test_a_broken_pdf_is_said_and_keeps_its_bytes_for_another_try(loopback_allowed):
    addition = brought(content=b"%PDF-1.7 nothing of a PDF follows")
    lookup = consulted(addition)

    assert lookup.outcome == "unavailable"
    assert lookup.reason
    addition.refresh_from_db()
    assert addition.content is not None


def test_the_same_text_under_another_address_is_recognised(loopback_allowed):
    with loopback.serving(loopback.saying(html(PAGE))) as server:
        loopback_allowed.FETCH_PORTS = [server.port]
        first = brought(server.url("/a"))
        consulted(first)
        again = adding.add_page(first.claim, by=first.added_by, url=server.url("/b"))
        lookup = consulted(again)

    assert lookup.outcome == "hits"
    assert lookup.reason == f"The same text was found already at {server.url('/a')}."
