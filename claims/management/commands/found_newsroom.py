"""`found_newsroom NAME --person LOGIN`: a newsroom with its first person, who then invites the others in the desk."""

from __future__ import annotations

import argparse
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from claims.errors import FactcheckError
from claims.models import User
from claims.operations import staffing
from claims.roles import Role


class Command(BaseCommand):
    help = "Found a newsroom with the default rating scale, and make a person its member."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--slug", default="", help="short name for addresses; made from the name otherwise")
        parser.add_argument("--person", required=True, metavar="LOGIN", help="made with a new password when unknown")
        parser.add_argument(
            "--roles",
            default=f"{Role.ADMIN},{Role.EDITOR}",
            help=f"separated by commas, among {', '.join(Role.values)}; default: admin,editor",
        )

    def handle(self, **options: Any) -> None:
        try:
            with transaction.atomic():
                newsroom = staffing.found(options["name"], by=None, slug=options["slug"])
                user, created = User.objects.get_or_create(username=options["person"], defaults={"is_staff": True})
                password = secrets.token_urlsafe(12)
                if created:
                    user.set_password(password)
                    user.save()
                roles = [role.strip() for role in options["roles"].split(",") if role.strip()]
                staffing.admit(newsroom, user=user, roles=roles, by=None)
        except FactcheckError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{newsroom} ({newsroom.slug}) has {user} as {', '.join(roles)}.")
        if created:
            self.stdout.write(f"Password of {user}: {password}. It is shown once; change it after the first login.")
