import sys
from typing import Any

from django.core.management.base import BaseCommand

from factcheck import testing


class Command(BaseCommand):
    help = "Run every test against real servers and a real browser; words after `test` go to pytest."

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(testing.run(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(testing.run([]))
