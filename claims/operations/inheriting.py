"""Inheriting: checks a desk published elsewhere become its earlier checks: from Meedan Check's CSV, or ClaimReview."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import transaction

from claims import sheets, transitions
from claims.analysis import language as languages
from claims.errors import InvalidInput
from claims.models import EarlierCheck, Newsroom, Rating, User
from claims.operations import following, remembering
from claims.operations.remembering import CheckDraft
from claims.sheets import Row, Sheet
from claims.workflow import Permission

# How exports of Check (items, shared feeds, fact-checks) and tables made by hand call what a check has.
NAMES: dict[str, tuple[str, ...]] = {
    "claim_text": ("claim", "claim text", "claim description", "behauptung", "aussage"),
    "title": ("fact-check title", "title", "headline", "titel"),
    "more": ("fact-check summary", "summary", "zusammenfassung"),
    "tags": ("tags", "schlagwörter"),
    "rating": ("status", "rating", "verdict", "bewertung", "urteil"),
    "url": ("fact-check url", "published article url", "url", "link", "item page url", "adresse"),
    "identifier": ("item page url", "id"),
    "claimant": ("claimant", "speaker", "sprecher"),
    "publisher": ("workspace", "publisher", "herausgeber"),
    "language": ("language", "sprache"),
    "claimed_on": ("social media posted at", "claim date", "claimed on"),
    "checked_on": ("report published at", "published at", "updated at", "date", "datum"),
    "state": ("report status",),
}
UNDECIDED = {"", "unstarted", "undetermined", "in progress", "in_progress", "not applicable", "not_applicable"}
REASONS = 200  # refusals told one by one; all are counted


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that is no earlier check, and why. Without a line where the file has none."""

    reason: str
    line: int | None = None


@dataclass(slots=True)
class Inherited:
    """What an import of checks did."""

    new: int = 0
    known: int = 0
    refused: int = 0
    reasons: list[Refused] = field(default_factory=list)


Found = CheckDraft | Refused
_readers: list[Callable[[Path], Iterable[CheckDraft | Exception]]] = []


def read_reviews_with(reader: Callable[[Path], Iterable[CheckDraft | Exception]]) -> None:
    """Whoever can read ClaimReview in pages and files says so here: the workers."""
    _readers[:] = [reader]


def read(path: Path, *, newsroom: Newsroom, ratings: Mapping[str, str] | None = None) -> Iterator[Found]:
    """The checks in a file: a table (CSV), or ClaimReview in a saved page, JSON or JSON lines.

    A rating gets a step of the shared scale only where `ratings` names it, or the newsroom's own scale has its word.
    """
    with path.open("rb") as file:
        begins = file.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if begins in (b"{", b"[", b"<") and _readers:
        return of_reviews(_readers[0](path), newsroom=newsroom, ratings=ratings)
    sheet = sheets.read(path.read_bytes())
    return _of_table(sheet, _columns(sheet), newsroom, _words(newsroom, ratings))


def of_reviews(
    read: Iterable[CheckDraft | Exception], *, newsroom: Newsroom, ratings: Mapping[str, str] | None = None
) -> Iterator[Found]:
    """The checks among what was read as ClaimReview."""
    known = _words(newsroom, ratings)
    for one in read:
        yield _rated(one, known) if isinstance(one, CheckDraft) else Refused(str(one))


def inherit(newsroom: Newsroom, found: Iterable[Found], *, by: User | None, dry_run: bool = False) -> Inherited:
    """Keep checks as earlier checks of a newsroom, each once by its address; what is known is brought up to date."""
    transitions.require(by, Permission.ADMINISTER, newsroom)
    done = Inherited()
    own = EarlierCheck.objects.filter(newsroom=newsroom)
    with transaction.atomic():
        before = own.count()
        kept = remembering.remember(_usable(found, done), newsroom=newsroom)
        done.new = own.count() - before
        done.known = kept - done.new
        transitions.record("checks.imported", newsroom=newsroom, by=by, new=done.new, known=done.known)
        transaction.set_rollback(dry_run)
    return done


