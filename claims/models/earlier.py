"""Earlier checks: what fact-checkers, this desk's included, have published before."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import Newsroom, User
from claims.models.rating import Rating
from claims.models.scope import ScopedQuerySet


class EarlierCheckQuerySet(ScopedQuerySet["EarlierCheck"]):
    def of(self, user: User, newsroom: int) -> EarlierCheckQuerySet:
        """What this person may see beside a claim of this newsroom: its own checks, and everybody's."""
        return self.visible_to(user).filter(Q(newsroom=newsroom) | Q(newsroom__isnull=True))


class EarlierCheck(models.Model):
    """One published check as it can be matched: the checked claim, its rating in its publisher's words, its address.

    `newsroom` is empty for checks every newsroom may see. A foreign rating is kept as it was written; `shared` is set
    only through a mapping a desk has made.
    """

    NEWSROOM: ClassVar[str] = "newsroom"
    SHARED: ClassVar[bool] = True
    CITED: ClassVar[str] = "earlier-checks"  # the source of the documents that citing a check makes

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, null=True, blank=True, related_name="earlier_checks")
    identifier = models.CharField(max_length=500, help_text=_("The check's own id: its address, mostly."))
    claim_text = models.TextField()
    title = models.CharField(max_length=500, blank=True)
    more = models.TextField(blank=True, help_text=_("What else was said of it: a subtitle, a summary."))
    language = models.CharField(max_length=8)
    claimant = models.CharField(max_length=200, blank=True)
    claimed_on = models.DateField(null=True, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    rating = models.CharField(max_length=300, blank=True, help_text=_("As the publisher wrote it."))
    shared = models.CharField(max_length=20, choices=Rating.Shared.choices, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    facts = models.JSONField(default=list, editable=False)
    keys = ArrayField(models.CharField(max_length=120), default=list, editable=False)
    recorded_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = EarlierCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-checked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["newsroom", "identifier"], name="earlier_check_once", nulls_distinct=False)
        ]
        indexes = [GinIndex(fields=["keys"], name="earlier_check_keys", fastupdate=False)]

    def __str__(self) -> str:
        return self.title or self.claim_text[:120]
