"""Whether a cited page still says what it said: the clock's comparison of two fetches.

Material is a changed fact, hedge, denial or speaker in the cited passage, a lost passage, or a correction notice.
Typography, teasers and the rest of the page are not; a page that came back mostly empty is unreadable, not changed.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from claims.analysis import extraction, sentences, tables, terms
from claims.analysis.types import Date, Entity, Fact, Modifier, Quantity, Span, Speaker

ChangeOutcome = Literal["unchanged", "cosmetic", "material", "passage_gone", "correction_notice", "unreadable"]
Severity = Literal["none", "low", "medium", "high"]

READABLE = 0.4
LOST = 60.0
REWRITTEN = 0.5

_PLAIN = {
    **dict.fromkeys('“”„‟«»‹›"″', '"'),
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
    "\u00ad": "",
    "\u200b": "",
    "\ufeff": "",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the cited passage. Spans are on the old and on the new text."""

    outcome: ChangeOutcome
    severity: Severity
    details: tuple[str, ...] = ()
    old_span: Span | None = None
    new_span: Span | None = None

    @property
    def reopens(self) -> bool:
        """Whether a person should look, once a second fetch agrees."""
        return self.outcome in ("material", "passage_gone", "correction_notice")


def normalise(text: str) -> tuple[str, list[int]]:
    """`text` with one kind of quote, dash and blank and without accents, and for each character where it stood."""
    out: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        plain = _PLAIN.get(character)
        if plain is None:
            # Without accents, so that a page in decomposed letters is the same page.
            plain = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
        for one in plain:
            if one.isspace():
                if out and out[-1] == " ":
                    continue
                one = " "
            out.append(one)
            places.append(at)
    return "".join(out), places


def compare(old_text: str, new_text: str, quote: str | Span, language: str, published: dt.date | None = None) -> Change:
    """The passage `quote` of the old text, looked for and compared in the new one."""
    old_span = quote if isinstance(quote, Span) else _locate(old_text, quote)
    if old_span is None:
        raise ValueError("the quote does not stand in the old text")
    passage = old_span.of(old_text)
    if old_text == new_text:
        return Change("unchanged", "none", (), old_span, old_span)
    if not new_text.strip():
        return Change("unreadable", "low", ("The page came back empty.",), old_span)
    notices = _notices(old_text, new_text, language)
    new_span = _locate(new_text, passage, near=old_span.start / max(1, len(old_text)))
    exact = new_span is not None
    if new_span is None:
        if len(new_text) < READABLE * len(old_text):
            why = ("The page came back much shorter: a wall, an error page, or a cut.",)
            return Change("unreadable", "low", why, old_span)
        new_span = _anchor(passage, new_text, language)
    if new_span is None:
        return Change("passage_gone", "high", (*notices, "The cited passage is no longer there."), old_span)

    details = () if exact else _material(passage, new_span.of(new_text), language, published)
    if details:
        return Change("material", "high", (*details, *notices), old_span, new_span)
    if notices:
        return Change("correction_notice", "high", notices, old_span, new_span)
    if passage == new_span.of(new_text):
        return Change("unchanged", "none", ("Other parts of the page changed.",), old_span, new_span)
    return Change("cosmetic", "low", ("Only wording or typography changed.",), old_span, new_span)


def _locate(text: str, quote: str, near: float | None = None) -> Span | None:
    """Where `quote` stands in `text` up to typography; of several places the one nearest to `near` (0..1)."""
    wanted = normalise(quote)[0].strip()
    if not wanted:
        return None
    at = text.find(quote)
    if at >= 0 and near is None:
        return Span(at, at + len(quote))
    plain, places = normalise(text)
    found = [match.start() for match in re.finditer(re.escape(wanted), plain)]
    if not found:
        return None
    best = min(found, key=lambda start: abs(start / max(1, len(plain)) - (near or 0.0)))
    end = places[best + len(wanted) - 1] + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return Span(places[best], end)


def _anchor(passage: str, text: str, language: str) -> Span | None:
    """The run of sentences most like the passage, or None below the likeness of a lost one."""
    pieces = [sentence.span for sentence in sentences.split(text, language)]
    size = max(1, len(sentences.split(passage, language)))
    wanted = normalise(passage)[0].casefold()
    best: tuple[float, Span] | None = None
    for count in {max(1, size - 1), size, size + 1}:
        for first in range(len(pieces) - count + 1):
            span = Span(pieces[first].start, pieces[first + count - 1].end)
            score = fuzz.ratio(wanted, normalise(span.of(text))[0].casefold(), score_cutoff=LOST)
            if score and (best is None or score > best[0]):
                best = (score, span)
    if best is None:
        return _part(wanted, text, pieces)
    return best[1]


