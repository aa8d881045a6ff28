"""Aliasing: the desk's table of names changes, row by row or from a file, whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.errors import InvalidInput, RuleBroken
from claims.formulas import marked, unmarked
from claims.models import Alias, Newsroom, User
from claims.workflow import Permission

COLUMNS = ("written", "language", "canonical", "kind", "wikidata")
LONGEST = 1_000_000  # characters of a file
MOST = 20_000  # rows of a file


@dataclass(frozen=True, slots=True)
class NamesRead:
    """What a table holds, and what is wrong with it: (line, reason)."""

    rows: list[dict[str, str]] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)


def read_table(text: str) -> NamesRead:
    """Names from CSV: a first line with the columns' names, then commas, semicolons or tabs."""
    found = NamesRead()
    text = text.lstrip("\ufeff")
    if len(text) > LONGEST:
        found.errors.append((1, f"The file is longer than {LONGEST:,} characters."))
        return found
    head = text.split("\n", 1)[0]
    lines = csv.DictReader(io.StringIO(text), delimiter=max("\t;,", key=head.count), strict=True)
    try:
        names = [name.strip().lower() for name in lines.fieldnames or ()]
        if missing := [name for name in ("written", "canonical", "kind") if name not in names]:
            found.errors.append((1, f"There is no column called {' or '.join(missing)}."))
            return found
        lines.fieldnames = names
        seen: dict[tuple[str, str], int] = {}
        for row in lines:
            _read_row(row, lines.line_num, seen, found)
    except csv.Error as exc:
        found.errors.append((lines.line_num, f"The line cannot be read: {exc}."))
    if len(found.rows) > MOST:
        found.errors.append((MOST, f"There are more than {MOST:,} rows."))
    return found


def _read_row(row: dict[str, str | None], line: int, seen: dict[tuple[str, str], int], found: NamesRead) -> None:
    cells = {name: unmarked(" ".join((row.get(name) or "").split())) for name in COLUMNS}
    cells["language"], cells["kind"] = cells["language"].lower(), cells["kind"].lower()
    try:
        Alias(**cells).clean_fields(exclude=["newsroom"])
    except ValidationError as wrong:
        name, messages = next(iter(wrong.message_dict.items()))
        found.errors.append((line, f"{name}: {messages[0]}"))
        return
    key = (cells["written"], cells["language"])
    if key in seen:
        found.errors.append((line, f"{cells['written']} stands in line {seen[key]} already."))
        return
    seen[key] = line
    found.rows.append(cells)


@transaction.atomic
def take_in(rows: Sequence[dict[str, str]], *, newsroom: Newsroom, by: User | None) -> int:
    """Keep the rows of a table; a spelling that is there already is brought up to date. Returns how many."""
    transitions.require(by, Permission.RESEARCH, newsroom)
    for row in rows:
        Alias.objects.update_or_create(
            newsroom=newsroom,
            written=row["written"],
            language=row["language"],
            defaults={name: row[name] for name in ("canonical", "kind", "wikidata")}
            | {"source": Alias.Source.DESK.value},
        )
    transitions.record("alias.imported", newsroom=newsroom, by=by, rows=list(rows))
    return len(rows)


def as_table(rows: Iterable[Alias]) -> str:
    """The rows as the CSV that `read_table` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([marked(getattr(row, name)) for name in COLUMNS] for row in rows)
    return out.getvalue()


@transaction.atomic
def forget(row: Alias, *, by: User) -> None:
    """Take a spelling out of the table; the ledger keeps what it said."""
    transitions.require(by, Permission.RESEARCH, row.newsroom)
    before = {name: getattr(row, name) for name in COLUMNS}
    transitions.record("alias.removed", newsroom=row.newsroom, by=by, row=row.pk, before=before)
    row.delete()


@transaction.atomic
def want_names(row: Alias, *, by: User) -> None:
    """Ask for the names Wikidata has; a worker fetches them within a minute."""
    transitions.require(by, Permission.RESEARCH, row.newsroom)
    if not row.wikidata:
        raise RuleBroken("A name without a Wikidata id cannot be looked up there.", code="no_id", field="wikidata")
    Alias.objects.filter(pk=row.pk).update(wanted_at=timezone.now(), note="")
    transitions.record("alias.names_wanted", newsroom=row.newsroom, by=by, row=row.pk, wikidata=row.wikidata)


@transaction.atomic
def record_names(
    newsroom: Newsroom, *, wikidata: str, canonical: str, kind: str, names: Iterable[tuple[str, str]], by: User | None
) -> int:
    """Keep (spelling, language) pairs that Wikidata gives for an id. The desk's own rows stay as they are."""
    transitions.require(by, Permission.RESEARCH, newsroom)
    if kind not in Alias.Kind.values:
        raise InvalidInput("A name is of a person, an organisation or a place.", field="kind")
    made = []
    for written, language in dict.fromkeys((" ".join(name.split())[:200], spoken) for name, spoken in names):
        if len(written) < 2:
            continue
        fields = {"canonical": canonical, "kind": kind, "wikidata": wikidata, "source": Alias.Source.WIKIDATA.value}
        _, new = Alias.objects.get_or_create(newsroom=newsroom, written=written, language=language, defaults=fields)
        if new:
            made.append(f"{written} ({language})" if language else written)
    Alias.objects.filter(newsroom=newsroom, wikidata=wikidata).update(wanted_at=None, note="")
    transitions.record("alias.names_fetched", newsroom=newsroom, by=by, wikidata=wikidata, added=made)
    return len(made)


def give_up(row: Alias, *, reason: str) -> None:
    """Wikidata had no names or could not be asked: the row says why."""
    Alias.objects.filter(pk=row.pk).update(wanted_at=None, note=reason[:300])
