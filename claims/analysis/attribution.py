"""Who is said to have said what: speakers, their words, and quotations.

Frames ("X sagte, dass", "laut X", "X zufolge", "X said") are found by the grammar of the language;
this module joins them over sentences: a quotation takes the speaker of the frame beside it, a sentence in
Konjunktiv the speaker before it, a pronoun the person named last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from claims.analysis import quotations as marks
from claims.analysis import speech_german
from claims.analysis.speech import Speech, Unit, units
from claims.analysis.speech_german import Reader
from claims.analysis.wording import small
from claims.analysis.types import Entity, Quotation, Sentence, Span, Speaker


def speeches(text: str, language: str, *, sentences: Sequence[Sentence]) -> list[Speech]:
    """Everything said by somebody in a text, in order, speakers carried over sentences."""
    language = language[:2].lower()
    if language != "de":
        return []
    quotes = marks.spans(text, sentences)
    found: list[Speech] = []
    last: Span | None = None  # the speaker named last, pronouns passed over
    flowing = False
    paragraph = -1
    pending: Span | None = None
    before: Span | None = None
    for unit in units(sentences, quotes):
        reader = Reader(text, unit, before)
        before = unit.span
        here = speech_german.speeches(reader)
        if unit.paragraph != paragraph:
            flowing = False
        paragraph = unit.paragraph
        if not here and flowing and reader.weak_mood():
            here = [Speech((unit.span,), None, "conjunctive")]
        done = [replace(one, speaker=last) if _carried(one) else one for one in here]
        done.extend(_quoted(text, unit, reader, done, pending, last))
        pending = reader.announced() if text[unit.span.end - 1] == ":" else None
        pending = reader.phrase_span(pending) if pending else None
        found.extend(done)
        named = [one for one in here if one.speaker and not one.hidden and not _is_pronoun(one.speaker.of(text), language)]
        if named:
            last = min(named, key=lambda one: one.cue.start if one.cue else one.span.start).speaker
        flowing = bool(done)
    return found


def _carried(one: Speech) -> bool:
    """Whether the speaker is to be taken from the sentence before."""
    return one.speaker is None and not one.hidden and one.kind in ("conjunctive", "hearsay")


def _is_pronoun(text: str, language: str) -> bool:
    return text.lower() in small(language, "pronoun") | small(language, "relative")


def _quoted(
    text: str, unit: Unit, reader: Reader, here: Sequence[Speech], pending: Span | None, last: Span | None
) -> Iterator[Speech]:
    """The quotations of a unit, each with the speaker of the frame that holds it or stands beside it."""
    announced = reader.announced()
    colon = next((word.end for word in reader.row if word.text == ":"), unit.span.end)
    for quote in unit.quotes:
        marked = Span(quote.start - 1, min(quote.end + 1, len(text)))
        words = len(quote.of(text).split())
        holding = [one for one in here if any(part.overlaps(marked) for part in one.parts)]
        best = min(holding, key=lambda one: (one.speaker is None, one.span.end - one.span.start), default=None)
        if best and (best.speaker or best.hidden):
            yield Speech((marked,), best.speaker, "direct", best.cue, best.hidden)
        elif announced and marked.start >= colon:
            yield Speech((marked,), reader.phrase_span(announced), "direct")
        elif valued := reader.valued(quote):
            yield Speech((marked,), reader.phrase_span(valued), "direct")
        elif words > 3 or holding:
            speaker = pending or next((one.speaker for one in here if one.speaker), None)
            alone = marked.end >= unit.span.end - 1 and marked.start <= unit.span.start
            yield Speech((marked,), speaker or (last if alone else None), "direct")


def find(text: str, language: str, *, sentences: Sequence[Sentence], entities: Sequence[Entity]) -> list[Speaker]:
    """The speakers of a text, in order."""
    found: list[Speaker] = []
    for one in speeches(text, language, sentences=sentences):
        if one.speaker is None:
            continue
        found.append(_speaker(text, one, entities))
    return found


def _speaker(text: str, one: Speech, entities: Sequence[Entity]) -> Speaker:
    span = one.speaker
    assert span is not None
    inside = [entity for entity in entities if span.covers(entity.span)]
    id_ = inside[0].id if inside else "name:" + " ".join(span.of(text).lower().split())
    return Speaker(
        span=span,
        text=span.of(text),
        id=id_,
        attribution="direct"
        if one.kind == "direct"
        else one.kind
        if one.kind in ("conjunctive", "hearsay")
        else "indirect",
        said=one.span,
        cue=one.cue,
    )


def quotations(
    text: str, language: str, *, sentences: Sequence[Sentence], entities: Sequence[Entity]
) -> list[Quotation]:
    """The quotations of a text with their speakers."""
    found = speeches(text, language, sentences=sentences)
    result = []
    for quote in marks.spans(text, sentences):
        said = [one for one in found if one.kind == "direct" and one.span.covers(quote) and one.speaker]
        result.append(
            Quotation(
                span=quote,
                text=quote.of(text),
                language=language,
                speaker=_speaker(text, said[0], entities) if said else None,
            )
        )
    return result
