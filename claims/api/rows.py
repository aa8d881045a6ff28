"""Lists of plain rows: what a flat serializer would show of them, read as values and written without it.

A serializer asks every row for every field anew, through half a dozen calls each. What a field does is the same for all
rows, so it is worked out once per serializer, from the serializer itself: it remains the one place that says what is
shown. Fields this module does not know how to write are refused when the list is first asked for.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import relations, serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.sparse import Sparse

Write = Callable[[Any], Any]
_AS_THEY_ARE = (serializers.CharField, serializers.ChoiceField, serializers.IntegerField, serializers.FloatField,
                serializers.BooleanField)  # fmt: skip


class Column(NamedTuple):
    """What is read for a field, and how it is written; as it is where nothing is said."""

    path: str
    write: Write | None = None


class Rows(Sparse, ListAPIView[Any]):
    """Mix into a list whose serializer is flat. With `?expand=` rows hold things: then the serializer writes."""

    derived: ClassVar[Mapping[str, Column]] = {}  # fields that are worked out from another one

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if self._expanded():
            return super().list(request, *args, **kwargs)
        serializer: Any = self.get_serializer_class()
        columns = _columns(serializer, tuple(self.derived.items()))
        wanted = self._asked("fields")
        self._refuse_unknown("fields", wanted, list(columns))
        if wanted:
            columns = {name: column for name, column in columns.items() if name in wanted}
        found = self.filter_queryset(self.get_queryset())
        page = self.paginate_queryset(_values(found, columns))
        return self.get_paginated_response(_written(page or (), columns))


def _values(found: QuerySet[Any], columns: Mapping[str, Column]) -> QuerySet[Any, Any]:
    return found.values("pk", *dict.fromkeys(column.path for column in columns.values()))


def _written(page: Iterable[Mapping[str, Any]], columns: Mapping[str, Column]) -> list[dict[str, Any]]:
    moment = _moment_here()
    known = [
        (name, column.path, moment if column.write is _moment else column.write) for name, column in columns.items()
    ]
    return [
        {
            name: row[path] if write is None or row[path] is None else write(row[path])
            for name, path, write in known
        }
        for row in page
    ]  # fmt: skip


@functools.cache
def _columns(serializer: type[serializers.Serializer[Any]], derived: tuple[tuple[str, Column], ...]) -> Any:
    worked_out = dict(derived)
    return {name: worked_out.get(name) or _column(field) for name, field in serializer().fields.items()}


def _column(field: serializers.Field[Any, Any, Any, Any]) -> Column:
    source = str(field.source)
    if isinstance(field, relations.SlugRelatedField):
        return Column(f"{source}__{field.slug_field}")
    if isinstance(field, relations.PrimaryKeyRelatedField):
        return Column(f"{source}_id")
    if isinstance(field, serializers.DateTimeField):
        return Column(source, _moment)
    if isinstance(field, serializers.DateField):
        return Column(source, dt.date.isoformat)
    if isinstance(field, _AS_THEY_ARE):
        return Column(source)
    raise TypeError(f"{field!r} is not written as a row.")


def _moment(value: dt.datetime) -> str:
    return _moment_here()(value)


def _moment_here() -> Callable[[dt.datetime], str]:
    """Writes moments as Django REST framework does: in the present time zone, UTC with a Z."""
    zone = timezone.get_current_timezone()

    def write(value: dt.datetime) -> str:
        text = value.astimezone(zone).isoformat()
        return f"{text[:-6]}Z" if text.endswith("+00:00") else text

    return write
