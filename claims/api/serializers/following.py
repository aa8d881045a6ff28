"""Shapes of what a desk follows, of the items seen there, and of where a claim was said again."""

from __future__ import annotations

from rest_framework import serializers

from claims.api.serializers.fields import Line, NewsroomField, Person, Strict
from claims.models import FollowedItem, FollowedSource, Occurrence, Reach
from claims.models.following import LONGEST, SHORTEST


class FollowedSourceSerializer(Strict, serializers.ModelSerializer[FollowedSource]):
    """A feed, sitemap or page that is visited; new articles found there are read and their claims queued."""

    newsroom = NewsroomField(help_text="Needed only when you belong to several.")
    kind = serializers.ChoiceField(choices=FollowedSource.Kind.choices, default=FollowedSource.Kind.FEED)
    url = serializers.CharField(max_length=2000)
    name = Line(max_length=120, help_text="Empty: the site's.")
    language = Line(max_length=8, help_text="Code such as de; empty: recognised.")
    topic = Line(max_length=60, help_text="Given to the claims found there.")
    reach = serializers.ChoiceField(choices=Reach.choices, default=0, help_text="How far it is heard.")
    every_minutes = serializers.IntegerField(min_value=SHORTEST, max_value=LONGEST, default=60)
    active = serializers.BooleanField(read_only=True, help_text="False: paused, ended or given up.")
    next_visit_at = serializers.DateTimeField(source="next_attempt_at", read_only=True)
    reason = serializers.CharField(source="last_error", read_only=True, help_text="Why the last visit failed.")
    added_by = Person(allow_null=True)

    class Meta:
        model = FollowedSource
        fields = [
            "id",
            "newsroom",
            "kind",
            "url",
            "name",
            "language",
            "topic",
            "reach",
            "every_minutes",
            "active",
            "visits_made",
            "last_visit_at",
            "last_outcome",
            "last_new",
            "last_noted",
            "next_visit_at",
            "failures",
            "failing_since",
            "reason",
            "found",
            "added_by",
            "added_at",
        ]
        read_only_fields = [
            "id",
            "visits_made",
            "last_visit_at",
            "last_outcome",
            "last_new",
            "last_noted",
            "failures",
            "failing_since",
            "found",
            "added_at",
        ]


class VisitSerializer(FollowedSourceSerializer):
    """Asks for something to be done with a source; the body is an empty object."""

    newsroom = NewsroomField(read_only=True)
    kind = serializers.CharField(read_only=True)  # type: ignore[assignment]  # shown, not chosen
    url = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)  # type: ignore[assignment]
    language = serializers.CharField(read_only=True)  # type: ignore[assignment]
    topic = serializers.CharField(read_only=True)  # type: ignore[assignment]
    reach = serializers.IntegerField(read_only=True)  # type: ignore[assignment]
    every_minutes = serializers.IntegerField(read_only=True)


class FollowedItemSerializer(serializers.ModelSerializer[FollowedItem]):
    """One item of a followed source. `outcome` is empty while it waits to be read."""

    reason = serializers.CharField(source="last_error", read_only=True)

    class Meta:
        model = FollowedItem
        fields = ["id", "url", "title", "published_at", "outcome", "article", "reads", "reason", "seen_at"]
        read_only_fields = fields


class OccurrenceSerializer(serializers.ModelSerializer[Occurrence]):
    """Where a known claim was said again, or who handed it in once more."""

    url = serializers.CharField(source="article.url", read_only=True, default="")
    publisher = serializers.CharField(source="article.publisher", read_only=True, default="")
    found_by = serializers.CharField(
        source="found_by.name", read_only=True, default="", help_text="The source that was followed."
    )
    asked_by = Person(allow_null=True)
    taken_back_at = serializers.DateTimeField(source="undone_at", read_only=True)
    taken_back_by = Person(source="undone_by", allow_null=True)

    class Meta:
        model = Occurrence
        fields = [
            "id",
            "claim",
            "kind",
            "text",
            "article",
            "start",
            "end",
            "url",
            "publisher",
            "said_by",
            "said_on",
            "found_by",
            "asked_by",
            "asked_on",
            "score",
            "at",
            "taken_back_at",
            "taken_back_by",
            "became",
        ]
        read_only_fields = fields
