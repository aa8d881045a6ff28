"""What every language's grammar of speech hands back, and the units it works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.analysis.types import Sentence, Span
from claims.analysis.wording import Word


@dataclass(frozen=True, slots=True)
class Speech:
    """Words laid in a mouth: where they stand, and where the mouth is named.

    `kind` is direct, indirect, conjunctive (Konjunktiv without a frame), hearsay ("soll ... haben") or
    reported (the whole sentence tells of something said). `hidden` means the frame names nobody.
    """

    parts: tuple[Span, ...]
    speaker: Span | None
    kind: str
    cue: Span | None = None
    hidden: bool = False
    inferred: bool = False  # the speaker stands in an earlier sentence

    @property
    def span(self) -> Span:
        return Span(self.parts[0].start, self.parts[-1].end)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, or several that one quotation ties together."""

    span: Span
    paragraph: int
    quotes: tuple[Span, ...]


def units(sentences: Sequence[Sentence], quotes: Sequence[Span]) -> list[Unit]:
    """Sentences in order, joined where a quotation runs over their border; headings are left out."""
    found: list[Unit] = []
    for sentence in sentences:
        if sentence.kind == "heading":
            continue
        tied = found and any(
            quote.start - 1 < found[-1].span.end and quote.end >= sentence.span.start for quote in quotes
        )
        if tied and found[-1].paragraph == sentence.paragraph:
            found[-1] = Unit(Span(found[-1].span.start, sentence.span.end), sentence.paragraph, ())
        else:
            found.append(Unit(sentence.span, sentence.paragraph, ()))
    return [
        Unit(
            unit.span,
            unit.paragraph,
            tuple(quote for quote in quotes if unit.span.covers(Span(quote.start - 1, quote.end))),
        )
        for unit in found
    ]


@dataclass(frozen=True, slots=True)
class Clause:
    """words[first:last] between two marks; `before` is the mark in front of it ("" at the beginning)."""

    first: int
    last: int
    before: str = ""


def clauses(row: Sequence[Word]) -> list[Clause]:
    """A row cut at commas, colons, semicolons and dashes."""
    found: list[Clause] = []
    first, before = 0, ""
    for at, word in enumerate(row):
        if word.tag == "break" or word.text in "!?":
            if at > first:
                found.append(Clause(first, at, before))
                before = word.text
            else:
                before = word.text if word.text != "," or not before else before
            first = at + 1
        elif word.tag == "quote" and word.text[-2:-1] in ",.!?" and at + 1 < len(row) and row[at + 1].tag != "break":
            found.append(Clause(first, at + 1, before))  # “It is over,” she said: the comma stands inside
            first, before = at + 1, ","
    if first < len(row):
        found.append(Clause(first, len(row), before))
    return found
