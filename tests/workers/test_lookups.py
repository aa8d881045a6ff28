"""From a claim to what its sources are asked, and from pages that fail to an honest outcome."""

import threading
import time

import pytest

from tests import make
from tests.load.answering import SOURCES
from tests.load.lookups import Sources
from tests.workers import loopback
from workers import budgets, lookups
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceUnavailable

pytestmark = pytest.mark.django_db


class Dead:
    slug, name, languages, polite = "dead", "Dead ends", (), False

    def available(self):
        return None

    def search(self, query):
        return Findings((Finding(url="http://127.0.0.1:9/gone"),))


def test_archives_are_asked_about_the_appearance_and_the_article():
    claim = make.article_read(url="https://paper.example/trees").claims.first()
    claim.appearance = "https://video.example/7"

    assert lookups.query_for(claim).urls == ("https://video.example/7", "https://paper.example/trees")


def test_a_source_whose_pages_cannot_be_read_now_is_not_an_empty_source(loopback_allowed):
    loopback_allowed.SOURCES = [f"{__name__}.Dead"]
    claim = make.claim_submitted(make.newsroom(sources=["dead"]))
    (lookup,) = make.gathering.open_lookups(claim, by=make.researcher(claim.newsroom))

    with pytest.raises(SourceUnavailable, match="Dead ends found pages, but none could be read now"):
        lookups.ask(lookup)


class Patient:
    """Asks again and again, as a connector that pages through results."""

    slug, name, languages, polite = "patient", "The patient archive", (), False

    def __init__(self, url):
        self.url, self.requests, self.over = url, 0, threading.Event()

    def available(self):
        return None

    def search(self, query):
        try:
            while True:
                self.requests += 1
                asking.get(f"{self.url}?page={self.requests}", name=self.name)
        finally:
            self.over.set()


class Hanging(Patient):
    """Waits for something that is not a request through the door."""

    def search(self, query):
        self.over.wait()
        return Findings()


def searched(source, seconds, settings):
    settings.LOOKUP_DEADLINE_SECONDS = seconds
    started = time.monotonic()
    with pytest.raises(SourceUnavailable, match=f"The patient archive took longer than {seconds} s") as caught:
        lookups._searched(source, Query(text="Trees"), started + seconds)
    return caught.value, time.monotonic() - started


def test_a_search_of_many_requests_ends_at_the_deadline_of_its_lookup(loopback_allowed):
    def script(peer, request):
        server.wait(0.1)
        peer.sendall(loopback.http(b"{}"))

    with loopback.serving(script) as server:
        source = Patient(server.url())
        _, took = searched(source, 1, loopback_allowed)
        assert source.over.wait(2)  # and nobody goes on asking behind our back

    assert took < 1.5
    assert 2 < source.requests < 12


def test_a_server_that_never_ends_its_answer_is_cut_off_and_not_counted_as_broken(loopback_allowed, monkeypatch):
    monkeypatch.setattr(budgets, "FAILURES", 1)

    def script(peer, request):
        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not server.wait(0.05):
            peer.sendall(b" ")

    with loopback.serving(script) as server:
        source = Patient(server.url())
        _, took = searched(source, 1, loopback_allowed)
        assert source.over.wait(2)
        with budgets.place(f"127.0.0.1:{server.port}", budgets.Pace(), patience=1):
            pass  # it was ours to hang up: the host is not left alone for it

    assert took < 1.5


def test_a_search_that_waits_for_its_turn_too_long_ends_at_the_deadline(loopback_allowed):
    with loopback.serving(loopback.saying(loopback.http(b"{}"))) as server:
        host = f"127.0.0.1:{server.port}"
        with budgets.place(host, budgets.Pace()):
            source = Patient(server.url())
            _, took = searched(source, 1, loopback_allowed)
            assert source.over.wait(2)

    assert took < 1.5
    assert server.requests == []


def test_a_search_that_hangs_outside_the_door_is_left_behind(loopback_allowed):
    source = Hanging("")
    _, took = searched(source, 1, loopback_allowed)
    source.over.set()

    assert took < 1.5


def test_what_a_search_raises_in_time_is_told_as_it_is(loopback_allowed):
    source = Patient("http://127.0.0.1:9/")

    with pytest.raises(SourceUnavailable, match=r"The patient archive: .*127\.0\.0\.1"):
        lookups._searched(source, Query(text="Trees"), time.monotonic() + 5)


def test_four_of_twelve_sources_fail_in_their_own_way_and_hold_up_nobody(loopback_allowed, monkeypatch):
    """The short version of `tests/load/lookups.py`: the searches alone, without worker processes."""
    loopback_allowed.LOOKUP_DEADLINE_SECONDS = 2
    server = Sources(slowest=0.5)
    monkeypatch.setenv("ANSWERING_PORT", str(server.port))
    server.fails = {2: "dead", 5: "slow", 8: "lying", 11: "endless"}
    reasons = {}

    def search(source):
        try:
            lookups._searched(source, Query(text="Trees"), started + 2)
        except SourceUnavailable as exc:
            reasons[source.number] = str(exc)

    started = time.monotonic()
    threads = [threading.Thread(target=search, args=(source(),)) for source in SOURCES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - started
    server.close()

    assert took < 3
    assert set(reasons) == {2, 5, 8, 11}
    assert "broke off" in reasons[2]
    assert "not JSON" in reasons[8]
    assert reasons[5] == "Source 5 took longer than 2 s."
    assert reasons[11] == "Source 11 took longer than 2 s."
