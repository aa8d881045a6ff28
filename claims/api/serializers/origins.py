"""Shapes of what people say about where information comes from."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from claims.api.serializers.fields import Line, Person, Strict
from claims.api.serializers.research import VisibleDocument
from claims.models import Document, OriginEdge


class OriginEdgeSerializer(Strict, serializers.ModelSerializer[OriginEdge]):
    """One connection a person cut or added: to another document (`other`), to an origin of the assessment by its id
    (`origin`), or, when adding, to one by its name (`origin_name`)."""

    action = serializers.ChoiceField(choices=OriginEdge.Action.choices)
    document = VisibleDocument(queryset=Document.objects.all())
    other = VisibleDocument(queryset=Document.objects.all(), required=False, allow_null=True)
    origin = Line(max_length=300)
    origin_name = Line(max_length=200)
    reason = serializers.CharField(max_length=10_000, allow_blank=True)
    version = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2_147_483_647,
        write_only=True,
        help_text="The claim's `version` as you saw it; a later one is a conflict.",
    )
    in_force = serializers.SerializerMethodField()
    made_by = Person(allow_null=True)
    withdrawn_by = Person(allow_null=True)

    class Meta:
        model = OriginEdge
        fields = [
            "id",
            "action",
            "document",
            "other",
            "origin",
            "origin_name",
            "reason",
            "version",
            "in_force",
            "made_by",
            "made_at",
            "withdrawn_by",
            "withdrawn_at",
        ]
        read_only_fields = ["id", "made_at", "withdrawn_at"]
        validators: list[Any] = []

    def get_in_force(self, edge: OriginEdge) -> bool:
        return edge.withdrawn_at is None
