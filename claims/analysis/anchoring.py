"""Anchoring: what a machine model says stands in a text is looked for there, and left out when it does not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from claims.analysis import extraction
from claims.analysis.types import ClaimDraft, Span

SHORTEST = 12  # characters; less is no statement
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Anchored:
    """Quotes found in a text as drafts of claims, and how many were left out."""

    drafts: tuple[ClaimDraft, ...]
    dropped: int


def locate(quote: str, text: str) -> Span | None:
    """Where a quote stands in a text word for word; only white space may differ. The text's own words count."""
    words = quote.split()
    if not words or len(quote) > LONGEST:
        return None
    start = text.find(quote.strip())
    if start >= 0:
        return Span(start, start + len(quote.strip()))
    found = re.search(r"\s+".join(map(re.escape, words)), text)
    return Span(found.start(), found.end()) if found else None


def claims(
    quotes: Sequence[str], text: str, *, language: str, published: dt.date | None, known: Iterable[Span] = ()
) -> Anchored:
    """Candidates at the places of these quotes, read by the rules. Places known already are left out, uncounted."""
    reading = extraction.read(text, language=language, published=published)
    taken, drafts, dropped = list(known), [], 0
    for quote in quotes:
        span = locate(quote, text) if len(quote.strip()) >= SHORTEST else None
        if span is None:
            dropped += 1
        elif not any(span.overlaps(other) for other in taken):
            taken.append(span)
            drafts.append(replace(extraction.draft_at(text, span, reading), status="candidate"))
    return Anchored(tuple(drafts), dropped)
