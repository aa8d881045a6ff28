"""Shapes of what the clock found: changes of cited passages, late evidence, and the newsroom's intervals."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.analysis.beside import lay
from claims.api.serializers.fields import Person, Strict
from claims.intervals import RECHECKS
from claims.models import LateFinding, Newsroom, Recheck


class RecheckSerializer(serializers.ModelSerializer[Recheck]):
    """A visit to a cited passage, and what became of the passage."""

    newsroom = serializers.CharField(source="watch.publication.newsroom.slug", read_only=True)
    publication = serializers.IntegerField(source="watch.publication_id", read_only=True)
    claim = serializers.IntegerField(source="watch.publication.claim_id", read_only=True)
    evidence = serializers.IntegerField(source="watch.evidence_id", read_only=True)
    url = serializers.CharField(source="watch.evidence.document.url", read_only=True)
    quote = serializers.CharField(source="watch.evidence.quote", read_only=True)
    confirmed = serializers.BooleanField(read_only=True, help_text="Two visits agreed, and the desk was told.")
    details = serializers.ListField(child=serializers.CharField(), read_only=True)
    cited_document = serializers.IntegerField(source="watch.evidence.document_id", read_only=True)
    document = serializers.IntegerField(
        source="document_id", read_only=True, allow_null=True, help_text="What was seen, where it differs."
    )
    closed_by = Person(allow_null=True)

    class Meta:
        model = Recheck
        fields = [
            "id",
            "newsroom",
            "claim",
            "publication",
            "evidence",
            "url",
            "quote",
            "at",
            "outcome",
            "confirmed",
            "details",
            "cited_document",
            "document",
            "closed_at",
            "closed_by",
            "closing_note",
        ]
        read_only_fields = fields


class RecheckDetailSerializer(RecheckSerializer):
    """With both versions side by side, sentence by sentence; `changed` words are marked."""

    beside = serializers.SerializerMethodField()

    class Meta(RecheckSerializer.Meta):
        fields = [*RecheckSerializer.Meta.fields, "beside"]
        read_only_fields = fields

    @extend_schema_field(
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "kind": {"type": "string", "enum": ["same", "changed", "gone", "new", "skipped"]},
                    "old": {"type": "array", "items": {"type": "object"}},
                    "new": {"type": "array", "items": {"type": "object"}},
                    "count": {"type": "integer"},
                },
            },
        }
    )
    def get_beside(self, recheck: Recheck) -> list[dict[str, Any]]:
        if recheck.document is None:
            return []
        return [
            {
                "kind": row.kind,
                "old": [{"text": part.text, "changed": part.changed} for part in row.old],
                "new": [{"text": part.text, "changed": part.changed} for part in row.new],
                "count": row.count,
            }
            for row in lay(recheck.watch.evidence.document.text, recheck.document.text)
        ]


class RecheckClosingSerializer(Strict):
    """Why the verdict stands."""

    note = serializers.CharField(max_length=2_000, allow_blank=True)


class RecheckReopeningSerializer(Strict):
    """Why the claim is checked anew."""

    reason = serializers.CharField(max_length=2_000, allow_blank=True, write_only=True)
    claim = serializers.IntegerField(source="pk", read_only=True)
    status = serializers.CharField(read_only=True)
    cycle = serializers.IntegerField(read_only=True)


class LateFindingSerializer(serializers.ModelSerializer[LateFinding]):
    """Something that came to light after the claim was gathered. It stands apart from the evidence."""

    document = serializers.IntegerField(source="document_id", read_only=True)
    url = serializers.CharField(source="document.url", read_only=True)

    class Meta:
        model = LateFinding
        fields = ["id", "cycle", "source", "kind", "what", "quote", "start", "end", "document", "url", "at"]
        read_only_fields = fields


class IntervalsSerializer(Strict, serializers.ModelSerializer[Newsroom]):
    """When the clock comes back. Each list counts from the last time; its last number repeats."""

    newsroom = serializers.SlugField(source="slug", read_only=True)
    recheck_hours = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=8760),
        max_length=20,
        required=False,
        help_text=f"Hours between visits to a cited passage. Empty: {', '.join(map(str, RECHECKS))}.",
    )
    search_again_days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=365),
        max_length=20,
        required=False,
        help_text="Days between repeated searches about an open or published claim. Empty: none.",
    )
    review_on_change = serializers.BooleanField(
        required=False, help_text="A changed passage marks the publication as under re-review."
    )

    class Meta:
        model = Newsroom
        fields = ["newsroom", "recheck_hours", "search_again_days", "review_on_change"]
