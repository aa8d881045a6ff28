"""Shapes of what people and programs bring to a claim: an address or a file."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.serializers.fields import Line, Person, Strict
from claims.models import Addition, Step


class AdditionSerializer(serializers.ModelSerializer[Addition]):
    """A page or file that was brought. `state` is `waiting`, `read`, `unavailable` (tried again by itself) or
    `given_up`; `reason` says why. `lookup` can be tried again under `lookups/`."""

    state = serializers.SerializerMethodField()
    reason = serializers.CharField(source="lookup.reason", read_only=True)
    tries = serializers.IntegerField(source="lookup.attempts", read_only=True)
    next_try = serializers.SerializerMethodField()
    document = serializers.SerializerMethodField()
    protected = serializers.SerializerMethodField()
    added_by = Person(allow_null=True)

    class Meta:
        model = Addition
        fields = [
            "id",
            "cycle",
            "url",
            "name",
            "size",
            "private",
            "protected",
            "published_on",
            "note",
            "lookup",
            "state",
            "reason",
            "tries",
            "next_try",
            "document",
            "added_by",
            "added_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=["waiting", "read", "unavailable", "given_up"]))
    def get_state(self, addition: Addition) -> str:
        lookup = addition.lookup
        if lookup.state == Step.State.DEAD:
            return "given_up"
        return {"": "waiting", "hits": "read"}.get(lookup.outcome, "unavailable")

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_next_try(self, addition: Addition) -> Any:
        return addition.lookup.next_attempt_at if addition.lookup.state == Step.State.OPEN else None

    @extend_schema_field(serializers.IntegerField(allow_null=True, help_text="Its stored copy, once it was read."))
    def get_document(self, addition: Addition) -> int | None:
        return next((hit.document_id for hit in addition.lookup.hits.all()), None)

    @extend_schema_field(serializers.BooleanField())
    def get_protected(self, addition: Addition) -> bool:
        return bool(addition.protected_reason)


class _Bringing(Strict):
    note = Line(max_length=2000)
    published_on = serializers.DateField(required=False, allow_null=True)
    protected_reason = Line(
        max_length=2000, help_text="Why the public must not learn of this source; then it never does."
    )


class PageSerializer(_Bringing):
    """A page to be fetched and held against the claim."""

    url = serializers.CharField(max_length=2000)
    private = serializers.BooleanField(default=False, help_text="Keep the copy from other newsrooms.")


class FileSerializer(_Bringing):
    """A file to be read and held against the claim: PDF, text or HTML."""

    file = serializers.FileField(max_length=200, allow_empty_file=True)
