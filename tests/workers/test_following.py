"""Following over real HTTP: what is new is read once, whatever state the feed is in, and never without end."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from claims.models import Article, Claim, EarlierCheck, FollowedItem, FollowedSource, Newsroom, Notice, Occurrence, Step
from claims.operations import citing, following
from tests import make
from tests.workers.loopback import serving
from workers import following as visits
from workers.tasks import following as tasks
from workers.tasks.intake import read_article

LONG_AGO = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
FILL = (
    "<p>The forestry union asked the city for a list of all streets in which trees were planted this spring, and said "
    "it would publish its own count after a walk through every quarter of the city in the summer.</p>"
)


def page(sentence: str, head: str = "") -> str:
    return f"<html><head><title>News</title>{head}</head><body><article><p>{sentence}</p>{FILL}</article></body></html>"


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>{"".join(items)}</channel></rss>'


def item(url: str, title: str = "News of the day", guid: str = "", more: str = "") -> str:
    guid = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    return f"<item><title>{title}</title><link>{url}</link>{guid}{more}</item>"


def atom(url: str, updated: str = "") -> str:
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Courier</title><entry><title>News</title>'
        f'<link href="{url}"/><updated>{updated or timezone.now().isoformat()}</updated></entry></feed>'
    )


class Site:
    """A site on loopback whose pages are set by path; counts what it was asked."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.pages: dict[str, Any] = {}
        self.asked: list[str] = []
        server.expect_request("/robots.txt").respond_with_handler(lambda request: self.answer(request))
        for folder in ("/feed", "/other", "/map", "/page", "/news/1", "/news/2", "/news/3", "/news/4"):
            server.expect_request(folder).respond_with_handler(lambda request: self.answer(request))

    def answer(self, request: Request) -> Response:
        found = self.pages.get(request.path)
        self.asked.append(request.path)
        if isinstance(found, Response):
            return found
        if found is None:
            return Response("", 404)
        etag = f'"{hash(found)}"'
        if request.headers.get("If-None-Match") == etag:
            return Response("", 304)
        kind = "text/html" if found.startswith("<html") else "application/xml"
        return Response(found, 200, content_type=kind, headers={"ETag": etag})

    def url(self, path: str) -> str:
        return self.server.url_for(path)


@pytest.fixture
def site(loopback_allowed: Any, httpserver: HTTPServer) -> Site:
    loopback_allowed.FETCH_PORTS = [httpserver.port]
    return Site(httpserver)


def follow(room: Newsroom, url: str, **given: Any) -> FollowedSource:
    return following.follow(room, by=make.researcher(room), url=url, **{"name": "Courier", **given})


def visit(source: FollowedSource) -> FollowedSource:
    """One visit, as if its time had come, and the reading of whatever it let in."""
    FollowedSource.objects.filter(pk=source.pk).update(next_attempt_at=LONG_AGO)
    tasks.visit_source(source.pk)
    for waiting in FollowedItem.objects.filter(source=source, state=Step.State.OPEN).order_by("pk"):
        tasks.read_item(waiting.pk)
    for article in Article.objects.filter(newsroom=source.newsroom, read_at=None):
        read_article(article.pk)
    source.refresh_from_db()
    return source


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["rss", "atom", "sitemap", "links"])
def test_a_new_item_becomes_a_read_article_that_says_where_it_was_found(site: Site, kind: str):
    day = timezone.now().isoformat()
    sitemap = f"<urlset><url><loc>{site.url('/news/1')}</loc><lastmod>{day}</lastmod></url></urlset>"
    links = f'<html><body><nav><a href="/news/3">A headline in a menu somewhere</a></nav>{{}}{FILL}</body></html>'
    listing = {"rss": rss(item(site.url("/news/1"))), "atom": atom(site.url("/news/1")), "sitemap": sitemap}
    site.pages["/news/1"] = page("Eulenburg planted 1,250 trees in March 2024, the mayor said.")
    site.pages["/feed"] = listing.get(kind, links.format(""))
    room = make.newsroom()
    source = visit(follow(room, site.url("/feed"), kind={"rss": "feed", "atom": "feed"}.get(kind, kind), topic="trees"))
    if kind == "links":  # what stood there before anybody followed the page is not news
        site.pages["/feed"] = links.format('<p><a href="/news/1">Mayor: the city planted 1,250 trees</a></p>')
        visit(source)

    article = Article.objects.get(newsroom=room)
    assert article.door == "feed" and article.read_at is not None
    assert "Found by following Courier." in article.notes
    assert Claim.objects.filter(article=article, topic="trees", text__contains="1,250").count() == 1
    assert (source.last_outcome, source.found, source.failures) == ("new", 1, 0)
    assert source.next_attempt_at > timezone.now() + dt.timedelta(minutes=50)


