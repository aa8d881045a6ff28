"""Timekeeping: entries of the schedule run one at a time, and what each run came to is written down."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from claims.errors import NotPermitted
from claims.models import JobRun, ScheduledJob, User
from claims.signals import job_wanted


def begin(task: str, *, seconds: float) -> ScheduledJob | None:
    """Take a job for so many seconds, to be held on to (`hold`), or None while another process runs it.

    Whoever took it and was lost keeps nobody out for longer than that.
    """
    if _take(task, seconds):
        return ScheduledJob.objects.get(task=task)
    if ScheduledJob.objects.filter(task=task).exists():
        return None
    ScheduledJob.objects.bulk_create([ScheduledJob(task=task)], ignore_conflicts=True)  # its first run
    return ScheduledJob.objects.get(task=task) if _take(task, seconds) else None


def _take(task: str, seconds: float) -> bool:
    free = ScheduledJob.objects.filter(Q(token=None) | Q(running_until__lt=Now()), task=task)
    return bool(free.update(token=uuid.uuid4(), running_until=Now() + timedelta(seconds=seconds), started_at=Now()))


def hold(job: ScheduledJob, *, seconds: float) -> bool:
    """Go on holding a job one runs, for so many seconds from now. False when it was taken over or is over."""
    mine = ScheduledJob.objects.filter(pk=job.pk, token=job.token)
    return bool(mine.update(running_until=Now() + timedelta(seconds=seconds)))


def finish(job: ScheduledJob, *, seconds: float, rows: int) -> bool:
    """Note a run that ended well. False when the job was taken over meanwhile: the later run tells of itself."""
    held = ScheduledJob.objects.filter(pk=job.pk, token=job.token).update(
        token=None, running_until=None, finished_at=Now(), seconds=seconds, rows=rows, failures=0, last_error=""
    )
    if held and rows:
        JobRun.objects.create(job=job, started_at=job.started_at or timezone.now(), seconds=seconds, rows=rows)
    return bool(held)


def fail(job: ScheduledJob, *, seconds: float, error: str) -> bool:
    """Note a run that broke; how many in a row have is what the alarm goes by."""
    error = error[-4000:] or "No reason was given."
    held = ScheduledJob.objects.filter(pk=job.pk, token=job.token).update(
        token=None,
        running_until=None,
        finished_at=Now(),
        seconds=seconds,
        rows=None,
        failures=F("failures") + 1,
        last_error=error,
    )
    if held:
        JobRun.objects.create(job=job, started_at=job.started_at or timezone.now(), seconds=seconds, error=error)
    return bool(held)


def want(task: str, *, by: User) -> bool:
    """Ask the workers for a run now; False when they cannot be reached. Only whoever runs the installation may."""
    if not (by.is_active and by.is_superuser):
        raise NotPermitted("Only a superuser may run a job by hand.", code="superuser_only")
    return all(sent for _, sent in job_wanted.send(sender=ScheduledJob, task=task))
