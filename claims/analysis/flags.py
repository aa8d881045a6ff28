"""Desk flags: what a person should look at in the article itself, no source needed."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator

from claims.analysis import checkworthiness
from claims.analysis.types import Date, Flag, Modifier, Quantity, Quotation, Reading, Span, Speaker

_LONG_QUOTATION = 4  # words; a shorter one is as often a name or a distancing mark
_MOST = 0.6  # share of the attributed claims one voice must stand behind
_LOOSE = (Modifier.VAGUE, Modifier.RANGE)


def raise_flags(reading: Reading, *, published: dt.date | None = None) -> tuple[Flag, ...]:
    """Every flag the reading gives cause for, in a fixed order."""
    found = [*_dropped_hedges(reading), *_two_values(reading), *_speaker_conflicts(reading)]
    found += [*_unnamed(reading), *_without_speaker(reading), *_dates(reading, published)]
    found += [*_loaded_words(reading), *_single_origin(reading)]
    return tuple(found)


def _quantities(reading: Reading) -> list[Quantity]:
    return [fact for fact in reading.facts if isinstance(fact, Quantity) and fact.role not in ("age", "ordinal")]


def _dropped_hedges(reading: Reading) -> Iterator[Flag]:
    """The same number of the same thing, once with "etwa" and once without."""
    same: dict[tuple[float, str, str], list[Quantity]] = defaultdict(list)
    for fact in _quantities(reading):
        if fact.lo == fact.hi and fact.modifier is not Modifier.VAGUE:
            same[fact.lo, fact.dimension, fact.counted.name if fact.counted else ""].append(fact)
    for several in same.values():
        plain = [fact for fact in several if fact.modifier is Modifier.EXACT]
        hedged = [fact for fact in several if fact.modifier is not Modifier.EXACT]
        if plain and hedged:
            message = (
                f"“{_hedged(reading, hedged[0])}” stands elsewhere as plain “{plain[0].text}”: a hedge was dropped."
            )
            yield Flag("dropped_hedge", message, tuple(fact.span for fact in (*plain, *hedged)))


def _hedged(reading: Reading, fact: Quantity) -> str:
    """The number with the word that hedges it, as the text has it."""
    hedge = fact.modifier_span
    sentence = next((one for one in reading.sentences if one.span.covers(fact.span)), None)
    if hedge is None or sentence is None or not sentence.span.covers(hedge):
        return fact.text
    whole = Span(min(hedge.start, fact.span.start), max(hedge.end, fact.span.end))
    return whole.shifted(-sentence.span.start).of(sentence.text)


def _two_values(reading: Reading) -> Iterator[Flag]:
    """Two different numbers for the same known thing and event."""
    same: dict[tuple[str, str, str], list[Quantity]] = defaultdict(list)
    for fact in _quantities(reading):
        if fact.counted and fact.counted.known and fact.event and fact.modifier not in _LOOSE:
            same[fact.dimension, fact.counted.name, fact.event].append(fact)
    for several in same.values():
        values = {fact.lo: fact for fact in several}
        if len(values) > 1:
            first, second, *_ = values.values()
            message = f"Two figures for what looks like one thing: “{first.text}” and “{second.text}”."
            yield Flag("two_values", message, tuple(fact.span for fact in several))


def _speaker_conflicts(reading: Reading) -> Iterator[Flag]:
    """The same quoted words in two mouths."""
    said: dict[str, list[Quotation]] = defaultdict(list)
    for fact in reading.facts:
        if isinstance(fact, Quotation) and fact.speaker and fact.speaker.named:
            said[" ".join(fact.text.casefold().strip(" .,!?").split())].append(fact)
    for several in said.values():
        speakers = {fact.speaker.id: fact.speaker.text for fact in several if fact.speaker}
        if len(speakers) > 1:
            message = f"“{several[0].text}” is given to more than one speaker: {', '.join(speakers.values())}."
            yield Flag("speaker_conflict", message, tuple(fact.span for fact in several))


def _unnamed(reading: Reading) -> Iterator[Flag]:
    hidden = [fact for fact in reading.facts if isinstance(fact, Speaker) and not fact.named]
    if hidden:
        words = ", ".join(f"“{text}”" for text in dict.fromkeys(fact.text for fact in hidden))
        yield Flag("unnamed_attribution", f"Nobody can be asked: {words}.", tuple(fact.span for fact in hidden))


def _without_speaker(reading: Reading) -> Iterator[Flag]:
    orphans = [
        fact
        for fact in reading.facts
        if isinstance(fact, Quotation) and fact.speaker is None and len(fact.text.split()) >= _LONG_QUOTATION
    ]
    if orphans:
        yield Flag("no_speaker", "Quoted words without a speaker.", tuple(fact.span for fact in orphans))


def _dates(reading: Reading, published: dt.date | None) -> Iterator[Flag]:
    days = [fact for fact in reading.facts if isinstance(fact, Date)]
    if published is None and not any(fact.first and not fact.relative and not fact.year_inferred for fact in days):
        yield Flag("missing_date", "Neither the text nor its source says when it was published.")
    inferred = [fact for fact in days if fact.year_inferred]
    if inferred:
        words = ", ".join(f"“{text}”" for text in dict.fromkeys(fact.text for fact in inferred))
        yield Flag("year_inferred", f"The year is not stated: {words}.", tuple(fact.span for fact in inferred))


def _loaded_words(reading: Reading) -> Iterator[Flag]:
    """Words that judge, outside of quotations."""
    quoted = [fact.span for fact in reading.facts if isinstance(fact, Quotation)]
    found: list[tuple[str, Span]] = []
    for sentence in reading.sentences:
        for span in checkworthiness.judging_words(sentence, reading.language):
            if not any(quote.overlaps(span) for quote in quoted):
                found.append((span.shifted(-sentence.span.start).of(sentence.text), span))
    if found:
        words = ", ".join(f"“{word}”" for word in dict.fromkeys(word for word, _ in found))
        yield Flag("loaded_words", f"Words that judge: {words}.", tuple(span for _, span in found))


def _single_origin(reading: Reading) -> Iterator[Flag]:
    """One voice behind most of what the text attributes."""
    voices = [draft.claimant for draft in reading.claims if draft.claimant and draft.status != "none"]
    if len(voices) < 3:
        return
    id_, count = Counter(voice.id for voice in voices).most_common(1)[0]
    if id_ and count / len(voices) >= _MOST:
        spans = tuple(dict.fromkeys(voice.span for voice in voices if voice.id == id_))
        name = next(voice.text for voice in voices if voice.id == id_)
        yield Flag("single_origin", f"{count} of {len(voices)} attributed claims go back to one voice: {name}.", spans)
