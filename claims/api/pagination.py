"""Pages by cursor: stable while rows come in, and the same order every time."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from claims.api.permissions import actor
from claims.paging import SORTS, is_key, page


class NewestFirst(CursorPagination):
    """Newest first, by id. `limit` says how many at once, at most 200."""

    ordering = "-pk"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"

    def decode_cursor(self, request: Request) -> Cursor | None:
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                int(cursor.position)
            except ValueError:
                raise NotFound(self.invalid_cursor_message) from None
        return cursor

    def get_page_size(self, request: Request) -> int:
        return super().get_page_size(request) or self.page_size

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return (self.ordering,)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = {"type": ["string", "null"], "format": "uri", "description": "Address of the page, if there is one."}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": page, "previous": page, "results": schema},
        }


class AsAsked(NewestFirst):
    """Newest first, or in one of the orders of the desk's queue, named by `?sort=`.

    Those orders tell of numbers that change: a row that moves between two pages may be seen twice, or not at all.
    """

    at: tuple[str, str] = ("", "")  # what the pages before and after this one begin with, in such an order

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        name = request.query_params.get("sort", "newest")
        if name not in SORTS:
            raise ValidationError({"sort": [_("Known are: {known}.").format(known=", ".join(SORTS))]}, "unknown")
        self.sort = name
        if name == "newest":
            return super().paginate_queryset(queryset, request, view)
        self.base_url = request.build_absolute_uri()
        asked = self._key(request.query_params.get("cursor", ""))
        size, user = self.get_page_size(request), actor(request)
        newsrooms = user.newsroom_ids() if not user.is_superuser else ()
        shown, older, newer = page(queryset, SORTS[name], *asked, size=size, newsrooms=list(newsrooms))
        self.at = newer, older
        place = {pk: number for number, pk in enumerate(shown)}
        rows = queryset.filter(pk__in=shown)
        return sorted(rows, key=lambda row: place[row["pk"] if isinstance(row, dict) else row.pk])

    def get_next_link(self) -> str | None:
        return super().get_next_link() if self.sort == "newest" else self._link("after", self.at[1])

    def get_previous_link(self) -> str | None:
        return super().get_previous_link() if self.sort == "newest" else self._link("before", self.at[0])

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        about = "The order. `priority` is that of claims waiting to be picked: best with `status=submitted`."
        shape = {"type": "string", "enum": list(SORTS), "default": "newest"}
        sort = {"name": "sort", "in": "query", "required": False, "description": about, "schema": shape}
        return [*super().get_schema_operation_parameters(view), sort]

    def _link(self, way: str, key: str) -> str | None:
        if not key:
            return None
        cursor = urlsafe_b64encode(f"{self.sort} {way} {key}".encode()).decode()
        return replace_query_param(self.base_url or "", "cursor", cursor)

    def _key(self, cursor: str) -> tuple[str, str]:
        """The `after` and `before` a cursor of this order holds."""
        try:
            sort, way, key = urlsafe_b64decode(cursor).decode().split(" ") if cursor else (self.sort, "after", "")
        except ValueError:
            raise NotFound(self.invalid_cursor_message) from None
        if sort != self.sort or way not in ("after", "before") or (key and not is_key(SORTS[sort], key)):
            raise NotFound(self.invalid_cursor_message)
        return (key, "") if way == "after" else ("", key)


class OldestFirst(NewestFirst):
    """In the order things came to be, by id."""

    ordering = "pk"


class AsHappened(NewestFirst):
    """Ledger entries in the order of their chain."""

    ordering = "sequence"
