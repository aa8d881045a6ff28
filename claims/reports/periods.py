"""Periods a report speaks of, and which entries of a ledger fall into them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateparse import parse_date, parse_datetime

from claims.models import LedgerEntry, Newsroom


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment up to, and without, another."""

    start: dt.datetime
    end: dt.datetime

    def __contains__(self, at: dt.datetime) -> bool:
        return self.start <= at < self.end


def read(newsroom: Newsroom, first: str, last: str) -> Period:
    """A period from days, both included, by the newsroom's clock; or from moments with an offset, the last excluded.

    Raises ValueError with what is wrong, in words.
    """
    period = Period(_moment(newsroom, first, 0), _moment(newsroom, last, 1))
    if period.end <= period.start:
        raise ValueError("The period ends before it begins.")
    return period


def of_days(newsroom: Newsroom, first: dt.date, last: dt.date) -> Period:
    """The whole days between two, both included, by the newsroom's clock."""
    return read(newsroom, first.isoformat(), last.isoformat())


def zone_of(newsroom: Newsroom) -> ZoneInfo:
    return ZoneInfo(newsroom.time_zone or settings.TIME_ZONE)


def _moment(newsroom: Newsroom, text: str, days: int) -> dt.datetime:
    try:
        day = parse_date(text)
        if day is not None:
            midnight = dt.datetime.combine(day + dt.timedelta(days=days), dt.time.min)
            return midnight.replace(tzinfo=zone_of(newsroom)).astimezone(dt.UTC)
        moment = parse_datetime(text)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{text!r} is neither a day such as 2026-01-31 nor a moment such as 2026-01-31T12:00:00Z.")
    return moment.astimezone(dt.UTC)


def entries_between(newsroom_id: int, period: Period) -> tuple[int, int]:
    """The first and last sequence of a newsroom's entries in a period; the last is before the first where none is.

    Entries are in order of time and have no gaps, so a few look-ups by number find them in a ledger of any length.
    """
    return _entries_before(newsroom_id, period.start) + 1, _entries_before(newsroom_id, period.end)


def _entries_before(newsroom_id: int, moment: dt.datetime) -> int:
    rows = LedgerEntry.objects.filter(newsroom=newsroom_id)
    last = rows.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        at = rows.filter(sequence=middle).values_list("at", flat=True).get()
        if at is not None and at < moment:
            low = middle
        else:
            high = middle - 1
    return low
