"""An audit pack without a database: what an auditor needs to verify the zip. Standard library only.

Every row of every file carries its number, the hash of the row before and its own; the manifest names the last hash,
the size and the SHA-256 of every file and seals itself. The rows are then held against the ledger that lies beside
them: an approval, a publication, a correction or a complaint that the ledger does not know, or that it knows and the
pack lacks, is a breach like a changed byte.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from claims.audit import ledger_proof
from claims.audit.ledger_proof import GENESIS, canonical

FORMAT = "factcheck-audit-pack/1"
README, MANIFEST, LEDGER = "README.txt", "manifest.json", "ledger.jsonl"
CHAINED = (
    "checks.jsonl",
    "sources.jsonl",
    "reviews.jsonl",
    "corrections.jsonl",
    "complaints.jsonl",
    "balance.jsonl",
    "people.jsonl",
)
FILES = (README, *CHAINED, LEDGER, MANIFEST)  # in the order in which they stand in the zip
STAMP = (1980, 1, 1, 0, 0, 0)
LONGEST = 64 * 1024 * 1024  # of one row
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


class PackBreach(Exception):
    """The first place of a pack that does not fit, and why. `row` is 0 where it is not one row."""

    def __init__(self, file: str, row: int, problem: str) -> None:
        super().__init__(file, row, problem)
        self.file, self.row, self.problem = file, row, problem

    def __str__(self) -> str:
        return f"{self.file}, row {self.row} {self.problem}" if self.row else f"{self.file} {self.problem}"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a whole pack says of itself."""

    manifest: dict[str, Any]
    rows: int
    withheld: int


@dataclass(slots=True)
class _Told:
    """What the ledger says happened, by the number of the thing."""

    approved: dict[int, list[Mapping[str, Any]]] = field(default_factory=dict)
    published: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    corrections: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    complaints: dict[int, Mapping[str, Any]] = field(default_factory=dict)


def row_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 of a row's canonical JSON without its own hash; the hash of the row before is among its fields."""
    return hashlib.sha256(canonical({key: value for key, value in row.items() if key != "hash"}).encode()).hexdigest()


