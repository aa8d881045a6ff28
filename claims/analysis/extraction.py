"""The reader: a text in, everything found in it out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from claims.analysis import attribution, checkworthiness, dates, entities, flags, quantities, quotations, sentences
from claims.analysis import language as languages
from claims.analysis.aliasing import NONE, Aliases
from claims.analysis.checkworthiness import HAND, Weights
from claims.analysis.types import (
    ClaimDraft,
    Date,
    Fact,
    Quantity,
    Reading,
    Sentence,
    Span,
    Speaker,
)

# Where a sentence may be cut in two claims: both sides must then carry a number or a date.
_CUTS = {
    "de": re.compile(
        r"[,;–]\s+(?=(?:wobei|während|aber|doch|und|sondern)\s)|;\s+"
        r"|\s+(?=und\s+(?:hat|haben|hatte|ist|sind|war|waren|wurde|wurden|wird|werden|soll|will)\s)"
    ),
    "en": re.compile(
        r"[,;–]\s+(?=(?:while|whereas|but|and|although)\s)|;\s+"
        r"|\s+(?=and\s+(?:has|have|had|is|are|was|were|will|would)\s)"
    ),
}


def read(
    text: str,
    *,
    language: str | None,
    published: dt.date | None,
    aliases: Aliases = NONE,
    weights: Weights = HAND,
) -> Reading:
    """Everything found in an article: sentences, facts, claims with their reasons, desk flags.

    Every sentence comes back as a claim, a candidate or, with its score, as none: nothing is dropped.
    """
    language = _language(text, language)
    split = sentences.split(text, language)
    found = _facts(text, language, published, aliases, split)
    claims = tuple(draft for sentence in split for draft in _drafts(text, sentence, language, found, weights))
    return _reading(language, split, found, claims, published)


def _reading(
    language: str,
    split: Sequence[Sentence],
    found: tuple[Fact, ...],
    claims: tuple[ClaimDraft, ...],
    published: dt.date | None,
) -> Reading:
    reading = Reading(
        language=language,
        covered=languages.covered(language),
        sentences=tuple(split),
        facts=found,
        claims=claims,
        notes=_notes(language, published),
    )
    return replace(reading, flags=flags.raise_flags(reading, published=published))


def read_claim(
    text: str,
    *,
    language: str | None,
    published: dt.date | None,
    aliases: Aliases = NONE,
    weights: Weights = HAND,
) -> Reading:
    """A claim sent in alone: one draft over the whole text, always with status claim."""
    language = _language(text, language)
    split = sentences.split(text, language)
    found = _facts(text, language, published, aliases, split)
    start = len(text) - len(text.lstrip())
    span = Span(start, max(start, len(text.rstrip())))
    draft = _draft(Sentence(span, span.of(text)), span, language, found, weights)
    return _reading(language, split, found, (replace(draft, status="claim"),), published)


def draft_at(text: str, span: Span, reading: Reading, *, weights: Weights = HAND) -> ClaimDraft:
    """A draft over any span of a text that was read, such as one a person or a model points at."""
    held = next((one.span for one in reading.sentences if one.span.covers(span)), span)
    return _draft(Sentence(span, span.of(text)), held, reading.language, reading.facts, weights)


def facts(text: str, language: str, published: dt.date | None, *, aliases: Aliases = NONE) -> tuple[Fact, ...]:
    """All facts of a text in order of place: dates, quantities, entities, speakers, quotations."""
    language = _language(text, language)
    return _facts(text, language, published, aliases, sentences.split(text, language))


def _language(text: str, language: str | None) -> str:
    return (language or languages.identify(text)).lower().replace("_", "-").split("-")[0]


def _facts(
    text: str, language: str, published: dt.date | None, aliases: Aliases, split: Sequence[Sentence]
) -> tuple[Fact, ...]:
    days = dates.find(text, language, published=published)
    amounts = quantities.find(text, language, taken=[date.span for date in days])
    names = entities.find(text, language, aliases=aliases)
    found: list[Fact] = [*days, *amounts, *names]
    if languages.covered(language):
        speakers = attribution.find(text, language, sentences=split, entities=names)
        found += speakers
        found += attribution.quoted(text, language, sentences=split, speakers=speakers)
    return tuple(sorted(found, key=lambda fact: (fact.span.start, fact.span.end, fact.kind)))


def _drafts(
    text: str, sentence: Sentence, language: str, found: Sequence[Fact], weights: Weights
) -> Iterator[ClaimDraft]:
    """The claim or claims of one sentence: the whole of it, or its clauses where each carries a fact."""
    for span in _clauses(text, sentence, language, found):
        yield _draft(Sentence(span, span.of(text), sentence.kind), sentence.span, language, found, weights)


def _draft(clause: Sentence, sentence: Span, language: str, found: Sequence[Fact], weights: Weights) -> ClaimDraft:
    own = tuple(fact for fact in found if clause.span.covers(fact.span))
    score, kind, reasons = checkworthiness.score(clause, language, facts=own, weights=weights)
    return ClaimDraft(
        span=clause.span,
        text=clause.text,
        sentence=sentence,
        score=score,
        kind=kind,
        status=_status(score, own, language, weights) if _shown(clause, own, language, weights) else "none",
        reasons=reasons,
        facts=own,
        claimant=_claimant(clause.span, found),
    )


def _shown(clause: Sentence, own: Sequence[Fact], language: str, weights: Weights) -> bool:
    """Whether the hand weights would show it at all.

    A desk only ever decides on what it is shown, so a trained model knows nothing of greetings and headings:
    it sorts and thins out what the hand weights let through, and pulls in nothing that they do not.
    """
    return weights is HAND or checkworthiness.score(clause, language, facts=own)[0] >= HAND.candidate


def _status(
    score: float, own: Sequence[Fact], language: str, weights: Weights
) -> Literal["claim", "candidate", "none"]:
    if not languages.covered(language):
        # Without word lists a score says little: a number or a date makes a candidate, and nobody is told more.
        return "candidate" if any(isinstance(fact, Quantity | Date) for fact in own) else "none"
    if score >= weights.claim:
        return "claim"
    return "candidate" if score >= weights.candidate else "none"


def _clauses(text: str, sentence: Sentence, language: str, found: Sequence[Fact]) -> list[Span]:
    """The sentence cut wherever both sides carry a number or a date, never inside a quotation."""
    pattern = _CUTS.get(language)
    if pattern is None or sentence.kind == "heading":
        return [sentence.span]
    hard = [fact.span for fact in found if isinstance(fact, Quantity | Date) and sentence.span.covers(fact.span)]
    if len(hard) < 2:
        return [sentence.span]
    closed = list(quotations.spans(text, [sentence])) + hard
    spans, start = [], sentence.span.start
    for hit in pattern.finditer(sentence.text):
        left, right = sentence.span.start + hit.start(), sentence.span.start + hit.end()
        if any(span.start < right and left < span.end for span in closed):
            continue
        before = any(start <= span.start and span.end <= left for span in hard)
        after = any(right <= span.start for span in hard)
        if before and after:
            spans.append(Span(start, left))
            start = right
    return [*spans, Span(start, sentence.span.end)]


def _claimant(span: Span, found: Sequence[Fact]) -> Speaker | None:
    """Who says it: the speaker whose words cover most of the claim, named ones first."""
    said = [fact for fact in found if isinstance(fact, Speaker) and fact.said and fact.said.overlaps(span)]
    return max(said, key=lambda one: (one.named, _shared(one, span), -one.span.start), default=None)


def _shared(speaker: Speaker, span: Span) -> int:
    said = speaker.said
    return min(said.end, span.end) - max(said.start, span.start) if said else 0


def _notes(language: str, published: dt.date | None) -> tuple[str, ...]:
    notes = []
    if not languages.covered(language):
        notes.append(
            f"This language ({language}) is not covered: only numbers, dates, countries and capitals were read. "
            "Speakers, quotations and check-worthiness were not."
        )
    if published is None:
        notes.append("Without a publication date, dates without a year and words like “yesterday” stay open.")
    return tuple(notes)
