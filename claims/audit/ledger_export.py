"""Ledger entries as plain values, in the order of their chains: what `ledger_proof` verifies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from claims.models import LedgerEntry, Newsroom

AT_ONCE = 2000


def entries(*, newsroom: Newsroom | None = None, after: int = 0, last: int | None = None) -> Iterator[dict[str, Any]]:
    """Every entry of one newsroom (`after` one, up to the `last`), or of all; streamed: it needs no more memory."""
    found = LedgerEntry.objects.order_by("newsroom", "sequence")
    if newsroom is not None:
        found = found.filter(newsroom=newsroom)
    if after:
        found = found.filter(sequence__gt=after)
    if last is not None:
        found = found.filter(sequence__lte=last)
    for entry in found.values(
        "newsroom", "sequence", "at", "kind", "actor", "claim", "body", "previous_hash", "hash"
    ).iterator(chunk_size=AT_ONCE):
        yield {**entry, "at": written(entry["at"]) if entry["at"] else None}


def written(at: dt.datetime) -> str:
    """A moment as the chain hashes it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
