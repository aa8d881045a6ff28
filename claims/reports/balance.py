"""Balance: whose statements a newsroom checks, whose it leaves, and how it rates them. Read from the ledger.

The ledger never changes, so the same period gives the same moves whenever it is asked. Names and topics are those the
claims carry now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count
from django.db.models.fields.json import JSONField, KeyTextTransform
from django.db.models.functions import Cast

from claims.models import Alias, LedgerEntry, Newsroom, Publication, Rating
from claims.reports.periods import Period, entries_between

BY = ("speaker", "party", "topic")
_COUNTED = {"gather": "picked", "dismiss": "dismissed"}
_PARTS = re.compile(r"[()\[\],;/–]|\s-\s")


@dataclass(slots=True)
class Row:
    """One speaker, party or topic. A claim counts once per column, in every column it came to."""

    by: str
    name: str
    came_in: int = 0
    picked: int = 0
    dismissed: int = 0
    published: int = 0
    ratings: dict[str, int] = field(default_factory=dict)

    @property
    def picked_share(self) -> float | None:
        """Of the claims that somebody picked or dismissed, how many of a hundred were picked."""
        decided = self.picked + self.dismissed
        return 100 * self.picked / decided if decided else None


def report(newsroom: Newsroom, period: Period) -> dict[str, list[Row]]:
    """The rows by speaker, party and topic, the most frequent first. The empty name stands for "not known"."""
    known = Names(newsroom.pk)
    rows: dict[tuple[str, str], Row] = {}

    def add(claimant: str, topic: str, column: str, many: int, rating: str = "") -> None:
        for by, name in (("speaker", known.speaker(claimant)), ("party", known.party(claimant)), ("topic", topic)):
            row = rows.setdefault((by, name), Row(by, name))
            setattr(row, column, getattr(row, column) + many)
            if rating:
                row.ratings[rating] = row.ratings.get(rating, 0) + many

    for claimant, topic, column, many in _moves(newsroom.pk, period):
        add(claimant, topic, column, many)
    for claimant, topic, rating, many in _published(newsroom.pk, period):
        add(claimant, topic, "published", many, rating)
    found: dict[str, list[Row]] = {by: [] for by in BY}
    for row in rows.values():
        found[row.by].append(row)
    for some in found.values():
        some.sort(key=lambda row: (-row.came_in - row.picked - row.dismissed - row.published, row.name))
    return found


def scale(newsroom: Newsroom) -> list[Rating]:
    """The columns of the ratings, in the scale's order, with those that are no longer given."""
    return list(Rating.objects.filter(newsroom=newsroom).order_by("order", "pk"))


def _moves(newsroom_id: int, period: Period) -> Iterable[tuple[str, str, str, int]]:
    first, last = entries_between(newsroom_id, period)
    entries = LedgerEntry.objects.filter(newsroom=newsroom_id, sequence__gte=first, sequence__lte=last)
    grouped = ("claim__claimant", "claim__topic")
    for claimant, topic, many in (
        entries.filter(kind="claim.submitted", claim__isnull=False)
        .order_by()
        .values_list(*grouped)
        .annotate(many=Count("claim", distinct=True))
    ):
        yield claimant, topic, "came_in", many
    moved = (
        entries.filter(kind="claim.moved", claim__isnull=False)
        .order_by()
        .annotate(move=KeyTextTransform("move", Cast("body", JSONField())))
        .filter(move__in=list(_COUNTED))
        .values_list(*grouped, "move")
        .annotate(many=Count("claim", distinct=True))
    )
    for claimant, topic, move, many in moved:
        yield claimant, topic, _COUNTED[move], many


def _published(newsroom_id: int, period: Period) -> Iterable[tuple[str, str, str, int]]:
    found = Publication.objects.filter(
        newsroom=newsroom_id, published_at__gte=period.start, published_at__lt=period.end
    )
    yield from (
        found.order_by()
        .values_list("claim__claimant", "claim__topic", "verdict__rating__slug")
        .annotate(many=Count("claim", distinct=True))
    )


class Names:
    """Who is meant by a claimant as it was written: the desk's own names decide, else the words themselves."""

    def __init__(self, newsroom_id: int) -> None:
        self._people: dict[str, str] = {}
        self._parties: dict[str, str] = {}
        kinds = (Alias.Kind.PERSON, Alias.Kind.ORGANISATION)
        rows = Alias.objects.filter(newsroom=newsroom_id, kind__in=kinds).order_by("language", "pk")
        for written, canonical, kind in rows.values_list("written", "canonical", "kind"):
            table = self._people if kind == Alias.Kind.PERSON else self._parties
            for spelling in (canonical, written):
                table.setdefault(_key(spelling), canonical)

    def speaker(self, claimant: str) -> str:
        """The person or organisation who spoke: "Ada Lindgren (Grüne)" is Ada Lindgren."""
        parts = _parts(claimant)
        for part in parts:
            if _key(part) in self._people:
                return self._people[_key(part)]
        return self._parties.get(_key(parts[0]), parts[0]) if parts else ""

    def party(self, claimant: str) -> str:
        """The organisation named with or as the claimant, where the desk's names know it."""
        return next((self._parties[_key(part)] for part in _parts(claimant) if _key(part) in self._parties), "")


def _parts(claimant: str) -> list[str]:
    return [part for part in (" ".join(part.split()) for part in _PARTS.split(claimant)) if part]


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
