"""What the clock does, as rows: when each entry of the schedule ran last, how long it took and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class ScheduledJob(models.Model):
    """One entry of the schedule. While `token` is set, somebody runs it; after `running_until` they were lost."""

    task = models.CharField(max_length=120, unique=True)  # its dotted name
    token = models.UUIDField(null=True, editable=False)
    running_until = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    seconds = models.FloatField(null=True, editable=False)
    rows = models.PositiveIntegerField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)  # in a row
    last_error = models.TextField(blank=True, editable=False)

    objects: ClassVar[models.Manager[ScheduledJob]] = models.Manager()

    class Meta:
        ordering = ["task"]

    def __str__(self) -> str:
        return self.task


class JobRun(models.Model):
    """One run worth remembering: it touched rows, or it failed. Most runs find nothing to do and leave none."""

    job = models.ForeignKey(ScheduledJob, models.CASCADE, related_name="runs")
    started_at = models.DateTimeField()
    seconds = models.FloatField()
    rows = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    objects: ClassVar[models.Manager[JobRun]] = models.Manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["job", "-started_at"], name="run_of_job"),
            models.Index(fields=["started_at"], name="run_by_age"),
        ]
        constraints = [models.CheckConstraint(condition=Q(rows__gt=0) | ~Q(error=""), name="run_is_worth_remembering")]

    def __str__(self) -> str:
        return f"{self.job} ({self.started_at:%Y-%m-%d %H:%M})"
