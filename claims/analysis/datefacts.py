"""From an expression of time to the fact a reader checks: its days, its precision, what was inferred."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from claims.analysis import context, timex
from claims.analysis.resolving import add, resolve
from claims.analysis.timepoints import Frame, Interval, Length, Point, Repeat, Stretch, shared
from claims.analysis.tokens import Token
from claims.analysis.types import Date, Span


@dataclass(frozen=True, slots=True)
class Expression:
    """A piece of text that speaks of time, before it is set against any day. Tokens `first..last`."""

    kind: str
    value: Point | Length | Stretch | Repeat
    span: Span
    first: int
    last: int


def from_expression(
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
    return (value.shift is None and value.offset is None and value.within is None and value.weekday is None) or bool(
        value.month
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
