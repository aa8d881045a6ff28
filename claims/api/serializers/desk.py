"""Shapes of the desk's own order: triage, views of the queue, and what machine models suggested."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from claims.api.serializers.fields import NewsroomField, Objects, Person, Strict
from claims.models import Claim, Consultation, SavedView


class TriageSerializer(Strict, serializers.ModelSerializer[Claim]):
    """What a claim is about, how much hangs on it, and by when its verdict should be there."""

    topic = serializers.CharField(max_length=60, allow_blank=True, required=False)
    severity = serializers.ChoiceField(choices=Claim.Severity.choices, required=False)
    due_at = serializers.DateTimeField(allow_null=True, required=False, help_text="Null takes the deadline away.")

    class Meta:
        model = Claim
        fields = ["topic", "severity", "due_at"]


class ViewSerializer(Strict, serializers.ModelSerializer[SavedView]):
    """A view of the queue under a name. `address` is the query part of the queue's address in the desk."""

    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    owner = Person()
    name = serializers.CharField(max_length=60, allow_blank=True)
    address = serializers.CharField(max_length=2000, allow_blank=True)
    shared = serializers.BooleanField(required=False, default=False, help_text="Everybody in the newsroom sees it.")
    preferred = serializers.BooleanField(required=False, default=False, help_text="Your queue opens with it.")

    class Meta:
        model = SavedView
        fields = ["id", "newsroom", "owner", "name", "address", "shared", "preferred"]
        read_only_fields = ["id"]
        validators: list[Any] = []


class SuggestionSerializer(serializers.ModelSerializer[Consultation]):
    """What a machine model was asked and what it suggested, for people to weigh. It decides nothing.

    `state` is `open` until the model answered. Claims a model points at in an article become claims like the others,
    with `suggested_by`: here are their ids.
    """

    suggestions = Objects()

    class Meta:
        model = Consultation
        fields = ["id", "job", "cycle", "state", "model", "suggestions", "dropped", "note", "last_error", "asked_at"]
        read_only_fields = fields
