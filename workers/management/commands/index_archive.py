from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.models import Newsroom
from workers.indexing import index_folder


class Command(BaseCommand):
    help = "Read a folder of JSON, HTML, text and PDF files into the archive that the folder source searches."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--newsroom", metavar="SLUG", help="whose archive it is; without one, every newsroom's")

    def handle(self, *args: Any, folder: Path, newsroom: str | None, **options: Any) -> None:
        owner = None
        if newsroom:
            owner = Newsroom.objects.filter(slug=newsroom).first()
            if owner is None:
                raise CommandError(f"There is no newsroom called {newsroom}.")
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        done = index_folder(folder, newsroom=owner)
        for name, reason in done.refused:
            self.stderr.write(f"{name}: {reason}")
        self.stdout.write(
            f"{done.added} files added, {done.changed} changed, {done.unchanged} unchanged, "
            f"{done.removed} removed, {len(done.refused)} refused."
        )
