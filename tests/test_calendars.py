"""Business time, against days one can look up."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims import calendars
from claims.calendars import Calendar, add_business_days, add_business_hours, is_business_day

BAVARIA = Calendar("DE", "BY", "Europe/Berlin", dt.time(9), dt.time(17))
BERLIN = Calendar("DE", "BE", "Europe/Berlin", dt.time(9), dt.time(17))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "calendar", "works"),
    [
        ("2026-11-23", BERLIN, True),
        ("2026-11-22", BERLIN, False),  # Sunday
        ("2026-12-25", BERLIN, False),
        ("2026-12-25", Calendar(), True),  # no country: only weekends
        ("2026-01-06", BAVARIA, False),  # Epiphany is free in Bavaria
        ("2026-01-06", BERLIN, True),  # and not in Berlin
        ("2026-11-26", Calendar("US"), False),
    ],
)
def test_weekends_and_the_holidays_of_the_region_are_free(day: str, calendar: Calendar, works: bool):
    assert is_business_day(dt.date.fromisoformat(day), calendar) is works


def test_seven_working_days_end_with_the_seventh_and_skip_christmas():
    due = add_business_days(at("2026-12-21T16:00+01:00"), 7, BERLIN)
    # Tue 22, Wed 23, Thu 24, (Fri 25 free, weekend), Mon 28, Tue 29, Wed 30, Thu 31
    assert due == at("2026-12-31T23:59:59+01:00")


def test_a_day_is_the_desks_day_not_utcs():
    due = add_business_days(at("2026-11-22T23:30+00:00"), 1, BERLIN)  # Monday 0:30 in Berlin
    assert due.date() == dt.date(2026, 11, 24)


def test_a_complaint_on_a_weekend_counts_from_monday():
    assert add_business_days(at("2026-11-21T10:00+01:00"), 1, BERLIN).date() == dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        ("2026-11-23T10:00+01:00", 4, "2026-11-23T14:00+01:00"),
        ("2026-11-23T16:00+01:00", 4, "2026-11-24T12:00+01:00"),
        ("2026-11-20T16:30+01:00", 1, "2026-11-23T09:30+01:00"),  # over a weekend
        ("2026-11-23T03:00+01:00", 1, "2026-11-23T10:00+01:00"),  # before the desk opens
        ("2026-11-23T22:00+01:00", 8, "2026-11-24T17:00+01:00"),
        ("2026-03-27T16:00+01:00", 2, "2026-03-30T10:00+02:00"),  # the clocks go forward in between
    ],
)
def test_hours_count_while_the_desk_is_open(start: str, hours: float, ends: str):
    assert add_business_hours(at(start), hours, BERLIN) == at(ends)


def test_no_hours_are_over_at_once_and_a_desk_that_never_opens_is_refused():
    start = at("2026-11-23T23:00+01:00")
    assert add_business_hours(start, 0, BERLIN) == start
    with pytest.raises(ValueError, match="closes after it opens"):
        Calendar(opens=dt.time(9), closes=dt.time(9))


def test_countries_and_regions_are_known_by_their_codes():
    assert {"DE", "AT", "GB", "US"} <= set(calendars.countries())
    assert "BY" in calendars.regions_of("DE")
    assert calendars.regions_of("nowhere") == []


def open_between(start: dt.datetime, end: dt.datetime, calendar: Calendar) -> dt.timedelta:
    """How long a desk is open between two moments, counted day by day."""
    zone, total = ZoneInfo(calendar.zone), dt.timedelta()
    day = start.astimezone(zone).date()
    while day <= end.astimezone(zone).date():
        if is_business_day(day, calendar):
            opens, closes = (
                dt.datetime.combine(day, at, zone).astimezone(dt.UTC) for at in (calendar.opens, calendar.closes)
            )
            total += max(dt.timedelta(), min(end, closes) - max(start, opens))
        day += dt.timedelta(days=1)
    return total


CALENDARS = st.builds(
    Calendar,
    country=st.sampled_from(["", "DE", "US"]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"]),
    opens=st.sampled_from([dt.time(0), dt.time(7, 30), dt.time(9)]),
    closes=st.sampled_from([dt.time(12), dt.time(17), dt.time(23, 59)]),
)
JANUARY = dt.datetime(2024, 1, 1)  # noqa: DTZ001 - hypothesis wants bounds without a zone
MOMENTS = st.datetimes(min_value=JANUARY, max_value=JANUARY.replace(year=2028), timezones=st.just(dt.UTC))


@settings(deadline=None, max_examples=60)
@given(MOMENTS, st.integers(1, 60), CALENDARS)
def test_a_desk_is_open_for_exactly_the_hours_until_something_is_due(start, hours, calendar):
    end = add_business_hours(start, hours, calendar)
    assert end >= start
    assert open_between(start, end, calendar) == dt.timedelta(hours=hours)


@settings(deadline=None, max_examples=60)
@given(MOMENTS, st.integers(1, 60), st.integers(0, 9), CALENDARS)
def test_more_hours_and_a_later_start_never_make_anything_due_earlier(start, hours, more, calendar):
    due = add_business_hours(start, hours, calendar)
    assert add_business_hours(start, hours + more, calendar) >= due
    assert add_business_hours(start + dt.timedelta(hours=more), hours, calendar) >= due
