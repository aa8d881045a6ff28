"""`python3 manage.py document`: writes the parts of the docs that are made from the code."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from factcheck import documentation


class Command(BaseCommand):
    help = "Write the generated parts of the docs: the workflow's diagram and table, roles, settings."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; fail when a part is out of date.")

    def handle(self, **options: Any) -> None:
        stale = [part.file for part in documentation.PARTS if part.is_stale()]
        if options["check"] and stale:
            raise CommandError(f"Out of date: {', '.join(stale)}. Run `python3 manage.py document`.")
        for part in documentation.PARTS:
            if part.file in stale:
                part.write()
                self.stdout.write(f"Wrote {part.file}.")
