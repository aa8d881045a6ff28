"""Weeks of the clock on sites that change by script; the year itself is tests/load/year.py."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import Count

from claims.models import Errand, Notice, Recheck, Watch
from tests.load import year
from workers.tasks import rechecking as tasks

pytestmark = pytest.mark.django_db(transaction=True)


def test_in_some_weeks_every_change_is_found_once_and_no_site_is_asked_too_often(
    monkeypatch: pytest.MonkeyPatch, settings: Any
):
    world = {"publications": 6, "passages": 4, "hosts": 3, "days": 50, "changing": 0.6}
    with year.beginning(monkeypatch, settings, **world) as weeks:
        figures = weeks.live()
    year.holds(figures)
    assert figures.changes > 5


def test_after_three_days_without_a_beat_all_is_caught_up_within_an_hour_and_nothing_told_twice(
    monkeypatch: pytest.MonkeyPatch, settings: Any
):
    world = {"publications": 6, "passages": 4, "hosts": 6, "days": 10, "changing": 0.8}
    with year.beginning(monkeypatch, settings, **world) as days:
        days.live_until(year.BEGIN + dt.timedelta(days=2, hours=2))
        days.clock.pass_by(days=3)  # nobody calls the tasks
        back = days.clock.now
        due = Watch.objects.filter(state="open", due_at__lt=back)
        missed = due.count()
        assert missed > 10
        tasks.recheck_due()  # a second beat
        tasks.recheck_due()  # and a message of before the outage
        while days.clock.now < back + dt.timedelta(hours=1):
            _go_round_with_every_message_twice(days)
        assert not due.exists()
        days.live_until(days.end)

    made = Recheck.objects.values("watch", "at").annotate(n=Count("pk"))
    assert not made.filter(n__gt=1).exists(), "two messages about one turn are one visit"
    twice = (
        Recheck.objects.filter(confirmed=True).values("watch", "fingerprint").annotate(n=Count("pk")).filter(n__gt=1)
    )
    assert not twice.exists()
    told = Recheck.objects.filter(confirmed=True).count()
    assert told > 3
    assert Errand.objects.count() == told
    assert Notice.objects.filter(kind="changed").count() == told  # one editor in each newsroom


def _go_round_with_every_message_twice(days: year.Year) -> None:
    tasks.recheck_due()
    days.hinted += days.hinted
    days.clock.pass_by(minutes=10)
    days.round()
