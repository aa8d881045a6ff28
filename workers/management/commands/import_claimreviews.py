from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.models import Newsroom
from workers import claimfeed, claimimport
from workers.errors import FetchError
from workers.pagetext import Unreadable


class Command(BaseCommand):
    help = "Remember published fact-checks: from their pages, or from files (a page, JSON, JSON lines, a feed)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("origins", nargs="+", metavar="FILE|URL")
        parser.add_argument("--newsroom", metavar="SLUG", help="who may see them; without one, every newsroom")

    def handle(self, *args: Any, origins: list[str], newsroom: str | None, **options: Any) -> None:
        owner = None
        if newsroom:
            owner = Newsroom.objects.filter(slug=newsroom).first()
            if owner is None:
                raise CommandError(f"There is no newsroom called {newsroom}.")
        failed = 0
        for origin in origins:
            try:
                done = claimfeed.remember(_reviews(origin), newsroom=owner)
            except (FetchError, Unreadable) as exc:
                failed += 1
                self.stderr.write(f"{origin}: {exc}")
            except OSError as exc:
                failed += 1
                self.stderr.write(f"{origin}: {exc.strerror}.")
            else:
                for reason, number in sorted(done.reasons.items(), key=lambda pair: -pair[1]):
                    self.stderr.write(f"{origin}: {number} refused: {reason}")
                self.stdout.write(f"{origin}: {done.kept} earlier checks kept, {done.refused} refused.")
        if failed:
            raise CommandError(f"{failed} of {len(origins)} could not be read.")


def _reviews(origin: str) -> Any:
    if origin.startswith(("http://", "https://")):
        return claimimport.from_address(origin)
    return claimimport.from_file(Path(origin))
