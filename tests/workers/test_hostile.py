"""Hostile inputs by the hundred: nothing crashes, nothing escapes, nothing over the cap is held.

    HOSTILE_INPUTS=10000 python3 manage.py test tests/workers/test_hostile.py

runs the full number; the suite makes do with fewer of the same.
"""

import contextlib
import ipaddress
import os
import random
import resource

import pytest

from tests.workers import hostile
from tests.workers.loopback import serving
from workers import claimreview, http, pagetext, reading
from workers.errors import Blocked, FetchError

pytestmark = pytest.mark.usefixtures("loopback_allowed")
EACH = int(os.environ.get("HOSTILE_INPUTS", "800")) // 4
SEED = 20_241_123
CAP = 200_000


@pytest.fixture(autouse=True)
def small(settings):
    settings.FETCH_MAX_BYTES = settings.FETCH_MAX_PDF_BYTES = CAP


def seeded():
    return random.Random(SEED)  # noqa: S311 the same inputs every time, no secret


def read(content, content_type):
    with contextlib.suppress(pagetext.Unreadable):
        reading.read(content, content_type=content_type, url="https://paper.example/1")
    claimreview.on_page(content, url="https://paper.example/1")


def test_no_hostile_address_is_fetched(settings):
    settings.FETCH_ALLOWED_NETWORKS = []
    pick = seeded()
    door = http.Door(resolver=lambda host, port: [pick.choice(hostile.INSIDE), "93.184.216.34"])
    for number in range(2 * EACH):
        address = hostile.url(pick)
        with pytest.raises(Blocked):
            http.fetch(address, manner="visit", door=door, deadline=2)
            pytest.fail(f"{number}: {address!r} was fetched")


def test_hostile_answers_are_read_or_refused():
    pick = seeded()
    answers, came = [hostile.answer(pick) for _ in range(EACH)], []

    def script(peer, request):
        number = int(request.split(b"Host: h")[1].split(b".")[0])
        peer.sendall(answers[number])

    door = http.Door(resolver=lambda host, port: ["127.0.0.1"], allowed=(ipaddress.ip_network("127.0.0.1/32"),))
    with serving(script) as server, contextlib.closing(door):
        for number in range(EACH):
            try:
                response = http.fetch(server.url(host=f"h{number}.example"), manner="visit", door=door, deadline=2)
            except FetchError as exc:
                came.append(type(exc).__name__)
                continue
            came.append("Response")
            assert len(response.content) <= CAP, number
            assert response.peer == "127.0.0.1"
            read(response.content, response.content_type)
    assert {"Response", "BadResponse", "Blocked", "TooLarge"} <= set(came)


def test_hostile_bodies_are_read_or_refused():
    pick = seeded()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(EACH):
        read(hostile.body(pick), hostile.content_type(pick))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200_000, "kB of memory more than before"
