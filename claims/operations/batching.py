"""Batching: many single claims come in at once, a hundred per transaction, each with its own result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction

from claims import transitions
from claims.errors import FactcheckError
from claims.models import Claim, Contribution, Newsroom, User
from claims.operations import accepting, gathering, intake, recognising
from claims.workflow import Permission

AT_ONCE = 100  # few enough that nobody waits long for the newsroom's ledger

Outcome = tuple[Claim, bool] | FactcheckError


def submit_claims(
    newsroom: Newsroom, rows: Iterable[Mapping[str, Any]], *, by: User | None, door: str
) -> Iterator[Outcome]:
    """Accept claims as `intake.submit_claim` does, in the order they come: the claim and whether it is new, or why not.

    Rows are kept by the hundred, together or not at all; what was read before a breach stays.
    """
    transitions.require(by, Permission.SUBMIT, newsroom)
    tables, waiting = intake.Tables(newsroom), iter(rows)
    while batch := list(islice(waiting, AT_ONCE)):
        read = [_read(newsroom, tables, row, by=by, door=door) for row in batch]  # outside of the transaction
        try:
            with transaction.atomic():
                outcomes = _keep(newsroom, read, by=by)
        except IntegrityError:  # somebody handed one of them in at the same moment
            outcomes = [_alone(newsroom, row, by=by, door=door) for row in batch]
        yield from outcomes


def _read(
    newsroom: Newsroom, tables: intake.Tables, row: Mapping[str, Any], *, by: User | None, door: str
) -> Claim | FactcheckError:
    try:
        return Claim(newsroom=newsroom, **intake.prepared(newsroom, tables, submitted_by=by, door=door, **row))
    except FactcheckError as exc:
        return exc


def _alone(newsroom: Newsroom, row: Mapping[str, Any], *, by: User | None, door: str) -> Outcome:
    try:
        return intake.submit_claim(newsroom, by=by, door=door, **row)
    except FactcheckError as exc:
        return exc


def _keep(newsroom: Newsroom, read: Sequence[Claim | FactcheckError], *, by: User | None) -> list[Outcome]:
    drafts = [one for one in read if isinstance(one, Claim)]
    lone = Claim.objects.filter(newsroom=newsroom)
    known = {one.sha256: one for one in lone.filter(article=None, sha256__in={one.sha256 for one in drafts})}
    own_ids = {one.external_id for one in drafts} - {""}
    taken = set(lone.filter(external_id__in=own_ids).values_list("external_id", flat=True))
    new: list[Claim] = []
    outcomes: list[Outcome] = []
    for one in read:
        if isinstance(one, FactcheckError):
            outcomes.append(one)
        elif one.sha256 in known:
            if known[one.sha256].pk:
                recognising.note_request(known[one.sha256], by=by, external_id=one.external_id)
            outcomes.append((known[one.sha256], False))
        elif one.external_id in taken:
            outcomes.append(accepting.id_is_taken("claim"))
        else:
            known[one.sha256] = one
            taken |= {one.external_id} - {""}
            new.append(one)
            outcomes.append((one, True))
    Claim.objects.bulk_create(new)
    _note_arrivals(newsroom, new, by=by)
    return outcomes


def _note_arrivals(newsroom: Newsroom, new: Sequence[Claim], *, by: User | None) -> None:
    if by is not None:
        Contribution.objects.bulk_create(
            Contribution(claim=one, cycle=one.cycle, user=by, part=Contribution.Part.AUTHOR) for one in new
        )
    transitions.record_each(
        "claim.submitted",
        newsroom=newsroom,
        by=by,
        each=[(one, {"sha256": one.sha256, "article": None}) for one in new],
    )
    for one in new:
        if intake.gathered_by_policy(one):
            gathering.open_lookups(one, by=None)
