"""Pages by key: each begins where the last one ended. Nothing is counted, and no page costs more for being deep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.models.claim import ClaimQuerySet

MANY = 100  # a tab counts no further


@dataclass(frozen=True, slots=True)
class Sort:
    """An order that never ties: the last key is the primary key."""

    label: Any
    keys: tuple[str, ...]
    read: Callable[[str], Any] = str
    only: Q | None = None  # a key that may be missing has no place in an order


SORTS = {
    "score": Sort(_("Worth checking"), ("-score", "-pk"), float),
    "newest": Sort(_("Newest first"), ("-pk",)),
    "oldest": Sort(_("Oldest first"), ("pk",)),
    "waiting": Sort(_("Waiting longest"), ("moved_at", "pk"), parse_datetime),
    "due": Sort(_("Due first, only with a deadline"), ("due_at", "pk"), parse_datetime, Q(due_at__isnull=False)),
    "demand": Sort(_("Came in most often"), ("-demand", "-pk"), int),
}


def page(rows: ClaimQuerySet, sort: Sort, after: str, before: str, size: int) -> tuple[list[Claim], str, str]:
    """One page, with the keys of the pages around it ('' where there is none)."""
    key = _read_key(sort, after or before)
    backwards = bool(before and key)
    order = [_turned(name) for name in sort.keys] if backwards else list(sort.keys)
    if sort.only is not None:
        rows = rows.filter(sort.only)
    if key:
        rows = rows.filter(_beyond(order, key))
    found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    older = _write_key(sort, found[-1]) if found and (backwards or more) else ""
    newer = _write_key(sort, found[0]) if found and (more if backwards else bool(key)) else ""
    return found, older, newer


def up_to_many(rows: ClaimQuerySet) -> str:
    """How many there are, counted no further than to MANY: a full count would read the whole table."""
    found = len(rows.order_by().values_list("pk", flat=True)[: MANY + 1])
    return f"{MANY}+" if found > MANY else str(found)


def _turned(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def _beyond(order: list[str], key: list[Any]) -> Q:
    """Rows that come after a key in this order."""
    first, compare = order[0].removeprefix("-"), "lt" if order[0].startswith("-") else "gt"
    if len(order) == 1:
        return Q(**{f"{first}__{compare}": key[0]})
    last, compare_last = order[-1].removeprefix("-"), "lt" if order[-1].startswith("-") else "gt"
    beyond = Q(**{f"{first}__{compare}": key[0]}) | Q(**{first: key[0], f"{last}__{compare_last}": key[-1]})
    # The same once more as a plain bound: the index can begin where the page begins.
    return Q(**{f"{first}__{compare}e": key[0]}) & beyond


def _write_key(sort: Sort, claim: Claim) -> str:
    values = [getattr(claim, name.removeprefix("-")) for name in sort.keys]
    return "~".join(value.isoformat() if isinstance(value, datetime) else repr(value) for value in values)


def _read_key(sort: Sort, text: str) -> list[Any] | None:
    """The key in an address; None when it is not one (somebody edited it), which shows the first page."""
    parts = text.split("~")
    if not text or len(parts) != len(sort.keys):
        return None
    try:
        key = [*(sort.read(part) for part in parts[:-1]), int(parts[-1])]
    except ValueError:
        return None
    return None if any(part is None for part in key) else key
