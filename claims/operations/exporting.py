"""Exporting: rows leave the house, and the ledger of every newsroom they come from notes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims import transitions
from claims.errors import InvalidInput, NotPermitted
from claims.models import Claim, User
from claims.reports import exports
from claims.workflow import Permission


def export(
    claims: QuerySet[Claim],
    *,
    by: User,
    kind: str,
    format: str,
    asked: Mapping[str, Sequence[str]],
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    mark: bool = False,
) -> Iterator[bytes]:
    """The rows of one kind that belong to these claims, of the newsrooms this person reads. `asked`: the filters."""
    if kind not in exports.KINDS:
        raise InvalidInput("There is no such table.", field="kind", code="unknown")
    if format not in exports.FORMATS:
        raise InvalidInput("Choose csv, json or jsonl.", field="as", code="unknown")
    rooms = [pk for pk in by.newsroom_ids() if by.may(Permission.READ, pk)]
    if not rooms:
        raise NotPermitted(_("You do not belong to a newsroom."))
    chosen = exports.KINDS[kind]
    with transaction.atomic():
        for room in sorted(rooms):
            transitions.record(
                "export.made",
                newsroom=room,
                by=by,
                table=kind,
                format=format,
                asked={key: list(values) for key, values in asked.items()},
            )
    rows = exports.rows(chosen, claims.filter(newsroom__in=rooms), by, since=since, until=until)
    return exports.written(chosen, rows, format, mark=mark)
