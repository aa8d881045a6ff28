"""`audit_pack`: everything that proves the checks of a period, as one zip for somebody without a database."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims import withholding
from claims.models import Evidence, Newsroom
from claims.operations import auditing
from claims.reports import periods


class Command(BaseCommand):
    help = (
        "Writes the audit pack of a period; `verify_ledger OUT.zip` verifies it without a database. "
        "With --reveal it shows what proves one protected source instead."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--newsroom", required=True, metavar="SLUG")
        parser.add_argument("--from", dest="first", metavar="DAY", help="first day, or a moment with its offset")
        parser.add_argument("--to", dest="last", metavar="DAY", help="last day, or the moment it ends at")
        parser.add_argument("--reveal", type=int, metavar="NUMBER", help="the number of a protected source's evidence")
        parser.add_argument("out", nargs="?", metavar="OUT.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        newsroom = Newsroom.objects.filter(slug=options["newsroom"]).first()
        if newsroom is None:
            raise CommandError(f"There is no newsroom {options['newsroom']!r}.")
        if options["reveal"] is not None:
            self._reveal(newsroom, options["reveal"])
            return
        if not (options["first"] and options["last"] and options["out"]):
            raise CommandError("Give --from, --to and the file to write.")
        try:
            period = periods.read(newsroom, options["first"], options["last"])
        except ValueError as exc:
            raise CommandError(str(exc)) from exc
        place = Path(options["out"])
        try:
            with tempfile.NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", delete=False) as out:
                try:
                    manifest = auditing.pack(newsroom, period=period, by=None, out=out)
                    os.replace(out.name, place)
                except BaseException:
                    os.unlink(out.name)
                    raise
        except OSError as exc:
            raise CommandError(f"Cannot write {place}: {exc.strerror}.") from exc
        rows = ", ".join(
            f"{said['rows']} {name.split('.')[0]}" for name, said in manifest["files"].items() if "rows" in said
        )
        self.stdout.write(f"{newsroom}: {rows} written to {place}.")
        self.stdout.write(f"seal {manifest['seal']}")

    def _reveal(self, newsroom: Newsroom, number: int) -> None:
        found = Evidence.objects.filter(claim__newsroom=newsroom, pk=number).select_related("document__publisher")
        evidence = found.first()
        if evidence is None:
            raise CommandError(f"There is no evidence {number} in this newsroom.")
        hidden = withholding.committed_of(evidence)
        self.stdout.write(f"salt {withholding.salt_of(evidence.pk)}")
        self.stdout.write(f"fields {json.dumps(hidden, ensure_ascii=False, sort_keys=True, separators=(',', ':'))}")
        self.stdout.write(f"commitment {withholding.commitment_of(evidence)}")
