"""Occurrences: where else a claim was said, and who else asked for it."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.article import Article
from claims.models.claim import Claim
from claims.models.following import FollowedSource
from claims.models.newsroom import User
from claims.models.scope import ScopedQuerySet


class OccurrenceQuerySet(ScopedQuerySet["Occurrence"]):
    def of(self, claim: Claim) -> OccurrenceQuerySet:
        """Those of a claim and of what was marked as its duplicate, but for those taken back."""
        return self.filter(Q(claim=claim) | Q(claim__duplicate_of=claim), undone_at__isnull=True)


class Occurrence(models.Model):
    """A known claim was said again, or asked for again. Counts in the claim's demand until somebody takes it back."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    class Kind(models.TextChoices):
        SAID = "said", _("said again")
        ASKED = "asked", _("asked for again")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="occurrences")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    article = models.ForeignKey(Article, models.PROTECT, null=True, related_name="occurrences")
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    text = models.TextField(help_text=_("As it was said here."))
    said_by = models.CharField(max_length=200, blank=True)
    said_on = models.DateField(null=True)
    found_by = models.ForeignKey(FollowedSource, models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_on = models.DateField(null=True)
    score = models.FloatField(default=1.0, help_text=_("How alike the words are, 0 to 1."))
    kept = models.JSONField(default=dict, help_text=_("What becomes a claim of its own when this is taken back."))
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    became = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="+")

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "start", "end"], name="occurrence_once_per_span"),
            models.UniqueConstraint(
                fields=["claim", "asked_by", "asked_on"], condition=Q(kind="asked"), name="asked_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(kind="said", article__isnull=False, end__gt=F("start"), asked_by__isnull=True)
                | Q(kind="asked", article__isnull=True, start__isnull=True, asked_on__isnull=False),
                name="occurrence_is_said_somewhere_or_asked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="occurrence_is_taken_back_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="demand_counts_occurrences",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                func="""
                    UPDATE claims_claim SET demand = demand + 1 WHERE id = NEW.claim_id
                        OR id = (SELECT duplicate_of_id FROM claims_claim WHERE id = NEW.claim_id);
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="demand_forgets_what_is_taken_back",
                operation=pgtrigger.UpdateOf("undone_at"),  # type: ignore[no-untyped-call]
                when=pgtrigger.After,
                condition=pgtrigger.Condition("OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL"),
                func="""
                    UPDATE claims_claim SET demand = demand - 1 WHERE id = NEW.claim_id
                        OR id = (SELECT duplicate_of_id FROM claims_claim WHERE id = NEW.claim_id);
                    RETURN NULL;
                """,
            ),
            pgtrigger.ReadOnly(
                name="occurrence_stays_as_it_was_found",
                fields=["claim", "kind", "article", "start", "end", "text", "asked_by", "asked_on", "at"],
            ),
            pgtrigger.Protect(
                name="occurrence_is_not_taken_back_twice",
                operation=pgtrigger.UpdateOf("undone_at"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition(
                    "OLD.undone_at IS NOT NULL AND OLD.undone_at IS DISTINCT FROM NEW.undone_at"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:120]
