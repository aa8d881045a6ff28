"""The ledger's arithmetic without a database: what an auditor needs to verify an export. Standard library only."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
FIELDS = ("newsroom", "sequence", "at", "kind", "actor", "claim", "body", "previous_hash", "hash")


@dataclass(frozen=True, slots=True)
class Breach:
    """The first entry of a chain that does not fit, and why."""

    newsroom: int
    sequence: int
    problem: str


def canonical(payload: Mapping[str, Any]) -> str:
    """The one way a payload is written: sorted keys, no spaces, text as UTF-8."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry_hash(entry: Mapping[str, Any]) -> str:
    """SHA-256 over the fields of one entry; `at` is UTC as 2026-01-31T12:00:00.000000Z."""
    fields = (
        entry["previous_hash"],
        str(entry["newsroom"]),
        str(entry["sequence"]),
        entry["at"],
        entry["kind"],
        "" if entry["actor"] is None else str(entry["actor"]),
        "" if entry["claim"] is None else str(entry["claim"]),
        entry["body"],
    )
    return hashlib.sha256("\n".join(fields).encode()).hexdigest()


def verify(
    entries: Iterable[Mapping[str, Any]],
    *,
    heads: Mapping[int, tuple[int, str]] | None = None,
    start: Mapping[int, tuple[int, str]] | None = None,
    withheld: bool = False,
) -> tuple[dict[int, tuple[int, str]], Breach | None]:
    """Walk the chains in order. Returns the head (sequence, hash) per newsroom and the first breach, if any.

    `start` are heads that were verified before: the entries given go on from there.
    `heads` are anchored heads, by newsroom: a chain that ends before its anchor has lost its tail.
    With `withheld` an entry may lack its body (None): it still holds the chain, whoever is given the body can prove it.
    """
    reached: dict[int, tuple[int, str]] = dict(start or {})
    anchored = dict(heads or {})
    for entry in entries:
        newsroom, sequence = int(entry["newsroom"]), int(entry["sequence"])
        last, last_hash = reached.get(newsroom, (0, GENESIS))
        if sequence != last + 1:
            return reached, Breach(newsroom, last + 1, f"missing: the next entry is {sequence}")
        if entry["previous_hash"] != last_hash:
            return reached, Breach(newsroom, sequence, "does not follow the entry before it")
        if not (withheld and entry["body"] is None) and entry["hash"] != entry_hash(entry):
            return reached, Breach(newsroom, sequence, "was changed: its hash does not fit its content")
        reached[newsroom] = (sequence, entry["hash"])
        if newsroom in anchored and anchored[newsroom][0] == sequence and anchored[newsroom][1] != entry["hash"]:
            return reached, Breach(newsroom, sequence, "differs from the anchored head")
    for newsroom, (sequence, _) in anchored.items():
        if reached.get(newsroom, (0, ""))[0] < sequence:
            return reached, Breach(newsroom, reached.get(newsroom, (0, ""))[0] + 1, "the tail was cut off")
    return reached, None
