"""`import_labels`: names of Wikidata items into a newsroom's table of names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.models import Alias, Newsroom
from claims.operations import aliasing
from workers.sources import wikidata
from workers.sources.base import SourceError


class Command(BaseCommand):
    help = "Fetch labels and other names of Wikidata items into a newsroom's names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a file with one id (Q42) per line")
        parser.add_argument("--ids", nargs="+", default=[], metavar="Q")
        parser.add_argument("--newsroom", required=True, metavar="SLUG")
        parser.add_argument("--kind", required=True, choices=Alias.Kind.values, help="what these ids are")
        parser.add_argument("--languages", nargs="+", default=["de", "en"], metavar="CODE")

    def handle(self, *, file: Path | None, ids: list[str], newsroom: str, **options: Any) -> None:
        room = Newsroom.objects.filter(slug=newsroom).first()
        if room is None:
            raise CommandError(f"There is no newsroom called {newsroom}.")
        try:
            listed = file.read_text(encoding="utf-8-sig").split() if file else []
        except (OSError, UnicodeDecodeError) as exc:
            raise CommandError(f"{file}: this cannot be read as text.") from exc
        wanted = list(dict.fromkeys([*listed, *ids]))
        wrong = [id_ for id_ in wanted if not (id_[:1] == "Q" and id_[1:].isascii() and id_[1:].isdigit())]
        if wrong or not wanted:
            raise CommandError(
                f"These are no ids of items: {', '.join(wrong[:5])}." if wrong else "Name ids or a file."
            )
        try:
            found = wikidata.names(wanted, options["languages"])
        except SourceError as exc:
            raise CommandError(str(exc)) from exc
        added = 0
        for id_ in wanted:
            if not found.get(id_):
                self.stderr.write(f"{id_}: no names in these languages.")
                continue
            added += aliasing.record_names(
                room, wikidata=id_, canonical=found[id_][0][0], kind=options["kind"], names=found[id_], by=None
            )
        self.stdout.write(f"{added} names were added.")
