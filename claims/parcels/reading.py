"""Reading a parcel: every line is looked at before anything is loaded, and a problem names its line."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from claims.errors import InvalidInput
from claims.parcels import contents
from claims.parcels.packing import FORMAT, SNAPSHOT, VERSION

LONGEST = 512 * 1024 * 1024  # bytes of a line; a file of the archive is the longest there is


class BadParcel(InvalidInput):
    """The file is no parcel, or not whole, or its rows do not fit together."""

    def __init__(self, problem: str, *, line: int | None = None) -> None:
        super().__init__(f"Line {line}: {problem}" if line else problem, field="file", code="bad_parcel")
        self.line = line


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a parcel, and where it stands in the file."""

    number: int
    model: str
    pk: int
    fields: dict[str, Any]
    size: int


@dataclass(slots=True)
class Parcel:
    """A file that was read once from end to end and found whole."""

    path: Path
    header: dict[str, Any]
    sha256: str = ""
    highest: dict[str, int] = field(default_factory=dict)  # the highest id of each model

    @property
    def counts(self) -> dict[str, int]:
        return cast("dict[str, int]", self.header["counts"])

    @property
    def slug(self) -> str:
        return str(self.header["newsroom"])

    def rows(self, model: str) -> Iterator[Line]:
        """The lines of one model."""
        for line in self.all_rows():
            if line.model == model:
                yield line

    def all_rows(self) -> Iterator[Line]:
        """Every line between header and trailer."""
        for number, raw in _lines(self.path):
            value = json.loads(raw)
            if value["model"] not in ("header", "trailer"):
                yield Line(number, value["model"], value["id"], value["fields"], len(raw))


def read(path: Path) -> Parcel:
    """The parcel in a file, plain or compressed by gzip. Raises `BadParcel` with the number of the line."""
    lines = _lines(path)
    number, raw = next(lines, (1, b""))
    parcel = Parcel(path, _header(_value(raw, 1)))
    digest, last, counted = hashlib.sha256(raw), (0, 0), dict.fromkeys(parcel.counts, 0)
    trailer: dict[str, Any] | None = None
    order = [contents.label(model) for model in contents.ORDER] + [SNAPSHOT]
    for number, raw in lines:
        if trailer is not None:
            raise BadParcel("Nothing may follow the trailer.", line=number)
        value = _value(raw, number)
        if value.get("model") == "trailer":
            trailer = value
            continue
        _check_row(value, number)
        at = (order.index(value["model"]), value["id"])
        if at <= last and value["model"] != SNAPSHOT:
            raise BadParcel(f"{value['model']} {value['id']} is out of order, or stands here twice.", line=number)
        last = at
        counted[value["model"]] = counted.get(value["model"], 0) + 1
        parcel.highest[value["model"]] = value["id"]
        digest.update(raw)
    if trailer is None:
        raise BadParcel("The file ends before its trailer: it was cut off.", line=number)
    if trailer.get("sha256") != digest.hexdigest():
        raise BadParcel("The SHA-256 does not fit: the file was changed after it was made.", line=number)
    for model, count in counted.items():
        if parcel.counts.get(model, 0) != count:
            raise BadParcel(f"The header promises {parcel.counts.get(model, 0)} rows of {model}; there are {count}.")
    parcel.sha256 = digest.hexdigest()
    return parcel


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        with _opened(path) as file:
            while raw := file.readline(LONGEST):
                number += 1
                if not raw.endswith(b"\n"):
                    raise BadParcel("The line is cut off.", line=number)
                yield number, raw
    except (EOFError, gzip.BadGzipFile) as exc:
        raise BadParcel("The compressed file is damaged or cut off.", line=number + 1) from exc


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast("BinaryIO", gzip.open(path, "rb")) if packed else path.open("rb")


def _value(raw: bytes, number: int) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as exc:
        raise BadParcel("This is not JSON.", line=number) from exc
    if not isinstance(value, dict):
        raise BadParcel("This is not a JSON object.", line=number)
    return value


def _header(value: dict[str, Any]) -> dict[str, Any]:
    if value.get("model") != "header" or value.get("format") != FORMAT:
        raise BadParcel("This is not the header of a newsroom's export.", line=1)
    if value.get("version") != VERSION:
        raise BadParcel(f"Version {value.get('version')} of the format is not known; {VERSION} is.", line=1)
    counts = value.get("counts")
    if not isinstance(counts, dict) or counts.get("claims.newsroom") != 1 or not value.get("newsroom"):
        raise BadParcel("The header has to name one newsroom and count its rows.", line=1)
    return value


def _check_row(value: dict[str, Any], number: int) -> None:
    name, pk, given = value.get("model"), value.get("id"), value.get("fields")
    if name != SNAPSHOT and name not in contents.BY_LABEL:
        raise BadParcel(f"{name!r} is no model of a newsroom.", line=number)
    if not isinstance(pk, int) or isinstance(pk, bool) or not 0 < pk < 2**63:
        raise BadParcel("The id is not a positive number.", line=number)
    if not isinstance(given, dict):
        raise BadParcel("There are no fields.", line=number)
    if name == SNAPSHOT:
        return
    known = {one.name: one for one in contents.fields(contents.BY_LABEL[name])}
    if unknown := sorted(set(given) - set(known)):
        raise BadParcel(f"{name} has no field {', '.join(unknown)}. Was a later version exported?", line=number)
    if missing := sorted(field for field in set(known) - set(given) if not known[field].has_default()):
        raise BadParcel(f"{', '.join(missing)} is missing.", line=number)
