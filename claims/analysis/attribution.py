"""Who is said to have said what: speakers, their words, and quotations.

Frames ("X sagte, dass", "laut X", "X zufolge", "X said") are found by the grammar of the language;
this module joins them over sentences: a quotation takes the speaker of the frame beside it, a sentence in
Konjunktiv the speaker before it, a pronoun the person named last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from claims.analysis import quotations as marks
from claims.analysis import speech_english, speech_german, tables
from claims.analysis.speech import Speech, Unit, units
from claims.analysis.types import Entity, Quotation, Sentence, Span, Speaker
from claims.analysis.wording import small

Reader = speech_german.Reader | speech_english.Reader
_READERS: dict[str, type[Reader]] = {"de": speech_german.Reader, "en": speech_english.Reader}
_WHOSE = {"person": 0, "alias": 0, "organisation": 1, "other": 2, "capital": 3, "country": 3, "place": 4, "group": 4}


def find(text: str, language: str, *, sentences: Sequence[Sentence], entities: Sequence[Entity]) -> list[Speaker]:
    """The speakers of a text, in order of what they say; unnamed ones ("es wird angenommen") too."""
    language = language[:2].lower()
    found: list[Speaker] = []
    named: Speaker | None = None
    for one in speeches(text, language, sentences=sentences, entities=entities):
        speaker = _speaker(text, language, one, entities, named)
        if speaker is None:
            continue
        if speaker.named and not speaker.inferred:
            named = speaker
        found.append(speaker)
    return _without_doubles(found)


def quotations(
    text: str, language: str, *, sentences: Sequence[Sentence], entities: Sequence[Entity]
) -> list[Quotation]:
    """The quotations of a text with their speakers."""
    speakers = find(text, language, sentences=sentences, entities=entities)
    return quoted(text, language, sentences=sentences, speakers=speakers)


def quoted(text: str, language: str, *, sentences: Sequence[Sentence], speakers: Sequence[Speaker]) -> list[Quotation]:
    """The quotations of a text whose speakers have been found already."""
    found = []
    for quote in marks.spans(text, sentences):
        direct = [one for one in speakers if one.attribution == "direct" and one.said == quote]
        found.append(
            Quotation(span=quote, text=quote.of(text), language=language, speaker=direct[0] if direct else None)
        )
    return found


def speeches(
    text: str, language: str, *, sentences: Sequence[Sentence], entities: Sequence[Entity] = ()
) -> list[Speech]:
    """Everything said by somebody in a text, in order, speakers carried over sentences."""
    language = language[:2].lower()
    if language not in _READERS:
        return []
    quotes = marks.spans(text, sentences)
    people = frozenset(
        word for entity in entities if entity.type in ("person", "organisation") for word in entity.text.split()
    )
    found: list[Speech] = []
    last: Span | None = None  # the speaker named last, pronouns passed over
    before: Span | None = None
    pending: Span | None = None  # announced by a colon at the end of the unit before
    flowing, paragraph = False, -1
    for unit in units(sentences, quotes):
        reader = _READERS[language](text, unit, before, people)
        here = reader.speeches()
        if not here and flowing and unit.paragraph == paragraph and reader.weak_mood():
            here = [Speech((unit.span,), None, "conjunctive")]
        done = [replace(one, speaker=last, inferred=True) if _carried(one) else one for one in here]
        done = [*done, *_quoted(text, unit, reader, done, pending, last)]
        pending = reader.announced() if text[unit.span.end - 1] == ":" else None
        named = [
            one for one in here if one.speaker and not one.hidden and not _is_pronoun(one.speaker.of(text), language)
        ]
        if named:
            last = min(named, key=lambda one: one.cue.start if one.cue else one.span.start).speaker
        found.extend(done)
        flowing, paragraph, before = bool(done), unit.paragraph, unit.span
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
        if best and best.kind == "direct":
            continue
        if best and (best.speaker or best.hidden):
            yield Speech((marked,), best.speaker, "direct", best.cue, best.hidden, best.inferred)
        elif announced and marked.start >= colon:
            yield Speech((marked,), announced, "direct")
        elif valued := reader.valued(quote):
            yield Speech((marked,), valued, "direct")
        elif words > 3 or holding:
            speaker = pending or next((one.speaker for one in here if one.speaker), None)
            alone = marked.end >= unit.span.end - 1 and marked.start <= unit.span.start
            carried = last if speaker is None and alone else None
            yield Speech((marked,), speaker or carried, "direct", inferred=carried is not None)


def _speaker(
    text: str, language: str, one: Speech, entities: Sequence[Entity], named: Speaker | None
) -> Speaker | None:
    """The speaker of a speech with an id where one can be known."""
    span = one.speaker or (one.cue if one.hidden else None)
    if span is None:
        return None
    kind = one.kind if one.kind in ("direct", "conjunctive", "hearsay") else "indirect"
    said = Span(one.span.start + 1, one.span.end - 1) if kind == "direct" and len(one.parts) == 1 else one.span
    inside = [entity for entity in entities if span.covers(entity.span)]
    if one.kind == "reported" and not inside and not _is_pronoun(span.of(text), language):
        return None  # "Die Entwicklung unterstreicht ...": nobody speaks
    pronoun = one.speaker is not None and _is_pronoun(span.of(text), language)
    if pronoun:
        id_ = _meant(span, text, language, entities, named)
    elif inside and one.speaker:
        id_ = min(inside, key=lambda entity: (_rank(entity), entity.span.start)).id
    else:
        id_ = "name:" + " ".join(span.of(text).lower().split()) if one.speaker else ""
    anonymous = one.hidden or not id_ or (not inside and not pronoun and _is_unnamed(span.of(text), language))
    return Speaker(
        span=span,
        text=span.of(text),
        id=id_,
        attribution="hearsay" if one.speaker is None else kind,
        said=said,
        cue=one.cue,
        named=not anonymous,
        inferred=pronoun or one.inferred,
    )


def _meant(pronoun: Span, text: str, language: str, entities: Sequence[Entity], named: Speaker | None) -> str:
    """The id a pronoun stands for: "he" is the person named last, "they" the last to speak; "" when nobody is."""
    people = [one for one in entities if one.type == "person" and one.span.end <= pronoun.start]
    if pronoun.of(text).lower() in small(language, "person_pronoun"):
        if named and any(one.id == named.id for one in people):
            return named.id
        if people:
            return people[-1].id
    return named.id if named else ""


def _rank(entity: Entity) -> int:
    """Whose mouth an entity is likely to be: people before bodies before countries; adjectives last."""
    if entity.via == "alias":
        return 0
    return 5 if entity.via == "demonym" else _WHOSE.get(entity.type, 4)


def _is_unnamed(phrase: str, language: str) -> bool:
    unnamed = tables.column("unnamed_sources", language, "word")
    return any(word in unnamed or word.endswith("kreisen") for word in phrase.lower().split())


def _without_doubles(speakers: Sequence[Speaker]) -> list[Speaker]:
    """One speaker per speech; a direct one stands for the frame around the same quotation."""
    found: list[Speaker] = []
    quoted = {
        (one.span, one.said.start - 1, one.said.end + 1) for one in speakers if one.said and one.attribution == "direct"
    }
    for one in speakers:
        double = any((one.span, one.said) == (other.span, other.said) for other in found)
        framed = one.said and one.attribution != "direct" and (one.span, one.said.start, one.said.end) in quoted
        if not double and not framed:
            found.append(one)
    return found
