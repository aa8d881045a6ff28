from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workers import claimfeed
from workers.errors import FetchError
from workers.pagetext import Unreadable


class Command(BaseCommand):
    help = "Fetch the bulk feed of published fact-checks, or read a downloaded one, and remember what it holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="a feed that has been downloaded already")

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        try:
            done = claimfeed.remember_file(file) if file else claimfeed.update()
        except (FetchError, Unreadable) as exc:
            raise CommandError(str(exc)) from exc
        except OSError as exc:
            raise CommandError(f"{file}: {exc.strerror}.") from exc
        if done.unchanged:
            self.stdout.write("The feed has not changed since the last time.")
            return
        for reason, number in sorted(done.reasons.items(), key=lambda pair: -pair[1]):
            self.stderr.write(f"{number} refused: {reason}")
        self.stdout.write(f"{done.kept} earlier checks kept, {done.refused} refused.")
