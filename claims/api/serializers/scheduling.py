"""Shapes of publishing at a time."""

from __future__ import annotations

from rest_framework import serializers

from claims.api.serializers.fields import Person, Strict
from claims.models import Schedule


class ScheduleSerializer(Strict, serializers.ModelSerializer[Schedule]):
    """When the approved verdict goes out. Under an embargo nobody can publish it earlier."""

    publish_at = serializers.DateTimeField()
    embargo = serializers.BooleanField(required=False, default=False)
    outcome = serializers.CharField(read_only=True, help_text="Empty while it waits; published, held or cancelled.")
    set_by = Person()

    class Meta:
        model = Schedule
        fields = ["publish_at", "embargo", "set_by", "set_at", "content_hash", "outcome", "reason"]
        read_only_fields = ["set_at", "content_hash", "reason"]
