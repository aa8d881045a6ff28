"""Shapes of the pool: what newsrooms show each other, what is taken over, and who stands by a check."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims import pool
from claims.api.serializers.cosigners import OriginSerializer, ScaleStepSerializer, StandingSerializer
from claims.api.serializers.decisions import LONG, public_url
from claims.api.serializers.fields import Line, NewsroomField, Person, Strict, Thing
from claims.models import Claim, Correction, CoSignature, Newsroom, Publication, Takeover
from claims.protection import protected_urls


class SharingSerializer(Strict, serializers.ModelSerializer[Newsroom]):
    """What a newsroom shows others in the pool. Both are off until an admin of the newsroom switches them on."""

    class Meta:
        model = Newsroom
        fields = ["slug", "shares_published", "shares_open_claims"]
        read_only_fields = ["slug"]
        extra_kwargs = {"shares_published": {"required": True}, "shares_open_claims": {"required": True}}


class PoolClaimSerializer(serializers.ModelSerializer[Claim]):
    """What another newsroom is checking now."""

    newsroom = OriginSerializer(read_only=True)

    class Meta:
        model = Claim
        fields = ["id", "newsroom", "text", "language", "topic"]
        read_only_fields = fields


class PublicCorrectionSerializer(serializers.ModelSerializer[Correction]):
    class Meta:
        model = Correction
        fields = ["kind", "notice", "field", "before", "after", "at"]
        read_only_fields = fields


class PoolCheckSerializer(serializers.ModelSerializer[Publication]):
    """A check another newsroom published. `content_hash` is what a co-signature has to name."""

    newsroom = OriginSerializer(read_only=True)
    url = serializers.SerializerMethodField()
    rating = serializers.SerializerMethodField()
    content = serializers.SerializerMethodField()
    content_hash = serializers.SerializerMethodField()
    corrections = PublicCorrectionSerializer(many=True, read_only=True)
    cosignatures = StandingSerializer(many=True, read_only=True)

    class Meta:
        model = Publication
        fields = [
            "id",
            "newsroom",
            "url",
            "state",
            "rating",
            "content",
            "content_hash",
            "published_at",
            "changed_at",
            "corrections",
            "cosignatures",
        ]
        read_only_fields = fields

    def get_url(self, publication: Publication) -> str:
        return public_url(publication)

    @extend_schema_field(ScaleStepSerializer)
    def get_rating(self, publication: Publication) -> Any:
        return ScaleStepSerializer(publication.content["rating"]).data

    @extend_schema_field(Thing(help_text="Claim, verdict and evidence as readers see them."))
    def get_content(self, publication: Publication) -> dict[str, Any]:
        hidden: dict[int, frozenset[str]] = self.root.__dict__.setdefault("_protected", {})
        if publication.newsroom_id not in hidden:
            hidden[publication.newsroom_id] = protected_urls(publication.newsroom_id)
        return pool.shown(publication, hidden[publication.newsroom_id])

    @extend_schema_field(serializers.CharField())
    def get_content_hash(self, publication: Publication) -> str:
        return pool.content_hash(publication)


class OwnRatingField(serializers.CharField):
    """A step of the co-signing newsroom's own scale, by its slug."""


class CoSignatureSerializer(Strict, serializers.ModelSerializer[CoSignature]):
    """Your newsroom's name under another's check, on your own scale; it stands until `ended_at`."""

    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    check_id = serializers.IntegerField(source="publication_id", read_only=True)
    url = serializers.SerializerMethodField()
    rating = OwnRatingField(source="rating.slug", max_length=40, help_text="A step of your own scale, by its slug.")
    shared = serializers.CharField(source="rating.shared", read_only=True, help_text="The shared word it is mapped to.")
    content_hash = serializers.CharField(max_length=64, help_text="Of the check as you read it.")
    note = Line(max_length=2_000, help_text="What readers are told beside it.")
    signed_by = Person()
    ended_by = Person(allow_null=True)

    class Meta:
        model = CoSignature
        fields = [
            "id",
            "check_id",
            "url",
            "newsroom",
            "rating",
            "shared",
            "content_hash",
            "note",
            "signed_at",
            "signed_by",
            "ended_at",
            "ended_by",
            "end",
            "end_reason",
        ]
        read_only_fields = ["id", "signed_at", "ended_at", "end", "end_reason"]
        validators: list[Any] = []

    def get_url(self, cosignature: CoSignature) -> str:
        return public_url(cosignature.publication)


class RevocationSerializer(Strict, serializers.ModelSerializer[CoSignature]):
    """Takes your newsroom's name back, with the reason."""

    reason = serializers.CharField(source="end_reason", max_length=LONG, allow_blank=True)

    class Meta:
        model = CoSignature
        fields = ["id", "reason", "end", "ended_at"]
        read_only_fields = ["id", "end", "ended_at"]


class TakingSerializer(Strict):
    """Which newsroom takes it over."""

    newsroom = NewsroomField(help_text="Needed only when you belong to several.")


class TakeoverSerializer(serializers.ModelSerializer[Takeover]):
    """A claim of yours that came out of the pool, and from where: as it was on that day."""

    taken_by = Person()

    class Meta:
        model = Takeover
        fields = [
            "id",
            "claim",
            "kind",
            "origin_slug",
            "origin_name",
            "origin_number",
            "address",
            "taken_at",
            "taken_by",
        ]
        read_only_fields = fields
