"""Shapes of what programs are told."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from claims.api.serializers.fields import Thing


class EventSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="The same wherever the event is told.")
    type = serializers.CharField()
    timestamp = serializers.DateTimeField()
    sequence = serializers.IntegerField()
    data = Thing()  # type: ignore[assignment]  # named as webhooks name it


class EventFeedSerializer(serializers.Serializer[Any]):
    """What happened after `since`, in order. Ask again with the answer's `since`."""

    results = EventSerializer(many=True)
    since = serializers.IntegerField(help_text="Give this as `since` in the next question.")
    more = serializers.BooleanField(help_text="There is more already.")


class ImportErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)


class ImportRowSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    result = serializers.ChoiceField(choices=["created", "existing", "refused"])
    id = serializers.IntegerField(allow_null=True, help_text="Of the claim; in a dry run only of existing ones.")
    errors = ImportErrorSerializer(many=True)  # type: ignore[assignment]  # named as in every error


class ImportSerializer(serializers.Serializer[Any]):
    """What became of each line."""

    dry_run = serializers.BooleanField()
    created = serializers.IntegerField()
    existing = serializers.IntegerField()
    refused = serializers.IntegerField()
    rows = ImportRowSerializer(many=True)
