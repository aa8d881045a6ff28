"""Who stands by a published check: other newsrooms, each on its own scale."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from claims.models import CoSignature, Newsroom, Rating


class OriginSerializer(serializers.ModelSerializer[Newsroom]):
    """A newsroom as others see it."""

    class Meta:
        model = Newsroom
        fields = ["slug", "name"]
        read_only_fields = fields


class ScaleStepSerializer(serializers.Serializer[Any]):
    """A rating on its newsroom's own scale, and the shared word it is mapped to."""

    slug = serializers.CharField()
    labels = serializers.DictField(child=serializers.CharField())
    shared = serializers.ChoiceField(choices=Rating.Shared.choices)
    value = serializers.IntegerField(allow_null=True)


class OnlyStanding(serializers.ListSerializer[Any]):
    """Leaves out the ones that ended; asks nothing more where all were loaded with the check."""

    def to_representation(self, data: Any) -> Any:
        return super().to_representation([one for one in data.all() if one.ended_at is None])


class StandingSerializer(serializers.ModelSerializer[CoSignature]):
    """Another newsroom's name under a check, as readers see it."""

    newsroom = OriginSerializer(read_only=True)
    rating = ScaleStepSerializer(source="given", read_only=True)

    class Meta:
        model = CoSignature
        list_serializer_class = OnlyStanding
        fields = ["id", "newsroom", "rating", "note", "signed_at"]
        read_only_fields = fields
