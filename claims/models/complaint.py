"""Complaints: someone objects."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import Newsroom, User
from claims.models.publication import Correction, Publication
from claims.models.scope import ScopedQuerySet


class ComplaintQuerySet(ScopedQuerySet["Complaint"]):
    def open(self) -> ComplaintQuerySet:
        """Not answered yet."""
        return self.filter(outcome="")

    def overdue(self) -> ComplaintQuerySet:
        return self.open().filter(due_at__lt=Now())

    def told(self) -> dict[str, int]:
        """How many came in and how they ended: figures, for readers of newsrooms that want it."""
        return self.aggregate(
            total=Count("pk"),
            upheld=Count("pk", filter=Q(outcome__in=["upheld", "partly"])),
            rejected=Count("pk", filter=Q(outcome="rejected")),
            open=Count("pk", filter=Q(outcome="")),
        )

    def pressing(self) -> ComplaintQuerySet:
        """What presses most first: the open ones by the day they are due, then the answered ones, newest first."""
        return self.order_by(F("closed_at").desc(nulls_first=True), "due_at", "pk")


class Complaint(models.Model):
    """An objection to a publication, with a clock and an outcome. Who objects is never public, nor in the ledger.

    Whoever knows the `token` may read how it stands: the complainant's own page.
    """

    NEWSROOM: ClassVar[str] = "newsroom"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        PARTLY = "partly", _("partly upheld")
        REJECTED = "rejected", _("rejected")

    class Door(models.TextChoices):
        PAGE = "page", _("public page")
        API = "api", _("API")
        DESK = "desk", _("by hand")

    newsroom = models.ForeignKey(Newsroom, models.PROTECT, related_name="complaints")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="complaints")
    complainant = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    door = models.CharField(max_length=4, choices=Door.choices, default=Door.DESK, db_default=Door.DESK)
    token = models.CharField(max_length=40, blank=True, db_default="", editable=False)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(help_text=_("Seven working days after it came in."))
    alarm_at = models.DateTimeField(
        null=True,
        db_default=Now(),
        editable=False,
        help_text=_("When the deadline is looked at next; empty: nobody is left to tell."),
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True)
    correction = models.ForeignKey(Correction, models.PROTECT, null=True, blank=True, related_name="complaints")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    forgotten_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When the complainant's name, address and words were taken away.")
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        indexes = [
            models.Index(fields=["newsroom", "due_at"], name="complaint_open", condition=Q(outcome="")),
            models.Index(fields=["alarm_at"], name="complaint_alarm", condition=Q(outcome="", alarm_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["token"], condition=~Q(token=""), name="complaint_token_once"),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="closed_complaint_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | ~Q(answer=""), name="closed_complaint_is_answered_with_reasons"
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="complaint_is_taken_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complainant or self.pk}: {self.text[:80]}"

    @property
    def state(self) -> str:
        """received, in_review, upheld, partly or rejected."""
        return self.outcome or ("in_review" if self.taken_at else "received")

    @property
    def overdue(self) -> bool:
        return not self.outcome and self.due_at < timezone.now()
