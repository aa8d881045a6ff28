"""Chats: rooms of a team's chat that are told what happens at the desk, and every post to them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes


class ChatQuerySet(ScopedQuerySet["Chat"]):
    def active(self) -> ChatQuerySet:
        return self.filter(disabled_at__isnull=True)


class Chat(models.Model):
    """A room of a chat, by its incoming webhook. The address is a secret: whoever has it can post."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Style(models.TextChoices):
        SLACK = "slack", "Slack"
        MATTERMOST = "mattermost", "Mattermost"
        TEAMS = "teams", "Microsoft Teams"
        GENERIC = "generic", _("plain JSON")

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="chats")
    label = models.CharField(max_length=80)
    style = models.CharField(max_length=10, choices=Style.choices)
    sealed_url = models.TextField(editable=False)
    host = models.CharField(max_length=255, editable=False, help_text=_("All of the address that is shown."))
    kinds = ArrayField(models.CharField(max_length=20), default=list, help_text=_("Kinds of notices it is told."))
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    failing_since = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    disabled_at = models.DateTimeField(null=True, editable=False)
    disabled_reason = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")

    objects = ChatQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(disabled_at__isnull=True) | ~Q(disabled_reason=""), name="disabled_chat_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return self.label


class ChatPostQuerySet(StepQuerySet["ChatPost"]):
    def due(self) -> ChatPostQuerySet:
        """As every step's, but for the number of tries, which `chatting.SCHEDULE` limits, and to active rooms."""
        disabled = Chat.objects.filter(pk=OuterRef("chat"), disabled_at__isnull=False)
        return self.filter(
            ~Exists(disabled),
            Q(leased_until__isnull=True) | Q(leased_until__lt=Now()),
            state=Step.State.OPEN,
            next_attempt_at__lte=Now(),
        )


class ChatPost(Step):
    """One thing told to one room, once. `kind` and `subject` are those of the notices about it."""

    NEWSROOM: ClassVar[str] = "chat__newsroom"

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="posts")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=60)
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="+")
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ChatPostQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            *step_indexes("chatpost"),
            BrinIndex(fields=["made_at"], name="chatpost_by_age", autosummarize=True),  # for forgetting
        ]
        constraints = [
            models.UniqueConstraint(fields=["chat", "kind", "subject"], name="no_room_is_told_the_same_twice"),
            *step_constraints("chatpost"),
        ]

    def __str__(self) -> str:
        return f"{self.chat}: {self.kind} {self.subject}"
