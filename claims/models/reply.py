"""The right of reply: who was asked, when and how, and what came of it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import User
from claims.models.scope import ScopedQuerySet


class Reply(models.Model):
    """One party asked for a reply in one cycle, or the reason why nobody was asked. Never deleted."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("an answer is awaited")
        ANSWERED = "answered", _("answered")
        NONE = "none", _("no answer until the deadline")
        WAIVED = "waived", _("nobody was asked")

    class Channel(models.TextChoices):
        MAIL = "mail", _("e-mail")
        PHONE = "phone", _("telephone")
        FORM = "form", _("contact form")
        SOCIAL = "social", _("social network")
        LETTER = "letter", _("letter")
        PERSON = "person", _("in person")

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="replies")
    cycle = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    waived_reason = models.TextField(blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "cycle", "pk"]
        verbose_name_plural = _("replies")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(waived_reason="", asked_at__isnull=False, deadline__isnull=False, deadline__gt=F("asked_at"))
                    & ~Q(party="")
                    & ~Q(channel="")
                )
                | (~Q(waived_reason="") & Q(party="", channel="", asked_at__isnull=True, deadline__isnull=True)),
                name="reply_is_asked_for_or_waived",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_at__gte=F("asked_at"))),
                name="reply_answer_has_a_time",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="reply_is_history",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF TG_OP = 'DELETE' OR OLD.answer <> '' OR
                        (NEW.claim_id, NEW.cycle, NEW.party, NEW.channel, NEW.asked_at, NEW.deadline,
                         NEW.waived_reason, NEW.made_by_id, NEW.made_at)
                        IS DISTINCT FROM
                        (OLD.claim_id, OLD.cycle, OLD.party, OLD.channel, OLD.asked_at, OLD.deadline,
                         OLD.waived_reason, OLD.made_by_id, OLD.made_at) THEN
                        RAISE EXCEPTION 'reply % is history: an answer can be added to it, once', OLD.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.party or self.waived_reason

    def outcome(self, now: dt.datetime | None = None) -> Reply.Outcome:
        """What came of it so far: silence until the deadline is an outcome too."""
        if self.waived_reason:
            return self.Outcome.WAIVED
        if self.answer:
            return self.Outcome.ANSWERED
        late = self.deadline is not None and self.deadline <= (now or timezone.now())
        return self.Outcome.NONE if late else self.Outcome.WAITING
