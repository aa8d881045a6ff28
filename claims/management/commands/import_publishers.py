"""`import_publishers`: the register of publishers from a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.models import Newsroom
from claims.operations import registering


class Command(BaseCommand):
    help = (
        "Take publishers from a CSV file (comma, semicolon or tab) into the register. Without a file: the table that "
        "comes with the software, which changes nothing that is registered already."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--newsroom", metavar="SLUG", help="whose register; without one, what all newsrooms share")
        parser.add_argument("--dry-run", action="store_true", help="check the file, keep nothing")

    def handle(self, *, file: Path | None, newsroom: str | None, dry_run: bool, **options: Any) -> None:
        owner = None
        if newsroom:
            owner = Newsroom.objects.filter(slug=newsroom).first()
            if owner is None:
                raise CommandError(f"There is no newsroom called {newsroom}.")
        try:
            text = (file or registering.SHIPPED).read_text(encoding="utf-8-sig")
        except OSError as exc:
            raise CommandError(f"{file}: {exc.strerror}.") from exc
        except UnicodeDecodeError as exc:
            raise CommandError(f"{file}: this is not UTF-8 text.") from exc
        table = registering.read_table(text)
        for line, reason in table.errors:
            self.stderr.write(f"line {line}: {reason}")
        if table.errors:
            raise CommandError(f"{len(table.errors)} lines are wrong; nothing was kept.")
        if dry_run:
            self.stdout.write(f"{len(table.drafts)} publishers can be kept; nothing was, as you asked.")
            return
        number = registering.register(table.drafts, newsroom=owner, replace=file is not None)
        self.stdout.write(f"{number} publishers are in the register.")
