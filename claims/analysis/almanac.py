"""Holidays and working days: arithmetic that needs nothing but the calendar and tables/holidays.tsv."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from functools import cache, lru_cache

from claims.analysis import tables


def days_in_month(year: int, month: int) -> int:
    return monthrange(year, month)[1]


@lru_cache(maxsize=512)
def easter(year: int) -> dt.date:
    """Easter Sunday in the Gregorian calendar."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


@cache
def _rules() -> dict[str, tuple[str, str]]:
    return {row["holiday"]: (row["rule"], row["value"]) for row in tables.rows("holidays")}


def holiday(name: str, year: int) -> dt.date | None:
    """The day a holiday falls on in a year, or None for one that is only a name here."""
    base, mark, days = name.partition("+") if "+" in name else name.rpartition("-") if _minus(name) else (name, "", "")
    if mark:
        day = holiday(base, year)
        return day + dt.timedelta(days=int(mark + days)) if day else None
    if name == "easter":
        return easter(year)
    rule, value = _rules().get(name, ("", ""))
    if rule == "fixed":
        month, day_of_month = map(int, value.split("-"))
        return dt.date(year, month, day_of_month)
    if rule == "nth":
        return nth_weekday(year, *map(int, value.split()))
    if rule == "advent":
        christmas = dt.date(year, 12, 25)
        fourth = christmas - dt.timedelta(days=christmas.weekday() + 1)
        return fourth + dt.timedelta(days=int(value))
    return None


def _minus(name: str) -> bool:
    return name.rpartition("-")[2].isdigit() and name not in _rules()


def nth_weekday(year: int, month: int, weekday: int, n: int) -> dt.date:
    """The nth (or, counted from the end, -nth) weekday of a month."""
    if n < 0:
        last = dt.date(year, month, days_in_month(year, month))
        return last - dt.timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-n - 1))
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def add_business_days(moment: dt.datetime, count: int) -> dt.datetime:
    step = 1 if count >= 0 else -1
    weeks, rest = divmod(abs(count), 5)
    moment += dt.timedelta(days=7 * weeks * step)
    while rest:
        moment += dt.timedelta(days=step)
        rest -= moment.weekday() < 5
    return moment
