"""Dates, clock times, lengths and repetitions of a text, resolved against the day it was published."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from claims.analysis import context, timex
from claims.analysis.dategrammar import Grammar
from claims.analysis.daterelations import (
    CLOCK_RANGES,
    DAY_WITH_CLOCK,
    LENGTHS,
    MOMENTS,
    OFFSETS,
    RELATIONS,
    REMAINDERS,
    REPEATS,
    STRETCHES,
)
from claims.analysis.daterules import RULES
from claims.analysis.timepoints import Frame, Interval, Lean, Length, Point, Repeat, Stretch, add, resolve
from claims.analysis.tokens import Token, tokens
from claims.analysis.types import Date, Span

_KINDS = ("MOMENT", "DAY", "MONTH", "YEAR", "PER", "CLOCK", "RANGE", "CLOCKS", "OPEN", "WITHIN", "RUN", "LEN", "REPEAT", "REF",
          "PARTOF", "REFWEAK", "DEFINITE")  # fmt: skip
_SPOKEN_ONLY = ("REF", "PARTOF", "REFWEAK", "DEFINITE")  # "now", "in the morning": no fact by themselves


@dataclass(frozen=True, slots=True)
class Expression:
    """A piece of text that speaks of time, before it is set against any day. Tokens `first..last`."""

    kind: str
    value: Point | Length | Stretch | Repeat
    span: Span
    first: int
    last: int


@cache
def _grammar(language: str, *, apart: bool = False) -> Grammar:
    rules = [*RULES, *LENGTHS, *CLOCK_RANGES, *MOMENTS, *OFFSETS, *STRETCHES, *REPEATS, *RELATIONS, *REMAINDERS]
    if apart:
        rules = [rule for rule in rules if not (rule in DAY_WITH_CLOCK)]
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
        date = _date(text, ts, expression, frame, language, known=published is not None)
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


_FUTURE = frozenset(
    ["wird", "werden", "will", "wollen", "soll", "sollen", "dürfte", "geplant", "vorgesehen", "findet", "finden", "beginnt",
     "startet", "termin", "termine", "eröffnet", "plant", "planen", "erwartet", "shall", "expected", "plans", "planned",
     "scheduled", "due", "upcoming", "begins", "starts", "opens", "gonna", "anmeldung", "geöffnet", "veranstaltung"]
)  # fmt: skip
_PAST = frozenset(
    ["wurde", "wurden", "war", "waren", "hatte", "hatten", "sagte", "sagten", "gab", "kam", "kamen", "ging", "begann", "fand",
     "worden", "gewesen", "habe", "hat", "haben", "was", "were", "had", "said", "did", "went", "began", "came", "told",
     "held", "took", "made", "has", "have", "been"]
)  # fmt: skip
_PARTICIPLE = re.compile(r"ge\w{3,}(?:t|en)$|\w{3,}(?:ierte|ierten)$")
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
        elif token.low in _PAST or (language == "de" and _PARTICIPLE.match(token.low)):
            score -= weight
        elif language == "en" and token.low.endswith("ed") and len(token.low) > 4:
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


# -- from expression to fact -------------------------------------------------------------------------------------------


def _date(
    text: str, ts: Sequence[Token], expression: Expression, frame: Frame, language: str, *, known: bool
) -> Date | None:
    value = expression.value
    span = expression.span
    if isinstance(value, Stretch) and value.cores and value.relation != "from_to":
        first, last = value.cores[0]
        span = Span(ts[first].start, ts[last - 1].end)
    event = context.event(ts, expression.first, expression.last, language)
    match value:
        case Point():
            date = point_date(value, span, text, frame, known=known)
        case Length():
            date = _length_date(value, span, text)
        case Repeat():
            date = _bare(span, text, type="SET", timex=timex.repeat(value), precision=_repeat_precision(value))
        case Stretch():
            date = _stretch_date(value, span, text, frame, known=known)
    return replace(date, event=event) if date is not None else None


def _bare(span: Span, text: str, *, type: str, timex: str, precision: str, **rest: Any) -> Date:
    piece = text[span.start : span.end]
    return Date(span=span, text=piece, first=None, last=None, precision=precision, type=type, timex=timex, **rest)


def _length_date(value: Length, span: Span, text: str) -> Date:
    return _bare(
        span, text, type="DURATION", timex=timex.length(value), precision=_unit_precision(value.finest),
        modifier={"APPROX": "APPROX"}.get(value.modifier, ""),
    )  # fmt: skip


def _unit_precision(unit: str) -> str:
    known = {"night": "day", "businessday": "day", "workweek": "week", "second": "minute", "millennium": "century"}
    return known.get(unit, unit)


def _repeat_precision(value: Repeat) -> str:
    if value.length is not None:
        return _unit_precision(value.length.finest)
    if value.every is not None and (value.every.weekday is not None or value.every.day is not None):
        return "day"
    return {"D": "day", "W": "week", "M": "month", "Y": "year", "H": "hour"}.get(value.code[-1:], "day")


_PRECISIONS = {"part": "day", "second": "minute", "millennium": "century"}


def point_date(value: Point, span: Span, text: str, frame: Frame, *, known: bool) -> Date | None:
    """A point as a fact. `known` is False when the day of publication is not."""
    piece = text[span.start : span.end]
    if not value.dated:
        return _clock_date(value, span, piece, frame)
    anchored = _needs_reference(value)
    found = resolve(value, frame) if known or not anchored else []
    interval = found[0] if found else None
    precision = _precision(value, interval)
    first, last = _said(value, interval)
    if anchored and not known:
        first = last = None
    inferred = known and anchored and interval is not None and value.year is None and _year_left_open(value)
    others = tuple((other.first, other.last) for other in found[1:2]) if inferred and value.direction is None else ()
    return Date(
        span=span, text=piece, first=first, last=last, precision=precision,
        type="TIME" if value.timed else "DATE",
        timex=timex.point(value, frame) if known or not anchored else _unanchored(value),
        time=_clock_text(value),
        month=_month(value, interval), day=_day_of_month(value, interval),
        year_inferred=inferred, relative=anchored and not inferred,
        modifier=_MODS.get(value.mod, value.mod) or ("APPROX" if value.approx else ""), alternatives=others,
    )  # fmt: skip


_MODS = {"EARLIER": "START", "LATER": "END"}


def _clock_date(value: Point, span: Span, piece: str, frame: Frame) -> Date:
    return Date(
        span=span, text=piece, first=None, last=None, precision="minute" if value.minute is not None else "hour",
        type="TIME", timex=f"T{value.hour or 0:02d}:{value.minute or 0:02d}", time=_clock_text(value),
    )  # fmt: skip


def _clock_text(value: Point) -> str:
    return "" if value.hour is None else f"{value.hour:02d}:{value.minute or 0:02d}"


def _needs_reference(value: Point) -> bool:
    """True when only the day of publication tells which day or year is meant."""
    if value.within is not None:
        return _needs_reference(value.within)
    if value.offset is not None:
        return value.anchor is None or _needs_reference(value.anchor)
    if value.shift is not None:
        return True
    return value.year is None and value.decade is None and value.century is None and value.millennium is None


def _year_left_open(value: Point) -> bool:
    return (
        value.shift is None
        and value.offset is None
        and value.within is None
        and value.weekday is None
        or bool(value.month)
    )


def _unanchored(value: Point) -> str:
    if value.month is not None:
        return f"XXXX-{value.month:02d}" + (f"-{value.day:02d}" if value.day else "")
    if value.weekday is not None:
        return f"XXXX-WXX-{value.weekday + 1}"
    return "XXXX"


def _precision(value: Point, interval: Interval | None) -> str:
    if value.hour is not None:
        return "minute" if value.minute is not None else "hour"
    if value.timed:
        return "day"
    if value.offset is not None and value.anchor is None:
        return _unit_precision(value.offset.finest)
    if interval is not None:
        return _PRECISIONS.get(interval.grain, interval.grain)
    return "day" if value.day or value.weekday is not None or value.holiday else "month" if value.month else "year"


def _said(value: Point, interval: Interval | None) -> tuple[dt.date | None, dt.date | None]:
    """First and last day, as wide as was said: two years ago is a year, not a day."""
    if interval is None:
        return None, None
    if value.offset is not None and value.anchor is None and value.weekday is None:
        day = interval.first
        if value.offset.finest in ("year", "decade", "century"):
            return dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)
        if value.offset.finest in ("month", "quarter", "halfyear"):
            following = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
            return day.replace(day=1), following - dt.timedelta(days=1)
    return interval.first, interval.last


def _month(value: Point, interval: Interval | None) -> int | None:
    if value.month is not None:
        return value.month
    return (
        interval.first.month
        if interval is not None and interval.grain in ("day", "month", "minute", "hour", "part")
        else None
    )


def _day_of_month(value: Point, interval: Interval | None) -> int | None:
    if value.day is not None:
        return value.day
    return interval.first.day if interval is not None and interval.grain in ("day", "minute", "hour", "part") else None


def _stretch_date(value: Stretch, span: Span, text: str, frame: Frame, *, known: bool) -> Date | None:
    if value.first is None and value.last is None:
        return _run_date(value, span, text, frame, known=known)
    first_point, last_point = shared(value.first, value.last)
    first = point_date(first_point, span, text, frame, known=known) if first_point is not None else None
    last = point_date(last_point, span, text, frame, known=known) if last_point is not None else None
    if value.length is not None and first is not None and first.first is not None:
        return replace(first, type="DURATION", timex=timex.length(value.length))
    base = first or last
    if base is None:
        return None
    if first is None or last is None:
        return replace(base, relation="since" if value.relation == "from" else value.relation)
    begin, end = first.first, last.last
    if begin is not None and end is not None and end < begin:
        begin, end = _turned(first, last)
    return replace(
        first, first=begin, last=end, relation=value.relation, end_time=last.time, timex=f"{first.timex}/{last.timex}",
        precision=last.precision if last.precision == first.precision else first.precision, alternatives=(),
    )  # fmt: skip


def _turned(first: Date, last: Date) -> tuple[dt.date | None, dt.date | None]:
    """ "November to February": the end lies in the year after the beginning."""
    if last.year_inferred and last.last is not None and first.first is not None:
        try:
            return first.first, last.last.replace(year=first.first.year + 1)
        except ValueError:
            return first.first, last.last.replace(year=first.first.year + 1, day=28)
    return first.first, None


def shared(first: Point | None, last: Point | None) -> tuple[Point | None, Point | None]:
    """Both ends of a range with what only one of them says: the year, the month, the half of the day."""
    if first is None or last is None:
        return first, last
    if (
        first.month is not None
        and first.year is None
        and last.year is not None
        and first.within is None
        and first.direction is None
    ):
        year = last.year - 1 if last.month is not None and last.month < first.month else last.year
        first = replace(first, year=year)
    elif last.month is not None and last.year is None and first.year is not None and first.month is not None:
        last = replace(last, year=first.year + (last.month < first.month))
    if last.day is not None and last.month is None and first.month is not None and last.within is None:
        last = replace(last, month=first.month, year=first.year)
    if first.hour is not None and last.hour is not None and first.loose and not last.loose:
        later = replace(first, hour=first.hour + 12, loose=False)
        fits = (
            last.hour > 12 and first.hour < 12 and (later.hour or 0, later.minute or 0) <= (last.hour, last.minute or 0)
        )
        first = later if fits else replace(first, loose=False)
    if first.dated and not last.dated and last.hour is not None:
        last = replace(first, hour=None, minute=None, second=None, loose=False).merged(last)
    return first, last


def _run_date(value: Stretch, span: Span, text: str, frame: Frame, *, known: bool) -> Date | None:
    """ "the last three days": its length, and the days it covers where they can be told."""
    length = value.length
    if length is None:
        return None
    date = _length_date(length, span, text)
    if not known or length.vague or not value.direction:
        return replace(date, relative=True)
    try:
        other = add(frame.now, length, value.direction).date()
    except (OverflowError, ValueError):
        return date
    ends = sorted((frame.today, other))
    return replace(date, first=ends[0], last=ends[1], relation="from_to", relative=True)