@pytest.mark.django_db
def test_the_same_item_is_read_once_whatever_its_guid_link_or_feed(site: Site):
    site.pages["/news/1"] = page("Eulenburg planted 1,250 trees in March 2024.")
    site.pages["/news/2"] = page(
        "Eulenburg planted 1,250 trees in March 2024.", f'<link rel="canonical" href="{site.url("/news/1")}">'
    )
    site.pages["/feed"] = rss(item(site.url("/news/1"), guid="a"))
    room = make.newsroom()
    source = visit(follow(room, site.url("/feed")))
    site.pages["/feed"] = rss(item(site.url("/news/1") + "?utm_source=rss", guid="b"), item(site.url("/news/2")))
    visit(source)
    site.pages["/other"] = atom(site.url("/news/1"))
    other = visit(follow(room, site.url("/other"), name="Other"))

    assert Article.objects.filter(newsroom=room).count() == 1
    assert sorted(FollowedItem.objects.values_list("outcome", flat=True)) == ["known", "read"]
    assert (source.found, other.found) == (1, 0)
    assert site.asked.count("/news/1") == 1
    assert not Occurrence.objects.exists()


@pytest.mark.django_db
def test_an_item_that_changed_is_read_again_and_only_what_is_new_in_it_comes_in(site: Site):
    first, second = "Eulenburg planted 1,250 trees in March 2024.", "The city spent 400,000 euros on them."
    site.pages |= {"/news/1": page(first), "/feed": rss(item(site.url("/news/1")))}
    room = make.newsroom()
    source = visit(follow(room, site.url("/feed")))
    site.pages |= {"/news/1": page(f"{first} {second}"), "/feed": rss(item(site.url("/news/1"), title="News, updated"))}
    visit(source)

    assert Article.objects.filter(newsroom=room).count() == 2
    texts = list(Claim.objects.filter(newsroom=room).values_list("text", flat=True))
    assert sum("1,250" in text for text in texts) == 1
    assert sum("400,000" in text for text in texts) == 1
    assert not Occurrence.objects.exists()


@pytest.mark.django_db
def test_a_feed_that_did_not_change_costs_nothing(site: Site):
    site.pages |= {"/news/1": page("Eulenburg planted 1,250 trees."), "/feed": rss(item(site.url("/news/1")))}
    source = visit(follow(make.newsroom(), site.url("/feed")))
    visit(source)
    assert (source.last_outcome, source.visits_made) == ("nothing", 2)
    assert site.asked.count("/feed") == 2 and site.asked.count("/news/1") == 1


@pytest.mark.django_db
def test_a_page_followed_for_its_own_text_is_read_whenever_it_changes(site: Site):
    site.pages["/page"] = page("Eulenburg planted 1,250 trees in March 2024.")
    room = make.newsroom()
    source = visit(follow(room, site.url("/page"), kind="page"))
    visit(source)
    assert Article.objects.filter(newsroom=room).count() == 1
    site.pages["/page"] = page("Eulenburg felled 300 trees in April 2024.")
    visit(source)
    assert [one.text for one in Claim.objects.filter(text__contains="300")] != []
    assert Article.objects.filter(newsroom=room).count() == 2


@pytest.mark.django_db
def test_broken_xml_is_read_as_far_as_it_goes_and_what_is_no_feed_is_said_to_be_none(site: Site):
    site.pages["/news/1"] = page("Eulenburg planted 1,250 trees in March 2024.")
    site.pages["/feed"] = rss(item(site.url("/news/1")), "<item><title>Half & broken <link>")[:-20]
    room = make.newsroom()
    assert visit(follow(room, site.url("/feed"))).found == 1
    site.pages["/other"] = "<html><body>moved</body></html>"
    source = visit(follow(room, site.url("/other")))
    assert (source.last_outcome, source.last_error) == ("failed", "This is not a feed.")
    site.pages["/map"] = "<urlset><url><loc>x"
    assert visit(follow(room, site.url("/map"), kind="sitemap")).last_outcome == "nothing"


