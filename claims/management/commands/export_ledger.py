"""`export_ledger`: a newsroom's chain as JSON lines, for auditors who have no database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.audit import ledger_export
from claims.models import Newsroom


class Command(BaseCommand):
    help = "Writes the ledger of a newsroom as JSON lines; `verify_ledger FILE` checks them without a database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--newsroom", required=True, metavar="SLUG")
        parser.add_argument("file", metavar="FILE", help="where to write; - is the standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        newsroom = Newsroom.objects.filter(slug=options["newsroom"]).first()
        if newsroom is None:
            raise CommandError(f"There is no newsroom {options['newsroom']!r}.")
        if options["file"] == "-":
            self._write(newsroom, sys.stdout)
            return
        place = Path(options["file"])
        try:
            with place.open("w", encoding="utf-8") as out:
                entries = self._write(newsroom, out)
        except OSError as exc:
            raise CommandError(f"Cannot write {place}: {exc.strerror}.") from exc
        self.stdout.write(f"{entries} entries of {newsroom} written to {place}.")

    def _write(self, newsroom: Newsroom, out: TextIO) -> int:
        entries = 0
        for entry in ledger_export.entries(newsroom=newsroom):
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
            entries += 1
        return entries
