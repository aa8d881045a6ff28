"""Shapes of earlier checks beside a statement."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.serializers.fields import NewsroomField, Strict
from claims.earlier import Found

RELATIONS = ["same", "related", "different"]
_SPANS = {
    "type": "array",
    "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    "description": "Start and end of what both have, in code points.",
}


class HowMany(serializers.Serializer[Any]):
    limit = serializers.IntegerField(min_value=1, max_value=50, default=10, help_text="At most so many, the best.")


class QuestionSerializer(Strict, HowMany):
    """A statement to look up. Nothing of it is stored."""

    text = serializers.CharField(max_length=5_000)
    language = serializers.RegexField(r"^[a-z]{2,3}$", max_length=8, help_text="Such as `en` or `de`.")
    said_on = serializers.DateField(required=False, allow_null=True, help_text="Resolves dates such as `last March`.")
    newsroom = NewsroomField(help_text="Needed only when you belong to several.")


class DifferenceSerializer(serializers.Serializer[Any]):
    """What keeps two statements from being one claim, in the words of each."""

    kind = serializers.CharField(
        help_text="`number`, `number_missing`, `unit`, `date`, `date_missing`, `name`, `place` or `denial`."
    )
    here = serializers.CharField(help_text="In the statement asked about; may be empty.")
    there = serializers.CharField(help_text="In the earlier check; may be empty.")


class MatchSerializer(serializers.Serializer[Found]):
    """An earlier check beside a statement, best first. The machine offers it; it never links the two."""

    id = serializers.IntegerField(source="check.pk")
    claim = serializers.CharField(source="check.claim_text")
    title = serializers.CharField(source="check.title")
    language = serializers.CharField(source="check.language")
    publisher = serializers.CharField(source="check.publisher")
    url = serializers.CharField(source="check.url")
    rating = serializers.CharField(source="check.rating", help_text="As its publisher wrote it.")
    shared = serializers.CharField(source="check.shared", help_text="On the shared scale, where that is known.")
    checked_on = serializers.DateField(source="check.checked_on", allow_null=True)
    own = serializers.SerializerMethodField(help_text="Whether it is your newsroom's alone, not everybody's.")
    standing = serializers.FloatField(source="standing.score", help_text="The rank's score; comparable in one answer.")
    similarity = serializers.FloatField(source="match.score", help_text="0 to 1.")
    relation = serializers.ChoiceField(RELATIONS, source="match.relation")
    differences = serializers.SerializerMethodField(help_text="Why it is not the same claim; the first one found.")
    highlights = serializers.SerializerMethodField()
    claim_highlights = serializers.SerializerMethodField()

    def get_own(self, found: Found) -> bool:
        return found.check.newsroom_id is not None

    @extend_schema_field(DifferenceSerializer(many=True))
    def get_differences(self, found: Found) -> list[dict[str, str]]:
        one = found.match.difference
        return [{"kind": one.kind, "here": one.here, "there": one.there}] if one else []

    @extend_schema_field(_SPANS)
    def get_highlights(self, found: Found) -> list[tuple[int, int]]:
        return [(span.start, span.end) for span in found.match.highlights]

    @extend_schema_field(_SPANS)
    def get_claim_highlights(self, found: Found) -> list[tuple[int, int]]:
        return [(span.start, span.end) for span in found.match.candidate_highlights]


class MatchesSerializer(serializers.Serializer[Any]):
    """Earlier checks, the best first."""

    results = MatchSerializer(many=True)
    ratings_disagree = serializers.BooleanField(help_text="Checks of the same claim come to different ratings.")
