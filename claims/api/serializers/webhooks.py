"""Shapes of webhooks, deliveries and keys."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from claims.api.serializers.fields import Line, NewsroomField, Objects, Person, Strict
from claims.events import KINDS, event_id
from claims.models import ApiKey, Delivery, Webhook
from claims.roles import Scope


class WebhookSerializer(Strict, serializers.ModelSerializer[Webhook]):
    """An address that is told what happens. `secret` is shown once, when it is made."""

    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    url = serializers.CharField(max_length=2000)
    label = Line(max_length=80)  # type: ignore[assignment]  # the field is named as the model's
    types = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(KINDS)), required=False, help_text="Left out or empty: all."
    )
    secret = serializers.CharField(read_only=True, required=False)

    class Meta:
        model = Webhook
        fields = [
            "id",
            "newsroom",
            "url",
            "label",
            "types",
            "secret",
            "told_through",
            "failing_since",
            "disabled_at",
            "disabled_reason",
            "created_at",
        ]
        read_only_fields = ["id", "told_through", "failing_since", "disabled_at", "disabled_reason", "created_at"]

    def to_representation(self, webhook: Webhook) -> dict[str, Any]:
        shown = super().to_representation(webhook)
        shown.setdefault("secret", "")
        return shown


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    event = serializers.SerializerMethodField(help_text="The event's id: the same at every delivery.")
    type = serializers.CharField(source="entry.kind", read_only=True)
    sequence = serializers.IntegerField(source="entry.sequence", read_only=True)
    tries = Objects()

    class Meta:
        model = Delivery
        fields = [
            "id",
            "event",
            "type",
            "sequence",
            "claim",
            "state",
            "attempts",
            "tries",
            "last_status",
            "last_error",
            "made_at",
            "next_attempt_at",
            "settled_at",
        ]
        read_only_fields = fields

    def get_event(self, delivery: Delivery) -> str:
        return event_id(delivery.entry)


class TestEventSerializer(Strict, DeliverySerializer):
    """Sends an event that means nothing; the body is an empty object."""


class RotationSerializer(Strict, serializers.Serializer[Any]):
    """A new secret. For a day the old one signs too."""

    secret = serializers.CharField(read_only=True)


class ReplaySerializer(Strict, serializers.Serializer[Any]):
    """Tells the events of a range of sequence numbers once more."""

    since = serializers.IntegerField(min_value=1, max_value=2**62, write_only=True)
    until = serializers.IntegerField(min_value=1, max_value=2**62, write_only=True)
    events = serializers.IntegerField(read_only=True)


class DisabledSerializer(Strict, serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, allow_blank=True)


class KeySerializer(Strict, serializers.ModelSerializer[ApiKey]):
    """A key. `secret` is shown once, when it is made."""

    id = serializers.CharField(source="token_key", read_only=True, help_text="The visible beginning of the secret.")
    newsroom = NewsroomField(read_only=True)
    user = serializers.CharField(max_length=150, help_text="User name of the member it acts as.")
    label = serializers.CharField(max_length=80)  # type: ignore[assignment]  # the field is named as the model's
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), min_length=1)
    expires_at = serializers.DateTimeField(source="expiry", required=False, allow_null=True)
    allowed_networks = serializers.ListField(child=serializers.CharField(max_length=50), required=False)
    secret = serializers.CharField(read_only=True, required=False)
    created_by = Person(allow_null=True)

    class Meta:
        model = ApiKey
        fields = [
            "id",
            "newsroom",
            "user",
            "label",
            "scopes",
            "expires_at",
            "allowed_networks",
            "secret",
            "created",
            "created_by",
            "last_used_at",
            "revoked_at",
        ]
        read_only_fields = ["created", "last_used_at", "revoked_at"]

    def to_representation(self, key: ApiKey) -> dict[str, Any]:
        shown = super().to_representation(key)
        shown.setdefault("secret", "")
        return shown