@pytest.mark.django_db
def test_an_endless_feed_is_read_up_to_a_limit(loopback_allowed: Any):
    def endless(peer: socket.socket, request: bytes) -> None:
        if b"/robots.txt" in request:
            peer.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        peer.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nConnection: close\r\n\r\n<rss version='2.0'>"
        )
        piece = b"<item><title>x</title><link>http://127.0.0.1/%d</link></item>"
        peer.sendall(b"<rss version='2.0'><channel><title>t</title>")
        for number in range(10**9):
            peer.sendall(b"".join(piece % (number * 500 + one) for one in range(500)))

    with serving(endless) as server:
        loopback_allowed.FETCH_PORTS = [server.port]
        source = follow(make.newsroom(), server.url("/feed"))
        tasks.visit_source(source.pk)
    source.refresh_from_db()
    assert source.last_outcome == "new"
    assert (source.last_new, source.last_noted) == (following.PER_VISIT, following.ITEMS - following.PER_VISIT)


def test_what_comes_after_the_last_item_that_is_looked_at_is_not_parsed():
    one = rss(*(item(f"https://bote.example/{number}") for number in range(following.ITEMS))).encode()
    first = one.partition(b"</channel>")[0]
    assert visits._beginning(first + b"<item>" * 10**6) == first
    assert visits._beginning(b"<rss><item></item></rss>") == b"<rss><item></item></rss>"


@pytest.mark.django_db
def test_no_more_articles_are_let_in_on_a_day_than_the_newsroom_wants(site: Site):
    site.pages |= {f"/news/{one}": page(f"Eulenburg planted {one},250 trees.") for one in (1, 2, 3, 4)}
    site.pages["/feed"] = rss(*(item(site.url(f"/news/{one}")) for one in (1, 2, 3)))
    room = make.newsroom(followed_per_day=2)
    source = visit(follow(room, site.url("/feed")))
    assert (source.found, source.last_noted) == (2, 1)
    noted = FollowedItem.objects.get(outcome="noted")
    assert noted.url.endswith("/news/3")

    following.read_now(noted, by=make.researcher(room))
    visit(source)
    assert Article.objects.filter(newsroom=room).count() == 3


@pytest.mark.django_db
def test_failures_step_back_are_shown_with_their_reason_and_told_once(site: Site):
    site.pages["/feed"] = Response("busy", 503)
    room = make.newsroom()
    person = make.researcher(room)
    source = follow(room, site.url("/feed"))
    waits = []
    for _ in range(following.STRAIGHT + 1):
        visit(source)
        waits.append((source.next_attempt_at - timezone.now()).total_seconds() / 3600)
        budget_rests_are_forgotten()
    assert source.last_error == "The server answered with status 503." and source.failing_since is not None
    assert [round(hours) for hours in waits] == [2, 4, 8, 16, 24, 24]
    assert Notice.objects.filter(person=person, kind="source").count() == 1
    site.pages["/feed"] = rss(item(site.url("/news/1")))
    visit(source)
    assert (source.failures, source.failing_since, source.last_error) == (0, None, "")


def budget_rests_are_forgotten() -> None:
    import redis
    from django.conf import settings

    store = redis.Redis.from_url(settings.REDIS_URL)
    for key in store.scan_iter("factcheck:fetch:*"):
        store.delete(key)
    store.close()


@pytest.mark.django_db
def test_a_feed_that_has_ended_is_visited_no_more_until_somebody_wants_it(site: Site):
    site.pages["/feed"] = Response("gone", 410)
    room = make.newsroom()
    source = visit(follow(room, site.url("/feed")))
    assert not source.active and "ended" in source.last_error
    assert following.visit_now(source, by=make.researcher(room)).active


def review(url: str, rating: str) -> str:
    record = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": "Eulenburg planted 1,250 trees in March 2024.",
        "author": {"@type": "Organization", "name": "Faktenbote"},
        "reviewRating": {"@type": "Rating", "alternateName": rating},
    }
    return f'<html><script type="application/ld+json">{json.dumps(record)}</script><body>{FILL}</body></html>'


