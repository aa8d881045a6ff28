"""`import_newsroom FILE`: a newsroom comes in out of the file that `export_newsroom` made."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.errors import FactcheckError
from claims.models import Membership
from claims.operations import inviting, moving
from claims.ownership import as_owner
from claims.parcels import reading
from claims.roles import Role


class Command(BaseCommand):
    help = (
        "Brings a newsroom into an empty instance, whole or not at all, and proves it equal to the file. Works as the "
        "owner of the database (DATABASE_OWNER_URL): the guards that rest meanwhile are named in the ledger."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="do all of it, then keep nothing")
        parser.add_argument("--person", metavar="LOGIN", help="an admin of the newsroom who gets a new password now")

    def handle(self, *args: Any, file: Path, dry_run: bool, person: str | None, **options: Any) -> None:
        password = secrets.token_urlsafe(12) if person else ""
        try:
            parcel = reading.read(file)
            with as_owner():
                found = moving.unpack(parcel, dry_run=dry_run)
                if person and not dry_run:
                    inviting.let_in(found.newsroom, username=person, password=password)
                admins = self._admins(found.newsroom.pk)
        except OSError as exc:
            raise CommandError(f"Cannot read {file}: {exc.strerror}.") from exc
        except FactcheckError as refusal:
            raise CommandError(f"{refusal.message} Nothing was imported.") from refusal
        for model, here in found.met.items():
            self.stdout.write(f"Here already, left as it is ({model}): {', '.join(here.values())}.")
        if dry_run:
            self.stdout.write(f"{found.rows} rows of {parcel.slug} can come in; nothing was kept, as you asked.")
            return
        self.stdout.write(f"{found.newsroom}: {found.rows} rows came in and were compared with the file.")
        if parcel.counts.get("snapshot"):
            self.stdout.write(f"{found.snapshots} snapshots were kept.")
        if person:
            self.stdout.write(f"Password of {person}: {password}. It is shown once; change it after the first login.")
        else:
            self.stdout.write(f"Nobody has a password yet. Admins are: {', '.join(admins) or 'none'} (--person).")

    def _admins(self, newsroom: int) -> list[str]:
        members = Membership.objects.filter(newsroom=newsroom, active=True, roles__contains=[Role.ADMIN])
        return list(members.values_list("user__username", flat=True))
