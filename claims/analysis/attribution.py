"""Who is said to have said what: speakers, their words, and quotations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from claims.analysis import quotations as marks
from claims.analysis import tables
from claims.analysis.types import Entity, Quotation, Sentence, Span, Speaker


@cache
def _cue(language: str) -> re.Pattern[str]:
    forms = [form for row in tables.rows("reporting_verbs", language) for form in row["forms"].split()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(forms, key=len, reverse=True)) or '(?!)'})(?!\w)")


def find(text: str, language: str, *, sentences: Sequence[Sentence], entities: Sequence[Entity]) -> list[Speaker]:
    """The speakers of a text, in order."""
    found: list[Speaker] = []
    quoted = marks.spans(text, sentences)
    for sentence in sentences:
        for hit in _cue(language[:2].lower()).finditer(sentence.text):
            cue = sentence.span.start + hit.start()
            if any(span.start <= cue < span.end for span in quoted):
                continue
            near = [
                one
                for one in entities
                if sentence.span.covers(one.span)
                and one.type in ("person", "organisation", "country", "capital")
                and not any(span.covers(one.span) for span in quoted)
            ]
            if near:
                best = min(
                    near, key=lambda one: (min(abs(one.span.start - cue), abs(one.span.end - cue)), one.span.start)
                )
                inside = next((span for span in quoted if sentence.span.overlaps(span)), None)
                found.append(
                    Speaker(
                        span=best.span,
                        text=best.text,
                        id=best.id,
                        attribution="direct" if inside else "indirect",
                        said=inside or sentence.span,
                        cue=Span(cue, cue + len(hit.group())),
                    )
                )
                break
    return found


def quotations(
    text: str, language: str, *, sentences: Sequence[Sentence], entities: Sequence[Entity]
) -> list[Quotation]:
    """The quotations of a text with their speakers."""
    speakers = find(text, language, sentences=sentences, entities=entities)
    return [
        Quotation(
            span=span,
            text=span.of(text),
            language=language,
            speaker=next((one for one in speakers if one.said and one.said.overlaps(span)), None),
        )
        for span in marks.spans(text, sentences)
    ]
