"""`verify_ledger`: is the record of what happened still the one that was written?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims import ledger_proof


class Command(BaseCommand):
    help = (
        "Verifies the ledger's hash chains: an export (JSON lines) when FILE is given, without any database; "
        "else the database. Names the first entry that does not fit and exits with 1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE", help="an export; - is the standard input")
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="NEWSROOM:SEQUENCE:HASH",
            help="a head noted elsewhere: shows a tail that was cut off; repeatable",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        entries = self._exported(options["file"]) if options["file"] else self._stored()
        try:
            heads, breach = ledger_proof.verify(entries, heads=self._heads(options["head"]))
        except (KeyError, TypeError, ValueError) as exc:
            raise CommandError(f"This is not an export of a ledger: {exc!r}.", returncode=2) from exc
        for newsroom, (sequence, digest) in heads.items():
            self.stdout.write(f"newsroom {newsroom}: {sequence} entries, head {digest}")
        if breach is not None:
            raise CommandError(f"newsroom {breach.newsroom}, entry {breach.sequence} {breach.problem}.", returncode=1)
        if not heads:
            self.stdout.write("The ledger is empty.")

    def _stored(self) -> Iterator[dict[str, Any]]:
        from claims import ledger_export

        return ledger_export.entries()

    def _exported(self, name: str) -> Iterator[dict[str, Any]]:
        try:
            with sys.stdin if name == "-" else Path(name).open(encoding="utf-8") as lines:
                for line in lines:
                    if line.strip():
                        yield json.loads(line)
        except OSError as exc:
            raise CommandError(f"Cannot read {name}: {exc.strerror}.", returncode=2) from exc

    def _heads(self, given: list[str]) -> dict[int, tuple[int, str]]:
        heads = {}
        for text in given:
            try:
                newsroom, sequence, digest = text.split(":")
                heads[int(newsroom)] = (int(sequence), digest)
            except ValueError:
                raise CommandError(f"{text!r} is not a head such as 1:250:9f86d0…", returncode=2) from None
        return heads
