"""Pieces the serializers share."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from claims.models import Claim, Newsroom, Rating
from claims.workflow import moves_from


class Strict(serializers.Serializer[Any]):
    """Refuses fields it does not know: a misspelt `published_on` must not be ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            takes = {name for name, field in self.fields.items() if not field.read_only}
            unknown = [name for name in data if name not in takes]
            if unknown:
                raise serializers.ValidationError(
                    {
                        str(name)[:100].encode(errors="replace").decode(): [
                            ErrorDetail(gettext("There is no such field here."), code="unknown_field")
                        ]
                        for name in unknown[:20]
                    }
                )
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Text as it came, not trimmed: spans count its characters. Whether it will do, the operation says."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **kwargs)


class Line(serializers.CharField):
    """A short optional text."""

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, max_length=max_length, **kwargs)


class Named(serializers.SlugRelatedField[Any]):
    """A thing by its name. What no database text can hold names nothing."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and not storable(data):
            self.fail("does_not_exist", slug_name=self.slug_field, value=data.encode("ascii", "replace").decode())
        return super().to_internal_value(data)


def storable(text: str) -> bool:
    """Whether PostgreSQL can hold a text: no NUL, no half a character."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


class NewsroomField(Named):
    """A newsroom by its slug; only the caller's own are known."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs = {"queryset": Newsroom.objects.all(), "required": False, **kwargs}
        super().__init__(slug_field="slug", **kwargs)

    def get_queryset(self) -> QuerySet[Newsroom]:
        return Newsroom.objects.visible_to(self.context["request"].user)


class RatingField(Named):
    """A step of the scale of the claim's newsroom, by its slug."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="slug", queryset=Rating.objects.all(), **kwargs)

    def get_queryset(self) -> QuerySet[Rating]:
        return Rating.objects.filter(newsroom=self.context["view"].claim.newsroom_id, active=True)


class Person(serializers.SlugRelatedField[Any]):
    """A person by user name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="username", read_only=True, **kwargs)


@extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
class Objects(serializers.JSONField):
    """A list of JSON objects as the machine made them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)


@extend_schema_field({"type": "object", "additionalProperties": True})
class Thing(serializers.JSONField):
    """A JSON object as the machine made it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)


class MoveSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    target = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the field is named as the move's attribute


def moves_open_to(user: Any, claim: Claim) -> list[dict[str, str]]:
    """The moves a person may take with a claim now."""
    return [
        {"name": move.name, "target": move.target.value, "label": str(move.label)}
        for move in moves_from(claim.status)
        if move.permission is not None and user.may(move.permission, claim.newsroom_id)
    ]
