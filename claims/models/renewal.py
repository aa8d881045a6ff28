"""Late evidence: sources asked again about claims that were gathered already, and what that brought."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import Newsroom
from claims.models.scope import ScopedQuerySet
from claims.models.source import Document
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes


class Renewal(Step):
    """One source, to be asked again at intervals about one claim, as long as the claim is open or published."""

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, editable=False, db_index=False, related_name="+")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="renewals")
    source = models.SlugField(max_length=40)
    searches_made = models.PositiveIntegerField(default=0, editable=False)
    last_search_at = models.DateTimeField(null=True, editable=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["next_attempt_at"]
        indexes = [
            *step_indexes("renewal"),
            models.Index(
                fields=["newsroom", "next_attempt_at"], include=["id"], name="renewal_turn", condition=Q(state="open")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["claim", "source"], name="source_renewed_once_per_claim"),
            *step_constraints("renewal"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.claim}"


class LateFinding(models.Model):
    """A passage that came to light after the claim was gathered, and why it matters. Announced once.

    It stands apart from the evidence: what was published, and what was approved, rests on what was known then.
    """

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    class Kind(models.TextChoices):
        ORIGIN = "origin", _("a new independent origin")
        CONTRADICTION = "contradiction", _("another value")

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="late_findings")
    cycle = models.PositiveSmallIntegerField()
    source = models.SlugField(max_length=40)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    what = models.CharField(max_length=200, help_text=_("The origin, or the other value."))
    fingerprint = models.CharField(max_length=64, help_text=_("Of what is new, so that it is announced once."))
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "kind", "fingerprint"], name="late_finding_once_per_claim"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="late_finding_is_not_empty"),
            models.CheckConstraint(
                condition=Q(kind__in=["origin", "contradiction"]), name="late_finding_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"
