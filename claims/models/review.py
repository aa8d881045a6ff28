"""Reviews, and who has worked on a cycle."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import User
from claims.models.rating import Rating
from claims.models.scope import ScopedQuerySet


class Review(models.Model):
    """One reviewer's rating of a claim with reasons."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="reviews")
    cycle = models.PositiveSmallIntegerField()
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="reviews")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="+")
    reasons = models.TextField()
    submitted_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "cycle", "submitted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "cycle", "reviewer"],
                name="one_review_per_reviewer_and_cycle",
                violation_error_message=_("You have reviewed this claim already."),
            ),
            models.CheckConstraint(condition=~models.Q(reasons=""), name="review_has_reasons"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="who_stepped_back_does_not_review",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (SELECT 1 FROM claims_recusal r WHERE r.claim_id = NEW.claim_id
                               AND r.user_id = NEW.reviewer_id AND r.lifted_at IS NULL) THEN
                        RAISE EXCEPTION 'user % stepped back from claim %', NEW.reviewer_id, NEW.claim_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.rating}"


class Contribution(models.Model):
    """Somebody worked on a claim in a cycle. Whoever stands here cannot approve its verdict."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    class Part(models.TextChoices):
        AUTHOR = "author", _("handed it in")
        RESEARCHER = "researcher", _("edited evidence")
        REVIEWER = "reviewer", _("reviewed")
        PROPOSER = "proposer", _("proposed the verdict")

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="contributions")
    cycle = models.PositiveSmallIntegerField()
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=Part.choices)
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "cycle", "user", "part"], name="contribution_once_per_part")
        ]
        triggers = [
            # Forgotten work would let its author approve it.
            pgtrigger.Protect(name="work_is_not_forgotten", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_part_display()}"
