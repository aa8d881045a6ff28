"""Who signed a text, who published it: credit lines, datelines, bylines and wire services."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from claims.analysis import entities, tables, terms
from claims.analysis.types import SourceText

_HEAD, _TAIL = 220, 260
_DATELINE = re.compile(r"^[^\n()]{0,60}\(([^()\n]{2,30})\)\s*[-–—:.]")
_SIGNED = re.compile(r"\(([^()\n]{2,30})\)")
_SOURCE_LINE = re.compile(r"(?:Quelle|Source|Mit Material von|©|\(c\)|Credit)\s*:?\s*([^\n]{2,60})", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Z][A-Za-z]?[A-Z]{0,4}")


@dataclass(frozen=True, slots=True)
class Agency:
    id: str
    name: str
    credits: tuple[str, ...]
    mentions: tuple[str, ...]


@cache
def agencies() -> tuple[Agency, ...]:
    return tuple(
        Agency(
            f"agency:{row['id']}",
            row["name"],
            tuple(row["credits"].split("|")),
            tuple(part for part in row["mentions"].split("|") if part),
        )
        for row in tables.rows("agencies")
    )


def credit(document: SourceText, others: Iterable[SourceText]) -> tuple[str, str] | None:
    """The agency that signed a document, as (id, name): a known one, or an unknown signature in a dateline.

    An unknown mark such as "(NW)" gets the name of the publisher among `others` who credits itself with it.
    """
    lines = [document.credit, document.text[:_HEAD], document.text[-_TAIL:]]
    registered = (Agency(f"agency:{terms.fold(name)}", name, codes, ()) for name, codes in document.agencies)
    for agency in (*agencies(), *registered):
        if any(_signed_by(agency, line, whole=at == 0) for at, line in enumerate(lines)):
            return agency.id, agency.name
    # The dateline stands in the first lines, below a headline where the text has one.
    datelines = (_DATELINE.match(line) for line in document.text[:_HEAD].splitlines())
    found = next((match for match in datelines if match), None) or _SIGNED.search(document.credit)
    if not found or not _ACRONYM.fullmatch(found.group(1)):
        return None
    mark = found.group(1)
    for other in others:
        own = other.publisher and terms.fold(other.publisher) in terms.fold(other.credit)
        if own and re.search(rf"\({re.escape(mark)}\)", other.credit):
            return f"agency:{terms.fold(other.publisher)}", other.publisher
    return f"agency:{terms.fold(mark)}", mark


def _signed_by(agency: Agency, line: str, *, whole: bool) -> bool:
    """Whether `line` carries the agency's credit: in brackets, in a dateline or source line, or as a byline."""
    if not line:
        return False
    names = (*agency.credits, agency.name)
    for found in (*_SIGNED.findall(line), *_SOURCE_LINE.findall(line)):
        parts = re.split(r"[/,;+&]|\bund\b|\band\b", found)
        if any(part.strip() in names for part in parts):
            return True
    if whole:
        words = re.split(r"[/,;+&|()]|\bund\b|\band\b|\bby\b|\bvon\b|\bBy\b|\bVon\b", line)
        return any(word.strip() in (*names, *agency.mentions) for word in words)
    return False


def publisher_ids(document: SourceText) -> frozenset[str]:
    name = document.publisher
    if not name:
        return frozenset()
    found = {f"name:{terms.fold(name)}", f"outlet:{terms.fold(name)}", f"agency:{terms.fold(name)}"}
    for agency in agencies():
        if terms.fold(name) in {terms.fold(part) for part in (agency.name, *agency.mentions)}:
            found.add(agency.id)
    found |= {e.id for e in entities.find(name, document.language or "en") if e.type == "organisation"}
    return frozenset(found)
