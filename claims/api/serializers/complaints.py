"""Shapes of complaints. Contacts are shown to those alone who may answer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from claims.api.serializers.fields import Line, Person, Strict
from claims.models import Complaint, Correction, Publication
from claims.workflow import Permission

STATES = [(one, one) for one in ("received", "in_review", "upheld", "partly", "rejected")]


class VisiblePublication(serializers.PrimaryKeyRelatedField[Publication]):
    def get_queryset(self) -> QuerySet[Publication]:
        return Publication.objects.visible_to(self.context["request"].user).select_related("newsroom", "claim")


class OwnCorrection(serializers.PrimaryKeyRelatedField[Correction]):
    def get_queryset(self) -> QuerySet[Correction]:
        return Correction.objects.visible_to(self.context["request"].user).select_related("publication")


class ComplaintSerializer(Strict, serializers.ModelSerializer[Complaint]):
    """An objection to a published check, with its clock. `contact` is empty unless you may answer complaints."""

    newsroom = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    publication = VisiblePublication(queryset=Publication.objects.all(), help_text="Id of the publication.")
    claim = serializers.IntegerField(source="publication.claim_id", read_only=True)
    complainant = Line(help_text="Who objects; optional, never public.")
    contact = Line(help_text="How to reach them; optional, never public, never in the ledger.")
    text = serializers.CharField(max_length=10_000, allow_blank=True)
    received_at = serializers.DateTimeField(required=False, help_text="Left out: now. The clock starts here.")
    state = serializers.ChoiceField(choices=STATES, read_only=True)
    overdue = serializers.BooleanField(read_only=True)
    outcome = serializers.CharField(read_only=True, help_text="upheld, partly or rejected; empty while it is open.")
    taken_by = Person(allow_null=True)
    closed_by = Person(allow_null=True)

    class Meta:
        model = Complaint
        fields = [
            "id",
            "newsroom",
            "publication",
            "claim",
            "complainant",
            "contact",
            "text",
            "door",
            "state",
            "received_at",
            "due_at",
            "overdue",
            "acknowledged_at",
            "taken_at",
            "taken_by",
            "outcome",
            "answer",
            "correction",
            "closed_at",
            "closed_by",
        ]
        read_only_fields = [
            "id",
            "door",
            "due_at",
            "acknowledged_at",
            "taken_at",
            "outcome",
            "answer",
            "correction",
            "closed_at",
        ]

    def to_representation(self, instance: Complaint) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if not self.context["request"].user.may(Permission.PUBLISH, instance.newsroom_id):
            shown["contact"] = ""
        return shown


class ComplaintAnswerSerializer(Strict, serializers.Serializer[Any]):
    """How a complaint ends. What is upheld names the correction it led to, unless the check was withdrawn."""

    outcome = serializers.ChoiceField(choices=Complaint.Outcome.choices)
    answer = serializers.CharField(max_length=10_000, allow_blank=True, help_text="What the complainant is told.")
    correction = OwnCorrection(queryset=Correction.objects.all(), required=False, allow_null=True)
