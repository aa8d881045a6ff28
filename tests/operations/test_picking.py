"""Whose turn it is: newsrooms share a round, a host is spread over time, and two pickers never take the same."""

from __future__ import annotations

import datetime as dt
import threading
import time
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Evidence, Newsroom, Publication, Turn, Watch
from claims.operations import picking
from claims.operations.picking import Row, share_out
from tests import make
from workers.tasks import rechecking, renewing


def watched(publication: Publication, number: int, *, host: str = "", room: Newsroom | None = None) -> None:
    """More passages of a publication on the clock, all due, of one host or of one each."""
    first = publication.claim.evidence.select_related("document").first()
    assert first is not None
    text, begun, due = first.document.text, Watch.objects.count(), timezone.now()
    spans = [(n % 100, n % 100 + 1 + n // 100) for n in range(begun + 1, begun + 1 + number)]
    evidence = Evidence.objects.bulk_create(
        Evidence(claim=publication.claim, cycle=7, document=first.document, start=start, end=end, quote=text[start:end])
        for start, end in spans
    )
    Watch.objects.bulk_create(
        Watch(
            publication=publication,
            evidence=one,
            newsroom=room or publication.newsroom,
            host=host or f"site{one.pk}.example",
            next_attempt_at=due - dt.timedelta(seconds=turn),
            due_at=due - dt.timedelta(seconds=turn),
        )
        for turn, one in enumerate(evidence)
    )


@pytest.mark.django_db
def test_a_newsroom_with_a_long_backlog_leaves_room_for_another():
    publication, other = make.publication(), make.newsroom()
    watched(publication, 300)
    watched(publication, 10, room=other)
    picked = Watch.objects.filter(pk__in=picking.pick_watches(40))
    assert picked.filter(newsroom=other).count() == 10
    assert picked.exclude(newsroom=other).count() == 20  # half of the round; the rest is for the next


@pytest.mark.django_db
def test_a_busy_host_gets_its_share_of_the_round_and_the_rest_is_spread_over_time(settings: Any):
    settings.RECHECKS_PER_HOST_AND_ROUND, settings.RECHECKS_PER_HOST_AND_HOUR = 5, 60
    publication = make.publication()
    watched(publication, 30, host="busy.example")
    watched(publication, 5)
    picked = picking.pick_watches(100)
    rows = Watch.objects.filter(host="busy.example")
    assert rows.filter(pk__in=picked).count() == 5
    assert len(picked) == 10
    waiting = sorted((one.next_attempt_at - timezone.now()).total_seconds() for one in rows.exclude(pk__in=picked))
    gaps = [after - before for before, after in pairwise(waiting)]
    assert len(waiting) == 25 and min(gaps) == pytest.approx(60, abs=1)
    assert not rows.exclude(due_at__lt=timezone.now()).exists()  # by their schedule they are due all the same


@pytest.mark.django_db
def test_what_is_handed_out_is_not_picked_again_until_nothing_was_heard_for_long(settings: Any):
    watched(make.publication(), 10)
    assert len(picking.pick_watches(10)) == 10
    assert picking.pick_watches(10) == []
    Turn.objects.update(until=F("until") - dt.timedelta(seconds=settings.RECHECKS_HANDED_OUT_SECONDS + 1))
    assert len(picking.pick_watches(10)) == 10
    assert Turn.objects.count() == 10


@pytest.mark.django_db
def test_a_row_with_another_turn_is_picked_whatever_was_handed_out_before():
    watched(make.publication(), 3)
    picked = picking.pick_watches(10)
    Watch.objects.filter(pk__in=picked[:2]).update(next_attempt_at=timezone.now() - dt.timedelta(seconds=1))
    assert sorted(picking.pick_watches(10)) == sorted(picked[:2])
    assert picking.pick_watches(10) == []


def test_a_message_is_worth_nothing_when_its_row_is_handed_out_anew(settings: Any):
    for task in (rechecking.visit_passage, renewing.search_again):
        assert task.expires == settings.RECHECKS_HANDED_OUT_SECONDS


@pytest.mark.django_db
def test_handing_out_writes_nothing_on_the_rows():
    watched(make.publication(), 50)
    with CaptureQueriesContext(connection) as asked:
        assert len(picking.pick_watches(100)) == 50
    assert not [one["sql"] for one in asked if "UPDATE claims_watch" in one["sql"] or "FOR UPDATE" in one["sql"]]


@pytest.mark.django_db
def test_the_next_are_found_by_the_index_of_turns_alone():
    publication = make.publication()
    for room in [publication.newsroom, *(make.newsroom() for _ in range(5))]:
        watched(publication, 500, room=room)
    Watch.objects.annotate(part=F("pk") % 50).filter(part__gt=0).update(
        next_attempt_at=timezone.now() + dt.timedelta(days=30)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_watch")
        words = {"table": "claims_watch", "host": "host", "due": "coalesce(due_at, next_attempt_at)"}
        for rooms in (None, [publication.newsroom_id]):
            cursor.execute("EXPLAIN " + picking._ROWS.format(**words), {"rooms": rooms, "share": 20})
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Index Only Scan using watch_turn" in plan and "Seq Scan on claims_watch" not in plan, plan


@pytest.mark.django_db
def test_marks_are_of_a_table_that_costs_no_log():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'claims_turn'")
        assert cursor.fetchall() == [("u",)]


@pytest.mark.django_db(transaction=True)
def test_two_pickers_at_once_take_different_rows():
    watched(make.publication(), 1)
    held, taken = threading.Event(), threading.Event()
    others: list[list[int]] = []

    def pick_meanwhile() -> None:
        held.wait(20)
        others.append(picking.pick_watches(10))
        connection.close()
        taken.set()

    other = threading.Thread(target=pick_meanwhile)
    other.start()
    with transaction.atomic():
        mine = picking.pick_watches(10)
        held.set()
        assert taken.wait(20), "the second picker waited for the first"
    other.join(20)
    assert len(mine) == 1 and others == [[]]


@pytest.mark.django_db(transaction=True)
def test_pickers_who_race_take_every_row_once():
    watched(make.publication(), 60)
    start = threading.Barrier(3)
    taken: list[int] = []

    def pick_along() -> None:
        start.wait(20)
        until = time.monotonic() + 20
        while len(taken) < 60 and time.monotonic() < until:
            taken.extend(picking.pick_watches(7))
        connection.close()

    pickers = [threading.Thread(target=pick_along) for _ in range(3)]
    for one in pickers:
        one.start()
    for one in pickers:
        one.join(30)
    assert len(taken) == len(set(taken)) == 60


def test_turns_go_round_the_newsrooms(settings: Any):
    rows = [Row(number, number % 3, "") for number in range(30)]
    picked, later = share_out(rows, limit=6, per_newsroom=10)
    assert sorted(number % 3 for number in picked) == [0, 0, 1, 1, 2, 2]
    assert later == {}
