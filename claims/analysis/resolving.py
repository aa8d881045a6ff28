"""What points of time come to against a day of reference: calendar intervals, the likeliest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from claims.analysis import almanac
from claims.analysis.timepoints import GRAINS, Frame, Interval, Length, Point, filled


def resolve(point: Point, frame: Frame) -> list[Interval]:
    """The intervals a point can mean, likeliest first; empty when there is no such day (30 February)."""
    try:
        found = _calendar(point, frame)
    except (ValueError, OverflowError):
        return []
    if not point.timed:
        return found
    days = found or [] if point.dated else [_day(frame.today)]
    return [_at_clock(point, interval, frame) for interval in days]


def _at_clock(point: Point, interval: Interval, frame: Frame) -> Interval:
    start = interval.start
    if point.hour is None:
        begin, end = frame.parts.get(point.part, (0, 24))
        return Interval(start + dt.timedelta(hours=begin), start + dt.timedelta(hours=end), "part")
    begin_at = start + dt.timedelta(hours=point.hour, minutes=point.minute or 0, seconds=point.second or 0)
    if point.second is not None:
        return Interval(begin_at, begin_at + dt.timedelta(seconds=1), "second")
    if point.minute is not None:
        return Interval(begin_at, begin_at + dt.timedelta(minutes=1), "minute")
    return Interval(begin_at, begin_at + dt.timedelta(hours=1), "hour")


def _calendar(point: Point, frame: Frame) -> list[Interval]:
    if point.ref:
        return [_day(frame.today)]
    if point.offset is not None:
        return _moved(point, frame)
    container = None
    if point.within is not None:
        outer = resolve(point.within, frame)
        if not outer:
            return []
        container = outer[0]
    elif point.shift is not None:
        container = period(point.shift[0], frame.now, point.shift[1])
    if point.nth is not None:
        found = [_nth(point, interval) for interval in ([container] if container else _years(point, frame))]
        return (
            _ordered([interval for interval in found if interval], point, frame)
            if container is None
            else [interval for interval in found if interval]
        )
    inner = list(_candidates(point, frame, container))
    if container is not None:
        if not _has_inner(point):
            return [container]
        inside = [i for i in inner if container.start <= i.start < container.end]
        return inside or [i for i in inner if i.start < container.end and container.start < i.end]
    ordered = _ordered(inner, point, frame)
    return [_week_around(interval) for interval in ordered] if point.week_of else ordered


def _week_around(interval: Interval) -> Interval:
    return period("week", interval.start, 0)


_INNER = ("month", "day", "weekday", "week", "weekend", "quarter", "half", "season", "holiday", "workweek")


def _has_inner(point: Point) -> bool:
    return any(filled(getattr(point, name)) for name in _INNER)


def _years(point: Point, frame: Frame) -> list[Interval]:
    years = [point.year] if point.year is not None else [frame.today.year + d for d in (0, -1, 1)]
    return [_span(dt.date(y, 1, 1), dt.date(y + 1, 1, 1), "year") for y in years]


def _candidates(point: Point, frame: Frame, container: Interval | None) -> Iterable[Interval]:
    """Every interval near the reference (or inside the container) that fits the named fields."""
    if point.decade is not None:
        yield _span(dt.date(point.decade, 1, 1), dt.date(point.decade + 10, 1, 1), "decade")
        return
    if point.century is not None:
        first = (point.century - 1) * 100
        yield _span(dt.date(max(first, 1), 1, 1), dt.date(first + 100, 1, 1), "century")
        return
    if point.millennium is not None:
        first = (point.millennium - 1) * 1000
        yield _span(dt.date(max(first, 1), 1, 1), dt.date(min(first + 1000, 9999), 1, 1), "millennium")
        return
    if point.year is not None:
        years = [point.year]
    elif container is not None:
        years = list(range(container.first.year, min(container.last.year, container.first.year + 12) + 1))
    elif point.week is not None:
        years = [frame.today.isocalendar().year]
    else:
        reach = 4 if (point.month, point.day) == (2, 29) else 1
        years = [frame.today.year + d for d in range(-reach, reach + 1)]
    if point.day is not None and point.month is None:
        yield from _days_of_months(point, frame, container)
        return
    if point.weekday is not None and point.month is None and not point.holiday and point.week is None:
        yield from _weekdays(point, frame, container)
        return
    if point.weekend and point.month is None and not point.holiday and point.week is None and not point.year:
        yield from _weekends(frame, container)
        return
    for year in years:
        try:
            yield from _in_year(point, year)
        except ValueError:
            continue


def _in_year(point: Point, year: int) -> Iterable[Interval]:
    if point.holiday:
        day = almanac.holiday(point.holiday, year)
        if day is None:
            return
        if point.weekend:
            first = (
                day
                if day.weekday() in (3, 4)
                else day + dt.timedelta(days=(5 if day.weekday() > 1 else -2) - day.weekday())
            )
            last = max(day, first + dt.timedelta(days=6 - first.weekday()))
            yield _span(first, last + dt.timedelta(days=1), "weekend")
        else:
            yield _day(day)
    elif point.season:
        yield season(point.season, year)
    elif point.quarter is not None:
        yield _months(year, point.quarter * 3 - 2, 3, "quarter")
    elif point.half is not None:
        yield _months(year, point.half * 6 - 5, 6, "halfyear")
    elif point.month is not None and point.day is not None:
        yield _day(dt.date(year, point.month, point.day))
    elif point.month is not None:
        yield _months(year, point.month, 1, "month")
    elif point.week is not None:
        monday = dt.date.fromisocalendar(year, point.week, 1)
        if point.weekday is not None:
            yield _day(monday + dt.timedelta(days=point.weekday))
        elif point.weekend:
            yield _span(monday + dt.timedelta(days=5), monday + dt.timedelta(days=7), "weekend")
        else:
            yield _span(monday, monday + dt.timedelta(days=7), "week")
    elif point.year is not None:
        yield _span(dt.date(year, 1, 1), dt.date(year + 1, 1, 1), "year")


def _days_of_months(point: Point, frame: Frame, container: Interval | None) -> Iterable[Interval]:
    """ "the 21st": of this month or its neighbours; "Friday the 13th": of the nearest month where that is true."""
    start = container.first if container is not None else frame.today
    reach = range(12) if container is not None else range(-14, 15) if point.weekday is not None else range(-2, 3)
    for step in reach:
        months = start.year * 12 + start.month - 1 + step
        try:
            day = dt.date(months // 12, months % 12 + 1, point.day or 1)
        except ValueError:
            continue
        if point.weekday is None or day.weekday() == point.weekday:
            yield _day(day)


def _weekdays(point: Point, frame: Frame, container: Interval | None) -> Iterable[Interval]:
    start = container.first if container is not None else frame.today
    monday = start - dt.timedelta(days=start.weekday())
    for step in range(-2, 3) if container is None else range(6):
        yield _day(monday + dt.timedelta(days=7 * step + (point.weekday or 0)))


def _weekends(frame: Frame, container: Interval | None) -> Iterable[Interval]:
    start = container.first if container is not None else frame.today
    monday = start - dt.timedelta(days=start.weekday())
    for step in range(-2, 3):
        saturday = monday + dt.timedelta(days=7 * step + 5)
        yield _span(saturday, saturday + dt.timedelta(days=2), "weekend")


def _ordered(found: list[Interval], point: Point, frame: Frame) -> list[Interval]:
    """Candidates by how likely a reader takes them, given "last", "next" and the leaning of the text."""
    today = dt.datetime.combine(frame.today, dt.time())
    tomorrow = today + dt.timedelta(days=1)
    weekly = point.weekday is not None and point.month is None and point.day is None
    if weekly and frame.week_based and point.direction is not None and not point.definite:
        monday = today - dt.timedelta(days=today.weekday())
        wanted = monday + dt.timedelta(days=7 * point.direction)
        return sorted(found, key=lambda i: abs((i.start - wanted - dt.timedelta(days=3)).total_seconds()))
    if point.direction is not None and point.direction < 0:
        past = sorted((i for i in found if i.end <= today), key=lambda i: i.start, reverse=True)
        skipped = past[-point.direction - 1 :]
        return skipped or past or found
    if point.direction is not None and point.direction > 0:
        future = sorted((i for i in found if i.start >= tomorrow), key=lambda i: i.start)
        return future[point.direction - 1 :] or future or found
    if point.direction == 0:
        return sorted(found, key=lambda i: (i.first.year != today.year and not weekly, abs(i.start - today)))
    if point.month is not None and frame.lean != "near" and found:
        nearest = min(found, key=lambda i: _distance(i, today))
        if _distance(nearest, today) <= dt.timedelta(days=_PLAIN_NEAR if point.day is not None else 0):
            return [nearest, *(i for i in found if i is not nearest)]
    past = sorted((i for i in found if i.start < tomorrow), key=lambda i: i.start, reverse=True)
    future = sorted((i for i in found if i.end > today), key=lambda i: i.start)
    if frame.lean == "past":
        return past + [i for i in future if i not in past]
    if frame.lean == "future":
        return future + [i for i in past if i not in future]
    return sorted(found, key=lambda i: (_distance(i, today), i.start > today))


# So close to the day of reference that the tense of the sentence no longer decides.
_PLAIN_NEAR = 62


def _distance(interval: Interval, today: dt.datetime) -> dt.timedelta:
    if interval.start <= today < interval.end:
        return dt.timedelta(0)
    return interval.start - today if interval.start > today else today - interval.end


def _moved(point: Point, frame: Frame) -> list[Interval]:
    length = point.offset
    if length is None:
        return []
    start, grain = frame.now, "day"
    if point.anchor is not None:
        anchors = resolve(point.anchor, frame)
        if not anchors:
            return []
        start, grain = anchors[0].start, anchors[0].grain
    moved = add(start, length, point.sign)
    if length.finest in ("second", "minute", "hour", "halfhour", "quarterhour"):
        return [Interval(moved, moved + dt.timedelta(seconds=1), "second")]
    day = _day(moved.date())
    if point.weekday is not None:
        ahead = (point.weekday - moved.weekday()) % 7
        if point.sign < 0:
            ahead = -((moved.weekday() - point.weekday) % 7)
        elif length.finest == "week":
            ahead = point.weekday - moved.weekday()
        day = _day(moved.date() + dt.timedelta(days=ahead))
    if grain in ("year", "month") and point.anchor is not None:
        return [Interval(moved, day.end, "day")]
    return [day]


UNIT_DAYS = {
    "day": 1, "night": 1, "businessday": 1, "week": 7, "fortnight": 14, "weekend": 7, "workweek": 7
}  # fmt: skip
UNIT_MONTHS = {
    "month": 1, "quarter": 3, "halfyear": 6, "season": 12, "year": 12, "decade": 120, "century": 1200,
    "millennium": 12000,
}  # fmt: skip
UNIT_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "halfhour": 1800, "quarterhour": 900}


def add(start: dt.datetime, length: Length, sign: int = 1) -> dt.datetime:
    """The moment a length after (or before) another. Raises OverflowError outside the years 1..9999."""
    moment = start
    for unit, amount in length.amounts:
        count = sign * (length.guess if amount is None else amount)
        if unit in UNIT_MONTHS:
            months = count * UNIT_MONTHS[unit]
            if abs(months) > 120_000:
                raise OverflowError("outside the calendar")
            moment = _add_months(moment, int(months))
            moment += dt.timedelta(days=round((months - int(months)) * 30.44))
        elif unit == "businessday":
            moment = almanac.add_business_days(moment, int(count)) if abs(count) < 10_000 else moment
        elif unit in UNIT_DAYS:
            moment += dt.timedelta(days=count * UNIT_DAYS[unit])
        else:
            moment += dt.timedelta(seconds=count * UNIT_SECONDS.get(unit, 0))
    return moment


def _add_months(moment: dt.datetime, months: int) -> dt.datetime:
    total = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(total, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("outside the calendar")
    return moment.replace(year=year, month=month + 1, day=min(moment.day, almanac.days_in_month(year, month + 1)))


def period(unit: str, now: dt.datetime, step: int) -> Interval:
    """This (0), the last (-1) or the next (1) calendar period of a kind."""
    today = now.date()
    if unit in UNIT_SECONDS:
        start = now.replace(microsecond=0) + dt.timedelta(seconds=step * UNIT_SECONDS[unit])
        return Interval(start, start + dt.timedelta(seconds=UNIT_SECONDS[unit]), unit if unit in GRAINS else "minute")
    if unit in ("day", "night", "businessday"):
        return _day(today + dt.timedelta(days=step))
    if unit in ("week", "workweek", "weekend", "fortnight"):
        monday = (
            today - dt.timedelta(days=today.weekday()) + dt.timedelta(days=step * (14 if unit == "fortnight" else 7))
        )
        if unit == "weekend":
            return _span(monday + dt.timedelta(days=5), monday + dt.timedelta(days=7), "weekend")
        days = {"workweek": 5, "fortnight": 14}.get(unit, 7)
        return _span(monday, monday + dt.timedelta(days=days), "week")
    if unit in ("decade", "century", "millennium"):
        size = {"decade": 10, "century": 100, "millennium": 1000}[unit]
        first = today.year // size * size + step * size
        return _span(dt.date(max(first, 1), 1, 1), dt.date(first + size, 1, 1), unit)
    size = {"month": 1, "quarter": 3, "halfyear": 6}.get(unit, 12)
    index = (today.year * 12 + today.month - 1) // size + step
    return _months(index * size // 12, index * size % 12 + 1, size, unit if unit in GRAINS else "year")


def season(name: str, year: int) -> Interval:
    month = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[name]
    return _months(year, month, 3, "season")


def _nth(point: Point, inside: Interval) -> Interval | None:
    """The nth day, week, weekday, month ... of a period; -1 counts from its end."""
    n, unit = point.nth or 1, point.nth_unit
    if point.weekday is not None and unit in ("", "weekday"):
        first = inside.first + dt.timedelta(days=(point.weekday - inside.first.weekday()) % 7)
        days = list(_steps(first, inside.last, 7))
        return _day(days[n - 1 if n > 0 else n]) if 0 < abs(n) <= len(days) else None
    if unit == "day":
        return _day(inside.first + dt.timedelta(days=n - 1) if n > 0 else inside.last + dt.timedelta(days=n + 1))
    if unit in ("week", "weekend", "workweek"):
        return _nth_week(point, inside, n)
    size = {"month": 1, "quarter": 3, "halfyear": 6, "year": 12, "decade": 120, "century": 1200}.get(unit)
    if size is None:
        return None
    total = (inside.end.year - inside.start.year) * 12 + inside.end.month - inside.start.month
    index = (n - 1) * size if n > 0 else total + n * size
    if not 0 <= index < max(total, 1):
        return None
    months = inside.start.year * 12 + inside.start.month - 1 + index
    return _months(months // 12, months % 12 + 1, size, unit)


def _nth_week(point: Point, inside: Interval, n: int) -> Interval:
    anchor = inside.first if n > 0 else inside.last
    monday = anchor - dt.timedelta(days=anchor.weekday())
    if n > 0 and inside.grain in ("year", "month", "quarter") and anchor.weekday() > 3:
        monday += dt.timedelta(days=7)  # a week belongs where its Thursday lies
    monday += dt.timedelta(days=7 * (n - 1 if n > 0 else n + 1))
    if point.weekday is not None:
        return _day(monday + dt.timedelta(days=point.weekday))
    if point.nth_unit == "weekend":
        return _span(monday + dt.timedelta(days=5), monday + dt.timedelta(days=7), "weekend")
    return _span(monday, monday + dt.timedelta(days=7), "week")


def _steps(first: dt.date, last: dt.date, days: int) -> Iterable[dt.date]:
    day = first
    while day <= last:
        yield day
        day += dt.timedelta(days=days)


def _span(first: dt.date, after: dt.date, grain: str) -> Interval:
    return Interval(dt.datetime.combine(first, dt.time()), dt.datetime.combine(after, dt.time()), grain)


def _day(day: dt.date) -> Interval:
    return _span(day, day + dt.timedelta(days=1), "day")


def _months(year: int, month: int, count: int, grain: str) -> Interval:
    start = dt.datetime(year, month, 1)  # noqa: DTZ001  calendar days have no zone
    return Interval(start, _add_months(start, count), grain)
