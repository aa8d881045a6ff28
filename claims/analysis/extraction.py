"""The reader: a text in, everything found in it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from claims.analysis import (
    attribution,
    checkworthiness,
    dates,
    entities,
    flags,
    quantities,
    sentences,
)
from claims.analysis import (
    language as languages,
)
from claims.analysis.types import ClaimDraft, Fact, Reading, Sentence, Span, Speaker


def read(text: str, *, language: str | None, published: dt.date | None, aliases: Mapping[str, str] = {}) -> Reading:
    """Everything found in an article: sentences, facts, claims with their reasons, desk flags."""
    language = (language or languages.identify(text))[:2].lower()
    covered = languages.covered(language)
    split = sentences.split(text, language)
    found = facts(text, language, published, aliases=aliases, split=split)
    claims = tuple(_claims(split, language, found)) if covered else ()
    reading = Reading(
        language=language,
        covered=covered,
        sentences=tuple(split),
        facts=found,
        claims=claims,
        notes=_notes(language, covered),
    )
    return replace(reading, flags=tuple(flags.raise_flags(reading)))


def read_claim(
    text: str, *, language: str | None, published: dt.date | None, aliases: Mapping[str, str] = {}
) -> Reading:
    """A claim sent in alone: one draft over the whole text, always with status claim."""
    reading = read(text, language=language, published=published, aliases=aliases)
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    whole = Sentence(Span(min(start, end), end), text[min(start, end) : end])
    value, kind, reasons = checkworthiness.score(whole, reading.language, facts=reading.facts)
    draft = ClaimDraft(
        whole.span,
        whole.text,
        whole.span,
        value,
        kind,
        "claim",
        reasons,
        reading.facts,
        _claimant(whole, reading.facts),
    )
    return replace(reading, claims=(draft,))


def facts(
    text: str,
    language: str,
    published: dt.date | None,
    *,
    aliases: Mapping[str, str] = {},
    split: Sequence[Sentence] | None = None,
) -> tuple[Fact, ...]:
    """All facts of a text in order of place: dates, quantities, entities, speakers, quotations."""
    split = sentences.split(text, language) if split is None else split
    days = dates.find(text, language, published=published)
    amounts = quantities.find(text, language, taken=[date.span for date in days])
    names = entities.find(text, language, aliases=aliases)
    found: list[Fact] = [*days, *amounts, *names]
    if languages.covered(language):
        speakers = attribution.find(text, language, sentences=split, entities=names)
        found += speakers
        found += attribution.quoted(text, language, sentences=split, speakers=speakers)
    return tuple(sorted(found, key=lambda fact: (fact.span.start, fact.span.end, fact.kind)))


def _inside(sentence: Sentence, found: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple(fact for fact in found if sentence.span.covers(fact.span))


def _claimant(sentence: Sentence, found: Sequence[Fact]) -> Speaker | None:
    speakers = [fact for fact in found if isinstance(fact, Speaker)]
    said = [one for one in speakers if one.said and one.said.overlaps(sentence.span)]
    return next(iter(said), None)


def _claims(split: Sequence[Sentence], language: str, found: Sequence[Fact]) -> Sequence[ClaimDraft]:
    drafts = []
    for sentence in split:
        own = _inside(sentence, found)
        value, kind, reasons = checkworthiness.score(sentence, language, facts=own)
        status = (
            "claim" if value >= checkworthiness.CLAIM else "candidate" if value >= checkworthiness.CANDIDATE else "none"
        )
        drafts.append(
            ClaimDraft(
                sentence.span,
                sentence.text,
                sentence.span,
                value,
                kind,
                status,
                reasons,
                own,
                _claimant(sentence, found),
            )
        )
    return drafts


def _notes(language: str, covered: bool) -> tuple[str, ...]:
    if covered:
        return ()
    return (
        f"No tables for the language {language!r}: only numbers, dates and countries were read, no claims proposed.",
    )
