"""Sheets are read as spreadsheets write them."""

from __future__ import annotations

import datetime as dt

import pytest

from claims import sheets
from claims.errors import InvalidInput
from claims.reports import exports

UMLAUTS = "claim;date\r\n„Größe“ zählt;31.12.2025\r\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (UMLAUTS.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + UMLAUTS.encode(), "utf-8-sig"),
        (UMLAUTS.encode("cp1252"), "cp1252"),
        (UMLAUTS.encode("utf-16"), "utf-16"),
        (("sep=;\r\n" + UMLAUTS).encode(), "utf-8"),
    ],
)
def test_every_encoding_that_spreadsheets_write_is_read(content: bytes, encoding: str) -> None:
    sheet = sheets.read(content)

    assert (sheet.columns, sheet.encoding, sheet.delimiter) == (["claim", "date"], encoding, ";")
    assert [row.cells for row in sheet.rows] == [{"claim": "„Größe“ zählt", "date": "31.12.2025"}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_cells_hold_line_breaks_quotes_and_delimiters(delimiter: str) -> None:
    head = delimiter.join(["text", '"who, when; where\tor|what"'])
    sheet = sheets.read(f'{head}\n"two\nlines{delimiter} and ""quotes"""{delimiter}Ada\n\nlast{delimiter}\n'.encode())

    assert sheet.columns[0] == "text"
    assert [(row.line, row.cells["text"]) for row in sheet.rows] == [
        (2, f'two\nlines{delimiter} and "quotes"'),
        (5, "last"),
    ]


def test_a_row_that_cannot_be_read_says_so_and_stops_no_other() -> None:
    sheet = sheets.read(b'text,who\na,b,c\nd\ne,f,,\n"open\n')

    assert [(row.line, bool(row.problem), row.cells.get("text")) for row in sheet.rows] == [
        (2, True, None), (3, False, "d"), (4, False, "e"), (5, True, None),
    ]  # fmt: skip


def test_one_line_that_is_not_utf8_does_not_turn_the_others_into_nonsense() -> None:
    line = "Die Stadt München pflanzte Bäume für Köln.\n"

    with pytest.raises(InvalidInput, match="Line 3 is not UTF-8"):
        sheets.read(f"text\n{line}".encode() + line.encode("cp1252") + (line * 9).encode())
    assert sheets.read(f"text\n{line}„Spaß“ und „Maß“\n".encode("cp1252")).encoding == "cp1252"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01PK", b"a,a\n1,2\n", b"caf\x81"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        sheets.read(content)


def test_what_an_export_marks_as_text_comes_back_as_it_was() -> None:
    dangerous = ["=1+1", "+49 30", "-5 degrees", "@home", "'tis said", "plain"]
    written = "text\r\n" + "".join(f'"{exports.cell(one)}"\r\n' for one in dangerous)

    assert [row.cells["text"] for row in sheets.read(written.encode()).rows] == dangerous


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("2026-01-31", "", dt.date(2026, 1, 31)),
        ("2026-01-31T12:00:00Z", "mdy", dt.date(2026, 1, 31)),
        ("31.01.2026", "dmy", dt.date(2026, 1, 31)),
        ("1/31/2026 8:15", "mdy", dt.date(2026, 1, 31)),
        ("3.4.26", "dmy", dt.date(2026, 4, 3)),
        ("3/4/98", "mdy", dt.date(1998, 3, 4)),
        ("5/5/2026", "", dt.date(2026, 5, 5)),
        (" ", "", None),
    ],
)
def test_days_are_read_as_people_write_them(cell: str, order: str, day: dt.date | None) -> None:
    assert sheets.day(cell, order) == day


@pytest.mark.parametrize(("cell", "order"), [("3/4/2026", ""), ("30.2.2026", "dmy"), ("soon", ""), ("13/13/2026", "")])
def test_a_day_that_could_be_another_is_refused(cell: str, order: str) -> None:
    with pytest.raises(ValueError, match=cell):
        sheets.day(cell, order)


@pytest.mark.parametrize(
    ("cells", "order"),
    [(["1/2/2026", "1/13/2026"], "mdy"), (["1/2/2026", "13/1/2026"], "dmy"), (["1.2.2026"], "dmy"), (["1/2/2026"], "")],
)
def test_one_day_of_a_column_tells_how_all_are_written(cells: list[str], order: str) -> None:
    assert sheets.order_of(cells) == order
