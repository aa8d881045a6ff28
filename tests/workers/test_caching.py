import datetime as dt
import functools

import pytest
import redis

from tests.workers.loopback import http as answer
from tests.workers.loopback import serving
from workers import caching, http

pytestmark = pytest.mark.usefixtures("loopback_allowed")
fetch = functools.partial(http.fetch, manner="visit")
HTML = "Content-Type: text/html"


def counting(*headers, body=b"<p>Words.</p>", status="200 OK"):
    return serving(lambda peer, request: peer.sendall(answer(body, HTML, *headers, status=status)))


def test_a_fresh_answer_is_not_asked_for_twice():
    with counting("Cache-Control: max-age=600") as server:
        first, second = fetch(server.url("/a")), fetch(server.url("/a"))

        assert (first.from_cache, second.from_cache) == (False, True)
        assert second.content == first.content
        assert second.content_type == "text/html"
        assert abs(second.fetched_at - first.fetched_at) < dt.timedelta(seconds=1)
        assert "x-factcheck-seen-at" not in [name for name, _ in second.headers.items]
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "headers",
    [
        ("Cache-Control: no-store",),
        ("Cache-Control: private, max-age=600",),
        ("Cache-Control: max-age=0",),
        ("Cache-Control: max-age=600", "Vary: *"),
        (),
    ],
)
def test_what_may_not_be_kept_is_asked_for_again(headers):
    with counting(*headers) as server:
        fetch(server.url("/a"))
        assert not fetch(server.url("/a")).from_cache
        assert len(server.requests) == 2


def test_a_stale_answer_is_checked_with_its_server():
    def script(peer, request):
        if b"If-None-Match" in request or b"if-none-match" in request:
            peer.sendall(b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n')
        else:
            peer.sendall(answer(b"<p>Once.</p>", HTML, 'ETag: "a"', "Cache-Control: max-age=0"))

    with serving(script) as server:
        fetch(server.url("/a"))
        again = fetch(server.url("/a"))

    assert (again.status, again.content, again.from_cache) == (200, b"<p>Once.</p>", True)


@pytest.mark.parametrize(
    ("headers", "of_use"),
    [
        ((), False),
        (("Cache-Control: public",), False),
        (("Cache-Control: max-age=0",), False),
        (("Cache-Control: no-cache", 'ETag: "a"'), True),
        (("Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT",), True),
        (("Cache-Control: public, S-MaxAge=60", "Cache-Control: s-maxage=60"), True),
    ],
)
def test_an_answer_that_could_never_be_used_again_takes_no_room(settings, headers, of_use):
    with counting(*headers) as server:
        fetch(server.url("/a"))
    store = redis.Redis.from_url(settings.REDIS_URL)
    assert bool(list(store.scan_iter("factcheck:cache:*"))) is of_use
    store.close()


def test_who_wants_to_see_it_fresh_does():
    with counting("Cache-Control: max-age=600") as server:
        fetch(server.url("/a"))
        assert not fetch(server.url("/a"), fresh=True).from_cache
        assert len(server.requests) == 2


def test_an_answer_to_a_key_is_not_shared():
    with counting("Cache-Control: max-age=600") as server:
        fetch(server.url("/a"), headers={"Authorization": "Token x"})
        assert not fetch(server.url("/a")).from_cache


def test_large_answers_are_not_kept():
    body = b"<p>" + b"words " * (caching.LARGEST // 6 + 1)
    with counting("Cache-Control: max-age=600", body=body) as server:
        fetch(server.url("/a"))
        assert not fetch(server.url("/a")).from_cache


def test_an_error_is_not_kept_unless_its_server_says_so():
    with counting(status="500 Internal Server Error") as server:
        fetch(server.url("/a"))
        fetch(server.url("/a"))
        assert len(server.requests) == 2


def test_a_redirect_is_followed_to_what_is_kept():
    with counting("Cache-Control: max-age=600") as target:
        moved = answer(b"", f"Location: {target.url('/b')}", status="302 Found")
        with serving(lambda peer, request: peer.sendall(moved)) as server:
            fetch(server.url("/a"))
            assert fetch(server.url("/a")).from_cache
        assert len(target.requests) == 1
