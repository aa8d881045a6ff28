"""The language tables: TSV files a desk can read and edit.

Every table lies in `tables/NAME.tsv`. Its first line names the columns, one of which is `language`
(an ISO 639-1 code, or `*` for a row that holds everywhere); `#` opens a comment line and empty lines
are skipped. Cells are stripped; a missing last cell is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("tables")

Row = Mapping[str, str]


class TableError(ValueError):
    """A table a person has edited into something that cannot be read."""


@cache
def rows(name: str, language: str | None = None) -> tuple[Row, ...]:
    """The rows of one table, in file order: those of `language` and of `*`, or all without a language."""
    path = FOLDER / f"{name}.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not kept:
        raise TableError(f"{path.name} is empty: its first line must name the columns.")
    columns = [cell.strip() for cell in kept[0][1].split("\t")]
    if "language" not in columns:
        raise TableError(f"{path.name} has no column called language.")
    found = []
    for number, line in kept[1:]:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) > len(columns):
            raise TableError(f"{path.name}, line {number}: {len(cells)} cells for {len(columns)} columns.")
        cells += [""] * (len(columns) - len(cells))
        row = dict(zip(columns, cells, strict=True))
        if language is None or row["language"] in (language, "*"):
            found.append(row)
    return tuple(found)


@cache
def column(name: str, language: str | None, key: str) -> frozenset[str]:
    """One column of a table as a set, for membership tests."""
    return frozenset(row[key] for row in rows(name, language) if row[key])


@cache
def languages(name: str) -> frozenset[str]:
    """The languages a table has rows of its own for."""
    return frozenset(row["language"] for row in rows(name) if row["language"] != "*")


@cache
def words(name: str, role: str) -> frozenset[str]:
    """All words of one role in a table of the form language, role, words; whatever their language."""
    return frozenset(word for row in rows(name) if row["role"] == role for word in row["words"].split())
