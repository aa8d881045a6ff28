"""Points, stretches and lengths of time as a text says them, and what they come to against a day of reference.

The grammar builds these without knowing today's date; resolving.py sets them against one. Nothing here reads text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from typing import Literal

Lean = Literal["past", "future", "near"]

# Hours each part of the day covers, for telling where a time lies; renderers with other habits bring their own.
PARTS: dict[str, tuple[float, float]] = {
    "MO": (6, 12), "MI": (11, 14), "AF": (12, 18), "EV": (18, 24), "NI": (20, 24), "DT": (8, 18),
    "MEB": (7, 10), "MEL": (11, 14), "MED": (18, 21),
}  # fmt: skip
GRAINS = ("second", "minute", "hour", "part", "day", "weekend", "week", "month", "quarter", "season", "halfyear",
          "year", "decade", "century", "millennium")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of the calendar, `end` exclusive."""

    start: dt.datetime
    end: dt.datetime
    grain: str

    @property
    def first(self) -> dt.date:
        return self.start.date()

    @property
    def last(self) -> dt.date:
        return (self.end - dt.timedelta(microseconds=1)).date() if self.end > self.start else self.start.date()


@dataclass(frozen=True, slots=True)
class Length:
    """How long: ("year", 3.0) and so on; an amount of None is "some", `guess` what that usually means."""

    amounts: tuple[tuple[str, float | None], ...]
    guess: float = 3
    modifier: str = ""  # as in TimeML: APPROX LESS_THAN MORE_THAN

    @property
    def finest(self) -> str:
        return self.amounts[-1][0]

    @property
    def vague(self) -> bool:
        return any(amount is None for _, amount in self.amounts)


def filled(value: object) -> bool:
    """Monday is weekday 0, and still something that was said."""
    return value is not None and value is not False and value != ""


@dataclass(frozen=True, slots=True, repr=False)
class Point:
    """A point or period by the fields the text names. Only what was said is filled in."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None  # Monday 0
    week: int | None = None
    weekend: bool = False
    workweek: bool = False
    quarter: int | None = None
    half: int | None = None
    season: str = ""
    decade: int | None = None  # first year
    century: int | None = None  # 21 for 2000..2099
    millennium: int | None = None
    holiday: str = ""
    shift: tuple[str, int] | None = None  # ("day", 1) is tomorrow, ("week", 0) this week
    direction: int | None = None  # last -1, this 0, next 1, before a month, weekday, season, holiday
    within: Point | None = None
    nth: int | None = None  # -1 is the last one
    nth_unit: str = ""
    offset: Length | None = None
    sign: int = 1
    anchor: Point | None = None  # what the offset counts from; None is the day of reference
    ref: str = ""  # PRESENT_REF PAST_REF FUTURE_REF
    part: str = ""
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    loose: bool = False  # a clock time that may be before or after noon
    mod: str = ""  # START MID END
    approx: bool = False
    week_of: bool = False  # "the week of April 10th"
    definite: bool = False  # "the day", "des Jahres"
    bc: bool = False

    def __repr__(self) -> str:
        said = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if getattr(self, f.name) != f.default)
        return f"Point({', '.join(said)})"

    def merged(self, other: Point) -> Point:
        """Both at once; what the other says wins."""
        said = {f.name: getattr(other, f.name) for f in fields(other) if getattr(other, f.name) != f.default}
        return replace(self, **said)

    @property
    def timed(self) -> bool:
        return self.hour is not None or bool(self.part)

    @property
    def dated(self) -> bool:
        """True when it says anything about the day, not only about the clock."""
        return any(
            filled(getattr(self, name))
            for name in ("year", "month", "day", "weekday", "week", "weekend", "quarter", "half", "season", "decade",
                         "century", "holiday", "shift", "within", "offset", "millennium")
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one point to another, open where a point is missing; or a length before or after now ("the last 3 days")."""

    first: Point | None = None
    last: Point | None = None
    relation: str = "from_to"  # from_to since until before after within
    length: Length | None = None
    direction: int = 0
    inclusive: bool = True  # "since 2010" takes 2010 in, "after 2010" does not
    cores: tuple[tuple[int, int], ...] = ()  # the tokens of each end without "from", "since", "and"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Again and again: every point of a kind ("every Monday at 9"), or every length ("every two weeks")."""

    every: Point | None = None
    length: Length | None = None
    code: str = ""  # a TimeML value that says it all: "P1D" for "daily"


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a text stands in time and how its reader leans when a year or a week is left out."""

    now: dt.datetime
    lean: Lean = "near"
    week_based: bool = False  # "next Friday" is the Friday of next week, not the next one to come
    parts: dict[str, tuple[float, float]] = field(default_factory=lambda: PARTS)

    @property
    def today(self) -> dt.date:
        return self.now.date()


def shared(first: Point | None, last: Point | None) -> tuple[Point | None, Point | None]:
    """Both ends of a range with what only one of them says: the year, the month, the half of the day."""
    if first is None or last is None:
        return first, last
    if (
        first.month is not None
        and first.year is None
        and last.year is not None
        and first.within is None
        and first.direction is None
    ):
        year = last.year - 1 if last.month is not None and last.month < first.month else last.year
        first = replace(first, year=year)
    elif last.month is not None and last.year is None and first.year is not None and first.month is not None:
        last = replace(last, year=first.year + (last.month < first.month))
    if last.day is not None and last.month is None and first.month is not None and last.within is None:
        last = replace(last, month=first.month, year=first.year)
    if first.hour is not None and last.hour is not None and first.loose and not last.loose:
        later = replace(first, hour=first.hour + 12, loose=False)
        fits = (
            last.hour > 12 and first.hour < 12 and (later.hour or 0, later.minute or 0) <= (last.hour, last.minute or 0)
        )
        first = later if fits else replace(first, loose=False)
    if first.dated and not last.dated and last.hour is not None:
        last = replace(first, hour=None, minute=None, second=None, loose=False).merged(last)
    return first, last
