"""Shapes of what comes in: newsrooms, ratings, articles, claims."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims import flagging, priority
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
from claims.models import Article, Claim, Newsroom, Rating, Webhook


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
            "problem",
            "same_as",
            "received_at",
            "fetched_at",
            "read_at",
        ]
        read_only_fields = fields


class Flags(Objects):
    def to_representation(self, article: Any) -> Any:
        return flagging.of_article(article)


CALLBACK = "An address that is told, signed as webhooks are, what becomes of this submission."
SIGNS = "What signs the callback: `whsec_` and 24 to 64 bytes in base64. Left out: one is made and shown once."


class CallbackSerializer(serializers.ModelSerializer[Webhook]):
    """An address that is told of one submission; under `webhooks/ID/` with its deliveries."""

    class Meta:
        model = Webhook
        fields = ["id", "url", "failing_since", "disabled_at", "disabled_reason"]
        read_only_fields = fields


class CalledBack(serializers.Serializer[Any]):
    """Takes `callback` and `callback_secret`, and shows a secret that was made in this very answer."""

    callback = Line(max_length=2000, write_only=True, help_text=CALLBACK)
    callback_secret = Line(max_length=200, help_text=SIGNS)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if "callback_secret" in self.fields:
            shown["callback_secret"] = getattr(instance, "callback_secret", "")
        return shown


class ArticleSerializer(Strict, CalledBack, serializers.ModelSerializer[Article]):
    """An article. `state` is `open` until it was read, then `done`; its claims are then listed under claims.

    With an `url` and no `text` the page is fetched first. When it is `dead`, `problem` and `last_error` say why; when
    the text was here already, `same_as` is its article.
    """

    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    text = Text(required=False, help_text="The article's text, or its HTML. Left out: the page at `url` is fetched.")
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
    callbacks = CallbackSerializer(many=True, read_only=True)

    class Meta:
        model = Article
        fields = [
            *ArticleSummarySerializer.Meta.fields,
            "text",
            "notes",
            "flags",
            "claims_found",
            "last_error",
            "callback",
            "callback_secret",
            "callbacks",
        ]
        read_only_fields = [
            *("id", "language_guessed", "sha256", "door", "state", "problem", "same_as"),
            *("received_at", "fetched_at", "read_at", "last_error"),
        ]
        extra_kwargs: dict[str, Any] = {}
        validators: list[Any] = []

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "text" not in attrs and not attrs.get("url"):
            raise serializers.ValidationError({"text": [_("Give the text, or the address of the page.")]}, "required")
        return attrs


class PriorityField(serializers.FloatField):
    """Asked of the database where it orders by it, else worked out from the same numbers."""

    def get_attribute(self, instance: Any) -> Any:
        asked = getattr(instance, "priority", None)
        return priority.of(instance) if asked is None else asked


class ReasonSerializer(serializers.Serializer[Any]):
    """What a part of the priority counts, and why: check-worthiness, how often it came in, how far it is heard."""

    kind = serializers.ChoiceField(choices=["score", "demand", "reach"])
    counts = serializers.FloatField(help_text="What it adds to the priority.")
    value = serializers.FloatField(help_text="Check-worthiness from 0 to 1, times it came in, or reach from 1 to 3.")


class ClaimSummarySerializer(serializers.ModelSerializer[Claim]):
    newsroom = NewsroomField(read_only=True)
    language_covered = serializers.BooleanField(read_only=True, help_text=COVERED)
    priority = PriorityField(
        read_only=True, help_text="Its place among claims that wait to be picked: of score, demand and reach."
    )
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
            "demand",
            "reach",
            "priority",
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


class ClaimSubmissionSerializer(Strict, CalledBack, serializers.ModelSerializer[Claim]):
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
        fields = [
            *("newsroom", "text", "language", "claimant", "said_on", "appearance", "external_id"),
            *("callback", "callback_secret"),
        ]
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
