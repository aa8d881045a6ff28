"""`export_newsroom SLUG --to FILE`: all of a newsroom in one file, to be kept or opened in another house."""

from __future__ import annotations

import gzip
import os
import tempfile
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.models import Newsroom
from claims.operations import moving


class Command(BaseCommand):
    help = (
        "Writes all of a newsroom as JSON lines (compressed where the name ends in .gz), as it stands at one moment. "
        "`import_newsroom FILE` brings it into an empty instance."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("newsroom", metavar="SLUG")
        parser.add_argument("--to", required=True, type=Path, metavar="FILE.jsonl[.gz]")
        parser.add_argument("--with-snapshots", action="store_true", help="the bytes of all fetched pages, too")

    def handle(self, *args: Any, newsroom: str, to: Path, with_snapshots: bool, **options: Any) -> None:
        room = Newsroom.objects.filter(slug=newsroom).first()
        if room is None:
            raise CommandError(f"There is no newsroom {newsroom!r}.")
        number = 0
        try:
            with tempfile.NamedTemporaryFile(dir=to.parent, prefix=f".{to.name}.", delete=False) as out:
                try:  # a file that stands there is whole
                    with _packed(out) if to.name.endswith(".gz") else out as lines:
                        for line in moving.pack(room, by=None, with_snapshots=with_snapshots):
                            lines.write(line)
                            number += 1
                    os.replace(out.name, to)
                except BaseException:
                    os.unlink(out.name)
                    raise
        except OSError as exc:
            raise CommandError(f"Cannot write {to}: {exc.strerror}.") from exc
        self.stdout.write(f"{room}: {number - 2} rows written to {to}.")


def _packed(out: Any) -> IO[bytes]:
    return cast("IO[bytes]", gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6, filename="", mtime=0))
