"""How the machinery is doing: what waits and for how long, what the sources answer, and which clock stands still.

For the page Schedule, `/readyz/` and `/metrics`. Counts stop at `MOST`, so that none of this is dear on a bad day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django_celery_beat.models import PeriodicTask

from claims.models import LedgerAnchor, Lookup, Newsroom, ScheduledJob, Step

MOST = 10_000
MISSED = 3  # periods without a run, and a minute, until a job is late
DEAD_ROWS = 20_000
FAILED = 3  # failures in a row until it is an alarm
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Queue:
    """The open steps of one kind: how many are due, how long the oldest has been, how many were given up."""

    kind: str
    due: int
    oldest: float  # seconds since the oldest became due, whatever held it up since; 0 when none is
    dead: int

    @property
    def since(self) -> dt.datetime:
        return timezone.now() - dt.timedelta(seconds=self.oldest)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the schedule beside its last run."""

    name: str
    task: str
    period: str
    enabled: bool
    job: ScheduledJob | None
    next_at: dt.datetime | None  # None: at once, or never while it is off
    alarm: str  # "", "late", "stuck" or "failing"
    pk: int | None  # of beat's row, where its period is changed; None until beat has started once


def step_models() -> Iterator[type[Step]]:
    """Every kind of background step there is."""
    return (model for model in apps.get_app_config("claims").get_models() if issubclass(model, Step))


def queues() -> list[Queue]:
    return [_queue(model) for model in step_models()]


def _queue(model: type[Step]) -> Queue:
    rows: Any = model._default_manager
    return Queue(
        kind=model._meta.model_name or "",
        due=_waiting(model).order_by()[:MOST].count(),
        oldest=_oldest(model),
        dead=rows.filter(state=Step.State.DEAD)[:MOST].count(),
    )


def _waiting(model: type[Step]) -> Any:
    """What is due, longest first. A passage is due by its schedule, even while its site is too busy to be asked."""
    rows: Any = model._default_manager
    return rows.filter(state=Step.State.OPEN, **{f"{model.DUE}__lte": Now()}).order_by(model.DUE)


def _oldest(model: type[Step]) -> float:
    first = _waiting(model).values_list(model.DUE, flat=True).first()
    return max(0.0, (timezone.now() - first).total_seconds()) if first else 0.0


def behind() -> dict[str, int]:
    """Kinds of steps whose oldest has waited for more than an hour: {kind: seconds}."""
    waits = {model._meta.model_name or "": int(_oldest(model)) for model in step_models()}
    return {kind: seconds for kind, seconds in waits.items() if seconds > HOUR.total_seconds()}


def lookups() -> dict[tuple[str, str], int]:
    """How the sources answered in the last hour: {(source, outcome): how many}; "" is still being asked."""
    rows = Lookup.objects.filter(opened_at__gte=Now() - HOUR).order_by()
    counted = rows.values_list("source", "outcome").annotate(Count("pk"))
    return {(source, outcome): many for source, outcome, many in counted}


def entries() -> list[Entry]:
    """The whole schedule, as the code has it and as beat's rows alter it, in order of their names."""
    rows = {row.name: row for row in PeriodicTask.objects.select_related("interval", "crontab")}
    jobs = {job.task: job for job in ScheduledJob.objects.all()}
    return [
        _entry(name, given["task"], given["schedule"], rows.get(name), jobs.get(given["task"]))
        for name, given in sorted(settings.CELERY_BEAT_SCHEDULE.items())
    ]


def _entry(name: str, task: str, usual: Any, row: PeriodicTask | None, job: ScheduledJob | None) -> Entry:
    schedule: Any = row.schedule if row else usual
    enabled = row.enabled if row else True
    now = timezone.now()
    begun = job.started_at if job else None
    wait = _wait(schedule, begun, now) if begun else None
    return Entry(
        name=name,
        task=task,
        period=_words(schedule),
        enabled=enabled,
        job=job,
        next_at=max(now, now + wait) if enabled and wait is not None else None,
        alarm=_alarm(job, overdue=-wait if enabled and wait is not None else None, period=_period(schedule), now=now),
        pk=row.pk if row else None,
    )


def _alarm(job: ScheduledJob | None, *, overdue: dt.timedelta | None, period: dt.timedelta, now: dt.datetime) -> str:
    if job is None:
        return ""  # never asked to run: a new installation
    if job.token and job.running_until and job.running_until < now:
        return "stuck"
    if job.failures >= FAILED:
        return "failing"
    if overdue is not None and overdue > (MISSED - 1) * period + MINUTE:
        return "late"
    return ""


def _every(schedule: Any) -> dt.timedelta | None:
    """The period of an interval, which is a number in the code and an object in beat's rows; None: times of the day."""
    if isinstance(schedule, int | float):
        return dt.timedelta(seconds=schedule)
    every: dt.timedelta | None = getattr(schedule, "run_every", None)
    return every


def _wait(schedule: Any, begun: dt.datetime, now: dt.datetime) -> dt.timedelta:
    every = _every(schedule)
    if every is not None:
        return begun + every - now
    wait: dt.timedelta = schedule.remaining_estimate(begun)
    return wait


def _period(schedule: Any) -> dt.timedelta:
    """The period of an interval; for times of the day an hour, which they may be late by twice."""
    return _every(schedule) or HOUR


def _words(schedule: Any) -> str:
    every = _every(schedule)
    if every is not None:
        seconds = every.total_seconds()
        if seconds < 60:
            return _("every %(n)g s") % {"n": seconds}
        return _("every %(n)g min") % {"n": seconds / 60}
    minute, hour, day = (getattr(schedule, f"_orig_{part}") for part in ("minute", "hour", "day_of_month"))
    if not (minute.isdigit() and hour.isdigit()):
        return f"{minute} {hour} {day}"
    at = f"{int(hour):02}:{int(minute):02} UTC"
    if day.isdigit():
        return _("on day %(day)s of the month at %(at)s") % {"day": day, "at": at}
    return _("every day at %(at)s") % {"at": at}


def alarms(found: Iterable[Entry] | None = None) -> dict[str, str]:
    """The jobs people have to look at: {name of the entry: late, stuck or failing}."""
    return {entry.name: entry.alarm for entry in (entries() if found is None else found) if entry.alarm}


def broken_ledgers() -> list[str]:
    """Newsrooms whose ledger did not fit its hashes when it was last verified."""
    newest = LedgerAnchor.objects.filter(newsroom=OuterRef("pk")).order_by("-pk")
    broken = Newsroom.objects.annotate(problem=Subquery(newest.values("problem")[:1])).exclude(problem="")
    return list(broken.filter(problem__isnull=False).order_by("slug").values_list("slug", flat=True))


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose dead rows are many: PostgreSQL's own cleaning does not keep up with it."""

    name: str
    rows: int
    dead: int
    cleaned_at: dt.datetime | None


def bloated() -> list[Table]:
    """Tables with more than 20,000 dead rows and a fifth of all rows dead, worst first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname, n_live_tup, n_dead_tup, greatest(last_vacuum, last_autovacuum)
            FROM pg_stat_user_tables
            WHERE n_dead_tup > %s AND n_dead_tup * 5 > n_live_tup + n_dead_tup ORDER BY n_dead_tup DESC LIMIT 20
            """,
            [DEAD_ROWS],
        )
        return [Table(*row) for row in cursor.fetchall()]
