"""Complaints: someone objects."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import Newsroom, User
from claims.models.publication import Publication
from claims.models.scope import ScopedQuerySet


class Complaint(models.Model):
    """An objection to a publication, with a clock and an outcome."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        PARTLY = "partly", _("partly upheld")
        REJECTED = "rejected", _("rejected")

    newsroom = models.ForeignKey(Newsroom, models.PROTECT, related_name="complaints")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="complaints")
    complainant = models.CharField(max_length=200)
    contact = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text=_("Seven working days after it came in."))
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True) | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="closed_complaint_has_an_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.complainant}: {self.text[:80]}"
