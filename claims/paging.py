"""Pages by key: each begins where the last one ended. Nothing is counted, and no page costs more for being deep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from claims.models.claim import BEFORE_THE_VERDICT, PRIORITY, ClaimQuerySet

MANY = 100  # a tab counts no further
MERGED = 20  # newsrooms whose pages are merged


@dataclass(frozen=True, slots=True)
class Sort:
    """An order that never ties: the last key is the primary key."""

    label: Any
    keys: tuple[str, ...]
    read: Callable[[str], Any] = str
    only: Q | None = None  # who has a place in this order at all
    made: dict[str, Any] = field(default_factory=dict)  # keys that are no columns


SORTS = {
    "priority": Sort(_("Priority"), ("-place", "-pk"), float, made={"place": PRIORITY}),
    "score": Sort(_("Worth checking"), ("-score", "-pk"), float),
    "newest": Sort(_("Newest first"), ("-pk",)),
    "oldest": Sort(_("Oldest first"), ("pk",)),
    "waiting": Sort(_("Waiting longest"), ("moved_at", "pk"), parse_datetime),
    "due": Sort(
        _("Due first"), ("due_at", "pk"), parse_datetime, Q(due_at__isnull=False, status__in=BEFORE_THE_VERDICT)
    ),
    "demand": Sort(_("Came in most often"), ("-demand", "-pk"), int, Q(demand__gt=1)),
}


def page(
    rows: ClaimQuerySet, sort: Sort, after: str, before: str, *, size: int, newsrooms: Sequence[int]
) -> tuple[list[int], str, str]:
    """The claims of one page, by number, with the keys of the pages around it ('' where there is none)."""
    key = _read_key(sort, after or before)
    backwards = bool(before and key)
    order = [_turned(name) for name in sort.keys] if backwards else list(sort.keys)
    if sort.made:
        rows = rows.annotate(**sort.made)
    if sort.only is not None:
        rows = rows.filter(sort.only)
    if key:
        rows = rows.filter(_beyond(order, key))
    found = list(_in_order(rows, order, size + 1, newsrooms))
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    older = _write_key(found[-1]) if found and (backwards or more) else ""
    newer = _write_key(found[0]) if found and (more if backwards else bool(key)) else ""
    return [one[-1] for one in found], older, newer


def _in_order(rows: ClaimQuerySet, order: list[str], size: int, newsrooms: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    """The keys of the first claims. Indexes are in order within one newsroom: each gives its first, to be merged."""
    columns = [name.removeprefix("-") for name in order]
    if not 1 < len(newsrooms) <= MERGED:
        return rows.order_by(*order).values_list(*columns)[:size]
    first, *others = (
        rows.filter(newsroom=newsroom).order_by(*order).values_list(*columns)[:size] for newsroom in newsrooms
    )
    return first.union(*others, all=True).order_by(*order)[:size]


def up_to_many(rows: ClaimQuerySet) -> str:
    """How many there are, counted no further than to MANY: a full count would read the whole table."""
    found = len(rows.order_by().values_list("pk", flat=True)[: MANY + 1])
    return f"{MANY}+" if found > MANY else str(found)


def is_key(sort: Sort, text: str) -> bool:
    """Whether a page of this order can begin with it."""
    return _read_key(sort, text) is not None


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


def _write_key(key: tuple[Any, ...]) -> str:
    return "~".join(value.isoformat() if isinstance(value, datetime) else repr(value) for value in key)


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
