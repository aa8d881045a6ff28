"""Rows of a CSV file as the API takes them: like lines of JSON, each with its own result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from claims import sheets
from claims.errors import InvalidInput
from claims.operations import importing


class SheetOfClaims(BaseParser):
    """A table whose columns are known by their names. A row that cannot be read is an answer of its own."""

    media_type = "text/csv"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        sheet = sheets.read(stream.read())
        layout = importing.checked(sheet, importing.guessed(sheet))
        return [(row.line, _fields_of(row, layout)) for row in sheet.rows]


def _fields_of(row: sheets.Row, layout: importing.Layout) -> dict[str, Any] | InvalidInput:
    try:
        given = importing.fields_of(row, layout)
    except InvalidInput as exc:
        return exc
    return {name: value for name, value in given.items() if value}
