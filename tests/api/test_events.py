"""What happened is told in order and without gaps."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from claims import transitions
from claims.api.views import events
from claims.events import KINDS
from claims.models import LedgerEntry
from tests import make
from tests.api.client import Program, only, program_of


def reader_of(room: Any) -> Program:
    return program_of(make.researcher(room), room, "read")


@pytest.mark.django_db
def test_the_feed_goes_on_where_the_last_answer_ended() -> None:
    claim = make.claim_published()
    reader = reader_of(claim.newsroom)
    whole = reader.get("events/?limit=1000").json()
    seen, since = [], 0
    while True:
        page = reader.get(f"events/?limit=3&since={since}").json()
        seen += page["results"]
        since = page["since"]
        if not page["more"]:
            break

    assert seen == whole["results"]
    assert [one["sequence"] for one in seen] == list(range(1, len(seen) + 1))
    assert reader.get(f"events/?since={since}").json() == {"results": [], "since": since, "more": False}


@pytest.mark.django_db
def test_every_event_is_of_a_documented_kind_and_tells_no_reasons() -> None:
    claim = make.claim_published()

    told = reader_of(claim.newsroom).get("events/?limit=1000").json()["results"]

    assert {one["type"] for one in told} - {"key.issued"} <= set(KINDS)
    assert "The union counted" not in json.dumps(told)
    moves = [one["data"]["target"] for one in told if one["type"] == "claim.moved"]
    assert moves[-1] == "published"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["since=-1", "since=x", "limit=0", "limit=5000", "since=99999999999999999999", "type=%00"]
)
def test_a_wrong_parameter_of_the_feed_is_named(query: str) -> None:
    answer = reader_of(make.newsroom()).get(f"events/?{query}")

    assert (answer.status_code, only(answer)["attr"]) == (400, query.split("=")[0])


@pytest.mark.django_db(transaction=True)
def test_the_feed_misses_nothing_while_many_write_at_once() -> None:
    room = make.newsroom()
    make.researcher(room)
    reader = reader_of(room)
    seen: list[int] = []
    done = threading.Event()

    def write(_: int) -> None:
        try:
            for _ in range(5):
                make.claim_submitted(room)
        finally:
            connections.close_all()

    def read() -> None:
        since = 0
        try:
            while True:
                last = done.is_set()
                page = reader.get(f"events/?since={since}&limit=7").json()
                seen.extend(one["sequence"] for one in page["results"])
                since = page["since"]
                if last and not page["more"]:
                    return
        finally:
            connections.close_all()

    watcher = threading.Thread(target=read)
    watcher.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    done.set()
    watcher.join(30)

    assert seen == list(
        LedgerEntry.objects.filter(newsroom=room).order_by("sequence").values_list("sequence", flat=True)
    )
    assert seen == list(range(1, len(seen) + 1))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first_commits", [True, False])
def test_who_wrote_first_and_commits_last_is_never_passed_by(first_commits: bool) -> None:
    """The second writer waits, so that numbers are given in the order of commits; what is rolled back leaves no gap."""
    room, elsewhere = make.newsroom(), make.newsroom()
    reader = reader_of(room)
    since = reader.get("events/?since=0&limit=200").json()["since"]
    wrote, end = threading.Event(), threading.Event()

    def first() -> None:
        try:
            with transaction.atomic():
                transitions.record("newsroom.changed", newsroom=room, by=None, who="first")
                wrote.set()
                assert end.wait(60)
                transaction.set_rollback(not first_commits)
        finally:
            connections.close_all()

    def second() -> None:
        try:
            transitions.record("newsroom.changed", newsroom=room, by=None, who="second")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        try:
            long = pool.submit(first)
            assert wrote.wait(60)
            short = pool.submit(second)
            until(waits_for_the_ledger)
            assert not short.done()
            assert reader.get(f"events/?since={since}").json()["since"] == since  # neither was told too early
            transitions.record("newsroom.changed", newsroom=elsewhere, by=None)  # another newsroom waits for nobody
        finally:
            end.set()
        long.result(60), short.result(60)

    told = reader.get(f"events/?since={since}").json()["results"]
    assert [one["sequence"] for one in told] == list(range(since + 1, since + 1 + len(told)))
    entries = LedgerEntry.objects.filter(newsroom=room, sequence__gt=since).order_by("sequence")
    wanted = ["first", "second"] if first_commits else ["second"]
    assert [entry.payload["who"] for entry in entries] == wanted and len(told) == len(wanted)


def waits_for_the_ledger() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7261 AND NOT granted")
        return bool(cursor.fetchone()[0])


def until(found: Callable[[], bool]) -> None:
    """Give way until it is so."""
    ends = time.monotonic() + 60
    while not found():
        assert time.monotonic() < ends
        threading.Event().wait(0.02)


@pytest.mark.django_db
def test_the_progress_of_a_claim_is_told_as_it_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "STREAM_SECONDS", 0)
    claim = make.claim_in_review()
    reader = reader_of(claim.newsroom)

    stream = reader.get(f"claims/{claim.pk}/progress/", Accept="text/event-stream")
    told = b"".join(stream.streaming_content).decode()

    assert stream["Content-Type"] == "text/event-stream"
    kinds = re.findall(r"^event: (.*)$", told, re.M)
    assert kinds[0] == "claim.submitted"
    assert kinds[-1] == "claim.moved"
    last = re.findall(r"^id: (\d+)$", told, re.M)[-1]
    again = reader.get(f"claims/{claim.pk}/progress/", Last_Event_ID=last)
    assert b"event:" not in b"".join(again.streaming_content)


@pytest.mark.django_db
def test_streams_do_not_take_every_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = make.claim_submitted()
    reader = reader_of(claim.newsroom)
    monkeypatch.setattr(events, "STREAM_SECONDS", 0)
    monkeypatch.setattr(events, "STREAMS", threading.BoundedSemaphore(1))

    first = reader.get(f"claims/{claim.pk}/progress/")
    second = reader.get(f"claims/{claim.pk}/progress/")
    list(first.streaming_content)
    third = reader.get(f"claims/{claim.pk}/progress/")
    list(third.streaming_content)

    assert (first.status_code, second.status_code, third.status_code) == (200, 503, 200)
    assert second["Retry-After"] == "10"
    assert second.json()["errors"][0]["code"] == "too_many_streams"


@pytest.mark.django_db
def test_an_unchanged_claim_is_not_sent_again() -> None:
    claim = make.claim_in_review()
    reader = reader_of(claim.newsroom)
    first = reader.get(f"claims/{claim.pk}/")

    again = reader.get(f"claims/{claim.pk}/", If_None_Match=first["ETag"])
    program_of(make.reviewer(claim.newsroom), claim.newsroom).post(
        f"claims/{claim.pk}/reviews/", {"rating": "false", "reasons": "R"}
    )
    changed = reader.get(f"claims/{claim.pk}/", If_None_Match=first["ETag"])

    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)
