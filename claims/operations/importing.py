"""Importing: claims come in from a sheet, each row with its own result; a bad one stops no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.db import transaction

from claims import sheets, transitions
from claims.errors import FactcheckError, InvalidInput
from claims.models import Newsroom, User
from claims.operations import accepting, batching
from claims.sheets import Row, Sheet
from claims.workflow import Permission

# The fields of a claim, and how sheets call them. The first column that fits is taken.
NAMED, LONGEST_NAMES = 12, 300  # columns, and characters of their names, that a refusal tells
NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "claim", "claim text", "statement", "quote", "behauptung", "aussage", "zitat"),
    "claimant": ("claimant", "speaker", "who", "author", "said by", "sprecher", "person", "wer", "urheber"),
    "said_on": ("said_on", "said on", "date", "day", "claim date", "datum", "tag", "gesagt am", "wann"),
    "appearance": ("appearance", "url", "link", "address", "source", "where", "adresse", "quelle", "fundstelle", "wo"),
    "language": ("language", "lang", "sprache"),
    "external_id": ("external_id", "external id", "id", "number", "reference", "nummer", "nr", "kennung"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where: a column for each field that has one, how days are written, the language of all rows."""

    columns: Mapping[str, str]
    dates: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row: created, existing, or refused with the reason."""

    line: int
    text: str
    result: str
    claim: int | None = None
    refusal: FactcheckError | None = None
    external_id: str = ""


@dataclass(slots=True)
class Report:
    """What became of a sheet."""

    results: list[Result] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(one.result for one in self.results)
        return {result: counted[result] for result in ("created", "existing", "refused")}

    @property
    def refused(self) -> list[Result]:
        return [one for one in self.results if one.refusal is not None]


def guessed(sheet: Sheet) -> Layout:
    """The layout that the names of the columns, and the days in them, suggest."""
    by_name = {name.casefold(): name for name in reversed(sheet.columns)}
    columns: dict[str, str] = {}
    for wanted, names in NAMES.items():
        found = next((by_name[name] for name in names if name in by_name), None)
        if found is not None and found not in columns.values():
            columns[wanted] = found
    days = sheet.cells(columns["said_on"]) if "said_on" in columns else ()
    return Layout(columns, sheets.order_of(days))


def checked(sheet: Sheet, layout: Layout) -> Layout:
    """The layout, if the sheet has what it names. Raises `InvalidInput`."""
    if unknown := [name for name in layout.columns if name not in NAMES]:
        raise InvalidInput(f"A claim has no field {unknown[0]}.", field="columns", code="unknown")
    if missing := [column for column in layout.columns.values() if column not in sheet.columns]:
        raise InvalidInput(f"There is no column called {missing[0]}.", field="columns", code="unknown")
    if "text" not in layout.columns:
        names = ", ".join(sheet.columns[:NAMED])
        raise InvalidInput(
            f"Say which column holds the claims. The file has: {names[:LONGEST_NAMES]}.",
            field="columns",
            code="required",
        )
    return layout


def fields_of(row: Row, layout: Layout) -> dict[str, Any]:
    """What a row says of a claim. Raises `InvalidInput`."""
    if row.problem:
        raise InvalidInput(row.problem, field="row", code="unreadable")
    given: dict[str, Any] = {name: row.cells[column] for name, column in layout.columns.items()}
    given["language"] = given.get("language") or layout.language
    try:
        given["said_on"] = sheets.day(given.get("said_on", ""), layout.dates)
    except ValueError as exc:
        raise InvalidInput(str(exc), field="said_on", code="not_a_day") from exc
    return given


def take_in(
    newsroom: Newsroom, sheet: Sheet, layout: Layout, *, by: User | None, door: str, dry_run: bool = False
) -> Report:
    """Hand in the claims of a sheet. A dry run does the same and keeps nothing of it."""
    transitions.require(by, Permission.SUBMIT, newsroom)
    checked(sheet, layout)
    report, rows = Report(), iter(sheet.rows)
    texts, own_ids = set[str](), set[str]()
    while some := list(islice(rows, batching.AT_ONCE)):
        if not dry_run:
            report.results += _take(newsroom, some, layout, by=by, door=door)
            continue
        with transaction.atomic():  # a hundred at a time: nobody waits for a dry run
            report.results += _as_if_kept(_take(newsroom, some, layout, by=by, door=door), texts, own_ids)
            transaction.set_rollback(True)
    return report


def _take(newsroom: Newsroom, rows: Sequence[Row], layout: Layout, *, by: User | None, door: str) -> list[Result]:
    sound: dict[int, dict[str, Any]] = {}
    refused: dict[int, FactcheckError] = {}
    for row in rows:
        try:
            sound[row.line] = fields_of(row, layout)
        except InvalidInput as exc:
            refused[row.line] = exc
    kept = batching.submit_claims(newsroom, sound.values(), by=by, door=door)
    outcomes: dict[int, batching.Outcome] = {**refused, **dict(zip(sound, kept, strict=True))}
    return list(_results(rows, outcomes, layout))


def _results(rows: Sequence[Row], outcomes: Mapping[int, batching.Outcome], layout: Layout) -> Iterator[Result]:
    for row in rows:
        outcome, text = outcomes[row.line], row.cells.get(layout.columns["text"], "")
        if isinstance(outcome, FactcheckError):
            yield Result(row.line, text, "refused", refusal=outcome)
        else:
            claim, created = outcome
            yield Result(row.line, text, "created" if created else "existing", claim.pk, None, claim.external_id)


def _as_if_kept(results: list[Result], texts: set[str], own_ids: set[str]) -> Iterator[Result]:
    """What was created earlier in a dry run, and undone, would be there already."""
    for one in results:
        if one.result != "created":
            yield one
        elif one.text in texts:
            yield replace(one, result="existing", claim=None)
        elif one.external_id in own_ids:
            yield replace(one, result="refused", claim=None, refusal=accepting.id_is_taken("claim"))
        else:
            texts.add(one.text)
            own_ids |= {one.external_id} - {""}
            yield replace(one, claim=None)
