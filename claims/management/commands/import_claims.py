"""`import_claims FILE --newsroom SLUG`: claims from a CSV file, each row with its own result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims import sheets
from claims.errors import FactcheckError
from claims.models import Door, Newsroom
from claims.operations import importing


class Command(BaseCommand):
    help = (
        "Hands in the claims of a CSV file (any delimiter; UTF-8, UTF-16 or Windows-1252). The columns are known by "
        f"their names; --column says it where they are not. Fields: {', '.join(importing.NAMES)}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--newsroom", required=True, metavar="SLUG")
        parser.add_argument(
            "--column", action="append", default=[], metavar="FIELD=COLUMN", help="such as text=Aussage"
        )
        parser.add_argument("--dates", choices=sheets.ORDERS, default="", help="how days are written: 31.1. or 1/31")
        parser.add_argument("--language", default="", metavar="CODE", help="of rows that do not name theirs")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, keep nothing")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        newsroom = Newsroom.objects.filter(slug=options["newsroom"]).first()
        if newsroom is None:
            raise CommandError(f"There is no newsroom {options['newsroom']!r}.")
        try:
            sheet = sheets.read(file.read_bytes())
            layout = self._layout(sheet, options)
            report = importing.take_in(newsroom, sheet, layout, by=None, door=Door.COMMAND, dry_run=dry_run)
        except OSError as exc:
            raise CommandError(f"Cannot read {file}: {exc.strerror}.") from exc
        except FactcheckError as refusal:
            hint = " Such as --column text=COLUMN." if (refusal.field, refusal.code) == ("columns", "required") else ""
            raise CommandError(f"{refusal.message}{hint}") from refusal
        self.stdout.write(", ".join(f"{field} = {column}" for field, column in layout.columns.items()))
        for one in report.refused:
            self.stderr.write(f"line {one.line}: {one.refusal}")
        counts = report.counts
        told = f"{counts['created']} new, {counts['existing']} known already, {counts['refused']} refused"
        self.stdout.write(f"{told}; nothing was kept, as you asked." if dry_run else f"{told}.")

    def _layout(self, sheet: sheets.Sheet, options: dict[str, Any]) -> importing.Layout:
        layout = importing.guessed(sheet)
        columns = dict(layout.columns)
        for said in options["column"]:
            field, _, column = said.partition("=")
            columns[field] = column
        dates = options["dates"]
        if not dates and "said_on" in columns and columns["said_on"] in sheet.columns:
            dates = sheets.order_of(sheet.cells(columns["said_on"]))
        return replace(layout, columns=columns, dates=dates, language=options["language"])
