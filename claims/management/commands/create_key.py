"""`create_key`: an API key for a newsroom's program."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from claims.errors import FactcheckError
from claims.models import Newsroom, User
from claims.operations import keying
from claims.roles import Scope


class Command(BaseCommand):
    help = "Makes an API key that acts as a member of a newsroom, and prints its secret once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--newsroom", required=True, metavar="SLUG")
        parser.add_argument("--user", required=True, metavar="NAME", help="the member the program acts as")
        parser.add_argument("--label", required=True, help="which program uses it, such as: CMS, staging")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="may be given several times; without it: read and submit",
        )
        parser.add_argument("--days", type=int, help="days until it expires; without it: never")
        parser.add_argument("--network", action="append", default=[], help="may only be used from here; repeatable")

    def handle(self, *args: Any, **options: Any) -> None:
        newsroom = Newsroom.objects.filter(slug=options["newsroom"]).first()
        if newsroom is None:
            known = ", ".join(Newsroom.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no newsroom {options['newsroom']!r}. Known: {known}.")
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['user']!r}.")
        days = options["days"]
        try:
            key, secret = keying.issue(
                newsroom,
                user=user,
                by=None,
                label=options["label"],
                scopes=options["scope"] or [Scope.READ, Scope.SUBMIT],
                expires_at=timezone.now() + dt.timedelta(days=days) if days is not None else None,
                allowed_networks=options["network"],
            )
        except FactcheckError as exc:
            raise CommandError(exc.message) from exc
        self.stdout.write(secret)
        self.stderr.write(
            f"{key.label}: acts as {user} in {newsroom}, scopes {', '.join(key.scopes)}. Shown only once."
        )
