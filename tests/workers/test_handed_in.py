"""An address handed in is kept at once, fetched through the door, and read like any article."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from pytest_httpserver import HTTPServer

from claims.models import Article, Claim
from claims.operations import fetching, intake
from tests import make
from tests.api.client import Program, only, program_of
from workers.tasks.gathering import fetch_article
from workers.tasks.intake import read_article

pytestmark = pytest.mark.django_db

PAGE = f"""<!doctype html><html lang="en"><head><title>Trees for Eulenburg</title>
<meta property="article:published_time" content="2024-04-02T08:00:00Z"><meta property="og:site_name" content="The Post">
</head><body><article><h1>Trees for Eulenburg</h1>
{"<p>The city of Eulenburg planted 1,250 trees in March 2024. A union doubts the number.</p>" * 6}
</article></body></html>"""


LARGE = "<p>" + "trees " * 400_000


@pytest.fixture
def site(httpserver: HTTPServer, loopback_allowed: Any) -> HTTPServer:
    settings = loopback_allowed
    settings.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
    settings.FETCH_PORTS = [urlsplit(httpserver.url_for("/")).port]
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    return httpserver


@pytest.fixture
def cms() -> Program:
    room = make.newsroom()
    return program_of(make.researcher(room), room)


def worked_on(article: int) -> Article:
    """What the workers do with an article, until nothing is due."""
    fetch_article(article)
    read_article(article)
    return Article.objects.get(pk=article)


def test_an_address_becomes_an_article_with_claims(site: HTTPServer, cms: Program) -> None:
    site.expect_request("/trees").respond_with_data(PAGE, content_type="text/html; charset=utf-8")

    answer = cms.post("articles/", {"url": site.url_for("/trees"), "external_id": "cms-1"})

    assert answer.status_code == 202
    body = answer.json()
    assert (body["text"], body["sha256"], body["state"], body["problem"]) == ("", "", "open", "")
    article = worked_on(body["id"])
    assert (article.state, article.title, article.publisher) == ("done", "Trees for Eulenburg", "The Post")
    assert (article.language, str(article.published_on), article.problem) == ("en", "2024-04-02", "")
    assert "1,250 trees" in article.text and article.fetched_at is not None
    assert article.notes[0] == f"Fetched from {article.url}."
    assert Claim.objects.filter(article=article, text__contains="1,250").exists()
    told = [one["type"] for one in cms.get("events/?since=0").json()["results"] if "key" not in one["type"]]
    assert told[:3] == ["article.received", "article.fetched", "claim.submitted"]


def test_what_is_given_goes_before_what_the_page_says(site: HTTPServer, cms: Program) -> None:
    site.expect_request("/trees").respond_with_data(PAGE, content_type="text/html")
    given = {"title": "Ours", "published_on": "2024-05-01", "publisher": "Us", "language": "de"}

    article = worked_on(cms.post("articles/", {"url": site.url_for("/trees"), **given}).json()["id"])

    shown = cms.get(f"articles/{article.pk}/").json()
    assert {name: shown[name] for name in given} == given


@pytest.mark.parametrize(
    ("path", "status", "body", "kind", "problem", "state"),
    [
        ("/empty", 200, "<html><body></body></html>", "text/html", "unreadable", "dead"),
        ("/picture", 200, "\x89PNG\r\n\x1a\n", "image/png", "unreachable", "dead"),
        ("/gone", 404, "no", "text/html", "unreachable", "dead"),
        ("/down", 503, "no", "text/html", "unreachable", "open"),
        ("/large", 200, LARGE, "text/html", "too_large", "dead"),
    ],
    ids=["empty", "picture", "gone", "down", "large"],
)
def test_why_there_is_no_text_is_said(
    site: HTTPServer,
    cms: Program,
    path: str,
    status: int,
    body: str,
    kind: str,
    problem: str,
    state: str,
    settings: Any,
) -> None:
    settings.FETCH_MAX_BYTES = 1_000_000
    site.expect_request(path).respond_with_data(body.encode("latin-1"), status=status, content_type=kind)

    article = worked_on(cms.post("articles/", {"url": site.url_for(path)}).json()["id"])

    shown = cms.get(f"articles/{article.pk}/").json()
    assert (shown["problem"], shown["state"]) == (problem, state)
    assert shown["last_error"]
    kinds = [one["type"] for one in cms.get("events/?since=0").json()["results"]]
    assert ("article.not_fetched" in kinds) == (state == "dead")


def test_an_address_of_our_own_network_is_not_fetched_and_not_mapped(cms: Program) -> None:
    for url in ("http://127.0.0.1:9/admin", "http://169.254.169.254/latest/meta-data/"):
        article = worked_on(cms.post("articles/", {"url": url}).json()["id"])

        assert (article.state, article.problem) == ("dead", "blocked")
        assert "127.0.0.1" not in article.last_error and "169.254" not in article.last_error


def test_a_text_that_is_here_already_is_pointed_to(site: HTTPServer, cms: Program) -> None:
    site.expect_request("/a").respond_with_data(PAGE, content_type="text/html")
    site.expect_request("/b").respond_with_data(PAGE, content_type="text/html")
    first, second = (worked_on(cms.post("articles/", {"url": site.url_for(at)}).json()["id"]) for at in ("/a", "/b"))

    assert (second.state, second.same_as_id, second.text) == ("done", first.pk, "")
    assert Claim.objects.filter(article=second).count() == 0


def test_an_address_that_waits_is_one_and_so_is_one_with_the_same_id(cms: Program) -> None:
    body = {"url": "https://paper.example/trees", "external_id": "cms-1"}
    first = cms.post("articles/", body)
    again = cms.post("articles/", body)
    plain = cms.post("articles/", {"url": body["url"]})
    other = cms.post("articles/", {**body, "url": "https://paper.example/other"})

    assert [first.status_code, again.status_code, plain.status_code] == [202, 200, 200]
    assert len({one.json()["id"] for one in (first, again, plain)}) == 1
    assert (other.status_code, only(other)["code"]) == (400, "taken")


def test_neither_text_nor_address_is_refused(cms: Program) -> None:
    for body in ({}, {"title": "x"}, {"url": ""}):
        refused = only(cms.post("articles/", body))
        assert (refused["attr"], refused["code"]) == ("text", "required")
    assert only(cms.post("articles/", {"url": "ftp://paper.example/"}))["code"] == "bad_url"


def test_the_text_stands_once_it_was_fetched() -> None:
    article, _ = fetching.submit_address(make.newsroom(), url="https://paper.example/", by=None, door="api")
    held = Article.objects.take(article.pk)
    assert held is not None
    fetching.keep_text(held, text=make.ARTICLE, url=article.url)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(text="Another.")
    fetching.keep_text(held, text="Another text.", url=article.url)
    assert Article.objects.get(pk=article.pk).text == make.ARTICLE


def test_the_sweep_finds_an_address_whose_message_was_lost() -> None:
    article, _ = fetching.submit_address(make.newsroom(), url="https://paper.example/", by=None, door="api")

    assert article.pk in Article.objects.due().values_list("pk", flat=True)


def test_a_person_hands_in_an_address_and_has_it_fetched_again(site: HTTPServer) -> None:
    room = make.newsroom()
    client = Client()
    client.force_login(make.member(room, "desk_lead"))
    form = {"newsroom": room.pk, "text": "", "url": site.url_for("/late")}

    answer = client.post(reverse("admin:claims_article_add"), form, follow=True)
    assert b"being fetched" in answer.content
    site.expect_oneshot_request("/late").respond_with_data("no", status=404)
    article = worked_on(Article.objects.get().pk)
    page = client.get(reverse("admin:claims_article_change", args=[article.pk])).content.decode()
    assert "no usable answer" in page and "Fetch it again" in page

    site.expect_request("/late").respond_with_data(PAGE, content_type="text/html")
    client.post(reverse("admin:claims_article_read_again", args=[article.pk]))
    Article.objects.filter(pk=article.pk).update(next_attempt_at=Now())
    assert worked_on(article.pk).state == "done"


def test_an_article_is_revived_only_when_no_other_waits_for_its_address(site: HTTPServer) -> None:
    room = make.newsroom()
    lead = make.member(room, "desk_lead")
    site.expect_request("/x").respond_with_data("no", status=404)
    dead, _ = fetching.submit_address(room, url=site.url_for("/x"), by=None, door="api")
    worked_on(dead.pk)
    fetching.submit_address(room, url=site.url_for("/x"), by=None, door="api")

    with pytest.raises(Exception, match="waits to be fetched"):
        intake.revive(Article.objects.get(pk=dead.pk), by=lead)
