"""TimeML values: how a date, a length or a repetition is written in TIMEX3 ("2024-06", "P3D", "XXXX-WXX-1")."""

from __future__ import annotations

from claims.analysis.resolving import resolve
from claims.analysis.timepoints import Frame, Interval, Length, Point, Repeat, Stretch

_LENGTH_CODES = {
    "second": "S", "minute": "M", "hour": "H", "day": "D", "night": "D", "businessday": "D", "week": "W",
    "workweek": "W", "weekend": "WE", "month": "M", "quarter": "Q", "halfyear": "M", "season": "Y", "year": "Y",
    "decade": "DE",
    "century": "CE", "millennium": "L",
}  # fmt: skip
_CLOCK_UNITS = ("second", "minute", "hour")


def number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"


def length(value: Length) -> str:
    """ "P3Y", "PT4H", "P1Y6M", "PXD"."""
    days, clock = "", ""
    for unit, amount in value.amounts:
        count = "X" if amount is None else number(amount * 6 if unit == "halfyear" else amount)
        if unit in _CLOCK_UNITS:
            clock += count + _LENGTH_CODES[unit]
        else:
            days += count + _LENGTH_CODES.get(unit, "D")
    return f"P{days}" + (f"T{clock}" if clock else "")


def point(value: Point, frame: Frame) -> str:
    """The value of a point, resolved where the text and the day of reference allow it, with X where they do not."""
    if value.ref:
        return value.ref
    found = resolve(value, frame)
    if not found:
        return _template(value)
    date = "" if not value.dated and value.timed and not _day_known(frame) else _date(value, found[0], frame)
    return date + _clock(value)


def _day_known(frame: Frame) -> bool:
    return True


def _date(value: Point, interval: Interval, frame: Frame) -> str:
    day = interval.start
    if value.offset is not None:
        return _offset_date(value, interval)
    grain = interval.grain
    if value.timed:
        grain = "day"
    iso_year, iso_week, _ = day.isocalendar()
    match grain:
        case "year":
            return f"{day.year:04d}"
        case "month":
            return f"{day.year:04d}-{day.month:02d}"
        case "quarter":
            return f"{day.year:04d}-Q{(day.month + 2) // 3}"
        case "halfyear":
            return f"{day.year:04d}-H{1 if day.month < 7 else 2}"
        case "season":
            return f"{day.year:04d}-{value.season}"
        case "week":
            return f"{iso_year:04d}-W{iso_week:02d}"
        case "weekend":
            return f"{iso_year:04d}-W{iso_week:02d}-WE"
        case "decade":
            return f"{day.year // 10:03d}"
        case "century":
            return f"{day.year // 100:02d}"
        case "millennium":
            return f"{day.year // 1000:01d}"
        case "second" | "minute" | "hour" | "part":
            return f"{day:%Y-%m-%d}T{day:%H:%M:%S}"
        case _:
            return day.date().isoformat()


def _offset_date(value: Point, interval: Interval) -> str:
    """No finer than it was said: two years ago is a year, five months ago a month."""
    unit = value.offset.finest if value.offset is not None else "day"
    day = interval.start
    if value.anchor is None and value.weekday is None:
        if unit in ("year", "decade", "century"):
            return f"{day.year:04d}"
        if unit in ("month", "quarter", "halfyear"):
            return f"{day.year:04d}-{day.month:02d}"
    if interval.grain == "second":
        return f"{day:%Y-%m-%d}T{day:%H:%M:%S}"
    return day.date().isoformat()


def _clock(value: Point) -> str:
    if value.hour is None:
        part = {"MI": "MI", "MEB": "MO", "MEL": "MI", "MED": "EV"}.get(value.part, value.part)
        return f"T{part}" if part else ""
    minute = f":{value.minute or 0:02d}"
    second = f":{value.second:02d}" if value.second is not None else ""
    return f"T{value.hour:02d}{minute}{second}"


def _template(value: Point) -> str:
    year = "XXXX" if value.year is None else f"{value.year:04d}"
    month = "" if value.month is None else f"-{value.month:02d}"
    day = "" if value.day is None else f"-{value.day:02d}"
    return f"{year}{month}{day}{_clock(value)}"


def repeat(value: Repeat) -> str:
    """ "XXXX-WXX-1", "P1D", "XXXX-06"."""
    if value.code:
        return value.code
    if value.length is not None:
        return length(value.length)
    every = value.every
    if every is None:
        return ""
    if every.weekday is not None:
        return f"XXXX-WXX-{every.weekday + 1}{_clock(every)}"
    if every.weekend:
        return "XXXX-WXX-WE"
    if every.season:
        return f"XXXX-{every.season}"
    if every.quarter is not None:
        return f"XXXX-Q{every.quarter}"
    if every.month is not None:
        return _template(every)
    if every.day is not None:
        return f"XXXX-XX-{every.day:02d}"
    return f"XXXX-XX-XX{_clock(every)}" if every.timed else "P1D"


def stretch(value: Stretch, frame: Frame) -> str:
    """One value for a stretch: its length, or its ends with a slash."""
    if value.length is not None and value.first is None and value.last is None:
        return length(value.length)
    ends = [point(end, frame) if end is not None else "" for end in (value.first, value.last)]
    return "/".join(end for end in ends if end) if not (ends[0] and ends[1]) else f"{ends[0]}/{ends[1]}"
