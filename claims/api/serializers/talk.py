"""Shapes of the talk about a claim, and of what a person was told."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from claims.api.serializers.fields import Named, Person, Strict
from claims.models import Comment, Errand, Notice, User


class Colleague(Named):
    def get_queryset(self) -> QuerySet[User]:
        newsroom = self.context["view"].claim.newsroom_id
        return User.objects.filter(memberships__newsroom=newsroom, memberships__active=True, is_active=True)


class CommentSerializer(Strict, serializers.ModelSerializer[Comment]):
    """Something said about a claim. What was taken back has no text; private notes are shown to their author alone."""

    author = Person()
    text = serializers.CharField(max_length=5_000, allow_blank=True)
    private = serializers.BooleanField(required=False, default=False)

    class Meta:
        model = Comment
        fields = ["id", "cycle", "author", "text", "private", "at", "withdrawn_at"]
        read_only_fields = ["id", "cycle", "at", "withdrawn_at"]

    def to_representation(self, instance: Comment) -> dict[str, object]:
        shown: dict[str, object] = super().to_representation(instance)
        return {**shown, "text": ""} if instance.withdrawn_at else shown


class TaskSerializer(Strict, serializers.ModelSerializer[Errand]):
    """Something to be done about a claim."""

    text = serializers.CharField(max_length=500, allow_blank=True)
    assignee = Colleague(slug_field="username", queryset=User.objects.all(), required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)
    made_by = Person(allow_null=True, help_text="Null: the clock gave it.")
    done_by = Person(allow_null=True)

    class Meta:
        model = Errand
        fields = ["id", "text", "assignee", "due_on", "made_by", "made_at", "done_at", "done_by"]
        read_only_fields = ["id", "made_at", "done_at"]


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """Something you were told. `subject` names what it is about, such as `comment:7`."""

    newsroom = serializers.SlugRelatedField[Notice](slug_field="slug", read_only=True)
    actor = Person(allow_null=True)

    class Meta:
        model = Notice
        fields = ["id", "newsroom", "claim", "kind", "subject", "actor", "at", "read_at"]
        read_only_fields = fields


class ReadSerializer(serializers.Serializer[Any]):
    """How many notices were marked as read."""

    read = serializers.IntegerField(read_only=True)
