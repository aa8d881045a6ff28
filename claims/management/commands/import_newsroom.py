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
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="newsrooms of one house, all at once")
        parser.add_argument("--dry-run", action="store_true", help="do all of it, then keep nothing")
        parser.add_argument("--person", metavar="LOGIN", help="an admin of the newsroom who gets a new password now")

    def handle(self, *args: Any, files: list[Path], dry_run: bool, person: str | None, **options: Any) -> None:
        password = secrets.token_urlsafe(12) if person else ""
        try:
            parcels = [reading.read(file) for file in files]
            with as_owner():
                done = moving.unpack_all(parcels, dry_run=dry_run)
                if person and not dry_run:
                    inviting.let_in(done[0].newsroom, username=person, password=password)
                admins = self._admins(done[0].newsroom.pk)
        except OSError as exc:
            raise CommandError(f"Cannot read {exc.filename}: {exc.strerror}.") from exc
        except FactcheckError as refusal:
            raise CommandError(f"{refusal.message} Nothing was imported.") from refusal
        for parcel, found in zip(parcels, done, strict=True):
            self._tell(parcel, found, dry_run)
        if dry_run:
            return
        if person:
            self.stdout.write(f"Password of {person}: {password}. It is shown once; change it after the first login.")
        else:
            self.stdout.write(f"Nobody has a password yet. Admins are: {', '.join(admins) or 'none'} (--person).")

    def _tell(self, parcel: reading.Parcel, found: moving.Unpacked, dry_run: bool) -> None:
        for model, here in found.met.items():
            self.stdout.write(f"Here already, left as it is ({model}): {', '.join(here.values())}.")
        if dry_run:
            self.stdout.write(f"{found.rows} rows of {parcel.slug} can come in; nothing was kept, as you asked.")
            return
        self.stdout.write(f"{found.newsroom}: {found.rows} rows came in and were compared with the file.")
        if parcel.counts.get("snapshot"):
            self.stdout.write(f"{found.snapshots} snapshots were kept.")

    def _admins(self, newsroom: int) -> list[str]:
        members = Membership.objects.filter(newsroom=newsroom, active=True, roles__contains=[Role.ADMIN])
        return list(members.values_list("user__username", flat=True))
