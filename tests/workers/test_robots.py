import threading
import time

import pytest
from django.core.cache import cache

from tests.workers.loopback import http as answer
from tests.workers.loopback import serving
from workers import http, robots
from workers.errors import Blocked, RobotsDenied, Throttled

pytestmark = pytest.mark.usefixtures("loopback_allowed")

PAGE = answer(b"<p>Words.</p>", "Content-Type: text/html")


def site(robots: bytes):
    """A site with this answer for robots.txt and a page everywhere else."""
    return serving(lambda peer, request: peer.sendall(robots if request.startswith(b"GET /robots.txt ") else PAGE))


def asked(server):
    return [request.split(b" ")[1].decode() for request in server.requests]


def rules(text):
    return answer(text.encode(), "Content-Type: text/plain")


def test_a_page_machines_may_not_read_is_not_asked_for():
    with site(rules("User-agent: *\nDisallow: /private/\nAllow: /private/open")) as server:
        with pytest.raises(RobotsDenied, match=r"robots\.txt"):
            http.fetch(server.url("/private/a"))
        assert http.fetch(server.url("/private/open")).ok
        assert asked(server) == ["/robots.txt", "/private/open"]


def test_many_who_come_at_once_ask_for_the_rules_once():
    def slow(peer, request):
        if request.startswith(b"GET /robots.txt "):
            threading.Event().wait(0.2)
            peer.sendall(rules("User-agent: *\nAllow: /"))
        else:
            peer.sendall(PAGE)

    with serving(slow) as server:
        threads = [threading.Thread(target=http.fetch, args=(server.url(f"/{number}"),)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert asked(server).count("/robots.txt") == 1
        assert len(asked(server)) == 7


def test_rules_made_for_us_come_before_those_for_all():
    with site(rules("User-agent: *\nDisallow: /\n\nUser-agent: factcheck\nDisallow: /x")) as server:
        assert http.fetch(server.url("/news")).ok
        with pytest.raises(RobotsDenied):
            http.fetch(server.url("/x"))


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "401 Unauthorized", "410 Gone"])
def test_no_rules_means_leave(status):
    with site(answer(b"", status=status)) as server:
        assert http.fetch(server.url("/a")).ok


@pytest.mark.parametrize("robots", [answer(b"", status="500 Internal Server Error"), b"", b"\0\0garbage\r\n\r\n"])
def test_rules_that_cannot_be_read_mean_wait(robots):
    with site(robots) as server:
        with pytest.raises(Throttled, match="cannot be read") as pause:
            http.fetch(server.url("/a"))
        assert pause.value.retry_after == 600
        before = len(server.requests)
        with pytest.raises(Throttled):
            http.fetch(server.url("/b"))
        assert len(server.requests) == before
        assert not {"/a", "/b"} & set(asked(server))


def test_rules_are_read_once():
    with site(rules("User-agent: *\nDisallow: /x")) as server:
        for path in ("/a", "/b", "/c"):
            http.fetch(server.url(path))
        assert asked(server) == ["/robots.txt", "/a", "/b", "/c"]


def test_a_person_may_look_where_machines_may_not():
    with site(rules("User-agent: *\nDisallow: /")) as server:
        assert http.fetch(server.url("/a"), manner="visit").ok
        assert asked(server) == ["/a"]


def test_the_gap_a_site_asks_for_is_kept(settings):
    settings.FETCH_PACE_PERCENT = 100
    settings.FETCH_PAGES_PER_SECOND = 100
    with site(rules("User-agent: *\nCrawl-delay: 0.4")) as server:
        http.fetch(server.url("/a"))
        started = time.monotonic()
        http.fetch(server.url("/b"))
        assert time.monotonic() - started > 0.3


def test_a_redirect_to_another_site_asks_its_rules_too():
    with site(rules("User-agent: *\nDisallow: /")) as strict:
        moved = answer(b"", f"Location: {strict.url('/news')}", status="302 Found")
        none = answer(b"", status="404 Not Found")
        with (
            serving(lambda peer, request: peer.sendall(none if b"robots.txt" in request else moved)) as server,
            pytest.raises(RobotsDenied),
        ):
            http.fetch(server.url("/news"))
        assert asked(strict) == ["/robots.txt"]


def test_endless_rules_are_cut_not_refused():
    with site(rules("User-agent: *\nDisallow: /x\n" + "# filler\n" * 80_000)) as server:
        assert http.fetch(server.url("/a")).ok
        with pytest.raises(RobotsDenied):
            http.fetch(server.url("/x"))


def test_rules_are_not_read_from_inside_either(settings):
    settings.FETCH_ALLOWED_NETWORKS = []
    with pytest.raises(Blocked, match="not a public address"):
        http.fetch("http://127.0.0.1/a")


def test_a_host_that_asks_for_a_pause_gets_it_from_all():
    busy = answer(b"", "Retry-After: 120", status="429 Too Many Requests")
    with serving(lambda peer, request: peer.sendall(busy)) as server:
        assert http.fetch(server.url("/a"), manner="visit").status == 429
        with pytest.raises(Throttled, match="asked for a pause") as pause:
            http.fetch(server.url("/b"), manner="visit")
        assert 115 < pause.value.retry_after <= 120
        assert asked(server) == ["/a"]


def test_an_archived_429_is_content_not_a_pause():
    archived = answer(b"old", "Memento-Datetime: Mon, 01 Jan 2024 00:00:00 GMT", status="429 Too Many Requests")
    with serving(lambda peer, request: peer.sendall(archived)) as server:
        for _ in range(2):
            assert http.fetch(server.url("/web/2024id_/x"), manner="service").status == 429


def test_the_rules_of_a_site_are_looked_up_once_a_minute_by_each_process(monkeypatch):
    with site(rules("User-agent: *\nDisallow: /x")) as server:
        assert http.fetch(server.url("/a")).ok
        cache.clear()
        with pytest.raises(RobotsDenied):
            http.fetch(server.url("/x"))
        later = time.monotonic() + robots.REMEMBERED_SECONDS
        monkeypatch.setattr(robots.time, "monotonic", lambda: later)
        assert http.fetch(server.url("/b")).ok
        assert asked(server) == ["/robots.txt", "/a", "/robots.txt", "/b"]
