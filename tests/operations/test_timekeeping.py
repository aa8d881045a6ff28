"""Entries of the schedule: one runs at a time, and what each came to is seen."""

import datetime as dt
import importlib
import threading

import pytest
import time_machine
from celery import current_app
from django.db import connection
from django.utils import timezone

from claims import vitals
from claims.errors import NotPermitted
from claims.models import JobRun, ScheduledJob
from claims.operations import forgetting, timekeeping
from tests import make
from workers.tasks import periodic, upkeep
from workers.tasks.periodic import Periodic, touched

pytestmark = pytest.mark.django_db

SWEEP = "workers.tasks.upkeep.sweep"


def entry(task: str = SWEEP) -> vitals.Entry:
    return next(one for one in vitals.entries() if one.task == task)


def test_a_run_leaves_when_it_was_and_how_long_it_took():
    upkeep.sweep()
    job = ScheduledJob.objects.get(task=SWEEP)
    assert job.token is None
    assert job.finished_at >= job.started_at
    assert job.seconds >= 0
    assert job.rows == 0
    assert not JobRun.objects.exists()  # nothing was swept


def test_only_one_runs_at_a_time():
    first = timekeeping.begin(SWEEP, seconds=60)
    assert timekeeping.begin(SWEEP, seconds=60) is None
    assert upkeep.sweep() is None
    assert timekeeping.finish(first, seconds=1.0, rows=2)
    assert upkeep.sweep() is not None


def test_who_was_lost_keeps_nobody_out_and_writes_nothing_later():
    lost = timekeeping.begin(SWEEP, seconds=-1)
    assert entry().alarm == "stuck"
    second = timekeeping.begin(SWEEP, seconds=60)
    assert second is not None
    assert not timekeeping.finish(lost, seconds=1.0, rows=9)
    assert not timekeeping.fail(lost, seconds=1.0, error="late")
    assert timekeeping.finish(second, seconds=1.0, rows=3)
    assert [run.rows for run in JobRun.objects.all()] == [3]


@pytest.mark.django_db(transaction=True)
def test_a_run_keeps_its_place_for_as_long_as_it_lasts_and_no_longer(monkeypatch):
    monkeypatch.setattr(periodic, "HELD_SECONDS", 0.5)
    monkeypatch.setattr(periodic, "RENEWED_SECONDS", 0.05)
    begun, go_on, held = threading.Event(), threading.Event(), []

    def slow(model):
        begun.set()
        go_on.wait(30)
        return 0

    def run():
        upkeep.sweep()
        connection.close()

    monkeypatch.setattr(upkeep, "_hint_again", slow)
    runner = threading.Thread(target=run)
    runner.start()
    assert begun.wait(30)
    first = ScheduledJob.objects.get(task=SWEEP).running_until
    while ScheduledJob.objects.get(task=SWEEP).running_until < first + dt.timedelta(seconds=1):
        held.append(timekeeping.begin(SWEEP, seconds=60) is None)
        go_on.wait(0.02)
    assert held and all(held)
    go_on.set()
    runner.join(30)
    job = ScheduledJob.objects.get(task=SWEEP)
    assert (job.token, job.running_until, job.failures) == (None, None, 0)


def test_a_run_is_held_for_a_minute_at_a_time_whatever_its_limit(monkeypatch):
    found = []
    monkeypatch.setattr(forgetting, "forget_old", lambda: found.append(ScheduledJob.objects.get()) or {})
    upkeep.forget()
    assert found[0].running_until - found[0].started_at == dt.timedelta(seconds=60)


def test_a_run_that_breaks_keeps_its_reason_and_three_in_a_row_are_an_alarm(monkeypatch):
    def broken(model):
        raise OSError("no space left")

    monkeypatch.setattr(upkeep, "_hint_again", broken)
    for _ in range(3):
        assert "jobs" not in vitals.alarms()
        with pytest.raises(OSError, match="no space"):
            upkeep.sweep()
    job = ScheduledJob.objects.get(task=SWEEP)
    assert job.failures == 3
    assert "no space left" in job.last_error
    assert vitals.alarms() == {"sweep stalled steps": "failing"}
    monkeypatch.undo()
    upkeep.sweep()
    job.refresh_from_db()
    assert (job.failures, job.last_error) == (0, "")
    assert not vitals.alarms()


def test_a_job_that_does_not_run_any_more_is_late_and_one_switched_off_is_not():
    upkeep.sweep()
    ScheduledJob.objects.update(started_at=timezone.now() - dt.timedelta(minutes=10))
    assert vitals.alarms() == {"sweep stalled steps": "late"}
    row = make.beat_row("sweep stalled steps", SWEEP, seconds=15)
    assert entry().alarm == "late"
    row.enabled = False
    row.save()
    assert entry().alarm == ""
    assert entry().next_at is None


def test_a_nightly_job_is_late_after_its_night_and_not_before():
    task = "workers.tasks.upkeep.forget"
    with time_machine.travel(dt.datetime(2026, 11, 23, 4, 10, 5, tzinfo=dt.UTC), tick=False):
        timekeeping.finish(timekeeping.begin(task, seconds=60), seconds=1.0, rows=0)
        ScheduledJob.objects.filter(task=task).update(started_at=timezone.now())
        assert entry(task).next_at == dt.datetime(2026, 11, 24, 4, 10, tzinfo=dt.UTC)
    with time_machine.travel(dt.datetime(2026, 11, 24, 5, 0, tzinfo=dt.UTC), tick=False):
        assert entry(task).alarm == ""
    with time_machine.travel(dt.datetime(2026, 11, 24, 7, 0, tzinfo=dt.UTC), tick=False):
        assert entry(task).alarm == "late"


def test_only_who_runs_the_installation_may_ask_for_a_run():
    with pytest.raises(NotPermitted):
        timekeeping.want(SWEEP, by=make.member(make.newsroom(), "admin"))


@pytest.mark.parametrize(
    ("result", "rows"), [(3, 3), ({"a": 1, "b": {"c": 2}}, 3), (None, 0), (True, 0), ("done", 0), (-1, 0)]
)
def test_rows_are_what_a_task_says_it_touched(result, rows):
    assert touched(result) == rows


def test_every_entry_of_the_schedule_is_kept_in_time_and_is_there(settings):
    for name, given in settings.CELERY_BEAT_SCHEDULE.items():
        importlib.import_module(given["task"].rpartition(".")[0])
        assert isinstance(current_app.tasks[given["task"]], Periodic), name
