"""Optional machine models: what they were asked to suggest, and every call with its cost. They never decide."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from claims.models.article import Article
from claims.models.claim import Claim
from claims.models.newsroom import Newsroom
from claims.models.scope import ScopedQuerySet
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes


class Job(models.TextChoices):
    CLAIMS = "claims", _("claims in an article")
    QUERIES = "queries", _("search words for a claim")
    STANCE = "stance", _("stance of passages")
    SIMILAR = "similar", _("similar earlier checks")
    ENTAILMENT = "entailment", _("entailment of passages")


class Consultation(Step):
    """A model asked for suggestions about an article, or about a claim in one cycle. Nothing waits for it."""

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.PROTECT, related_name="consultations")
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="consultations")
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="consultations")
    cycle = models.PositiveSmallIntegerField(default=1)
    job = models.CharField(max_length=12, choices=Job.choices)
    model = models.CharField(max_length=200, blank=True, help_text=_("Which model suggested it."))
    suggestions = models.JSONField(default=list)
    dropped = models.PositiveIntegerField(
        default=0, help_text=_("Suggestions left out: not in the text word for word, or malformed.")
    )
    note = models.CharField(max_length=500, blank=True, help_text=_("Why there are no suggestions, in words."))
    asked_at = models.DateTimeField(db_default=Now())

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["job", "pk"]
        indexes = step_indexes("consultation")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "job"], condition=Q(article__isnull=False), name="consultation_once_per_article"
            ),
            models.UniqueConstraint(
                fields=["claim", "cycle", "job"], condition=Q(claim__isnull=False), name="consultation_once_per_cycle"
            ),
            models.CheckConstraint(
                condition=Q(article__isnull=True) ^ Q(claim__isnull=True), name="consultation_is_about_one_thing"
            ),
            *step_constraints("consultation"),
        ]

    def __str__(self) -> str:
        return f"{self.get_job_display()}: {self.model or self.state}"


class ModelCallQuerySet(ScopedQuerySet["ModelCall"]):
    def in_month_of(self, moment: dt.datetime) -> ModelCallQuerySet:
        first = moment.astimezone(dt.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return self.filter(at__gte=first)

    def spent(self) -> Decimal:
        return self.aggregate(total=models.Sum("cost"))["total"] or Decimal(0)


class ModelCall(models.Model):
    """One request to a model: who asked, what it cost. Holds a hash of what was sent, not the text."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Outcome(models.TextChoices):
        ASKED = "asked", _("asked, no answer yet")
        ANSWERED = "answered", _("answered")
        UNUSABLE = "unusable", _("answer not usable")
        FAILED = "failed", _("no answer")
        NOT_ASKED = "not_asked", _("not asked: budget used up")

    newsroom = models.ForeignKey(Newsroom, models.PROTECT, related_name="model_calls")
    consultation = models.ForeignKey(Consultation, models.SET_NULL, null=True, related_name="calls")
    job = models.CharField(max_length=12, choices=Job.choices)
    model = models.CharField(max_length=200)
    server = models.CharField(max_length=300, blank=True)
    prompt_sha256 = models.CharField(max_length=64)
    prompt = models.TextField(blank=True, help_text=_("Kept only with MODEL_KEEP_PROMPTS."))
    tokens_in = models.PositiveIntegerField(null=True)
    tokens_out = models.PositiveIntegerField(null=True)
    cost = models.DecimalField(
        max_digits=14,
        decimal_places=6,
        default=Decimal(0),
        help_text=_("By the prices in the settings; where the server did not count, the most it can have been."),
    )
    seconds = models.FloatField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.ASKED)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_default=Now())

    objects = ModelCallQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["newsroom", "at"], name="model_call_by_month")]
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0), name="model_call_costs_nothing_or_more"),
            models.CheckConstraint(
                condition=Q(outcome__in=["asked", "answered", "unusable", "failed", "not_asked"]),
                name="model_call_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model}: {self.get_job_display()}"
