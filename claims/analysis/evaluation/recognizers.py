"""Time expressions as Recognizers-Text writes them: values, or starts and ends, of what an assistant would book."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from claims.analysis import dates, timex
from claims.analysis.datefacts import Expression
from claims.analysis.resolving import add, period, resolve
from claims.analysis.timepoints import Frame, Interval, Length, Point, Repeat, Stretch, shared

Value = dict[str, Any]

PARTS = {
    "MO": (8.0, 12.0), "MI": (11.0, 13.0), "AF": (12.0, 16.0), "EV": (16.0, 20.0), "NI": (20.0, 24.0),
    "DT": (8.0, 18.0), "MEB": (8.0, 12.0), "MEL": (11.0, 13.0), "MED": (16.0, 20.0), "NT": (0.0, 8.0),
}  # fmt: skip
_CLOCK_UNITS = ("second", "minute", "hour", "halfhour", "quarterhour")
UNRESOLVED = "not resolved"


def values(text: str, language: str, now: dt.datetime) -> list[Value]:
    """Every expression of time with its value against `now`."""
    frame = Frame(now, "future", week_based=True, parts=PARTS)
    found = []
    for expression in dates.expressions(text, language):
        if expression.kind == "REFWEAK" and language == "en":
            continue
        value = _value(expression, frame)
        if value is not None:
            found.append(value)
    return found


def _value(expression: Expression, frame: Frame) -> Value | None:
    value = expression.value
    match value:
        case Point():
            return _point(value, frame)
        case Length():
            return _length(value)
        case Repeat():
            return {"value": UNRESOLVED, "timex": timex.repeat(value)}
        case Stretch():
            return _stretch(value, frame)


def _day(moment: dt.datetime) -> str:
    return moment.date().isoformat()


def _moment(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _clock(hour: int, minute: int | None = None, second: int | None = None) -> str:
    return f"{hour % 24:02d}:{minute or 0:02d}:{second or 0:02d}"


def _length(value: Length) -> Value:
    filled = Length(tuple((unit, value.guess if amount is None else amount) for unit, amount in value.amounts))
    return {"timex": timex.length(filled)}


def _point(value: Point, frame: Frame) -> Value | None:
    if value.ref:
        return {"value": _moment(frame.now)} if value.ref == "PRESENT_REF" else None
    if not value.dated and value.hour is not None:
        return {"value": _clock(value.hour, value.minute, value.second)}
    if not value.dated and value.part:
        return _part(value)
    if value.season and value.year is None and value.within is None and value.direction is None:
        return {"value": UNRESOLVED}
    found = resolve(value, frame)
    if not found:
        return {"value": UNRESOLVED} if value.month and value.day else None
    interval = found[0]
    if value.offset is not None:
        return {"value": _moment(interval.start)} if interval.grain == "second" else {"value": _day(interval.start)}
    if value.hour is not None:
        return {"value": _moment(interval.start)}
    if value.part:
        cut = _cut_part(interval, value.mod)
        return {"start": _moment(cut.start), "end": _moment(cut.end)}
    if interval.grain == "day":
        return _one_day(value, interval)
    cut = narrowed(value, interval, frame)
    return {"start": _day(cut.start), "end": _day(cut.end)}


def _part(value: Point) -> Value:
    first, last = PARTS.get(value.part, (0.0, 24.0))
    if value.mod in ("START", "EARLIER"):
        last = first + (last - first) / 2
    elif value.mod in ("END", "LATER"):
        first = first + (last - first) / 2
    return {"start": _clock(int(first)), "end": _clock(int(last))}


def _cut_part(interval: Interval, mod: str) -> Interval:
    middle = interval.start + (interval.end - interval.start) / 2
    if mod in ("START", "EARLIER"):
        return replace(interval, end=middle)
    return replace(interval, start=middle) if mod in ("END", "LATER") else interval


def _one_day(value: Point, interval: Interval) -> Value:
    hours = {"START": (0, 12), "EARLIER": (0, 12), "MID": (10, 14), "END": (12, 24), "LATER": (12, 24)}.get(value.mod)
    if hours is None:
        return {"value": _day(interval.start)}
    start, end = (interval.start + dt.timedelta(hours=hour) for hour in hours)
    return {"start": _moment(start), "end": _moment(end)}


def narrowed(value: Point, interval: Interval, frame: Frame) -> Interval:
    """The early, middle or late part of a period."""
    start, end = interval.start, interval.end
    if not value.mod:
        return interval
    if value.mod in ("EARLIER", "LATER"):
        half = narrowed(replace(value, mod="START" if value.mod == "EARLIER" else "END"), interval, frame)
        today = dt.datetime.combine(frame.today, dt.time())
        if not start <= today < end:
            return half
        return (
            replace(half, end=min(half.end, today))
            if value.mod == "EARLIER"
            else replace(half, start=max(half.start, today))
        )
    if interval.grain == "year" and value.shift is None:
        cuts = {"START": (1, 5), "MID": (5, 9), "END": (9, 13)}[value.mod]
        first, last = (add(start, Length((("month", float(cut - 1)),))) for cut in cuts)
        return replace(interval, start=first, end=last)
    if interval.grain == "month":
        edges = {"START": (1, 16), "MID": (10, 21), "END": (16, 0)}[value.mod]
        last = start.replace(day=edges[1]) if edges[1] else end
        return replace(interval, start=start.replace(day=edges[0]), end=last)
    if interval.grain == "week":
        edge = start + dt.timedelta(days=3)
        return replace(interval, end=edge) if value.mod == "START" else replace(interval, start=edge)
    if interval.grain == "year":
        middle = start.replace(month=7)
        return replace(interval, end=middle) if value.mod == "START" else replace(interval, start=middle)
    return interval


def _stretch(value: Stretch, frame: Frame) -> Value | None:
    if value.first is None and value.last is None:
        return _run(value, frame)
    if value.length is not None and value.first is not None:
        return _from(value.first, value.length, frame)
    first, last = shared(value.first, value.last)
    if first is not None and last is not None:
        return _range(first, last, frame)
    if first is not None:
        return _open_start(value, first, frame)
    return _open_end(value, last, frame) if last is not None else None


def _run(value: Stretch, frame: Frame) -> Value | None:
    """ "the next 3 days" begin tomorrow; "the last 3 months" end today; "within 5 minutes" begins now."""
    length = value.length
    if length is None:
        return None
    clock = length.finest in _CLOCK_UNITS
    show = _moment if clock else _day
    if length.vague and length.guess == 3:
        length = Length(tuple((unit, length.guess if amount is None else amount) for unit, amount in length.amounts))
    start, direction = frame.now, value.direction
    if length.finest in ("quarter", "fortnight", "decade") and value.inclusive and direction:
        interval = period(length.finest, frame.now, direction)
        count = int(length.amounts[-1][1] or 1)
        other = period(length.finest, frame.now, direction * count)
        return {"start": _day(min(interval.start, other.start)), "end": _day(max(interval.end, other.end))}
    if direction > 0:
        if value.inclusive and not clock:
            start += dt.timedelta(days=1)
        end = add(start, length)
        if length.finest == "businessday":
            end = add(frame.now, length) + dt.timedelta(days=1)
        return {"start": show(start), "end": show(end)}
    return {"start": show(add(start, length, -1)), "end": show(start)} if direction < 0 else None


def _from(first: Point, length: Length, frame: Frame) -> Value | None:
    found = resolve(first, frame)
    if not found and first.hour is None:
        return None
    if first.hour is not None and not first.dated:
        start = dt.datetime.combine(frame.today, dt.time(first.hour % 24, first.minute or 0))
        end = add(start, length)
        return {"start": f"{start:%H:%M:%S}", "end": f"{end:%H:%M:%S}"}
    start = found[0].start
    show = _moment if first.hour is not None else _day
    return {"start": show(start), "end": show(add(start, length))}


def _range(first: Point, last: Point, frame: Frame) -> Value | None:
    """From where the first begins to where the last begins."""
    if first.hour is not None and not first.dated and not last.dated and last.hour is not None:
        return {
            "start": _clock(first.hour, first.minute, first.second),
            "end": _clock(last.hour, last.minute, last.second),
        }
    ends = _edge(last, frame)
    near = frame if ends is None or _fixed(first) else replace(frame, now=ends, lean="past")
    starts = _edge(first, near)
    if starts is None or ends is None:
        return {"value": UNRESOLVED} if first.day or last.day else None
    start, end = starts, ends
    if end < start and last.year is None and last.shift is None:
        end = _next_after(last, start, frame) or end
    show = _moment if first.hour is not None or last.hour is not None else _day
    return {"start": show(start), "end": show(end)}


def _fixed(point: Point) -> bool:
    return (
        point.direction is not None
        or point.year is not None
        or point.shift is not None
        or point.offset is not None
        or point.within is not None
        or bool(point.ref)
    )


def _next_after(point: Point, start: dt.datetime, frame: Frame) -> dt.datetime | None:
    later = [i.start for i in resolve(point, replace(frame, now=start)) if i.start > start]
    return min(later) if later else None


def _edge(point: Point, frame: Frame) -> dt.datetime | None:
    if point.ref:
        return frame.now if point.hour is not None else dt.datetime.combine(frame.today, dt.time())
    found = resolve(replace(point, mod=""), frame)
    if not found:
        return None
    if point.mod == "END":
        return found[0].end
    if point.mod == "MID":
        return found[0].start.replace(day=16) if found[0].grain == "month" else narrowed(point, found[0], frame).start
    return found[0].start


def _open_start(value: Stretch, first: Point, frame: Frame) -> Value | None:
    if first.hour is not None and not first.dated:
        return {"start": _clock(first.hour, first.minute, first.second)}
    if first.part and not first.dated:
        return {"start": _clock(int(PARTS.get(first.part, (0.0, 0.0))[1]))}
    found = resolve(first, frame)
    if not found:
        return None
    interval = found[0]
    if first.hour is not None:
        return {"start": _moment(interval.start)}
    if value.relation == "after" and interval.grain != "day":
        return {"start": _day(interval.end)}
    return {"start": _day(narrowed(first, interval, frame).start if interval.grain != "day" else interval.start)}


def _open_end(value: Stretch, last: Point, frame: Frame) -> Value | None:
    if last.hour is not None and not last.dated:
        return {"end": _clock(last.hour, last.minute, last.second)}
    if last.part and not last.dated:
        return {"end": _clock(int(PARTS.get(last.part, (0.0, 0.0))[0]))}
    if last.ref:
        return {"end": _day(frame.now)}
    found = resolve(last, frame)
    if not found:
        return None
    interval = found[0]
    if last.hour is not None:
        return {"end": _moment(interval.start)}
    return {"end": _day(interval.end if last.mod == "END" else interval.start)}
