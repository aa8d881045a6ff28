"""Days with clock times, and moments told by their distance: "heute Abend", "3pm on Monday", "two weeks ago"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from claims.analysis.clockrules import noon_side
from claims.analysis.dategrammar import DE, EN, Found, Rule
from claims.analysis.timepoints import Length, Point

POINTS = ("MOMENT", "DAY", "MONTH", "YEAR", "PER", "CLOCK", "REF")


def point(found: Found) -> Point | None:
    return next((found.get(kind) for kind in POINTS if found.has(kind)), None)


def day_clock(found: Found) -> Point | None:
    day: Point | None = found.get("DAY")
    clock: Point | None = found.get("CLOCK")
    if clock is None and found.has("hourno"):
        clock = Point(hour=int(found.get("hourno")), loose=1 <= int(found.get("hourno")) <= 12)
    if day is None or clock is None or (day.timed and day.hour is not None) or day.offset is not None:
        return None
    if day.part:
        clock = noon_side(clock, day.part) if clock.loose else clock
        day = replace(day, part="")
    return day.merged(clock)


def _moment_clock(found: Found) -> Point | None:
    moment: Point = found.get("MOMENT")
    clock: Point | None = found.get("CLOCK")
    if clock is None and found.has("hourno"):
        hour = int(found.get("hourno"))
        clock = Point(hour=hour, loose=1 <= hour <= 12)
    if moment.hour is not None or not moment.part or clock is None:
        return None
    clock = noon_side(clock, moment.part) if clock.loose else clock
    return replace(moment, part="", mod="").merged(clock)


def _day_part(found: Found) -> Point | None:
    day: Point | None = found.get("DAY")
    if day is None or day.timed:
        return None
    part = found.get("part") or found.get("earlypart") or found.get("latepart")
    mod = (
        found.get("mod")
        or found.get("early")
        or ("START" if found.has("earlypart") else "END" if found.has("latepart") else "")
    )
    return replace(day, part=part, mod=mod or day.mod)


def _deictic_part(found: Found) -> Point | None:
    """ "this morning", "last night", "dieser Abend", "tonight"."""
    if found.has("tonight"):
        return Point(shift=("day", 0), part="EV")
    part = found.get("part") or ("NI" if found.get("unit") == "night" else None)
    step = int(found.get("dir"))
    if part is None or abs(step) > 1:
        return None
    return Point(shift=("day", step), part=part, mod=found.get("mod") or found.get("early") or "")


def part_alone(found: Found) -> Point:
    part = found.get("part") or found.get("earlypart") or found.get("latepart")
    mod = (
        found.get("mod")
        or found.get("early")
        or ("START" if found.has("earlypart") else "END" if found.has("latepart") else "")
    )
    return Point(part=part, mod=mod)


PART = "[part earlypart latepart]"

MOMENTS = [
    Rule("tonight", "MOMENT", _deictic_part),
    Rule("[mod early]? dir [part unit]", "MOMENT", _deictic_part),
    Rule(f"DAY (in | at | of)? the? [mod early]? {PART}", "MOMENT", _day_part),
    Rule("DAY partafter", "MOMENT", lambda f: replace(f.get("DAY"), part=f.get("partafter"))),
    Rule(f"[mod early]? {PART} [of on]? the? DAY", "MOMENT", _day_part),
    Rule(
        "[mod early] DAY",
        "DAY",
        lambda f: replace(f.get("DAY"), mod=f.get("mod") or f.get("early")) if not f.get("DAY").mod else None,
    ),
    Rule("MOMENT [comma at approx]* CLOCK", "MOMENT", _moment_clock),
    Rule("hourno MOMENT", "MOMENT", _moment_clock, EN),
    Rule("MOMENT [at approx]+ hourno (?![x unit num])", "MOMENT", _moment_clock),
    Rule("DAY [comma at approx for on]* CLOCK", "MOMENT", day_clock),
    Rule("DAY [at approx]+ hourno (?![x unit num])", "MOMENT", day_clock, EN),
    Rule("CLOCK [comma on of]* the? DAY", "MOMENT", day_clock, EN),
    Rule("CLOCK [comma on]* DAY", "MOMENT", day_clock),
    Rule("CLOCK [comma on of]* MOMENT", "MOMENT", _moment_clock),
]


def _offset(sign: int) -> Callable[[Found], Point | None]:
    def build(found: Found) -> Point | None:
        length: Length = found.get("LEN")
        if length.finest in ("weekend",):
            return None
        anchor = point(found)
        if anchor is not None and anchor.ref:
            anchor = None
        return Point(offset=length, sign=sign, anchor=anchor)

    return build


def _from_now(found: Found) -> Point | None:
    """ "in two weeks", "in drei Tagen": ahead of now, unless the length is vague and plural with an article."""
    length: Length = found.get("LEN")
    if length.vague and length.guess == 3 and not found.has("few"):
        return None
    return Point(offset=length, sign=1)


def _offset_weekday(found: Found) -> Point | None:
    moved: Point = found.get("DAY", 0) if found.get("DAY").offset is not None else found.get("DAY", 1)
    day: Point = found.get("DAY", 1) if moved is found.get("DAY", 0) else found.get("DAY", 0)
    if moved is None or day is None or moved.offset is None or day.weekday is None or day.month or day.within:
        return None
    return replace(moved, weekday=day.weekday)


_POINT = "[MOMENT DAY MONTH YEAR PER]"

OFFSETS = [
    Rule("ref", "REF", lambda f: Point(ref=f.get("ref"))),
    Rule("refweak", "REFWEAK", lambda f: Point(ref=f.get("refweak"))),
    Rule("LEN ago", "DAY", _offset(-1)),
    Rule("vor LEN", "DAY", _offset(-1)),
    Rule("LEN later", "DAY", _offset(1)),
    Rule(f"(?<!for) it=(LEN (from | after | since) the? ({_POINT} | REF))", "DAY", _offset(1)),
    Rule(f"LEN [after since] the? ({_POINT} | REF)", "DAY", _offset(1)),
    Rule(f"LEN before the? {_POINT}", "DAY", _offset(-1)),
    Rule(f"in LEN [after since from] the? {_POINT}", "DAY", _offset(1)),
    Rule("(?<![x unit num]) it=(in LEN)", "DAY", _from_now, EN),
    Rule("in LEN", "DAY", _from_now, EN),
    Rule("in LEN", "DAY", _from_now, DE),
    Rule("DAY on? DAY", "DAY", _offset_weekday),
]