def seal_of(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(
        canonical({key: value for key, value in manifest.items() if key != "seal"}).encode()
    ).hexdigest()


def commitment(salt: str, hidden: Mapping[str, Any]) -> str:
    """What stands in place of a protected source: who is given the salt and the fields can prove that it was this."""
    return hashlib.sha256(f"{salt}\n{canonical(hidden)}".encode()).hexdigest()


def is_pack(place: Path) -> bool:
    return zipfile.is_zipfile(place)


def verify(place: Path, *, heads: Mapping[int, tuple[int, str]] | None = None, seal: str = "") -> Verified:
    """Read the whole pack once, row by row. Raises the first `PackBreach`."""
    try:
        with zipfile.ZipFile(place) as pack:
            return _verify(pack, heads or {}, seal)
    except _DAMAGED as exc:
        raise PackBreach(place.name, 0, f"is damaged: {exc}.") from exc


def _verify(pack: zipfile.ZipFile, heads: Mapping[int, tuple[int, str]], seal: str) -> Verified:
    _container(pack)
    manifest = _manifest(pack, seal)
    _plain(pack, README, manifest)
    told = _Told()
    withheld, first, last = _ledger(pack, manifest, heads, told)
    rows = int(manifest["files"][LEDGER]["rows"])
    counted: dict[int, int] = {}
    for name in CHAINED:
        for number, row in _rows(pack, name, manifest):
            rows += 1
            problem = _held_against(name, row, told, counted)
            if problem:
                raise PackBreach(name, number, problem)
    if left := [number for number, many in counted.items() if many]:
        raise PackBreach("sources.jsonl", 0, f"has not as many sources of check {min(left)} as the check says.")
    _complete(told, first, last)
    return Verified(manifest, rows, withheld)


def _container(pack: zipfile.ZipFile) -> None:
    names = [info.filename for info in pack.infolist()]
    if len(names) != len(set(names)) or set(names) - set(FILES):
        odd = next(name for at, name in enumerate(names) if name not in FILES or name in names[:at])
        raise PackBreach(odd, 0, "does not belong into the pack.")
    if missing := [name for name in FILES if name not in names]:
        raise PackBreach(missing[0], 0, "is missing.")
    for info in pack.infolist():
        if info.date_time != STAMP or info.comment or pack.comment:
            raise PackBreach(info.filename, 0, "was put into the zip by another hand: its time is not the pack's.")


def _manifest(pack: zipfile.ZipFile, seal: str) -> dict[str, Any]:
    raw = _whole(pack, MANIFEST)
    try:
        manifest: dict[str, Any] = json.loads(raw)
        fits = raw.decode() == canonical(manifest) + "\n" and manifest["seal"] == seal_of(manifest)
        files = manifest["files"]
        if manifest["format"] != FORMAT or set(files) != set(FILES) - {MANIFEST}:
            raise PackBreach(MANIFEST, 0, "is not the manifest of an audit pack of this kind.")
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise PackBreach(MANIFEST, 0, "was changed: it is not a manifest any more.") from exc
    if not fits:
        raise PackBreach(MANIFEST, 0, "was changed: its seal does not fit its content.")
    if seal and seal != manifest["seal"]:
        raise PackBreach(MANIFEST, 0, "is whole, but its seal is not the one noted elsewhere.")
    return manifest


def _plain(pack: zipfile.ZipFile, name: str, manifest: Mapping[str, Any]) -> None:
    if hashlib.sha256(_whole(pack, name)).hexdigest() != manifest["files"][name]["sha256"]:
        raise PackBreach(name, 0, "was changed: its hash is not the manifest's.")


def _whole(pack: zipfile.ZipFile, name: str) -> bytes:
    try:
        return pack.read(name)
    except _DAMAGED as exc:
        raise PackBreach(name, 0, f"is damaged: {exc}.") from exc


def _lines(pack: zipfile.ZipFile, name: str, manifest: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a file as they were read, each written as it must be; at the end the whole file is compared."""
    digest, number = hashlib.sha256(), 0
    with pack.open(name) as lines:
        while line := _line(name, number + 1, lines):
            number += 1
            digest.update(line)
            try:
                row = json.loads(line)
                written = canonical(row) + "\n"
            except ValueError as exc:
                raise PackBreach(name, number, "was changed: it cannot be read.") from exc
            if not isinstance(row, dict) or written.encode() != line:
                raise PackBreach(name, number, "was changed: it is not written as rows are.")
            yield number, row
    said = manifest["files"][name]
    if number != said["rows"]:
        raise PackBreach(name, min(number, said["rows"]) + 1, f"is too many or missing: {said['rows']} are to be here.")
    if digest.hexdigest() != said["sha256"]:
        raise PackBreach(name, 0, "was changed: its hash is not the manifest's.")


def _line(name: str, number: int, lines: IO[bytes]) -> bytes:
    try:
        return lines.readline(LONGEST)
    except _DAMAGED as exc:
        raise PackBreach(name, number, f"is damaged: {exc}.") from exc


def _rows(pack: zipfile.ZipFile, name: str, manifest: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    last = GENESIS
    for number, row in _lines(pack, name, manifest):
        if row.get("row") != number:
            raise PackBreach(name, number, f"is missing or out of order: here stands row {row.get('row')}.")
        if row.get("previous_hash") != last:
            raise PackBreach(name, number, "does not follow the row before it.")
        if row.get("hash") != row_hash(row):
            raise PackBreach(name, number, "was changed: its hash does not fit its content.")
        last = row["hash"]
        yield number, row
    if last != manifest["files"][name]["head"]:
        raise PackBreach(name, 0, "does not end with the row the manifest names.")


def _ledger(
    pack: zipfile.ZipFile, manifest: Mapping[str, Any], heads: Mapping[int, tuple[int, str]], told: _Told
) -> tuple[int, int, int]:
    """Walk the chain. Returns how many entries are withheld, and the period's first and last sequence."""
    said, newsroom, withheld = manifest["ledger"], manifest["newsroom"]["id"], 0
    first, last = said["first_in_period"], said["last_in_period"]

    def entries() -> Iterator[dict[str, Any]]:
        nonlocal withheld
        for number, entry in _lines(pack, LEDGER, manifest):
            if set(entry) != set(ledger_proof.FIELDS) or entry["newsroom"] != newsroom:
                raise PackBreach(LEDGER, number, "is not an entry of this newsroom's ledger.")
            if entry["body"] is None:
                withheld += 1
            else:
                _note(told, entry, number)
            inside = manifest["from"] <= entry["at"] < manifest["to"]
            if inside != (first <= entry["sequence"] <= last):
                raise PackBreach(LEDGER, number, "lies on the wrong side of the period's ends.")
            yield entry

    try:
        reached, breach = ledger_proof.verify(entries(), heads=heads, withheld=True)
    except (KeyError, TypeError, ValueError) as exc:
        raise PackBreach(LEDGER, 0, f"holds a row that is no entry: {exc!r}.") from exc
    if breach is not None:
        raise PackBreach(LEDGER, breach.sequence, f"{breach.problem}.")
    if reached.get(newsroom, (0, GENESIS)) != (said["entries"], said["head"]) or withheld != said["withheld"]:
        raise PackBreach(LEDGER, 0, "does not end with the entry the manifest names.")
    return withheld, first, last


def _note(told: _Told, entry: Mapping[str, Any], number: int) -> None:
    kind = entry["kind"]
    if kind not in ("verdict.approved", "publication.published", "publication.corrected", "complaint.received"):
        return
    try:
        body = {**json.loads(entry["body"]), "sequence": entry["sequence"], "actor": entry["actor"]}
        body["claim"] = entry["claim"]
        if kind == "verdict.approved":
            told.approved.setdefault(body["verdict"], []).append(body)
        elif kind == "publication.published":
            told.published[body["publication"]] = body
        elif kind == "publication.corrected":
            told.corrections[body["correction"]] = body
        else:
            told.complaints[body["complaint"]] = body
    except (ValueError, KeyError, TypeError) as exc:
        raise PackBreach(LEDGER, number, "was changed: its body cannot be read.") from exc


def _held_against(name: str, row: Mapping[str, Any], told: _Told, counted: dict[int, int]) -> str:
    """What the ledger holds against a row; empty when it holds nothing."""
    if name == "checks.jsonl":
        counted[row["check"]] = counted.get(row["check"], 0) + row["sources"]
        return _check(row, told)
    if name == "sources.jsonl":
        if row["check"] not in counted:
            return "belongs to no check of this pack."
        counted[row["check"]] -= 1
    elif name == "corrections.jsonl":
        entry = told.corrections.pop(row["correction"], None)
        if entry is None or (entry["sequence"], entry["type"]) != (row["sequence"], row["kind"]):
            return "is not what the ledger says was corrected."
    elif name == "complaints.jsonl":
        entry = told.complaints.pop(row["complaint"], None)
        if entry is None or entry["sequence"] != row["sequence"]:
            return "is not known to the ledger."
        if entry.get("sha256") not in (None, hashlib.sha256(row["text"].encode()).hexdigest()):
            return "is not the text that came in, says the ledger."
    return ""


def _check(row: Mapping[str, Any], told: _Told) -> str:
    wanted = (row["claim"], row["approved_by"], row["content_hash"])
    if not any(
        (one["claim"], one["actor"], one["content_hash"]) == wanted and one["sequence"] == row["approved_sequence"]
        for one in told.approved.get(row["check"], [])
    ):
        return "is not the verdict that the ledger says was approved, or not by this person."
    if row["publication"] is not None:
        entry = told.published.pop(row["publication"], None)
        if entry is None or (entry["claim"], entry["sequence"]) != (row["claim"], row["published_sequence"]):
            return "is not the publication the ledger knows."
        if entry["content_hash"] != row["content_hash"]:
            return "is not the content that was published, says the ledger."
    return ""


def _complete(told: _Told, first: int, last: int) -> None:
    for file, word, entries in (
        ("checks.jsonl", "publication", told.published),
        ("corrections.jsonl", "correction", told.corrections),
        ("complaints.jsonl", "complaint", told.complaints),
    ):
        for number, entry in entries.items():
            if first <= entry["sequence"] <= last:
                raise PackBreach(
                    file, 0, f"lacks {word} {number}, which entry {entry['sequence']} of the ledger names."
                )
