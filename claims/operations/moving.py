"""Moving: all of a newsroom leaves the house in a parcel, or comes into it out of one and is proved equal."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pgtrigger
from django.db import connection, transaction
from django.db.models import AutoField, Q

from claims import transitions
from claims.errors import RuleBroken
from claims.models import ArchiveFile, Newsroom, Publisher, User
from claims.operations import archiving
from claims.parcels import contents, keeping, loading, meeting, packing, proving
from claims.parcels.reading import Parcel
from claims.workflow import Permission

# The guards that rows of the past cannot pass one by one. What each of them keeps is proved of the whole afterwards:
# that the ledger tells how every claim came to its status, that verdicts have reviews, that the chain holds. A claim
# comes with its demand counted.
SWITCHED_OFF = (
    "claims.Claim:claim_begins_submitted",
    "claims.Occurrence:demand_counts_occurrences",
    "claims.Verdict:a_verdict_has_its_reviews",
    "claims.LedgerEntry:ledger_is_chained",
)


def pack(newsroom: Newsroom, *, by: User | None, with_snapshots: bool = False) -> Iterator[bytes]:
    """All of a newsroom as JSON lines, as it stands when the first line is taken. The ledger notes who took it."""
    transitions.require(by, Permission.ADMINISTER, newsroom)
    transitions.record("newsroom.exported", newsroom=newsroom, by=by, snapshots=with_snapshots)
    return packing.parcel(newsroom, with_snapshots=with_snapshots)


@dataclass(slots=True)
class Unpacked:
    """What came in."""

    newsroom: Newsroom
    rows: int
    met: dict[str, dict[int, str]]  # rows that stood here already, by model: their ids and names
    snapshots: int = 0


def unpack(parcel: Parcel, *, dry_run: bool = False) -> Unpacked:
    """As `unpack_all`, for one newsroom."""
    return unpack_all([parcel], dry_run=dry_run)[0]


def unpack_all(parcels: Sequence[Parcel], *, dry_run: bool = False) -> list[Unpacked]:
    """Bring newsrooms of one house in, with the ids they had, in one transaction; or refuse and leave no trace.

    Has to run as the role that owns the tables: only for it the guards in `SWITCHED_OFF` rest while rows are loaded,
    and the ledger notes that they did. Then the ledger is verified, what the guards keep is proved, and every row is
    read back and compared with its line.
    """
    with transaction.atomic():
        done = [_come_in(parcel) for parcel in parcels]
        for parcel, found in zip(parcels, done, strict=True):  # after all: a new entry takes the next id there is
            transitions.record(
                "newsroom.imported",
                newsroom=found.newsroom,
                by=None,
                sha256=parcel.sha256,
                rows=found.rows,
                guards=[name.split(":")[1] for name in SWITCHED_OFF],
            )
        if dry_run:
            transaction.set_rollback(True)
        else:
            for parcel, found in zip(parcels, done, strict=True):
                found.snapshots = keeping.keep(parcel)  # the last thing: a file cannot be rolled back
    return done


def _come_in(parcel: Parcel) -> Unpacked:
    _refuse_known(parcel)
    found = _load(parcel)
    proving.prove(found.newsroom, parcel)
    proving.compare(found.newsroom, parcel, kept=found.met)
    return found


def _refuse_known(parcel: Parcel) -> None:
    line = next(parcel.rows(contents.label(Newsroom)))
    known = Newsroom.objects.filter(Q(slug=str(line.fields.get("slug"))) | Q(pk=line.pk)).first()
    if known is not None:
        raise RuleBroken(
            f"There is a newsroom {known.slug!r} with the number {known.pk} here. Import into an empty instance.",
            code="newsroom_exists",
        )


def _load(parcel: Parcel) -> Unpacked:
    rows = 0
    met: dict[str, dict[int, str]] = {}
    for shared in (User, Publisher):
        loading.raise_sequence(shared, parcel.highest.get(contents.label(shared), 0))
    with _guards_resting():
        for name, lines in itertools.groupby(parcel.all_rows(), key=lambda line: line.model):
            if name == packing.SNAPSHOT:
                continue
            model = contents.BY_LABEL[name]
            for batch in loading.batches(lines):
                rows += len(batch)
                if model in contents.SHARED:
                    here = meeting.met(model, batch)
                    met.setdefault(name, {}).update(here)
                    batch = [line for line in batch if line.pk not in here]
                loading.load(model, batch)
            loading.check_references(parcel, model)
    for model in contents.ORDER:
        if isinstance(model._meta.pk, AutoField):
            loading.raise_sequence(model, 1)
    newsroom = Newsroom.objects.get(slug=parcel.slug)
    archiving.index(ArchiveFile.objects.filter(newsroom=newsroom))
    return Unpacked(newsroom, rows, {name: here for name, here in met.items() if here})


@contextmanager
def _guards_resting() -> Iterator[None]:
    """The guards in `SWITCHED_OFF` do not stop this transaction, if it is the owner's. All the others do."""
    names = [trigger.get_pgid(model) for model, trigger in pgtrigger.registered(*SWITCHED_OFF)]
    _ignore(names)
    yield
    _ignore([])


def _ignore(names: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