@pytest.mark.django_db
def test_a_followed_fact_checker_corrects_a_check_and_whoever_cited_it_is_told_once(site: Site):
    site.pages["/feed"] = rss(item(site.url("/news/1")), item(site.url("/news/2")))
    site.pages["/news/1"] = review(site.url("/news/1"), "False")
    site.pages["/news/2"] = review("https://somebody-else.example/check", "True")  # not theirs to say
    room = make.newsroom()
    source = follow(room, site.url("/feed"), kind="checks")
    tasks.visit_source(source.pk)
    FollowedItem.objects.update(next_attempt_at=LONG_AGO)
    visit(source)
    check = EarlierCheck.objects.get(newsroom=room)
    assert (check.rating, check.publisher) == ("False", "Faktenbote")
    assert not Article.objects.filter(newsroom=room).exists()

    claim = make.claim_in_review(room)
    citing.cite(claim, check=check, by=make.researcher(room))
    again = FollowedItem.objects.get(url=site.url("/news/1"))
    assert again.state == "open" and again.next_attempt_at > timezone.now() + dt.timedelta(hours=23)
    for rating in ("Mostly true", "Mostly true"):
        site.pages["/news/1"] = review(site.url("/news/1"), rating)
        FollowedItem.objects.filter(pk=again.pk).update(next_attempt_at=LONG_AGO)
        tasks.read_item(again.pk)
    check.refresh_from_db()
    assert check.rating == "Mostly true"
    (told,) = claim.history.filter(kind="check.changed")
    assert (told.payload["before"], told.payload["after"]) == ("False", "Mostly true")
    assert Notice.objects.filter(kind="check", claim=claim, person=make.researcher(room)).count() == 1
    claim.refresh_from_db()
    assert claim.status == "in_review"


@pytest.mark.django_db
def test_a_list_of_sitemaps_leads_to_the_newest_and_what_is_old_is_only_noted(site: Site):
    day, old = timezone.now().date().isoformat(), "2020-01-01"
    site.pages["/map"] = f"<sitemapindex><sitemap><loc>{site.url('/other')}</loc></sitemap></sitemapindex>"
    body = (
        f"<urlset><url><loc>{site.url('/news/2')}</loc><lastmod>{old}</lastmod></url>"
        f"<url><loc>{site.url('/news/1')}</loc><lastmod>{day}</lastmod></url></urlset>"
    )
    site.pages["/other"] = Response(gzip.compress(body.encode()), content_type="application/gzip")
    site.pages["/news/1"] = page("Eulenburg planted 1,250 trees in March 2024.")
    source = visit(follow(make.newsroom(), site.url("/map"), kind="sitemap"))
    assert (source.found, source.last_noted, source.last_error) == (1, 1, "")
    assert "/news/2" not in site.asked


@pytest.mark.django_db
def test_robots_are_obeyed(site: Site):
    site.pages |= {"/robots.txt": "User-agent: *\nDisallow: /feed", "/feed": rss(item(site.url("/news/1")))}
    source = visit(follow(make.newsroom(), site.url("/feed")))
    assert source.last_outcome == "failed" and "robots.txt" in source.last_error
    assert "/feed" not in site.asked


@pytest.mark.django_db
def test_a_page_that_cannot_be_read_is_kept_with_its_reason(site: Site):
    site.pages["/feed"] = rss(item(site.url("/news/4")))
    source = visit(follow(make.newsroom(), site.url("/feed")))
    failed = FollowedItem.objects.get(source=source)
    assert (failed.outcome, failed.state) == ("failed", "done") and "404" in failed.last_error


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_read_everything_once(site: Site):
    site.pages |= {f"/news/{one}": page(f"Eulenburg planted {one},250 trees in March 2024.") for one in (1, 2, 3)}
    site.pages["/feed"] = rss(*(item(site.url(f"/news/{one}")) for one in (1, 2, 3)))
    site.pages["/other"] = site.pages["/feed"]
    room = make.newsroom()
    sources = [follow(room, site.url(path), name=path) for path in ("/feed", "/other")]

    def at_once(*works: Callable[[], Any]) -> None:
        def alone(work: Callable[[], Any]) -> None:
            try:
                work()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(works)) as pool:
            list(pool.map(alone, works))

    at_once(*(lambda pk=one.pk: tasks.visit_source(pk) for one in sources * 2))
    items = list(FollowedItem.objects.values_list("pk", flat=True))
    assert len(items) == 3
    at_once(*(lambda pk=pk: tasks.read_item(pk) for pk in items * 2))
    assert Article.objects.filter(newsroom=room).count() == 3
    assert site.asked.count("/news/1") == 1
