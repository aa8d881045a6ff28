"""Dates, clock times, lengths and repetitions of a text, resolved against the day it was published."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from claims.analysis import tables
from claims.analysis.clockrules import CLOCKS
from claims.analysis.datefacts import Expression, from_expression
from claims.analysis.dategrammar import Grammar
from claims.analysis.dayrules import DAYS
from claims.analysis.lengthrules import LENGTHS
from claims.analysis.momentrules import MOMENTS, OFFSETS
from claims.analysis.periodrules import PERIODS
from claims.analysis.relationrules import RELATIONS, REMAINDERS, REPEATS
from claims.analysis.resolving import resolve
from claims.analysis.stretchrules import CLOCK_RANGES, DAY_WITH_CLOCK, STRETCHES
from claims.analysis.timepoints import Frame, Lean, Point, Stretch
from claims.analysis.tokens import Token, tokens
from claims.analysis.types import Date, Span

_KINDS = ("MOMENT", "DAY", "MONTH", "YEAR", "PER", "CLOCK", "RANGE", "CLOCKS", "OPEN", "WITHIN", "RUN", "LEN", "REPEAT",
          "REF", "PARTOF", "REFWEAK", "DEFINITE")  # fmt: skip
_SPOKEN_ONLY = ("REF", "PARTOF", "REFWEAK", "DEFINITE")  # "now", "in the morning": no fact by themselves


@cache
def _grammar(language: str, *, apart: bool = False) -> Grammar:
    rules = [
        *CLOCKS,
        *DAYS,
        *PERIODS,
        *LENGTHS,
        *CLOCK_RANGES,
        *MOMENTS,
        *OFFSETS,
        *STRETCHES,
        *REPEATS,
        *RELATIONS,
        *REMAINDERS,
    ]
    if apart:
        rules = [rule for rule in rules if rule not in DAY_WITH_CLOCK]
    return Grammar(rules, language)


def expressions(text: str, language: str, *, apart: bool = False) -> list[Expression]:
    """Everything in the text that speaks of time, in order, unresolved; `apart` keeps clock times from their days."""
    ts = tokens(text)
    found = []
    for item in _grammar(language[:2].lower(), apart=apart).parse(text):
        kind = next((kind for kind in _KINDS if kind in item.types), "")
        value: Any = item.types.get(kind)
        if kind and value is not None:
            span = Span(ts[item.first].start, ts[item.last - 1].end)
            found.append(Expression(kind, value, span, item.first, item.last))
    return found


def find(text: str, language: str, *, published: dt.date | dt.datetime | None) -> list[Date]:
    """The dates of `text`, in order.

    A year, a week or a month that is left out is filled in from `published`, marked `year_inferred`, with the next best
    reading in `alternatives`. Without `published` nothing is filled in; `month` and `day` still tell what was said.
    """
    language = language[:2].lower()
    ts = tokens(text)
    found = []
    for expression, frame in in_order(text, language, expressions(text, language), published):
        if expression.kind in _SPOKEN_ONLY:
            continue
        date = from_expression(text, ts, expression, frame, language, known=published is not None)
        if date is not None:
            found.append(date)
    return found


def in_order(
    text: str, language: str, spoken: Sequence[Expression], published: dt.date | dt.datetime | None
) -> Iterator[tuple[Expression, Frame]]:
    """Each expression with the frame it is read in.

    "The day before" counts from the day named last, and a clock time belongs to a day named in the same sentence.
    """
    ts = tokens(text)
    last_day: tuple[dt.datetime, int] | None = None
    for expression in spoken:
        frame = _frame(published, lean(ts, expression, language))
        value = expression.value
        if isinstance(value, Point) and last_day is not None and published is not None:
            day, place = last_day
            if value.definite and value.shift and value.shift[0] == "day":
                frame = replace(frame, now=day)
            elif value.hour is not None and not value.dated and _same_sentence(ts, place, expression.first):
                at = Point(year=day.year, month=day.month, day=day.day)
                expression = replace(expression, value=at.merged(value))
                value = expression.value
        yield expression, frame
        if isinstance(value, Point) and published is not None and value.dated and not value.ref:
            found = resolve(value, frame)
            if found and (found[0].grain == "day" or value.timed):
                last_day = dt.datetime.combine(found[0].first, dt.time()), expression.last


def _same_sentence(ts: Sequence[Token], first: int, last: int) -> bool:
    return last - first < 40 and not any(
        token.kind == "break" or (token.text in ".!?" and not _in_word(ts, j))
        for j, token in enumerate(ts[first:last], first)
    )


def _frame(published: dt.date | dt.datetime | None, leaning: Lean) -> Frame:
    if published is None:
        return Frame(dt.datetime(2000, 1, 1), leaning)  # noqa: DTZ001  only to resolve what needs no reference
    if isinstance(published, dt.datetime):
        return Frame(published.replace(tzinfo=None), leaning)
    return Frame(dt.datetime.combine(published, dt.time()), leaning)


_FUTURE = tables.words("beside_words", "looks_ahead")
_PAST = tables.words("beside_words", "looks_back")
_PARTICIPLE = re.compile(r"ge\w{3,}(?:t|en)$|\w{3,}(?:ierte|ierten)$|\w{5,}(?:nete|neten|dete|deten)$")
_SENTENCE_END = frozenset(".!?\n\r")


def lean(ts: Sequence[Token], expression: Expression, language: str) -> Lean:
    """Does the sentence around an expression look back or ahead? "near" where it does not say."""
    value = expression.value
    if isinstance(value, Stretch) and value.relation in ("since", "until", "from") and not (value.first and value.last):
        return {"since": "past", "until": "future"}.get(value.relation, "near")  # type: ignore[return-value]
    score = 0
    for token, weight in _sentence(ts, expression):
        if token.low in _FUTURE:
            score += 2 * weight if token.low not in ("werden", "wird") else weight
        elif (
            token.low in _PAST
            or (language == "de" and _PARTICIPLE.match(token.low))
            or (language == "en" and token.low.endswith("ed") and len(token.low) > 4)
        ):
            score -= weight
    if score:
        return "future" if score > 0 else "past"
    return "near"


def lean_of(text: str, expression: Expression, language: str) -> Lean:
    """As `lean`, for those who hold the text and not its tokens."""
    return lean(tokens(text), expression, language)


def core_spans(text: str, stretch: Stretch) -> list[Span]:
    """Where the ends of a stretch stand, without "from", "since" and the like."""
    ts = tokens(text)
    return [Span(ts[first].start, ts[last - 1].end) for first, last in stretch.cores]


def _sentence(ts: Sequence[Token], expression: Expression, reach: int = 25) -> Iterator[tuple[Token, int]]:
    """The words around an expression up to the ends of its sentence; those of its own clause weigh double."""
    before = range(expression.first - 1, max(-1, expression.first - reach), -1)
    after = range(expression.last, min(len(ts), expression.last + reach))
    for places in (before, after):
        weight = 2
        for j in places:
            token = ts[j]
            if token.kind == "break" or (token.text in _SENTENCE_END and not _in_word(ts, j)):
                break
            if token.text in ",;:–()":
                weight = 1
            yield token, weight


def _in_word(ts: Sequence[Token], j: int) -> bool:
    return j + 1 < len(ts) and (ts[j + 1].start == ts[j].end or ts[j + 1].text[:1].islower())
