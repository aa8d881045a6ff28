"""Registering: the register of publishers comes in from a table, whole or not at all."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from claims import transitions
from claims.models import Newsroom, Publisher

SHIPPED = Path(__file__).resolve().parent.parent / "publishers.tsv"
COLUMNS = ("domain", "name", "owner", "kind", "country", "interests", "credit_codes")
_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherDraft:
    """A publisher as a table names it."""

    domain: str
    name: str
    owner: str = ""
    kind: str = Publisher.Kind.OTHER.value
    country: str = ""
    interests: str = ""
    credit_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRead:
    """What a table holds, and what is wrong with it: (line, reason)."""

    drafts: list[PublisherDraft] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)


def read_table(text: str) -> TableRead:
    """Publishers from CSV: a first line with the columns' names, then commas, semicolons or tabs.

    `domain` and `name` are needed; several credit codes stand in one cell, separated by |.
    """
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max("\t;,", key=head.count)
    lines = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter, strict=True)
    found = TableRead()
    names = [name.strip() for name in lines.fieldnames or ()]
    if missing := [name for name in ("domain", "name") if name not in names]:
        found.errors.append((1, f"There is no column called {' or '.join(missing)}."))
        return found
    if unknown := [name for name in names if name not in COLUMNS]:
        found.errors.append((1, f"Unknown column: {', '.join(unknown)}. Known are {', '.join(COLUMNS)}."))
        return found
    lines.fieldnames = names
    seen: dict[str, int] = {}
    try:
        for row in lines:
            _read_row(row, lines.line_num, seen, found)
    except csv.Error as exc:
        found.errors.append((lines.line_num, f"The line cannot be read: {exc}."))
    return found


def _read_row(row: dict[str | None, str | None], line: int, seen: dict[str, int], found: TableRead) -> None:
    if row.get(None):
        found.errors.append((line, "There are more cells than columns."))
        return
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    cells["domain"] = cells["domain"].lower().removeprefix("www.").rstrip(".")
    cells["kind"] = cells["kind"] or Publisher.Kind.OTHER.value
    cells["country"] = cells["country"].upper()
    wrong = _wrong(cells)
    if not wrong and cells["domain"] in seen:
        wrong = f"{cells['domain']} stands in line {seen[cells['domain']]} already."
    if wrong:
        found.errors.append((line, wrong))
        return
    seen[cells["domain"]] = line
    codes = tuple(dict.fromkeys(code for part in cells.pop("credit_codes").split("|") if (code := part.strip())))
    found.drafts.append(PublisherDraft(**cells, credit_codes=codes))


def _wrong(cells: dict[str, str]) -> str:
    if not _DOMAIN.fullmatch(cells["domain"]):
        return f"{cells['domain'] or 'An empty cell'} is not a domain such as paper.example."
    if not cells["name"]:
        return "The publisher has no name."
    if cells["kind"] not in Publisher.Kind.values:
        return f"{cells['kind']} is no kind of publisher; use {', '.join(Publisher.Kind.values)}."
    if cells["country"] and not re.fullmatch("[A-Z]{2}", cells["country"]):
        return f"{cells['country']} is not a country's two letters."
    if too_long := [name for name in ("name", "owner") if len(cells[name]) > 200]:
        return f"The {too_long[0]} is longer than 200 characters."
    if any(len(code.strip()) > 40 for code in cells["credit_codes"].split("|")):
        return "A credit code is longer than 40 characters."
    return ""


@transaction.atomic
def register(drafts: Sequence[PublisherDraft], *, newsroom: Newsroom | None, replace: bool = True) -> int:
    """Keep publishers in a newsroom's register, or in the one all share, each once by its domain.

    With `replace` known ones are brought up to date; without, they stay as the desk has made them. Returns how many
    are in the register now that came from `drafts`.
    """
    rows = [_row(draft, newsroom) for draft in drafts]
    if replace:
        changing = [name for name in COLUMNS if name != "domain"]
        Publisher.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["newsroom", "domain"], update_fields=changing
        )
    else:
        Publisher.objects.bulk_create(rows, ignore_conflicts=True)
    if newsroom is not None:
        domains = [draft.domain for draft in drafts]
        transitions.record("publisher.imported", newsroom=newsroom, by=None, domains=domains)
    return len(rows)


def register_shipped() -> int:
    """The table that comes with the software into the register all newsrooms share; nobody's changes are undone."""
    return register(read_table(SHIPPED.read_text(encoding="utf-8")).drafts, newsroom=None, replace=False)


def _row(draft: PublisherDraft, newsroom: Newsroom | None) -> Publisher:
    values = {name: getattr(draft, name) for name in COLUMNS}
    return Publisher(newsroom=newsroom, **{**values, "credit_codes": list(draft.credit_codes)})


def domains_above(domain: str) -> Iterable[str]:
    """The domain and those it lies in, nearest first: en.paper.example, paper.example."""
    parts = domain.split(".")
    return [".".join(parts[at:]) for at in range(len(parts) - 1)]
