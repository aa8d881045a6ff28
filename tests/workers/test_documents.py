"""What a source found is read side by side, and no page holds up the others."""

import threading
import time
from collections import Counter

import pytest

from tests.workers.loopback import http as answer
from tests.workers.loopback import serving
from workers import documents
from workers.sources.base import Finding

pytestmark = pytest.mark.usefixtures("loopback_allowed")

SENTENCE = "The town of Eulenburg planted 1,250 trees in March, the mayor's office said on Monday. "


@pytest.fixture(autouse=True)
def snapshots(settings, tmp_path):
    settings.SNAPSHOT_DIR = tmp_path


def page(name):
    body = f"<html lang='en'><head><title>{name}</title></head><body><article><h1>{name}</h1>"
    body += "".join(f"<p>{SENTENCE * 3} Report {name}, part {part}.</p>" for part in range(4))
    return answer(f"{body}</article></body></html>".encode(), "Content-Type: text/html; charset=utf-8")


def path_of(request):
    return request.split(b" ", 2)[1].decode()


def read(server, *paths, seconds=10.0):
    found = [Finding(url=server.url(path)) for path in paths]
    return documents.read_findings(found, source="test", until=time.monotonic() + seconds)


def test_four_pages_are_read_at_once_and_stay_in_order():
    here, most, lock, together = Counter(), [0], threading.Lock(), threading.Barrier(4)

    def script(peer, request):
        path = path_of(request)
        if path != "/robots.txt":
            with lock:
                here["now"] += 1
                most[0] = max(most[0], here["now"])
            together.wait(5)  # four must be here before any is answered
            with lock:
                here["now"] -= 1
        peer.sendall(page(path))

    paths = [f"/{number}" for number in range(8)]
    with serving(script) as server:
        found = read(server, *paths)

    assert [draft.url for draft in found.drafts] == [server.url(path) for path in paths]
    assert found.notes == []
    assert most[0] == 4


def test_dead_slow_lying_and_endless_pages_cost_a_note_each_and_delay_nobody():
    def script(peer, request):
        match path_of(request):
            case "/slow":
                server.wait(30)
            case "/endless":
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
                while not server.wait(0.02):
                    peer.sendall(b"<p>and on</p>")
            case "/lying":
                peer.sendall(answer(b"\x7fELF" + bytes(400), "Content-Type: text/html"))
            case "/dead":
                pass
            case path:
                peer.sendall(page(path))

    with serving(script) as server:
        started = time.monotonic()
        found = read(server, "/slow", "/endless", "/lying", "/dead", "/one", "/two", seconds=1.5)
        took = time.monotonic() - started

    assert [draft.title for draft in found.drafts] == ["/one", "/two"]
    assert [note.split(": ")[0].rsplit("/", 1)[1] for note in found.notes] == ["slow", "endless", "lying", "dead"]
    assert found.again
    assert took < 2.5


def test_what_was_not_reached_in_time_is_noted_with_that_reason():
    def script(peer, request):
        server.wait(30)

    with serving(script) as server:
        found = read(server, *(f"/{number}" for number in range(9)), seconds=0.3)

    assert found.drafts == []
    assert len(found.notes) == 9
    assert found.notes[-1] == f"{server.url('/8')}: Not read: the time for this lookup was over."


def test_a_fault_of_our_own_is_not_taken_for_a_page_that_cannot_be_read(settings, tmp_path):
    spoilt = tmp_path / "file"
    spoilt.write_text("not a folder")
    settings.SNAPSHOT_DIR = spoilt / "snapshots"
    with serving(lambda peer, request: peer.sendall(page("x"))) as server, pytest.raises(NotADirectoryError):
        read(server, "/x")
