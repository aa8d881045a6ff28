"""`verify_ledger`: is the record of what happened still the one that was written?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.audit import ledger_proof
from claims.audit import proof as audit_proof


class Command(BaseCommand):
    help = (
        "Verifies the ledger's hash chains: an export (JSON lines) or an audit pack (zip) when FILE is given, without "
        "any database; else the database. Names the first entry or row that does not fit and exits with 1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", metavar="FILE", help="an export or an audit pack; - is the standard input"
        )
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="NEWSROOM:SEQUENCE:HASH",
            help="a head noted elsewhere: shows a tail that was cut off; repeatable",
        )
        parser.add_argument("--seal", default="", metavar="HEX", help="the seal of an audit pack, noted elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] and options["file"] != "-" and audit_proof.is_pack(Path(options["file"])):
            self._pack(Path(options["file"]), self._heads(options["head"]), options["seal"])
            return
        if options["seal"]:
            raise CommandError("Only an audit pack has a seal, and this is none.", returncode=2)
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

    def _pack(self, place: Path, heads: dict[int, tuple[int, str]], seal: str) -> None:
        try:
            found = audit_proof.verify(place, heads=heads, seal=seal)
        except audit_proof.PackBreach as breach:
            raise CommandError(str(breach), returncode=1) from breach
        manifest, ledger = found.manifest, found.manifest["ledger"]
        self.stdout.write(f"audit pack of {manifest['newsroom']['slug']}, {manifest['from']} to {manifest['to']}")
        for name, said in manifest["files"].items():
            if "rows" in said:
                self.stdout.write(f"{name}: {said['rows']} rows")
        newsroom = manifest["newsroom"]["id"]
        self.stdout.write(f"newsroom {newsroom}: {ledger['entries']} entries, head {ledger['head']}")
        if found.withheld:
            self.stdout.write(f"{found.withheld} entries speak of protected sources: their content is withheld.")
        self.stdout.write(f"seal {manifest['seal']}")

    def _stored(self) -> Iterator[dict[str, Any]]:
        from claims.audit import ledger_export

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
