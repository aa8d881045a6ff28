"""Shapes of a desk's rules: the policy, what a verdict still needs, replies, the checklist, interests, recusals."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from claims.api.serializers.fields import Line, NewsroomField, Person, Strict
from claims.models import Interest, Policy, Recusal, Reply

LONG = 50_000


class PolicySerializer(serializers.ModelSerializer[Policy]):
    """What a newsroom asks for before a verdict on a claim of this severity stands."""

    newsroom = NewsroomField(read_only=True)

    class Meta:
        model = Policy
        fields = [
            "newsroom",
            "severity",
            "reviews_required",
            "agreeing_required",
            "approver",
            "origins_required",
            "reply_required",
            "reply_public",
            "blind",
            "conflicts",
            "checklist",
        ]
        read_only_fields = fields


class ConditionSerializer(serializers.Serializer[Any]):
    """One thing the verdict needs. `refusal` says what is missing."""

    code = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    met = serializers.BooleanField(read_only=True)
    state = serializers.CharField(read_only=True)
    refusal = serializers.SerializerMethodField(help_text="Empty when it is met.")

    def get_refusal(self, one: Any) -> str:
        return "" if one.met else str(one.refusal)


class ReplySerializer(Strict, serializers.ModelSerializer[Reply]):
    """Whom the desk asked for a reply; or, with `waived_reason` alone, why nobody is asked."""

    party = Line(max_length=200)
    channel = serializers.ChoiceField(choices=Reply.Channel.choices, required=False, allow_blank=True)
    asked_at = serializers.DateTimeField(required=False, help_text="Left out: now.")
    deadline = serializers.DateTimeField(required=False)
    waived_reason = Line(max_length=LONG)
    outcome = serializers.SerializerMethodField()
    made_by = Person()

    class Meta:
        model = Reply
        fields = [
            "id",
            "cycle",
            "party",
            "channel",
            "asked_at",
            "deadline",
            "outcome",
            "answer",
            "answered_at",
            "waived_reason",
            "made_by",
            "made_at",
        ]
        read_only_fields = ["id", "cycle", "answer", "answered_at", "made_at"]
        validators: list[Any] = []

    def get_outcome(self, reply: Reply) -> str:
        return reply.outcome().value


class AnswerSerializer(Strict, serializers.ModelSerializer[Reply]):
    """The answer that came."""

    answer = serializers.CharField(max_length=LONG, allow_blank=True)
    answered_at = serializers.DateTimeField(required=False, help_text="Left out: now.")

    class Meta:
        model = Reply
        fields = ["id", "party", "answer", "answered_at"]
        read_only_fields = ["id", "party"]


class ChecklistLineSerializer(Strict, serializers.Serializer[Any]):
    """One line of the checklist; PUT ticks it off or takes the tick back."""

    item = serializers.CharField(max_length=200)
    done = serializers.BooleanField()
    by = serializers.CharField(read_only=True, allow_null=True)
    at = serializers.DateTimeField(read_only=True, allow_null=True)


class RecusalSerializer(Strict, serializers.ModelSerializer[Recusal]):
    """Somebody steps back from a claim, for all its cycles, until an editor lets them back."""

    user = Person()
    reason = serializers.CharField(max_length=LONG, allow_blank=True)
    lifted_by = Person(allow_null=True)

    class Meta:
        model = Recusal
        fields = ["id", "user", "reason", "at", "lifted_by", "lifted_at"]
        read_only_fields = ["id", "at", "lifted_at"]
        validators: list[Any] = []


class InterestSerializer(Strict, serializers.ModelSerializer[Interest]):
    """A topic, claimant or party one is too near to."""

    newsroom = NewsroomField()
    user = Person()
    words = serializers.CharField(max_length=200, allow_blank=True)
    note = Line(max_length=300)

    class Meta:
        model = Interest
        fields = ["id", "newsroom", "user", "words", "note", "active", "declared_at"]
        read_only_fields = ["id", "active", "declared_at"]
        validators: list[Any] = []
