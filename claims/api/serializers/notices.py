"""Shapes of what people want by mail, of the chain of escalation, and of chats."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.serializers.fields import NewsroomField, Strict
from claims.models import Chat, ChatPost, Escalation, Rhythm
from claims.operations import chatting


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"type": "string", "enum": Rhythm.values},
        "example": {"comment": "daily", "mention": "instant"},
    }
)
class Rhythms(serializers.DictField):
    """How often one is mailed, by kind of notice."""


class PreferencesSerializer(Strict, serializers.Serializer[Any]):
    """How often you are mailed of each kind of notice, and where to. In the desk you see everything at once."""

    kinds = Rhythms(
        child=serializers.ChoiceField(choices=Rhythm.choices),
        help_text="By kind: instant, daily, weekly or off. Kinds left out stay as they are.",
    )
    mail_is_on = serializers.BooleanField(read_only=True, help_text="Whether this installation sends mail at all.")
    address = serializers.CharField(read_only=True)
    refused = serializers.CharField(read_only=True, help_text="Why the address takes no mail; empty: it does.")


class EscalationSerializer(Strict, serializers.ModelSerializer[Escalation]):
    """A step of a newsroom's chain: who else is told of a verdict so many office hours late."""

    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    role = serializers.ChoiceField(choices=Escalation.Whom.choices)
    after_hours = serializers.IntegerField(min_value=0, max_value=400)

    class Meta:
        model = Escalation
        fields = ["id", "newsroom", "role", "after_hours"]
        read_only_fields = ["id"]
        validators: list[Any] = []  # the operation says what is wrong, with the model's words


class ChatSerializer(Strict, serializers.ModelSerializer[Chat]):
    """A room of a chat that is told what happens. Its address is a secret and never shown again: `host` is."""

    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    label = serializers.CharField(max_length=80)  # type: ignore[assignment]  # the field is named as the model's
    style = serializers.ChoiceField(choices=Chat.Style.choices)  # type: ignore[assignment]  # named as the model's
    url = serializers.CharField(
        max_length=2000, write_only=True, required=False, help_text="Its incoming webhook. Left out: as it was."
    )
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in chatting.KINDS]),
        help_text="Kinds of notices it is told.",
    )
    language = serializers.ChoiceField(choices=settings.LANGUAGES)

    class Meta:
        model = Chat
        fields = [
            "id",
            "newsroom",
            "label",
            "style",
            "url",
            "host",
            "kinds",
            "language",
            "failing_since",
            "last_error",
            "disabled_at",
            "disabled_reason",
            "created_at",
        ]
        read_only_fields = [
            "id",
            "host",
            "failing_since",
            "last_error",
            "disabled_at",
            "disabled_reason",
            "created_at",
        ]


class PostSerializer(Strict, serializers.ModelSerializer[ChatPost]):
    """A message to a chat and what came of it."""

    class Meta:
        model = ChatPost
        fields = ["id", "kind", "claim", "state", "attempts", "last_error", "made_at", "settled_at"]
        read_only_fields = fields
