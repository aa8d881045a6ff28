"""Archive jobs: a cited document gets a copy at a public web archive, or an honest reason why it has none."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet
from claims.models.source import Document
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes


class ArchiveJob(Step):
    """A newsroom's wish for a public copy of one document it cites. One per newsroom: what may be saved is its policy.

    `outcome` is the answer so far: empty until the first one. `quotes_stand` says whether the cited passages were
    read in the copy; empty where the copy was not looked into.
    """

    NEWSROOM: ClassVar[str] = "newsroom"

    class Outcome(models.TextChoices):
        FOUND = "found", _("copy found")
        SAVED = "saved", _("copy saved")
        PENDING = "pending", _("being saved at the archive")
        NOT_FOUND = "not_found", _("no copy found")
        REFUSED = "refused", _("the archive refuses")
        UNAVAILABLE = "unavailable", _("the archive could not be asked")
        OFF = "off", _("not asked")

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="archive_jobs")
    document = models.ForeignKey(Document, models.PROTECT, related_name="archive_jobs")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, editable=False)
    reason = models.TextField(blank=True, editable=False)
    address = models.CharField(max_length=2500, blank=True, editable=False)
    captured_at = models.DateTimeField(null=True, editable=False)
    quotes_stand = models.BooleanField(null=True, editable=False)
    save_wanted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    ticket = models.CharField(max_length=100, blank=True, editable=False, help_text=_("The archive's name for a save."))
    opened_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["newsroom", "document"]
        indexes = step_indexes("archive_job")
        constraints = [
            models.UniqueConstraint(fields=["newsroom", "document"], name="one_archive_job_per_document"),
            models.CheckConstraint(
                condition=~Q(outcome__in=["found", "saved"]) | ~Q(address=""), name="archived_copy_has_an_address"
            ),
            *step_constraints("archive_job"),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.get_outcome_display() or _('waiting')}"

    @property
    def next_try(self) -> datetime | None:
        """When it is tried again; None when it is settled."""
        return self.next_attempt_at if self.state == Step.State.OPEN else None


class SnapshotFault(models.Model):
    """A kept snapshot that could not be replayed as it was: an alarm until a later check replays it."""

    NEWSROOM: ClassVar[str] = "document__newsroom"
    SHARED: ClassVar[bool] = True

    document = models.OneToOneField(Document, models.CASCADE, related_name="snapshot_fault")
    reason = models.TextField()
    found_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.document}: {self.reason}"
