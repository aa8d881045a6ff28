"""Sheets: CSV as spreadsheets write it, whatever their dialect, as rows of text that know their line."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from claims.errors import InvalidInput
from claims.formulas import unmarked

LONGEST_CELL = 1_000_000
_DELIMITERS = ";\t,|"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:[,T ].*)?")
_SEVERAL_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
ORDERS = ("dmy", "mdy")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record by column, and the line it begins on. A record that cannot be read has a problem."""

    line: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(slots=True)
class Sheet:
    """A table with named columns."""

    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    encoding: str = "utf-8"
    delimiter: str = ","

    def cells(self, column: str) -> Iterator[str]:
        return (row.cells[column] for row in self.rows if not row.problem)


def read(content: bytes) -> Sheet:
    """The table in the bytes of a CSV file: UTF-8, UTF-16 with its mark, or Windows-1252; any usual delimiter; cells
    may hold line breaks. Raises `InvalidInput` where there is no table at all."""
    text, encoding = _decoded(content)
    skipped = 0
    if found := re.match(r"sep=(.)\r?\n", text):  # as Excel notes it
        text, skipped = text[found.end() :], 1
    delimiter = found[1] if found else _delimiter(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    previous = csv.field_size_limit(LONGEST_CELL)
    try:
        return _table(lines, skipped, encoding, delimiter)
    finally:
        csv.field_size_limit(previous)


def _decoded(content: bytes) -> tuple[str, str]:
    if b"\x00" in content and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InvalidInput("This is not a text file. Save the table as CSV.", field="file", code="not_text")
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8")
    for tried in dict.fromkeys((encoding, "cp1252")):
        try:
            return content.decode(tried), tried
        except UnicodeDecodeError as exc:
            if tried != "cp1252" and _mostly_utf8(content):
                line = content.count(b"\n", 0, exc.start) + 1
                raise InvalidInput(
                    f"Line {line} is not UTF-8, though the rest is: save the file as UTF-8 again.",
                    field="file",
                    code="encoding",
                ) from exc
            continue
    raise InvalidInput("The text is neither UTF-8 nor Windows-1252.", field="file", code="encoding")


def _mostly_utf8(content: bytes) -> bool:
    """Whether letters beyond ASCII are nearly all written as UTF-8 writes them: then the others are mistakes, and read
    as Windows-1252 everything else would turn into nonsense."""
    written = sum(1 for _ in _SEVERAL_BYTES.finditer(content))
    others = sum(1 for byte in _SEVERAL_BYTES.sub(b"", content) if byte > 0x7F)
    return written >= 3 and written > 4 * others


def _delimiter(text: str) -> str:
    """What stands most often in the first record outside of quotes."""
    quoted, counted = False, dict.fromkeys(_DELIMITERS, 0)
    for char in text[:LONGEST_CELL]:
        if char == '"':
            quoted = not quoted
        elif char in "\r\n" and not quoted:
            break
        elif not quoted and char in counted:
            counted[char] += 1
    best = max(_DELIMITERS, key=lambda one: counted[one])
    return best if counted[best] else ","


def _table(lines: Iterable[list[str]], skipped: int, encoding: str, delimiter: str) -> Sheet:
    sheet: Sheet | None = None
    at = skipped
    rows = iter(lines)
    while True:
        begins = at + 1
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as exc:
            if sheet is None:
                raise InvalidInput(f"The first line cannot be read: {exc}.", field="file", code="no_table") from exc
            sheet.rows.append(Row(begins, {}, "The quotation marks of this line do not fit; nothing after it is read."))
            break
        at = skipped + rows.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        if sheet is None:
            sheet = Sheet(_columns(cells), [], encoding, delimiter)
        elif len(cells) > len(sheet.columns) and any(cell.strip() for cell in cells[len(sheet.columns) :]):
            sheet.rows.append(Row(begins, {}, "There are more cells than columns."))
        else:
            filled = [unmarked(cell.strip()) for cell in cells[: len(sheet.columns)]]
            filled += [""] * (len(sheet.columns) - len(filled))
            sheet.rows.append(Row(begins, dict(zip(sheet.columns, filled, strict=True))))
    if sheet is None:
        raise InvalidInput("The file is empty.", field="file", code="empty")
    return sheet


def _columns(cells: list[str]) -> list[str]:
    names = [" ".join(unmarked(cell.strip()).split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    named = [name or f"({number})" for number, name in enumerate(names, start=1)]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise InvalidInput(f"The column {twice[0]} is there twice.", field="file", code="column_twice")
    return named


def order_of(cells: Iterable[str]) -> str:
    """How a column writes days: dmy, mdy, or nothing where its days could be either."""
    for cell in cells:
        if found := _DAY.fullmatch(cell.strip()):
            first, mark, second = int(found[1]), found[2], int(found[3])
            if mark == "." or first > 12:  # with full stops, the day comes first wherever it is written so
                return "dmy"
            if second > 12:
                return "mdy"
    return ""


def day(cell: str, order: str = "") -> dt.date | None:
    """The day a cell names. Raises `ValueError` with the reason in words."""
    cell = cell.strip()
    if not cell:
        return None
    try:
        if iso := _ISO.fullmatch(cell):
            return dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
        if found := _DAY.fullmatch(cell):
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            if len(found[4]) == 2:
                year += 2000 if year < 70 else 1900
            if not order and first != second:
                raise ValueError(f"{cell}: which is the day, which the month? Choose it, or write 2026-01-31.")
            month, of_month = (first, second) if order == "mdy" else (second, first)
            return dt.date(year, month, of_month)
    except ValueError as exc:
        if str(exc).startswith(cell):
            raise
        raise ValueError(f"{cell} is not a day of the calendar.") from exc
    raise ValueError(f"{cell} is not a day such as 2026-01-31 or 31.01.2026.")
