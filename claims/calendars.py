"""Business time: which days a desk works, and when so many working days or hours are over. Pure.

Public holidays are those of the country, and of its region where one is named (library `holidays`).
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import holidays

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where and when a desk works. Without a country only weekends are free."""

    country: str = ""
    region: str = ""
    zone: str = "UTC"
    opens: dt.time = dt.time(9)
    closes: dt.time = dt.time(18)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("A desk closes after it opens.")


def is_business_day(day: dt.date, calendar: Calendar) -> bool:
    """Whether the desk works on this day: Monday to Friday, no public holiday."""
    return day.weekday() < SATURDAY and day not in _holidays(calendar.country, calendar.region)


def add_business_days(start: dt.datetime, days: int, calendar: Calendar) -> dt.datetime:
    """When so many whole working days after `start` are over: the end of the last one, in the desk's zone.

    The day of `start` does not count, as is usual for deadlines in days.
    """
    day = start.astimezone(ZoneInfo(calendar.zone)).date()
    left = days
    while left > 0:
        day += dt.timedelta(days=1)
        left -= is_business_day(day, calendar)
    return dt.datetime.combine(day, dt.time(23, 59, 59), ZoneInfo(calendar.zone))


def add_business_hours(start: dt.datetime, hours: float, calendar: Calendar) -> dt.datetime:
    """When the desk will have been open for so many hours after `start`."""
    zone = ZoneInfo(calendar.zone)
    left = dt.timedelta(hours=hours)
    if left <= dt.timedelta(0):
        return start.astimezone(zone)
    day = start.astimezone(zone).date()
    while True:
        if is_business_day(day, calendar):
            opens, closes = _open_on(day, calendar)
            begins = max(opens, start.astimezone(dt.UTC))
            if begins < closes:
                if begins + left <= closes:
                    return (begins + left).astimezone(zone)
                left -= closes - begins
        day += dt.timedelta(days=1)


def subtract_business_hours(end: dt.datetime, hours: float, calendar: Calendar) -> dt.datetime:
    """From when on the desk is open for so many hours until `end`."""
    zone = ZoneInfo(calendar.zone)
    left = dt.timedelta(hours=hours)
    day = end.astimezone(zone).date()
    while left > dt.timedelta(0):
        if is_business_day(day, calendar):
            opens, closes = _open_on(day, calendar)
            ends = min(closes, end.astimezone(dt.UTC))
            if opens < ends:
                if ends - left >= opens:
                    return (ends - left).astimezone(zone)
                left -= ends - opens
        day -= dt.timedelta(days=1)
    return end.astimezone(zone)


def subtract_business_days(end: dt.datetime, days: int, calendar: Calendar) -> dt.datetime:
    """When the desk opens so many working days before the day of `end`, which does not count."""
    day = end.astimezone(ZoneInfo(calendar.zone)).date()
    left = days
    while left > 0:
        day -= dt.timedelta(days=1)
        left -= is_business_day(day, calendar)
    return dt.datetime.combine(day, calendar.opens, ZoneInfo(calendar.zone))


def last_opening(now: dt.datetime, calendar: Calendar) -> dt.datetime:
    """When the desk last began to work."""
    zone = ZoneInfo(calendar.zone)
    local = now.astimezone(zone)
    day = local.date() if local.time() >= calendar.opens else local.date() - dt.timedelta(days=1)
    while not is_business_day(day, calendar):
        day -= dt.timedelta(days=1)
    return dt.datetime.combine(day, calendar.opens, zone)


def first_opening_of_week(now: dt.datetime, calendar: Calendar) -> dt.datetime:
    """When the desk last began to work for the first time in a week, weeks beginning on Monday."""
    day = last_opening(now, calendar).date()
    first = day - dt.timedelta(days=day.weekday())
    while not is_business_day(first, calendar):
        first += dt.timedelta(days=1)
    return dt.datetime.combine(first, calendar.opens, ZoneInfo(calendar.zone))


def _open_on(day: dt.date, calendar: Calendar) -> tuple[dt.datetime, dt.datetime]:
    """When the desk opens and closes on a day. In UTC, since hours are counted over changes of the clock."""
    zone = ZoneInfo(calendar.zone)
    opens, closes = (dt.datetime.combine(day, at, zone).astimezone(dt.UTC) for at in (calendar.opens, calendar.closes))
    return opens, closes


def countries() -> list[str]:
    """Codes of the countries whose public holidays are known."""
    return sorted(_regions())


def regions_of(country: str) -> list[str]:
    """Codes of the regions of a country that have holidays of their own."""
    return sorted(_regions().get(country, []))


@functools.cache
def _regions() -> dict[str, list[str]]:
    return dict(holidays.list_supported_countries(include_aliases=False))


@functools.lru_cache(maxsize=256)
def _holidays(country: str, region: str) -> holidays.HolidayBase | frozenset[dt.date]:
    return holidays.country_holidays(country, subdiv=region or None) if country else frozenset()
