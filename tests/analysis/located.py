"""Facts built by hand on a text, so that the tests of alignment rest on no reader."""

from __future__ import annotations

import datetime as dt
from typing import Any

from claims.analysis.types import (
    Counted,
    Date,
    Entity,
    Fact,
    Modifier,
    Passage,
    Quantity,
    Quotation,
    Span,
    Speaker,
)


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def quantity(
    text: str,
    words: str,
    value: float,
    *,
    counted: str = "",
    modifier: Modifier = Modifier.EXACT,
    base: float | None = None,
    **more: Any,
) -> Quantity:
    where = span(text, words)
    return Quantity(
        span=where,
        text=words,
        lo=value,
        hi=value,
        base_lo=base,
        base_hi=base,
        modifier=modifier,
        counted=Counted(counted, words, where) if counted else None,
        **more,
    )


def month(text: str, words: str, year: int, number: int, **more: Any) -> Date:
    first = dt.date(year, number, 1)
    last = (dt.date(year + number // 12, number % 12 + 1, 1)) - dt.timedelta(days=1)
    return Date(
        span=span(text, words),
        text=words,
        first=first,
        last=last,
        precision="month",
        timex=f"{year}-{number:02}",
        month=number,
        **more,
    )


def entity(text: str, words: str, id: str, type: str = "country", via: str = "gazetteer") -> Entity:
    return Entity(span=span(text, words), text=words, id=id, type=type, via=via)


def speaker(text: str, words: str, id: str, *, said: str = "", named: bool = True) -> Speaker:
    return Speaker(
        span=span(text, words),
        text=words,
        id=id,
        attribution="direct",
        said=span(text, said) if said else None,
        named=named,
    )


def quotation(text: str, words: str, by: Speaker | None, language: str) -> Quotation:
    return Quotation(span=span(text, words), text=words, speaker=by, language=language)


def passage(text: str, *facts: Fact, document: str = "d", language: str = "en") -> Passage:
    return Passage(document, Span(0, len(text)), text, language, tuple(facts))
