"""`?fields=` and `?expand=`: less of every thing, or more of what it points at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS


@dataclass(frozen=True, slots=True)
class Expansion:
    """What stands under a name instead of an id, and how it is loaded together with the things themselves."""

    field: Callable[[], serializers.Field[Any, Any, Any, Any]]
    loaded: Callable[[QuerySet[Any]], QuerySet[Any]]


class Sparse(GenericAPIView[Any]):
    """Mix into views that list or show things, before the generic view."""

    expandable: dict[str, Expansion] = {}

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().filter_queryset(queryset)
        for name in self._expanded():
            found = self.expandable[name].loaded(found)
        return found

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        made = super().get_serializer(*args, **kwargs)
        if self.request is not None and self.request.method in SAFE_METHODS:
            self._fit(getattr(made, "child", made))
        return made

    def _fit(self, serializer: Any) -> None:
        wanted, expanded = self._asked("fields"), self._expanded()
        for name in expanded:
            serializer.fields[name] = self.expandable[name].field()
        known = [name for name, field in serializer.fields.items() if not field.write_only]
        self._refuse_unknown("fields", wanted, known)
        if wanted:
            for name in set(serializer.fields) - {*wanted, *expanded}:
                serializer.fields.pop(name)

    def _expanded(self) -> list[str]:
        if self.request is None or self.request.method not in SAFE_METHODS:
            return []
        names = self._asked("expand")
        self._refuse_unknown("expand", names, list(self.expandable))
        return names

    def _asked(self, parameter: str) -> list[str]:
        given = ",".join(self.request.query_params.getlist(parameter))
        return list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))

    def _refuse_unknown(self, parameter: str, names: list[str], known: list[str]) -> None:
        unknown = [name for name in names if name not in known]
        if unknown:
            raise ValidationError(
                {
                    parameter: [
                        _("There is no {name!r} here. Known are: {known}.").format(
                            name=unknown[0][:60], known=", ".join(sorted(known))
                        )
                    ]
                },
                "unknown",
            )


def parameters(names: list[str], expandable: list[str]) -> list[OpenApiParameter]:
    """What the schema says of both."""
    return [
        OpenApiParameter(
            "fields",
            {"type": "array", "items": {"type": "string", "enum": names}},
            description="Only these fields, joined by commas. Left out: all.",
            style="form",
            explode=False,
        ),
        OpenApiParameter(
            "expand",
            {"type": "array", "items": {"type": "string", "enum": expandable}},
            description="The things themselves in place of their ids, joined by commas.",
            style="form",
            explode=False,
        ),
    ]
