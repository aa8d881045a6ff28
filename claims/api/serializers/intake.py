"""Shapes of what comes in: newsrooms, ratings, articles, claims."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims import flagging
from claims.api.serializers.fields import (
    Line,
    MoveSerializer,
    NewsroomField,
    Objects,
    Person,
    Strict,
    Text,
    moves_open_to,
)
from claims.models import Article, Claim, Newsroom, Rating


class NewsroomSerializer(serializers.ModelSerializer[Newsroom]):
    permissions = serializers.SerializerMethodField(help_text="What you may do here.")

    class Meta:
        model = Newsroom
        fields = ["slug", "name", "languages", "sources", "reviews_required", "origins_required", "permissions"]
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_permissions(self, newsroom: Newsroom) -> list[str]:
        from claims.workflow import Permission

        user = self.context["request"].user
        return [one.value for one in Permission if user.may(one, newsroom)]


class RatingSerializer(serializers.ModelSerializer[Rating]):
    newsroom = NewsroomField(read_only=True)
    labels = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = Rating
        fields = ["newsroom", "slug", "labels", "order", "shared", "value", "colour", "shape", "active"]
        read_only_fields = fields


COVERED = "False: only numbers, dates and countries are read in this language, no speakers, quotations or worth."


class ArticleSummarySerializer(serializers.ModelSerializer[Article]):
    newsroom = NewsroomField(read_only=True)
    language_covered = serializers.BooleanField(read_only=True, help_text=COVERED)

    class Meta:
        model = Article
        fields = [
            "id",
            "newsroom",
            "title",
            "url",
            "publisher",
            "language",
            "language_guessed",
            "language_covered",
            "published_on",
            "external_id",
            "sha256",
            "door",
            "state",
            "received_at",
            "read_at",
        ]
        read_only_fields = fields


class Flags(Objects):
    def to_representation(self, article: Any) -> Any:
        return flagging.of_article(article)


class ArticleSerializer(Strict, serializers.ModelSerializer[Article]):
    """An article. `state` is `open` until it was read, then `done`; its claims are then listed under claims."""

    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    text = Text(help_text="The article's text, or its HTML.")
    language = Line(max_length=35, help_text="A BCP 47 code such as de. Left out: guessed.")
    published_on = serializers.DateField(
        required=False, allow_null=True, help_text="Day of publication; dates are read against it."
    )
    title = Line(max_length=500)
    url = Line(max_length=2000)
    publisher = Line()
    external_id = Line(help_text="Your own id of the article.")
    notes = serializers.ListField(child=serializers.CharField(), read_only=True)
    flags = Flags(
        source="*", help_text="What a person should look at in the article, with the spans; see docs/origins.md."
    )
    claims_found = serializers.IntegerField(source="claims.count", read_only=True)

    class Meta:
        model = Article
        fields = [*ArticleSummarySerializer.Meta.fields, "text", "notes", "flags", "claims_found", "last_error"]
        read_only_fields = ["id", "language_guessed", "sha256", "door", "state", "received_at", "read_at", "last_error"]
        extra_kwargs: dict[str, Any] = {}
        validators: list[Any] = []


class ClaimSummarySerializer(serializers.ModelSerializer[Claim]):
    newsroom = NewsroomField(read_only=True)
    language_covered = serializers.BooleanField(read_only=True, help_text=COVERED)
    assignee = Person(allow_null=True)

    class Meta:
        model = Claim
        fields = [
            "id",
            "newsroom",
            "article",
            "text",
            "language",
            "language_covered",
            "start",
            "end",
            "kind",
            "suggestion",
            "suggested_by",
            "score",
            "claimant",
            "said_on",
            "appearance",
            "external_id",
            "topic",
            "severity",
            "status",
            "cycle",
            "version",
            "assignee",
            "due_at",
            "duplicate_of",
            "submitted_at",
            "moved_at",
        ]
        read_only_fields = fields


class ClaimSubmissionSerializer(Strict, serializers.ModelSerializer[Claim]):
    """A single claim, handed in without an article."""

    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    text = Text()
    language = Line(max_length=35, help_text="A BCP 47 code such as de. Left out: guessed.")
    claimant = Line()
    said_on = serializers.DateField(required=False, allow_null=True)
    appearance = Line(max_length=2000, help_text="Where it was said: an address.")
    external_id = Line(help_text="Your own id of the claim.")

    class Meta:
        model = Claim
        fields = ["newsroom", "text", "language", "claimant", "said_on", "appearance", "external_id"]
        validators: list[Any] = []


class ClaimRowSerializer(ClaimSubmissionSerializer):
    """A claim as one line of an import."""

    newsroom = None  # type: ignore[assignment]  # the import names it once

    class Meta(ClaimSubmissionSerializer.Meta):
        fields = [name for name in ClaimSubmissionSerializer.Meta.fields if name != "newsroom"]


class MovedClaimSerializer(Strict, serializers.ModelSerializer[Claim]):
    """Where a claim stands after a move."""

    allowed_moves = serializers.SerializerMethodField(help_text="The moves you may take now.")

    class Meta:
        model = Claim
        fields = ["id", "status", "cycle", "moved_at", "allowed_moves"]
        read_only_fields = fields

    @extend_schema_field(MoveSerializer(many=True))
    def get_allowed_moves(self, claim: Claim) -> list[dict[str, str]]:
        return moves_open_to(self.context["request"].user, claim)
