"""The one writer of `Claim.status`, and the one writer of the ledger."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import F, Field, GeneratedField
from django.db.models.expressions import DatabaseDefault
from django.utils import timezone

from claims.audit.ledger_proof import canonical
from claims.errors import MoveNotAllowed, NotPermitted, StaleClaim
from claims.models import Claim, Contribution, LedgerEntry, Newsroom, User
from claims.signals import claim_moved
from claims.workflow import Move, Permission

LEDGER_LOCKS = 7261  # of advisory locks; the trigger that chains the entries takes the same


def require(by: User | None, permission: Permission, newsroom: Newsroom | int) -> None:
    """Refuse a person who lacks the permission in this newsroom. `by=None` is the system itself."""
    if by is not None and not by.may(permission, newsroom):
        raise NotPermitted(f"You may not {Permission(permission).label} in this newsroom.")


def record(
    kind: str, *, newsroom: Newsroom | int, by: User | None, claim: Claim | None = None, **payload: Any
) -> LedgerEntry:
    """Write one ledger entry in the current transaction. Sequence, time and hashes are the database's."""
    return LedgerEntry.objects.create(
        newsroom_id=newsroom if isinstance(newsroom, int) else newsroom.pk,
        kind=kind,
        actor=by,
        claim=claim,
        body=canonical(payload),
    )


def record_each(
    kind: str, *, newsroom: Newsroom, by: User | None, each: Iterable[tuple[Claim, Mapping[str, Any]]]
) -> list[LedgerEntry]:
    """Write one entry per claim at once, chained in their order. What the database set is not read back."""
    return LedgerEntry.objects.bulk_create(
        LedgerEntry(newsroom=newsroom, kind=kind, actor=by, claim=claim, body=canonical(payload))
        for claim, payload in each
    )


def begin(claim: Claim, *, by: User | None, **payload: Any) -> bool:
    """Keep a claim that came in alone, its author and the first entry of its history: all of it in one question.

    Returns False, and keeps nothing, when the newsroom has a lone claim of this very text.
    """
    database = connections[connection.alias]  # itself: the proxy looks it up at every touch
    values: list[Any] = []
    for field in _columns_of_claims():
        value = field.pre_save(claim, add=True)
        if isinstance(value, DatabaseDefault):
            value = field.db_default  # a plain one, as all of a claim's are
            setattr(claim, field.attname, value)
        values.append(field.get_db_prep_save(value, database))
    author = by.pk if by is not None else None
    with database.cursor() as cursor:
        cursor.execute(
            _beginning(),
            [*values, author, Contribution.Part.AUTHOR.value, author, "claim.submitted", author, canonical(payload)],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    claim.pk = row[0]
    claim._state.adding, claim._state.db = False, database.alias
    return True


@functools.cache
def _columns_of_claims() -> list[Field[Any, Any]]:
    return [f for f in Claim._meta.concrete_fields if not f.primary_key and not isinstance(f, GeneratedField)]


@functools.cache
def _beginning() -> str:
    columns = ", ".join(f'"{field.column}"' for field in _columns_of_claims())
    values = ", ".join(["%s"] * len(_columns_of_claims()))
    return f"""
        WITH claim AS (
            INSERT INTO claims_claim ({columns}) VALUES ({values})
            ON CONFLICT (newsroom_id, sha256) WHERE article_id IS NULL DO NOTHING RETURNING id, newsroom_id, cycle
        ), author AS (
            INSERT INTO claims_contribution (claim_id, cycle, user_id, part, at)
            SELECT id, cycle, %s::bigint, %s, statement_timestamp() FROM claim WHERE %s::bigint IS NOT NULL
        ), entry AS (
            INSERT INTO claims_ledgerentry (newsroom_id, sequence, kind, actor_id, claim_id, body, previous_hash, hash)
            SELECT newsroom_id, 0, %s, %s::bigint, id, %s, '', '' FROM claim
        )
        SELECT id FROM claim
    """  # noqa: S608 the columns are the model's own


def hold_ledgers(newsrooms: set[int]) -> None:
    """Hold several ledgers until commit, always in one order: who writes to more than one asks for this first."""
    with connection.cursor() as cursor:
        for newsroom in sorted(newsrooms):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LEDGER_LOCKS, newsroom])


@transaction.atomic
def advance(
    claim: Claim, move: Move, *, by: User | None, note: str = "", permission: Permission | None = None, **payload: Any
) -> LedgerEntry:
    """Take one step of the workflow, exactly once.

    The update names the status, cycle and step we read, so of two racing callers one wins and the other
    gets `StaleClaim`. Refuses in one order: permission, then state; rules are the operation's. `permission` is what
    the newsroom's policy asks for in place of the table's.
    """
    if by is not None:
        if move.permission is None:
            raise NotPermitted(f"Only the system itself can {move.name} claims.")
        require(by, permission or move.permission, claim.newsroom_id)
    if claim.status not in move.sources:
        raise MoveNotAllowed(
            f"Cannot {move.name.replace('_', ' ')} a claim that is {claim.get_status_display().lower()}.",
            allowed=[allowed.name for allowed in claim.allowed_moves()],
        )
    source, cycle, now = claim.status, claim.cycle + move.opens_cycle, timezone.now()
    moved = Claim.objects.filter(pk=claim.pk, status=source, cycle=claim.cycle, step=claim.step).update(
        status=move.target, cycle=cycle, step=F("step") + 1, moved_at=now
    )
    if not moved:
        raise StaleClaim("Someone else has moved this claim. Reload it and try again.")
    claim.status, claim.cycle, claim.step, claim.moved_at = move.target, cycle, claim.step + 1, now
    entry = record(
        "claim.moved",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        move=move.name,
        source=source,
        target=move.target.value,
        cycle=cycle,
        note=note,
        **payload,
    )
    transaction.on_commit(partial(claim_moved.send_robust, sender=Claim, entry=entry))
    return entry
