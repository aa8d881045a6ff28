"""Phrases as Duckling reads them: one value per phrase, times with the grain they were said in, ends exclusive.

A length shifts time at the next finer grain, a day part or a weekend is an interval, "next 3 days" are whole days, and
the end of a closed range is taken in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from claims.analysis import dates, datescan, numberwords, numerals, quantities
from claims.analysis.datefacts import Expression
from claims.analysis.resolving import add, period, resolve
from claims.analysis.timepoints import Frame, Interval, Length, Point, Stretch, shared
from claims.analysis.types import Modifier, Quantity

Prediction = dict[str, Any]

PARTS = {
    "MO": (4.0, 12.0), "MI": (12.0, 14.0), "AF": (12.0, 19.0), "EV": (18.0, 24.0), "NI": (18.0, 24.0),
    "DT": (8.0, 18.0),
    "MEB": (7.0, 10.0), "MEL": (12.0, 14.0), "MED": (18.0, 20.0), "NT": (18.0, 24.0),
}  # fmt: skip
_FINER = {
    "millennium": "year", "century": "year", "decade": "year", "year": "month", "halfyear": "month", "quarter": "month",
    "month": "day", "week": "day", "fortnight": "day", "weekend": "day", "day": "hour", "night": "hour",
    "hour": "minute",
    "minute": "second", "second": "second",
}  # fmt: skip
_ENDS = {"second": 1, "minute": 60, "hour": 3600}


def time(text: str, language: str, now: dt.datetime) -> Prediction:
    """The time a phrase stands for: `value`, and `end` when it is an interval."""
    frame = Frame(now, "future", parts=PARTS)
    spoken = [e for e in dates.expressions(text, language) if e.kind != "LEN" or len(text) == e.span.end - e.span.start]
    if not spoken:
        spoken = dates.expressions(text, language)
    if not spoken:
        return {"value": None}
    longest = max(spoken, key=lambda e: e.span.end - e.span.start)
    return _value(longest, frame)


def _value(expression: Expression, frame: Frame) -> Prediction:
    value = expression.value
    match value:
        case Point():
            return _point(value, frame)
        case Stretch():
            return _stretch(value, frame)
        case _:
            return {"value": None}


def _iso(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _interval(start: dt.datetime, end: dt.datetime) -> Prediction:
    return {"value": _iso(start), "end": _iso(end)}


def _point(value: Point, frame: Frame) -> Prediction:
    if value.ref:
        return {"value": _iso(frame.now)} if value.ref == "PRESENT_REF" else {"value": None}
    found = _resolved(value, frame)
    if found is None:
        return {"value": None}
    if value.part and value.hour is None:
        return _interval(found.start, found.end)
    if found.grain == "weekend":
        return _interval(found.start - dt.timedelta(hours=6), found.end)
    if found.grain == "season" or found.grain in ("decade", "century"):
        return _interval(*_season(value, found)) if found.grain == "season" else _interval(found.start, found.end)
    if value.mod and found.grain in ("month", "year", "week"):
        return _interval(*_cut(value, found))
    return {"value": _iso(found.start)}


_SEASONS = {"SP": (3, 20, 6, 21), "SU": (6, 21, 9, 24), "FA": (9, 23, 12, 22), "WI": (12, 21, 3, 21)}


def _season(value: Point, found: Interval) -> tuple[dt.datetime, dt.datetime]:
    year = found.start.year
    first_month, first_day, last_month, last_day = _SEASONS[value.season]
    start = found.start.replace(month=first_month, day=first_day)
    return start, start.replace(year=year + (value.season == "WI"), month=last_month, day=last_day)


def _cut(value: Point, found: Interval) -> tuple[dt.datetime, dt.datetime]:
    start, end = found.start, found.end
    if found.grain == "month":
        days = {"START": (1, 11), "EARLIER": (1, 11), "MID": (11, 21)}.get(value.mod)
        if days is None:
            return start.replace(day=21), end
        return start.replace(day=days[0]), start.replace(day=days[1])
    if found.grain == "year":
        months = {"START": (1, 4), "EARLIER": (1, 4), "MID": (5, 9)}.get(value.mod)
        if months is None:
            return start.replace(month=9), end
        return start.replace(month=months[0]), start.replace(month=months[1])
    third = dt.timedelta(days=3)
    return (start, start + third) if value.mod in ("START", "EARLIER") else (end - third, end)


def _resolved(value: Point, frame: Frame) -> Interval | None:
    if value.offset is not None:
        return _shifted(value, frame)
    if value.hour is not None and not value.dated:
        return _next_clock(value, frame)
    found = resolve(value, frame)
    if value.weekday is not None and value.within is None and value.month is None and value.direction in (None, 0, 1):
        found = [i for i in found if i.first != frame.today] or found
    if not found:
        return None
    if value.hour is not None and value.loose:
        later = found[0].start + dt.timedelta(hours=12)
        if found[0].start <= frame.now and later > frame.now and (value.hour or 0) < 12:
            return replace(found[0], start=later)
    return found[0]


def _next_clock(value: Point, frame: Frame) -> Interval:
    """The next time the clock shows it, at either half of the day when that was left open."""
    at = dt.datetime.combine(frame.today, dt.time()) + dt.timedelta(
        hours=value.hour or 0, minutes=value.minute or 0, seconds=value.second or 0
    )
    steps: tuple[int, ...] = (0, 12, 24, 36) if value.loose and (value.hour or 0) <= 12 else (0, 24)
    if value.loose and value.hour == 12:
        steps = (0, 12, 24)
    chosen = next((at + dt.timedelta(hours=step) for step in steps if at + dt.timedelta(hours=step) > frame.now), at)
    return Interval(chosen, chosen + dt.timedelta(hours=1), "minute" if value.minute is not None else "hour")


def _shifted(value: Point, frame: Frame) -> Interval | None:
    """ "two years ago" is a month, "in a week" a day, "in an hour" a minute."""
    length = value.offset
    if length is None:
        return None
    if value.anchor is not None:
        anchors = resolve(value.anchor, frame)
        if not anchors:
            return None
        start = add(anchors[0].start, length, value.sign)
        return Interval(start, start + dt.timedelta(days=1), anchors[0].grain)
    try:
        moved = add(frame.now, _whole(length), value.sign)
    except (OverflowError, ValueError):
        return None
    if value.weekday is not None:
        found = resolve(value, frame)
        return found[0] if found else None
    grain = _FINER.get(length.finest, "day")
    return Interval(floored(moved, grain), moved + dt.timedelta(days=1), grain)


def _whole(length: Length) -> Length:
    return Length(tuple((unit, length.guess if amount is None else amount) for unit, amount in length.amounts))


def floored(moment: dt.datetime, grain: str) -> dt.datetime:
    if grain in ("second", "minute", "hour"):
        return moment.replace(
            microsecond=0,
            second=moment.second if grain == "second" else 0,
            minute=0 if grain == "hour" else moment.minute,
        )
    return period(grain, moment, 0).start


def _stretch(value: Stretch, frame: Frame) -> Prediction:
    if value.first is None and value.last is None:
        return _run(value, frame)
    if value.length is not None and value.first is not None:
        start = _resolved(value.first, frame)
        return {"value": None} if start is None else _interval(start.start, add(start.start, _whole(value.length)))
    first, last = shared(value.first, value.last)
    if first is not None and last is not None:
        return _range(first, last, frame)
    edge = first or last
    found = _resolved(edge, frame) if edge is not None else None
    if found is None:
        return {"value": None}
    if value.relation == "until" and last is not None:
        return _interval(frame.now, found.start)
    return {"value": _iso(found.end if value.relation == "after" and found.grain == "day" else found.start)}


def _range(first: Point, last: Point, frame: Frame) -> Prediction:
    start = _resolved(first, frame)
    if start is None:
        return {"value": None}
    after = replace(frame, now=start.start) if not last.dated or last.year is None else frame
    end = _resolved(last, after)
    if end is None:
        return {"value": None}
    if last.hour is not None and first.hour is not None and last.weekday is not None and last.weekday == first.weekday:
        end = replace(end, start=dt.datetime.combine(start.first, end.start.time()))
    if last.hour is not None:
        grain = "minute" if last.minute is not None else "hour"
        return _interval(start.start, end.start + dt.timedelta(seconds=_ENDS[grain]))
    return _interval(start.start, end.end)


def _run(value: Stretch, frame: Frame) -> Prediction:
    """Whole units beside the current one; "within 2 weeks" begins now."""
    length = value.length
    if length is None:
        return {"value": None}
    length = _whole(length)
    if not value.inclusive:
        return _interval(frame.now, floored(add(frame.now, length), _FINER.get(length.finest, "day")))
    unit = length.finest
    base = floored(frame.now, unit) if unit in ("second", "minute", "hour") else period(unit, frame.now, 0).start
    if value.direction > 0:
        start = add(base, Length(((unit, 1.0),)))
        return _interval(start, add(start, length))
    return _interval(add(base, length, -1), base) if value.direction < 0 else {"value": None}


# -- everything but times ----------------------------------------------------------------------------------------------

_SMALLER = {
    "hour": ("minute", 60),
    "minute": ("second", 60),
    "day": ("hour", 24),
    "year": ("month", 12),
    "week": ("day", 7),
}


def duration(text: str, language: str) -> Prediction:
    """The count in the unit it was said in; halves go to the next smaller unit."""
    for expression in dates.expressions(text, language):
        value = expression.value
        length = value.length if isinstance(value, Stretch) else value if isinstance(value, Length) else None
        if length is not None:
            weeks = 7 if "fortnight" in text.lower() else 1
            return {"value": _count(_whole(length)) * weeks}
    return {"value": None}


def _count(length: Length) -> float:
    unit, amount = length.amounts[-1]
    total = float(amount or 0)
    for bigger, more in length.amounts[:-1]:
        while bigger != unit and bigger in _SMALLER:
            bigger, factor = _SMALLER[bigger]
            more = (more or 0) * factor
        total += float(more or 0)
    while total != int(total) and unit in _SMALLER:
        unit, factor = _SMALLER[unit]
        total *= factor
    return total


def number(text: str, language: str, *, ordinal: bool) -> Prediction:
    found = numerals.find(text, language)
    found = tuple(n for n in found if n.kind != "article")
    kinds = [n for n in found if (n.kind == "ordinal") == ordinal]
    chosen = max(kinds or found, key=lambda n: n.end - n.start, default=None)
    if chosen is not None:
        return {"value": chosen.value}
    few = _few(text, language)
    if few is not None:
        return {"value": few}
    words = [numberwords.word(part.lower().rstrip("."), language) for part in text.split()]
    return {"value": next((word.value for word in words if word is not None), None)}


def _few(text: str, language: str) -> float | None:
    """ "a couple of", "a few", "ein paar"."""
    items = [item for item in datescan.scan(text, language) if "few" in item.types]
    return float(items[0].types["few"]) if items else None


def quantity(text: str, language: str, *, money: bool) -> Prediction:
    """A measure or a sum; a range gives its ends, an open one the end it has."""
    found = quantities.find(text, language)
    chosen = max(
        found, key=lambda q: ((q.role == "money") == money, bool(q.unit), q.span.end - q.span.start), default=None
    )
    if chosen is None:
        return number(text, language, ordinal=False)
    return _limits(chosen)


def _limits(chosen: Quantity) -> Prediction:
    if chosen.modifier is Modifier.RANGE:
        return {"value": None, "low": chosen.lo, "high": chosen.hi}
    if chosen.modifier in (Modifier.MORE_THAN, Modifier.AT_LEAST):
        return {"value": None, "low": chosen.lo}
    if chosen.modifier in (Modifier.LESS_THAN, Modifier.AT_MOST):
        return {"value": None, "high": chosen.lo}
    return {"value": chosen.lo}
