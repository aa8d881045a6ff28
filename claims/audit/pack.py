"""An audit pack: the checks of a period with everything that proves them, as one zip. `proof` verifies it.

Everything is chosen by the ledger's sequence numbers and written row by row, so that a long period needs no more memory
than a short one. What happened after the period is left out: made again, the pack has the same bytes, unless somebody
took back an approval, protected a source, or changed a claim's topic or claimant since.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from claims.audit import ledger_export
from claims.audit.checks import Checks
from claims.audit.ledger_export import written
from claims.audit.ledger_proof import GENESIS, canonical
from claims.audit.proof import CHAINED, FORMAT, LEDGER, MANIFEST, README, STAMP, row_hash, seal_of
from claims.models import LedgerEntry, Newsroom, User
from claims.reports import balance
from claims.reports.periods import Period, entries_between
from claims.withholding import Protected

Row = dict[str, Any]


def write(newsroom: Newsroom, period: Period, out: IO[bytes]) -> dict[str, Any]:
    """Write the pack to a file that can be sought in. Returns the manifest."""
    first, last = entries_between(newsroom.pk, period)
    protected = Protected(newsroom.pk)
    checks = Checks(newsroom.pk, first, last, period.end, protected)
    rows: dict[str, Iterable[Row]] = {
        "checks.jsonl": checks.rows(),
        "sources.jsonl": checks.sources(),
        "reviews.jsonl": checks.reviews(),
        "corrections.jsonl": checks.corrections(),
        "complaints.jsonl": checks.complaints(),
        "balance.jsonl": _balance(newsroom, period),
        "people.jsonl": _people(newsroom.pk, last),
    }
    with zipfile.ZipFile(out, "w") as pack:
        files = {README: _file(pack, README, [_readme()])}
        for name in CHAINED:
            files[name] = _file(pack, name, _chained(rows[name]))
        chain = _Chain(newsroom, last, protected)
        files[LEDGER] = _file(pack, LEDGER, chain.lines())
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "newsroom": {"id": newsroom.pk, "slug": newsroom.slug},
            "from": written(period.start),
            "to": written(period.end),
            "files": files,
            "ledger": {
                "entries": last,
                "head": chain.head,
                "first_in_period": first,
                "last_in_period": last,
                "withheld": chain.withheld,
            },
        }
        manifest["seal"] = seal_of(manifest)
        _file(pack, MANIFEST, [canonical(manifest) + "\n"])
    return manifest


def _readme() -> str:
    return (Path(__file__).parents[1] / "templates" / "audit_pack" / "README.txt").read_text(encoding="utf-8")


def _file(pack: zipfile.ZipFile, name: str, lines: Iterable[str]) -> dict[str, Any]:
    """One file of the zip, with nothing in it that differs between two makings: no time, no rights, no platform."""
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
    digest, size, rows, head = hashlib.sha256(), 0, 0, ""
    with pack.open(info, "w", force_zip64=True) as file:
        for line in lines:
            raw = line.encode()
            file.write(raw)
            digest.update(raw)
            size, rows, head = size + len(raw), rows + 1, line
    said: dict[str, Any] = {"sha256": digest.hexdigest(), "bytes": size}
    if name in CHAINED:
        said["head"] = json.loads(head)["hash"] if head else GENESIS
    return said if name == README else {**said, "rows": rows}


def _chained(rows: Iterable[Row]) -> Iterator[str]:
    last = GENESIS
    for number, row in enumerate(rows, 1):
        made = {**row, "row": number, "previous_hash": last}
        last = made["hash"] = row_hash(made)
        yield canonical(made) + "\n"


class _Chain:
    """The ledger up to an entry; bodies that would give a protected source away are withheld."""

    def __init__(self, newsroom: Newsroom, last: int, protected: Protected) -> None:
        self._newsroom, self._last, self._protected = newsroom, last, protected
        self.head, self.withheld = GENESIS, 0

    def lines(self) -> Iterator[str]:
        for entry in ledger_export.entries(newsroom=self._newsroom, last=self._last):
            if self._protected.entry(entry["kind"], entry["body"], json.loads(entry["body"])):
                entry["body"] = None
                self.withheld += 1
            self.head = entry["hash"]
            yield canonical(entry) + "\n"


def _balance(newsroom: Newsroom, period: Period) -> Iterator[Row]:
    for rows in balance.report(newsroom, period).values():
        for row in rows:
            yield dataclasses.asdict(row)


def _people(newsroom_id: int, last: int) -> Iterator[Row]:
    acted = LedgerEntry.objects.filter(newsroom=newsroom_id, sequence__lte=last, actor__isnull=False)
    people = User.objects.filter(pk__in=acted.order_by().values("actor").distinct()).order_by("pk")
    for pk, username in people.values_list("pk", "username").iterator():
        yield {"person": pk, "username": username}
