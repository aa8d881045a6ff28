"""Webhooks: addresses that are told what happens, and every delivery to them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from claims.models.ledger import LedgerEntry
from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes


class WebhookQuerySet(ScopedQuerySet["Webhook"]):
    def active(self) -> WebhookQuerySet:
        return self.filter(disabled_at__isnull=True)

    def behind(self) -> WebhookQuerySet:
        """Active ones that have not been told of everything in their newsroom's ledger."""
        newer = LedgerEntry.objects.filter(newsroom=OuterRef("newsroom"), sequence__gt=OuterRef("told_through"))
        return self.active().whole().filter(Exists(newer))

    def whole(self) -> WebhookQuerySet:
        """Those of a whole newsroom, no callbacks."""
        return self.filter(article__isnull=True, claim__isnull=True)


class Webhook(models.Model):
    """An address of a newsroom's program. The ledger is its outbox: `told_through` is how far it was read for it.

    With an article or a claim it is a callback: told of this one submission. How far the ledger was read for all
    callbacks of a newsroom stands in `CallbackCursor`, so that thousands of them cost no more than one.
    """

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=2000)
    label = models.CharField(max_length=80, blank=True)
    types = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text=_("Kinds of events it is told, such as publication.published. Empty: all."),
    )
    article: models.ForeignKey[Any, Any] = models.ForeignKey(
        "claims.Article", models.CASCADE, null=True, editable=False, related_name="callbacks"
    )
    claim: models.ForeignKey[Any, Any] = models.ForeignKey(
        "claims.Claim", models.CASCADE, null=True, editable=False, related_name="callbacks"
    )
    sealed_secret = models.TextField(editable=False)
    sealed_old_secret = models.TextField(blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    told_through = models.BigIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    disabled_at = models.DateTimeField(null=True, editable=False)
    disabled_reason = models.TextField(blank=True, editable=False)
    mail_due = models.BooleanField(
        default=False, db_default=False, editable=False, help_text=_("Its admins are still to be told by mail.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(disabled_at__isnull=True) | ~Q(disabled_reason=""), name="disabled_webhook_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(article__isnull=True) | Q(claim__isnull=True), name="callback_is_about_one_thing"
            ),
            models.UniqueConstraint(
                fields=["article", "url"], condition=Q(article__isnull=False), name="callback_once_per_article"
            ),
            models.UniqueConstraint(
                fields=["claim", "url"], condition=Q(claim__isnull=False), name="callback_once_per_claim"
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.url

    @property
    def is_callback(self) -> bool:
        return self.article_id is not None or self.claim_id is not None


class CallbackCursor(models.Model):
    """How far a newsroom's ledger was read for its callbacks."""

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.OneToOneField(Newsroom, models.CASCADE, primary_key=True, related_name="+")
    told_through = models.BigIntegerField()

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.newsroom_id}: {self.told_through}"


class DeliveryQuerySet(StepQuerySet["Delivery"]):
    def in_turn(self) -> DeliveryQuerySet:
        """Deliveries nothing of the same claim waits before, to webhooks that are active."""
        earlier = Delivery.objects.filter(
            webhook=OuterRef("webhook"),
            claim=OuterRef("claim"),
            entry__lt=OuterRef("entry"),
            state=Step.State.OPEN,
        )
        disabled = Webhook.objects.filter(pk=OuterRef("webhook"), disabled_at__isnull=False)
        return self.filter(~Exists(earlier), ~Exists(disabled))  # no joins: taking one has to re-check its own row

    def due(self) -> DeliveryQuerySet:
        """As every step's, but for the number of tries, which `telling.SCHEDULE` limits, and in turn."""
        return self.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=Now()), state=Step.State.OPEN, next_attempt_at__lte=Now()
        ).in_turn()


class Delivery(Step):
    """One event on its way to one webhook. Events of one claim arrive in order; the same event has the same id."""

    NEWSROOM: ClassVar[str] = "webhook__newsroom"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    claim: models.ForeignKey[Any, Any] = models.ForeignKey(
        "claims.Claim", models.PROTECT, null=True, editable=False, related_name="+"
    )
    tries = models.JSONField(default=list, editable=False, help_text=_("When it was tried and what came of it."))
    last_status = models.PositiveSmallIntegerField(null=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["webhook", "-entry"]
        verbose_name_plural = _("deliveries")
        indexes = [
            *step_indexes("delivery"),
            BrinIndex(fields=["made_at"], name="delivery_by_age", autosummarize=True),  # for forgetting
            models.Index(fields=["webhook", "claim", "entry"], name="delivery_in_turn", condition=Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "entry"], name="event_once_per_webhook"),
            *step_constraints("delivery"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} → {self.webhook}"
