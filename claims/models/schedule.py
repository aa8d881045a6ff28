"""Schedules: an approved verdict is published at a time, and under an embargo not before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import User
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes
from claims.models.verdict import Verdict


class Schedule(Step):
    """The wish to publish one verdict at a time. A step: due at `publish_at`, held when the approval is void then."""

    NEWSROOM: ClassVar[str] = "verdict__claim__newsroom"

    class Outcome(models.TextChoices):
        PUBLISHED = "published", _("published")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    verdict = models.ForeignKey(Verdict, models.PROTECT, related_name="schedules")
    content_hash = models.CharField(max_length=64, help_text=_("Of what was approved when the time was set."))
    publish_at = models.DateTimeField()
    embargo = models.BooleanField(default=False, help_text=_("Nobody can publish it earlier by hand."))
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, editable=False)
    reason = models.TextField(blank=True, editable=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = step_indexes("schedule")
        constraints = [
            models.UniqueConstraint(fields=["verdict"], condition=Q(outcome=""), name="one_schedule_per_verdict"),
            models.CheckConstraint(condition=~Q(outcome="held") | ~Q(reason=""), name="held_schedule_has_a_reason"),
            *step_constraints("schedule"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} ({self.publish_at:%Y-%m-%d %H:%M})"
