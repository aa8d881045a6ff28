"""Mail: what leaves the house of what people were told, how often each wants it, and addresses that refuse it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import Newsroom, User
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes


class Rhythm(models.TextChoices):
    """How often somebody is mailed of what they were told. In the desk everything is there at once."""

    INSTANT = "instant", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")
    OFF = "off", _("never")


class NoticePreference(models.Model):
    """How often one person wants mail of one kind of notice. Without a row, the kind's usual rhythm holds."""

    person = models.ForeignKey(User, models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=20)
    rhythm = models.CharField(max_length=7, choices=Rhythm.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="one_preference_per_kind"),
            models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="preference_rhythm_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind} {self.rhythm}"


class RefusedAddress(models.Model):
    """An address whose server said for good that it takes no mail. Nothing is sent there until its owner says so."""

    person = models.ForeignKey(User, models.CASCADE, related_name="refused_addresses")
    address = models.EmailField()
    reason = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "address"], name="address_refused_once")]

    def __str__(self) -> str:
        return self.address


class MailQuerySet(StepQuerySet["Mail"]):
    def due(self) -> MailQuerySet:
        """As every step's, but for the number of tries, which `mailing.SCHEDULE` limits."""
        return self.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=Now()), state=Step.State.OPEN, next_attempt_at__lte=Now()
        )


class Mail(Step):
    """One mail to one person: of one notice, or of those of a day or a week. A step: made with what it tells."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Outcome(models.TextChoices):
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("not needed any more")
        REFUSED = "refused", _("refused for good")

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="mails")
    person = models.ForeignKey(User, models.CASCADE, related_name="mails")
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="+")
    rhythm = models.CharField(max_length=7, choices=Rhythm.choices)
    slot: models.DateField[dt.date | None, dt.date | None] = models.DateField(
        null=True, blank=True, help_text=_("The day of a digest, at the newsroom.")
    )
    reference = models.UUIDField(default=uuid.uuid4, editable=False, help_text=_("The same at every try."))
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            *step_indexes("mail"),
            BrinIndex(fields=["made_at"], name="mail_by_age", autosummarize=True),  # for forgetting
            models.Index(fields=["person", "claim", "id"], name="mail_thread", condition=Q(claim__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "newsroom", "rhythm", "slot"],
                condition=Q(slot__isnull=False),
                name="one_digest_per_day",
            ),
            models.CheckConstraint(
                condition=Q(rhythm="instant", slot__isnull=True)
                | Q(rhythm__in=["daily", "weekly"], slot__isnull=False),
                name="digest_has_its_day",
            ),
            *step_constraints("mail"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_rhythm_display()}"
