"""Dates and clock times in digits: "22.04.2016", "10/1/2018", "2015-03", "15:30", "20.30", "1990s", "'98"."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from claims.analysis.timepoints import Point

NUMERIC = re.compile(
    r"(?<![\w.,/:-])(?:"
    r"(?P<iso>(?P<iy>[12]\d{3})-(?P<im>\d{1,2})(?:-(?P<id>\d{1,2}))?(?:T(?P<ih>\d{2}):(?P<imin>\d{2})(?::(?P<is>\d{2}))?Z?)?)(?![\d-])"
    r"|(?P<ymd>(?P<yy>[12]\d{3})[/.](?P<ym>\d{1,2})[/.](?P<yd>\d{1,2}))(?!\d)"
    r"|(?P<dot>(?P<dd>\d{1,2})\.\s?(?P<dm>\d{1,2})\.(?:\s?(?P<dy>[12]\d{3}|\d{2}(?!\d|[.:]\d)))?)(?!\d)"
    r"|(?P<slash>(?P<sa>\d{1,2})/(?P<sb>\d{1,2})(?:/(?P<sy>[12]\d{3}|\d{2}))?)(?![\d/])"
    r"|(?P<dash>(?P<ha>\d{1,2})-(?P<hb>\d{1,2})-(?P<hy>[12]\d{3}|\d{2}))(?![\d])"
    r"|(?P<clock>(?P<ch>\d{1,2}):(?P<cm>\d{2})(?::(?P<cs>\d{2}))?)(?![\d:])"
    r"|(?P<dotclock>(?P<th>\d{1,2})\.(?P<tm>\d{2}))(?![\d.,]\d|\d)"
    r")"
)
# Inside a range the second half follows a hyphen or a tilde directly.
AFTER_DASH = re.compile(NUMERIC.pattern.replace(r"(?<![\w.,/:-])", r"(?<=[-–~])", 1))
DECADE = re.compile(r"(?P<century>1[0-9]|20)?(?P<ten>\d0)(?:\s?['’]?s|er)(?![\w])")
APOSTROPHE_YEAR = re.compile(r"['’](\d{2})(?!\d)(['’]?s)?")


def readings(match: re.Match[str], language: str) -> dict[str, Any] | None:
    """What the digits can be; several readings stay side by side."""
    month_first = language == "en"
    if match["iso"] or match["ymd"]:
        return _iso(match)
    if match["clock"]:
        return _clock(int(match["ch"]), int(match["cm"]), match["cs"], match["ch"].startswith("0"))
    if match["dotclock"]:
        hour, minute = int(match["th"]), int(match["tm"])
        types: dict[str, Any] = {"num": float(f"{hour}.{match['tm']}")}
        if hour <= 24 and minute < 60:
            types["dotclock"] = Point(hour=hour, minute=minute, loose=1 <= hour <= 12)
        first, second = (minute, hour) if month_first else (hour, minute)
        if 1 <= first <= 31 and 1 <= second <= 12:
            types["dotday"] = Point(day=first, month=second)
        return types if len(types) > 1 else None
    if match["dot"]:
        return _day_month(int(match["dd"]), int(match["dm"]), match["dy"])
    if match["dash"]:
        first, second = int(match["ha"]), int(match["hb"])
        return _two_orders(first, second, match["hy"], month_first)
    first, second = int(match["sa"]), int(match["sb"])
    types = _two_orders(first, second, match["sy"], month_first) or {}
    if types and not match["sy"]:
        clear = max(first, second) > 9
        types = {"DAY" if clear else "slashday": next(iter(types.values()))}
        if second:
            types["num"] = first / second
    return types or None


def full_year(value: int) -> int:
    return value + (2000 if value < 30 else 1900)


def _valid(year: int | None, month: int, day: int) -> bool:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    try:
        dt.date(year or 2000, month, day)
    except ValueError:
        return (day <= 31 and month == 2) or day == 31
    return True


def _iso(match: re.Match[str]) -> dict[str, Any] | None:
    year = int(match["iy"] or match["yy"])
    month = int(match["im"] or match["ym"])
    day = match["id"] or match["yd"]
    if day is None:
        return {"MONTH": Point(year=year, month=month)} if 1 <= month <= 12 else None
    if not _valid(year, month, int(day)):
        return {"code_number": year}
    point = Point(year=year, month=month, day=int(day))
    if match["ih"]:
        second = int(match["is"]) if match["is"] else None
        return {"MOMENT": point.merged(Point(hour=int(match["ih"]), minute=int(match["imin"]), second=second))}
    return {"DAY": point}


def _day_month(day: int, month: int, year: str | None) -> dict[str, Any] | None:
    full = None if year is None else int(year) if len(year) == 4 else full_year(int(year))
    if not _valid(full, month, day):
        return None
    return {"DAY": Point(year=full, month=month, day=day)}


def _two_orders(first: int, second: int, year: str | None, month_first: bool) -> dict[str, Any] | None:
    day, month = (second, first) if month_first else (first, second)
    return _day_month(day, month, year) or _day_month(month, day, year)


def _clock(hour: int, minute: int, second: str | None, zero: bool) -> dict[str, Any] | None:
    if hour > 24 or minute > 59 or (second and int(second) > 59):
        return None
    loose = 1 <= hour <= 12 and not zero
    return {"CLOCK": Point(hour=hour, minute=minute, second=int(second) if second else None, loose=loose)}
