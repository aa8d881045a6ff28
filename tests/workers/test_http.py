import contextlib
import datetime as dt
import functools
import gzip
import ipaddress
import socket
import ssl
import threading
import time
import zlib

import pytest

from tests.workers.loopback import http as answer
from tests.workers.loopback import saying, serving
from workers import http
from workers.answers import Seen, parse_retry_after
from workers.errors import BadResponse, Blocked, DeadlineExceeded, TooLarge, Unreachable

fetch = functools.partial(http.fetch, manner="visit")  # a person asks: no robots.txt in these tests
PAGE = b"<!doctype html><html><head><title>A page</title></head><body><p>Some words.</p></body></html>"
pytestmark = pytest.mark.usefixtures("loopback_allowed")


def test_a_page_comes_back_with_its_bytes_and_how_it_was_got():
    with serving(saying(answer(PAGE, "Content-Type: text/html; charset=utf-8", 'ETag: "a"'))) as server:
        response = fetch(server.url("/news?id=1"))

    assert (response.status, response.ok, response.content) == (200, True, PAGE)
    assert response.content_type == "text/html"
    assert response.peer == "127.0.0.1"
    assert response.seen.etag == '"a"'
    request = server.requests[0].decode()
    assert request.startswith("GET /news?id=1 HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}\r\n" in request
    assert "Accept-Encoding: gzip\r\n" in request
    assert "(https://desk.example/contact; mailto:desk@desk.example)" in request


def test_loopback_is_refused_unless_allowed(settings):
    settings.FETCH_ALLOWED_NETWORKS = []
    settings.FETCH_PORTS = list(range(65536))
    with serving(saying(answer(PAGE))) as server, pytest.raises(Blocked, match="not a public address") as refusal:
        fetch(server.url())

    assert server.requests == []
    assert refusal.value.shown == Unreachable("anything").shown


def test_only_the_ports_of_the_web_are_asked(settings):
    settings.FETCH_ALLOWED_NETWORKS = []
    with pytest.raises(Blocked, match="Port 22"):
        fetch("http://news.example:22/")


def test_one_bad_answer_of_the_resolver_refuses_the_name():
    door = http.Door(resolver=lambda host, port: ["93.184.216.34", "169.254.169.254"])
    with pytest.raises(Blocked, match=r"169\.254\.169\.254"):
        fetch("http://news.example/", door=door)


def test_a_name_that_changes_its_answer_is_resolved_once():
    asked = []

    def resolver(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    door = http.Door(resolver=resolver, allowed=(ipaddress.ip_network("127.0.0.0/8"),))
    with serving(saying(answer(PAGE))) as server, contextlib.closing(door):
        assert fetch(server.url(host="rebind.example"), door=door).ok
    assert asked == ["rebind.example"]


def test_a_name_of_an_internal_network_is_refused_even_with_a_public_answer():
    door = http.Door(resolver=lambda host, port: ["93.184.216.34"])
    for name in ("metadata.google.internal", "localhost", "intranet", "printer.local"):
        with pytest.raises(Blocked, match="internal network"):
            fetch(f"http://{name}/", door=door)


def test_an_unknown_name_is_unreachable():
    def resolver(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(Unreachable, match=r"nowhere\.example is not known"):
        fetch("http://nowhere.example/", door=http.Door(resolver=resolver))


def test_a_resolver_that_hangs_is_left_at_the_deadline():
    over = threading.Event()

    def resolver(host, port):
        over.wait(10)
        return []

    started = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        fetch("http://slow.example/", door=http.Door(resolver=resolver), deadline=0.3)
    over.set()
    assert time.monotonic() - started < 2


def test_a_closed_port_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    with pytest.raises(Unreachable):
        fetch(f"http://127.0.0.1:{port}/")


def test_proxies_of_the_environment_are_ignored(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(saying(answer(PAGE))) as server:
        assert fetch(server.url()).ok


def test_redirects_are_followed_and_told(httpserver):
    httpserver.expect_request("/old").respond_with_data("", 301, {"Location": "/older"})
    httpserver.expect_request("/older").respond_with_data("", 302, {"Location": httpserver.url_for("/new")})
    httpserver.expect_request("/new").respond_with_data(PAGE, content_type="text/html")

    response = fetch(httpserver.url_for("/old"))

    assert response.final_url == httpserver.url_for("/new")
    assert [hop.status for hop in response.redirects] == [301, 302]
    assert response.url == httpserver.url_for("/old")


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/latest/", "http://[::1]/", "file:///etc/passwd", "http://a.example\\@b.example/", "//"],
)
def test_a_redirect_inward_is_refused(location):
    redirect = answer(b"", f"Location: {location}", status="302 Found")
    with serving(saying(redirect)) as server, pytest.raises(Blocked):
        fetch(server.url())


def test_an_endless_redirect_ends():
    with serving(saying(answer(b"", "Location: /again", status="302 Found"))) as server:
        with pytest.raises(BadResponse, match="redirects"):
            fetch(server.url())
        assert len(server.requests) == http.MAX_REDIRECTS + 1


def test_a_key_is_not_carried_to_another_host():
    with serving(saying(answer(PAGE))) as target:
        redirect = answer(b"", f"Location: {target.url()}", status="302 Found")
        with serving(saying(redirect)) as server:
            fetch(server.url(), headers={"Authorization": "Token secret"})
            assert b"secret" in server.requests[0]
        assert b"secret" not in target.requests[0]


def test_a_request_with_a_body_is_not_redirected():
    with serving(saying(answer(b"", "Location: /x", status="307 Temporary Redirect"))) as server:
        with pytest.raises(BadResponse, match="twice"):
            fetch(server.url(), method="POST", body=b"a=1")
        assert server.requests[0].startswith(b"POST / HTTP/1.1")


def test_a_header_cannot_smuggle_another():
    with pytest.raises(Blocked, match="header"):
        fetch("http://127.0.0.1:9/", headers={"X-Note": "a\r\nX-Other: b"})


def test_what_we_have_already_is_not_sent_again():
    with serving(saying(b"HTTP/1.1 304 Not Modified\r\n\r\n")) as server:
        response = fetch(server.url(), conditional=Seen('"a"', "Mon, 23 Dec 2024 10:00:00 GMT"))

    assert (response.status, response.content) == (304, b"")
    assert b'If-None-Match: "a"' in server.requests[0]
    assert b"If-Modified-Since: Mon, 23 Dec 2024 10:00:00 GMT" in server.requests[0]


def test_a_body_over_the_cap_is_not_read_to_its_end():
    sent = []

    def endless(peer, request):
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            peer.sendall(b"<p>more</p>" * 1000)
            sent.append(11000)

    with serving(endless) as server, pytest.raises(TooLarge, match="larger than"):
        fetch(server.url(), max_bytes=100_000)
    assert sum(sent) < 20_000_000


def test_a_false_content_length_does_not_raise_the_cap():
    with serving(saying(answer(PAGE * 100, length=10))) as server:
        assert len(fetch(server.url(), max_bytes=1000).content) == 10


def test_a_body_shorter_than_promised_is_an_error():
    with serving(saying(answer(PAGE, length=10_000))) as server, pytest.raises((Unreachable, BadResponse)):
        fetch(server.url())


def test_a_compressed_page_is_decoded():
    with serving(saying(answer(gzip.compress(PAGE), "Content-Encoding: gzip"))) as server:
        assert fetch(server.url()).content == PAGE


def test_a_page_compressed_in_several_parts_is_decoded_whole():
    body = gzip.compress(PAGE[:40]) + gzip.compress(PAGE[40:]) + b"\0\0\0"
    with serving(saying(answer(body, "Content-Encoding: gzip"))) as server:
        assert fetch(server.url()).content == PAGE


def test_a_compression_bomb_is_defused():
    squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(squeezer.compress(b" " * 1_000_000) for _ in range(200)) + squeezer.flush()
    with serving(saying(answer(bomb, "Content-Encoding: gzip"))) as server:
        with pytest.raises(TooLarge, match="compressed beyond reason"):
            fetch(server.url(), max_bytes=500_000_000)
        with pytest.raises(TooLarge, match="larger than"):
            fetch(server.url(), max_bytes=10_000)


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip", "gzip, br", "x"])
def test_a_coding_that_was_not_asked_for_is_refused(coding):
    with (
        serving(saying(answer(gzip.compress(PAGE), f"Content-Encoding: {coding}"))) as server,
        pytest.raises(BadResponse, match="not asked for"),
    ):
        fetch(server.url())


@pytest.mark.parametrize("body", [PAGE, gzip.compress(PAGE)[:-12], b"\x1f\x8b" + b"\0" * 40])
def test_a_body_that_is_not_what_it_claims_to_be_compressed_as_is_refused(body):
    with serving(saying(answer(body, "Content-Encoding: gzip"))) as server, pytest.raises(BadResponse):
        fetch(server.url())


def test_endless_headers_are_cut_off():
    def headers(peer, request):
        peer.sendall(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            peer.sendall(b"X-%d: %s\r\n" % (number, b"a" * 200))

    with serving(headers) as server, pytest.raises((BadResponse, TooLarge)):
        fetch(server.url())


def test_a_server_that_drips_headers_is_left_at_the_deadline():
    def drip(peer, request):
        peer.sendall(b"HTTP/1.1 200 OK\r\n")
        while not server.wait(0.05):
            peer.sendall(b"X: a\r\n")

    started = time.monotonic()
    with serving(drip) as server, pytest.raises(DeadlineExceeded):
        fetch(server.url(), deadline=0.5)
    assert time.monotonic() - started < 2


def test_a_server_that_drips_its_body_is_left_at_the_deadline():
    def drip(peer, request):
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not server.wait(0.05):
            peer.sendall(b"a")

    with serving(drip) as server, pytest.raises(DeadlineExceeded):
        fetch(server.url(), deadline=0.5)


def test_a_silent_server_is_left_at_the_deadline():
    with serving(lambda peer, request: server.wait(10)) as server, pytest.raises(DeadlineExceeded):
        fetch(server.url(), deadline=0.3)


def test_a_server_that_never_finishes_interim_answers_is_left():
    def interim(peer, request):
        while not server.wait(0.01):
            peer.sendall(b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n")

    with serving(interim) as server, pytest.raises(DeadlineExceeded):
        fetch(server.url(), deadline=0.5)


@pytest.mark.parametrize(
    "garbage",
    [b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"\0" * 500, b"HTTP/9 x\r\n\r\n", b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n"],
)
def test_a_server_that_does_not_speak_http_is_told_so(garbage):
    with serving(saying(garbage)) as server, pytest.raises((BadResponse, Unreachable)):
        fetch(server.url())


def test_a_connection_closed_without_a_word_is_unreachable():
    with serving(saying(b"")) as server, pytest.raises(Unreachable):
        fetch(server.url())


def test_a_kept_connection_that_went_stale_is_replaced():
    gone = []

    def once(peer, request):
        gone.append(1)
        peer.sendall(answer(PAGE, "Content-Type: text/html"))

    with serving(once) as server:
        assert all(fetch(server.url()).ok for _ in range(3))
    assert len(gone) == 3


def test_media_is_turned_away_by_its_header():
    with serving(saying(answer(b"\0" * 10, "Content-Type: video/mp4"))) as server:
        with pytest.raises(BadResponse, match="video/mp4"):
            fetch(server.url())
        assert fetch(server.url(), accept=None).content == b"\0" * 10


def test_a_type_is_sniffed_not_believed():
    with (
        serving(saying(answer(b"PK\x03\x04 archive", "Content-Type: text/html"))) as server,
        pytest.raises(BadResponse, match="application/zip"),
    ):
        fetch(server.url())


def test_an_error_page_is_an_answer():
    with serving(saying(answer(b"gone", "Retry-After: 120", status="503 Service Unavailable"))) as server:
        response = fetch(server.url())
    assert (response.status, response.ok, response.retry_after) == (503, False, 120)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30),
        ("Tue, 24 Dec 2024 12:01:00 GMT", 60),
        ("Tue, 24 Dec 2024 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("1e9", None),
        ("Tue, 99 Dec 2024 11:00:00 GMT", None),
    ],
)
def test_a_pause_is_read_from_seconds_or_a_date(value, seconds):
    assert parse_retry_after(value, now=dt.datetime(2024, 12, 24, 12, 0, tzinfo=dt.UTC)) == seconds


def test_a_server_that_answers_tls_with_noise_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as sock:

        def noise():
            peer, _ = sock.accept()
            with peer:
                peer.recv(1000)
                peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=noise, daemon=True)
        thread.start()
        with pytest.raises(Unreachable, match="No secure connection"):
            fetch(f"https://127.0.0.1:{sock.getsockname()[1]}/")
        thread.join(2)


def test_a_tls_handshake_that_never_ends_is_left_at_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        started = time.monotonic()
        with pytest.raises((DeadlineExceeded, Unreachable)):
            fetch(f"https://127.0.0.1:{sock.getsockname()[1]}/", deadline=0.4)
        assert time.monotonic() - started < 2


def test_certificates_are_checked():
    context = http.Door()._connections._ssl_context
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


def test_the_word_of_many_threads_stays_apart(httpserver):
    for number in range(20):
        httpserver.expect_request(f"/{number}").respond_with_data(f"page {number}", content_type="text/plain")
    got = {}

    def one(number):
        got[number] = fetch(httpserver.url_for(f"/{number}")).content

    threads = [threading.Thread(target=one, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert got == {number: f"page {number}".encode() for number in range(20)}
