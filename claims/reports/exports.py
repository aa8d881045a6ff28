"""Exports: claims, checks, evidence and reviews as tables that leave the house, row by row and without a cap."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from claims.formulas import marked
from claims.models import Claim, Evidence, Policy, Publication, Review, User
from claims.withholding import BLANK
from claims.workflow import Permission, Status

AT_ONCE = 1000
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json", "jsonl": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One table: whose rows, in which columns (name of the column, path of the value), and which moment dates them."""

    name: str
    rows: Callable[[QuerySet[Claim], User], QuerySet[Any]]
    columns: dict[str, str]
    at: str


def _claims(claims: QuerySet[Claim], user: User) -> QuerySet[Any]:
    return claims


def _checks(claims: QuerySet[Claim], user: User) -> QuerySet[Any]:
    return Publication.objects.filter(claim__in=claims.order_by().values("pk"))


def _evidence(claims: QuerySet[Claim], user: User) -> QuerySet[Any]:
    same = Evidence.objects.filter(
        claim__newsroom=OuterRef("claim__newsroom"), document__url=OuterRef("document__url"), protected=True
    )
    found = Evidence.objects.filter(claim__in=claims.order_by().values("pk"))
    return found.annotate(
        hidden=Exists(same),
        publisher=Coalesce("document__publisher__name", "document__publisher_name"),
        judged=Coalesce(NullIf("stance", Value("")), "machine_stance"),
    )


def _reviews(claims: QuerySet[Claim], user: User) -> QuerySet[Any]:
    """Without those that a blind review keeps from this person; only claims still in review can have such."""
    blind = Policy.objects.filter(
        newsroom=OuterRef("claim__newsroom"), severity=OuterRef("claim__severity"), blind=True
    )
    may = [pk for pk in user.newsroom_ids() if user.could(Permission.REVIEW, pk)]
    kept = Q(claim__newsroom__in=may, claim__status=Status.IN_REVIEW) & Exists(blind) & ~Q(reviewer=user)
    return Review.objects.filter(claim__in=claims.order_by().values("pk")).exclude(kept)


_OF_CLAIM = {"newsroom": "claim__newsroom__slug", "claim": "claim_id", "cycle": "cycle"}
KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "claims",
            _claims,
            {
                "newsroom": "newsroom__slug",
                "claim": "pk",
                "text": "text",
                "language": "language",
                "status": "status",
                "cycle": "cycle",
                "kind": "kind",
                "suggestion": "suggestion",
                "score": "score",
                "severity": "severity",
                "topic": "topic",
                "claimant": "claimant",
                "said_on": "said_on",
                "appearance": "appearance",
                "external_id": "external_id",
                "demand": "demand",
                "assignee": "assignee__username",
                "due_at": "due_at",
                "submitted_at": "submitted_at",
                "moved_at": "moved_at",
                "article": "article_id",
                "article_url": "article__url",
                "duplicate_of": "duplicate_of_id",
            },
            "submitted_at",
        ),
        Kind(
            "checks",
            _checks,
            {
                "newsroom": "newsroom__slug",
                "claim": "claim_id",
                "publication": "pk",
                "slug": "slug",
                "state": "state",
                "text": "claim__text",
                "claimant": "claim__claimant",
                "topic": "claim__topic",
                "rating": "verdict__rating__slug",
                "shared_rating": "verdict__rating__shared",
                "headline": "content__headline",
                "reasons": "content__reasons",
                "language": "verdict__language",
                "cycle": "verdict__cycle",
                "proposed_by": "verdict__proposed_by__username",
                "approved_by": "verdict__approved_by__username",
                "approved_at": "verdict__approved_at",
                "published_by": "published_by__username",
                "published_at": "published_at",
                "changed_at": "changed_at",
                "withdrawn_at": "withdrawn_at",
                "content_hash": "verdict__content_hash",
            },
            "published_at",
        ),
        Kind(
            "evidence",
            _evidence,
            {
                **_OF_CLAIM,
                "evidence": "pk",
                "included": "included",
                "stance": "judged",
                "machine_stance": "machine_stance",
                "protected": "hidden",
                "url": "document__url",
                "title": "document__title",
                "publisher": "publisher",
                "sha256": "document__sha256",
                "archived_url": "document__archived_url",
                "fetched_at": "document__fetched_at",
                "quote": "quote",
                "note": "note",
                "answered": "answered",
                "judged_by": "judged_by__username",
                "added_by": "added_by__username",
                "added_at": "added_at",
            },
            "added_at",
        ),
        Kind(
            "reviews",
            _reviews,
            {
                **_OF_CLAIM,
                "review": "pk",
                "reviewer": "reviewer__username",
                "rating": "rating__slug",
                "shared_rating": "rating__shared",
                "reasons": "reasons",
                "submitted_at": "submitted_at",
            },
            "submitted_at",
        ),
    )
}
_HIDDEN = ("url", "title", "publisher", "sha256", "archived_url", "quote", "note", "answered")


def rows(
    kind: Kind,
    claims: QuerySet[Claim],
    user: User,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Iterator[dict[str, Any]]:
    """The rows that belong to these claims, from a cursor of the server: as many as there are, a few at a time."""
    chosen = kind.rows(claims, user)
    for moment, compare in ((since, "gte"), (until, "lt")):
        if moment is not None:
            chosen = chosen.filter(**{f"{kind.at}__{compare}": moment})
    with transaction.atomic():
        for values in chosen.order_by("pk").values_list(*kind.columns.values()).iterator(chunk_size=AT_ONCE):
            row = dict(zip(kind.columns, values, strict=True))
            if row.get("protected"):
                row.update(dict.fromkeys(_HIDDEN, BLANK))
            yield row


def written(kind: Kind, made: Iterable[dict[str, Any]], format: str, *, mark: bool = False) -> Iterator[bytes]:
    """The rows in one of the `FORMATS`. `mark`: begin CSV with the mark that spreadsheets know UTF-8 by."""
    if format == "csv":
        yield from _csv(kind, made, mark)
    elif format == "jsonl":
        for row in made:
            yield _json(row) + b"\n"
    else:
        between = b"["
        for row in made:
            yield between + b"\n" + _json(row)
            between = b","
        yield b"[]\n" if between == b"[" else b"\n]\n"


class _Echo:
    """A file that gives back what is written into it."""

    def write(self, text: str) -> str:
        return text


def _csv(kind: Kind, made: Iterable[dict[str, Any]], mark: bool) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield (b"\xef\xbb\xbf" if mark else b"") + writer.writerow(kind.columns).encode()
    for row in made:
        yield writer.writerow([cell(value) for value in row.values()]).encode()


def cell(value: Any) -> str:
    """A value as a spreadsheet may read it: text that it would take for a formula is marked as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):  # moments too
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    return marked(str(value).replace("\x00", ""))


def _json(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, default=lambda value: value.isoformat()).encode()
