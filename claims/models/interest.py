"""Interests people declare, and claims they stepped back from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet


class Interest(models.Model):
    """A topic, claimant or party somebody is too near to; claims that name it warn or refuse this person."""

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="interests", verbose_name=_("newsroom"))
    user = models.ForeignKey(User, models.CASCADE, related_name="interests", verbose_name=_("person"))
    words = models.CharField(
        _("topic, claimant or party"),
        max_length=200,
        help_text=_("A claim that has these words in its text, claimant or topic is meant."),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    active = models.BooleanField(_("active"), default=True)
    declared_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["newsroom", "user", "words"]
        verbose_name = _("declared interest")
        verbose_name_plural = _("declared interests")
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "user", "words"],
                name="interest_declared_once",
                violation_error_message=_("This interest is declared already."),
            ),
            models.CheckConstraint(condition=~Q(words=""), name="interest_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.words}"


class Recusal(models.Model):
    """Somebody stepped back from a claim, for all its cycles, until an editor lets them back."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="recusals")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "user"], condition=Q(lifted_at__isnull=True), name="one_recusal_in_force"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="recusal_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_by=models.F("user"))),
                name="recusal_is_lifted_by_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.reason}"
