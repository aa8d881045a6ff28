"""`import_checks FILE|URL --newsroom SLUG`: what a desk published elsewhere becomes its earlier checks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.errors import FactcheckError
from claims.models import Newsroom, Rating
from claims.operations import inheriting
from workers import claimimport
from workers.errors import FetchError
from workers.pagetext import Unreadable


class Command(BaseCommand):
    help = (
        "Remembers the checks of a newsroom's own past: a CSV export of Meedan Check, or ClaimReview in JSON, JSON "
        "lines, a saved page or at an address."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("origins", nargs="+", metavar="FILE|URL")
        parser.add_argument("--newsroom", required=True, metavar="SLUG")
        parser.add_argument(
            "--rating",
            action="append",
            default=[],
            metavar="WORD=STEP",
            help=f"what a foreign rating is on the shared scale: {', '.join(Rating.Shared.values)}",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be kept, keep nothing")

    def handle(self, *args: Any, origins: list[str], dry_run: bool, **options: Any) -> None:
        newsroom = Newsroom.objects.filter(slug=options["newsroom"]).first()
        if newsroom is None:
            raise CommandError(f"There is no newsroom {options['newsroom']!r}.")
        ratings = self._ratings(options["rating"])
        for origin in origins:
            try:
                found = self._found(origin, newsroom, ratings)
                done = inheriting.inherit(newsroom, found, by=None, dry_run=dry_run)
            except OSError as exc:
                raise CommandError(f"{origin}: {exc.strerror}.") from exc
            except (FactcheckError, FetchError, Unreadable) as exc:
                raise CommandError(f"{origin}: {exc}") from exc
            for one in done.reasons:
                self.stderr.write(f"{origin}{f', line {one.line}' if one.line else ''}: {one.reason}")
            told = f"{origin}: {done.new} new, {done.known} known already, {done.refused} refused"
            self.stdout.write(f"{told}; nothing was kept, as you asked." if dry_run else f"{told}.")

    def _ratings(self, said: list[str]) -> dict[str, str]:
        ratings = {}
        for one in said:
            word, _, step = one.rpartition("=")
            if step not in Rating.Shared.values or not word:
                raise CommandError(f"{one}: write WORD=STEP, the step one of {', '.join(Rating.Shared.values)}.")
            ratings[word] = step
        return ratings

    def _found(self, origin: str, newsroom: Newsroom, ratings: dict[str, str]) -> Iterable[inheriting.Found]:
        if origin.startswith(("http://", "https://")):
            return inheriting.of_reviews(claimimport.from_address(origin), newsroom=newsroom, ratings=ratings)
        return inheriting.read(Path(origin), newsroom=newsroom, ratings=ratings)
