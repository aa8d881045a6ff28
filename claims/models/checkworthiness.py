"""What was learned from a desk's own decisions about which sentences are worth checking."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet


class CheckworthinessModelQuerySet(ScopedQuerySet["CheckworthinessModel"]):
    def in_use(self, newsroom: Newsroom | int, language: str) -> CheckworthinessModelQuerySet:
        """The one model of this newsroom and language that is in use, if any."""
        return self.filter(newsroom=newsroom, language=language, used=True)


class CheckworthinessModel(models.Model):
    """One training from the decisions of one newsroom in one language, and how it compared with the hand weights.

    Rows stay as a history. The weights of a row never change: going back only takes it out of use.
    """

    NEWSROOM: ClassVar[str] = "newsroom"

    class Outcome(models.TextChoices):
        BETTER = "better", _("better than the hand weights: in use")
        NOT_BETTER = "not_better", _("not better than the hand weights: not used")
        TOO_FEW = "too_few", _("too few decisions to learn from: nothing was trained")
        SUPERSEDED = "superseded", _("was in use until a later training")
        SET_ASIDE = "set_aside", _("a person went back to the hand weights")

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="checkworthiness_models")
    language = models.CharField(_("language"), max_length=8)
    weights = models.JSONField(null=True, editable=False)
    used = models.BooleanField(_("in use"), default=False)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    decisions = models.PositiveIntegerField(_("decisions"), help_text=_("All decisions there were."))
    worth = models.PositiveIntegerField(_("worth checking"), help_text=_("How many of them were: check it."))
    held_back = models.PositiveIntegerField(
        _("held back"), default=0, help_text=_("Decisions the model never saw; both are measured on them.")
    )
    hand_f1 = models.FloatField(_("F1 of the hand weights"), null=True)
    hand_auc = models.FloatField(_("AUC of the hand weights"), null=True)
    model_f1 = models.FloatField(_("F1 of the model"), null=True)
    model_auc = models.FloatField(_("AUC of the model"), null=True)
    trained_at = models.DateTimeField(_("trained at"))
    trained_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("trained by"),
        help_text=_("Empty: the system."),
    )

    objects = CheckworthinessModelQuerySet.as_manager()

    class Meta:
        ordering = ["-trained_at", "-pk"]
        verbose_name = _("check-worthiness model")
        verbose_name_plural = _("check-worthiness models")
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "language"], condition=Q(used=True), name="one_checkworthiness_model_in_use"
            ),
            models.CheckConstraint(
                condition=Q(used=False) | Q(outcome="better", weights__isnull=False),
                name="checkworthiness_in_use_is_better",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["better", "not_better", "too_few", "superseded", "set_aside"]),
                name="checkworthiness_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.newsroom} · {self.language} · {self.trained_at:%Y-%m-%d}"

    @property
    def learned_from(self) -> int:
        """How many decisions the weights were fitted to."""
        return self.decisions - self.held_back if self.weights is not None else 0