def _part(wanted: str, text: str, pieces: Sequence[Span]) -> Span | None:
    """A quote that is only part of a sentence: the sentence that holds something very like it."""
    best: tuple[float, Span] | None = None
    for span in pieces:
        hay = normalise(span.of(text))[0].casefold()
        if len(hay) < len(wanted):
            continue
        found = fuzz.partial_ratio(wanted, hay, score_cutoff=75.0)
        if found and (best is None or found > best[0]):
            best = (found, span)
    return best[1] if best else None


def _notices(old_text: str, new_text: str, language: str) -> tuple[str, ...]:
    """Correction marks the new text has more of than the old."""
    old, new = normalise(old_text)[0].casefold(), normalise(new_text)[0].casefold()
    found = []
    for tongue in dict.fromkeys((language, "en")):
        for row in tables.rows("correction_marks", tongue):
            mark = normalise(row["mark"])[0].casefold()
            if new.count(mark) > old.count(mark):
                found.append(f"The page now carries a correction notice: “{row['mark'].rstrip(':')}”.")
    return tuple(dict.fromkeys(found))


def _material(old: str, new: str, language: str, published: dt.date | None) -> tuple[str, ...]:
    """What changed that matters, in words for people."""
    before, after = (extraction.facts(text, language, published) for text in (old, new))
    details = []
    for name, read in (("number", _quantities), ("date", _dates), ("name", _entities), ("speaker", _speakers)):
        ours, theirs = read(before), read(after)
        lost = [shown for key, shown in ours.items() if key not in theirs]
        gained = [shown for key, shown in theirs.items() if key not in ours]
        if lost or gained:
            details.append(_difference(name, lost, gained))
    denials = [Counter(terms.fold(text[a:b]) for a, b in terms.negated(text, language)) for text in (old, new)]
    if sum(denials[0].values()) % 2 != sum(denials[1].values()) % 2:
        details.append("A denial was added or taken away.")
    hedges = [_hedges(text, language) for text in (old, new)]
    if hedges[0] != hedges[1]:
        gone, added = sorted(hedges[0] - hedges[1]), sorted(hedges[1] - hedges[0])
        details.append(_difference("hedge", gone, added))
    if not details and _rewritten(old, new, language):
        details.append("The passage was rewritten.")
    return tuple(details)


def _difference(name: str, lost: Sequence[str], gained: Sequence[str]) -> str:
    if lost and gained:
        return f"Another {name}: {', '.join(lost)} became {', '.join(gained)}."
    return f"A {name} was taken away: {', '.join(lost)}." if lost else f"A {name} was added: {', '.join(gained)}."


def _quantities(facts: Sequence[Fact]) -> dict[tuple[object, ...], str]:
    return {
        (f.lo, f.hi, f.unit, f.dimension, _hedge_class(f.modifier)): f.text for f in facts if isinstance(f, Quantity)
    }


def _hedge_class(modifier: Modifier) -> str:
    return "=" if modifier is Modifier.RANGE else modifier.value


def _dates(facts: Sequence[Fact]) -> dict[tuple[object, ...], str]:
    """Dates by their days alone: "Monday" and "on Monday" are one."""
    return {
        (f.first, f.last, f.time) if f.first or f.last else (f.timex, f.month, f.day): f.text
        for f in facts
        if isinstance(f, Date)
    }


def _entities(facts: Sequence[Fact]) -> dict[tuple[object, ...], str]:
    """Known things and persons only: other names guessed from capitals change with every rewording."""
    return {(f.id,): f.text for f in facts if isinstance(f, Entity) and (f.via != "capitals" or f.type == "person")}


def _speakers(facts: Sequence[Fact]) -> dict[tuple[object, ...], str]:
    return {(f.id,): f.text for f in facts if isinstance(f, Speaker) and f.named}


def _hedges(text: str, language: str) -> frozenset[str]:
    words = " " + " ".join(terms.fold(word) for word, _, _ in terms.tokens(text)) + " "
    return frozenset(row["word"] for row in tables.rows("doubt", language) if f" {terms.fold(row['word'])} " in words)


def _rewritten(old: str, new: str, language: str) -> bool:
    before, after = terms.keys(old, language), terms.keys(new, language)
    if not before or not after:
        return bool(before) != bool(after)
    return len(before & after) / max(len(before), len(after)) < REWRITTEN