def _usable(found: Iterable[Found], done: Inherited) -> Iterator[CheckDraft]:
    for one in found:
        if isinstance(one, CheckDraft):
            yield one
            continue
        done.refused += 1
        if len(done.reasons) < REASONS:
            done.reasons.append(one)


def _words(newsroom: Newsroom, ratings: Mapping[str, str] | None) -> dict[str, str]:
    """The words of the newsroom's own scale, in every language, and what they are on the shared one; then `ratings`."""
    found: dict[str, str] = {}
    for rating in Rating.objects.filter(newsroom=newsroom):
        for word in (rating.slug, *rating.labels.values()):
            found[str(word).casefold()] = rating.shared
    return found | {word.casefold(): shared for word, shared in (ratings or {}).items()}


def _rated(draft: CheckDraft, known: Mapping[str, str]) -> CheckDraft:
    return replace(draft, shared=draft.shared or known.get(draft.rating.casefold(), ""))


def _of_table(
    sheet: Sheet, columns: Mapping[str, str], newsroom: Newsroom, known: Mapping[str, str]
) -> Iterator[Found]:
    dated = [name for name in ("claimed_on", "checked_on") if name in columns]
    orders = {name: sheets.order_of(sheet.cells(columns[name])) for name in dated}
    for row in sheet.rows:
        try:
            yield _rated(_of_row(row, columns, orders, newsroom), known)
        except ValueError as exc:
            yield Refused(str(exc), row.line)


def _columns(sheet: Sheet) -> dict[str, str]:
    by_name = {name.casefold(): name for name in reversed(sheet.columns)}
    columns = {}
    for wanted, names in NAMES.items():
        if found := next((by_name[name] for name in names if name in by_name), None):
            columns[wanted] = found
    if "claim_text" not in columns and "title" not in columns:
        raise InvalidInput("The table has neither a column called Claim nor one called Title.", field="file")
    if "url" not in columns and "identifier" not in columns:
        raise InvalidInput("The table has no column with the address of each check.", field="file")
    if not {"title", "more", "rating"} & set(columns):
        raise InvalidInput(
            "The table tells no ratings, titles or summaries of checks. Hand claims in as claims.", field="file"
        )
    return columns


def _of_row(row: Row, columns: Mapping[str, str], orders: Mapping[str, str], newsroom: Newsroom) -> CheckDraft:
    if row.problem:
        raise ValueError(row.problem)
    given = {name: row.cells[column] for name, column in columns.items()}
    text = given.get("claim_text") or given.get("title", "")
    address = given.get("url", "") if given.get("url", "").startswith(("http://", "https://")) else ""
    identifier = following.address_of(address) if address else given.get("identifier", "")
    if len(text) < 3:
        raise ValueError("There is no claim.")
    if not identifier:
        raise ValueError("The check has no address.")
    if given.get("state", "published").casefold() != "published":
        raise ValueError("It was not published.")
    checked_on = sheets.day(given.get("checked_on", ""), orders.get("checked_on", ""))
    if "rating" in given and checked_on is None and given["rating"].casefold() in UNDECIDED:
        raise ValueError("It was not decided.")
    spoken = given.get("language", "").replace("_", "-").split("-")[0].lower()
    return CheckDraft(
        identifier=identifier if address else f"{newsroom.slug}:{identifier}",
        claim_text=text,
        language=spoken if spoken and languages.exists(spoken) else languages.identify(text),
        title=given.get("title", ""),
        more=" ".join(filter(None, (given.get("more", ""), given.get("tags", "")))),
        claimant=given.get("claimant", ""),
        claimed_on=sheets.day(given.get("claimed_on", ""), orders.get("claimed_on", "")),
        publisher=given.get("publisher") or newsroom.name,
        url=address,
        rating="" if given.get("rating", "").casefold() in UNDECIDED else given["rating"],
        checked_on=checked_on,
    )
