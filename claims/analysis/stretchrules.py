"""From one point to another, or a length beside now: "zwischen 1973 und 1988", "5 to 6pm", "the last three days"."""

from __future__ import annotations

from dataclasses import replace

from claims.analysis.clockrules import noon_side
from claims.analysis.dategrammar import DE, EN, Found, Rule, plural
from claims.analysis.dayrules import day_number
from claims.analysis.lengthrules import some
from claims.analysis.momentrules import MOMENTS, point
from claims.analysis.timepoints import Length, Point, Stretch

# The rules that put a clock time and a day together.
DAY_WITH_CLOCK = [rule for rule in MOMENTS if "CLOCK" in rule.pattern or "hourno" in rule.pattern]


def _run(found: Found) -> Stretch | None:
    """ "the last 3 days", "next few weeks", "kommenden Jahren"."""
    length: Length | None = found.get("LEN")
    if length is None:
        unit = found.get("unit")
        if unit is None or (not plural(found) and not found.has("num")):
            return None
        amount = found.get("num")
        length = Length(((unit, float(amount)),)) if amount else some(unit)
    step = int(found.get("dir"))
    return Stretch(relation="within", length=length, direction=(step > 0) - (step < 0))


def _first_lengths(found: Found) -> Length | None:
    """ "the first nine months", "ersten beiden Jahren"."""
    length: Length | None = found.get("LEN")
    return length


def _range(found: Found) -> Stretch | None:
    first, last = point(found.group("a")), point(found.group("b"))
    if first is None:
        first = _bare(found.group("a"), last)
    if last is None:
        last = _bare(found.group("b"), first)
    if first is None or last is None:
        return None
    return Stretch(first=first, last=last, cores=_ends(found))


def _year_range(found: Found) -> Stretch | None:
    """ "1170-1230": too early for a year that stands alone."""
    first, last = (g.get("YEAR") or Point(year=int(g.get("year"))) for g in (found.group("a"), found.group("b")))
    if (first.year or 0) >= (last.year or 0):
        return None
    return Stretch(first=first, last=last, cores=_ends(found))


def _bare(found: Found, other: Point | None) -> Point | None:
    """A naked number at one end of a range takes its kind from the other end."""
    if other is None:
        return None
    if other.hour is not None and found.has("hourno"):
        hour = int(found.get("hourno"))
        return Point(hour=hour, loose=1 <= hour <= 12)
    if other.day is not None and (day := day_number(found)):
        return Point(day=day, month=other.month, year=other.year)
    if other.year is not None and other.month is None and found.has("y2"):
        year = other.year // 100 * 100 + int(found.get("y2"))
        return Point(year=year) if year > other.year else None
    return None


def _clock_range(found: Found) -> Stretch | None:
    first, last = found.group("a"), found.group("b")
    start = first.get("CLOCK") or _bare(first, last.get("CLOCK") or Point(hour=1))
    end = last.get("CLOCK") or _bare(last, first.get("CLOCK") or Point(hour=1))
    if start is None or end is None:
        return None
    return Stretch(first=start, last=end, cores=_ends(found))


def _days_within(found: Found) -> Stretch | None:
    """ "nächsten Monat vom 4. bis zum 23."."""
    month: Point = found.get("PER")
    first, last = day_number(found.group("a")), day_number(found.group("b"))
    if not month.shift or month.shift[0] != "month" or not first or not last:
        return None
    return Stretch(first=Point(day=first, within=month), last=Point(day=last, within=month), cores=_ends(found))


def _hours(found: Found) -> Stretch | None:
    """Two naked hours whose surroundings make them clock times."""
    first, last = found.group("a").get("hourno"), found.group("b").get("hourno")
    ends = (Point(hour=int(hour), loose=1 <= int(hour) <= 12) for hour in (first, last))
    return Stretch(first=next(ends), last=next(ends), cores=_ends(found))


def _dated_range(found: Found) -> Stretch | None:
    """A day and a range of clock times: both ends lie on that day."""
    day = found.get("DAY") or found.get("MOMENT")
    stretch: Stretch | None = found.get("CLOCKS")
    if day is None or stretch is None or stretch.first is None or stretch.last is None or day.hour is not None:
        return None
    part = day.part
    first, last = stretch.first, stretch.last
    if part:
        first, last, day = sided(first, part), sided(last, part), replace(day, part="")
    return replace(stretch, first=day.merged(first), last=day.merged(last))


def _parted_range(found: Found) -> Stretch | None:
    return _parted(found.get("CLOCKS"), found.get("part"))


def _parted(stretch: Stretch | None, part: str | None) -> Stretch | None:
    if stretch is None or stretch.first is None or stretch.last is None or part is None:
        return None
    return replace(stretch, first=sided(stretch.first, part), last=sided(stretch.last, part))


def sided(clock: Point, part: str) -> Point:
    return noon_side(clock, part) if clock.loose else clock


def _clock_for(found: Found) -> Stretch | None:
    """ "from 10 am for 3 hours", "3 days starting next Monday"."""
    start = found.get("MOMENT") or found.get("CLOCK") or found.get("DAY")
    length: Length = found.get("LEN")
    if start is None or length.vague:
        return None
    return Stretch(first=start, length=length, direction=1)


def _ends(found: Found) -> tuple[tuple[int, int], ...]:
    return tuple((g.items[0].first, g.items[-1].last) for g in (found.group("a"), found.group("b")) if len(g))


def _within(found: Found) -> Stretch | None:
    inner: Stretch | None = found.get("RUN")
    length = inner.length if inner is not None else found.get("LEN")
    return Stretch(relation="within", length=length, direction=1, inclusive=False)


DATED_CLOCKS = [
    Rule("[DAY MOMENT] [comma at on]* CLOCKS", "RANGE", _dated_range),
    Rule("CLOCKS [comma on of]* [DAY MOMENT]", "RANGE", _dated_range),
]
DAY_WITH_CLOCK += DATED_CLOCKS

_ANY = "[MOMENT DAY MONTH YEAR PER REF]"
_HOUR = "[CLOCK hourno]"

CLOCK_RANGES = [
    Rule(
        f"(from | between)? a=(CLOCK) [to dash and] b=({_HOUR}) (?![unit num])",
        "CLOCKS",
        lambda f: _clock_range(f) if not f.has("and") or f.has("between") else None,
    ),
    Rule(
        "(from | between)? a=(hourno) [to dash and] b=(CLOCK)",
        "CLOCKS",
        lambda f: _clock_range(f) if not f.has("and") or f.has("between") else None,
    ),
    Rule(
        "(between | from) a=(hourno) (and | to) b=(hourno)"
        " (?=(in the | on)? [part DAY MOMENT deictic tonight dir weekday])",
        "CLOCKS",
        lambda f: _hours(f),
        EN,
    ),
    Rule(
        "(from | between) a=(hourno) (to | and) b=(hourno) oclock?",
        "CLOCKS",
        lambda f: _hours(f) if f.has("oclock") else None,
        DE,
    ),
    Rule(
        "(?<=[DAY MOMENT]) [comma at]? it=(a=(hourno) dash b=(hourno)) (?![unit num x])",
        "CLOCKS",
        lambda f: _hours(f),
        EN,
    ),
    Rule("a=(hourno) dash b=(hourno) (?=[on]? [DAY MOMENT])", "CLOCKS", lambda f: _hours(f), EN),
    Rule(
        "it=(part from a=(hourno) [to dash] b=(hourno)) (?![unit num])",
        "CLOCKS",
        lambda f: _parted(_hours(f), f.get("part")),
    ),
    Rule("CLOCKS (in the | in)? part", "CLOCKS", _parted_range),
    Rule("part from? CLOCKS", "CLOCKS", _parted_range),
]

STRETCHES = [
    Rule("PER from the? a=([dayno dayord] dot?) to the? b=([dayno dayord] dot?)", "RANGE", _days_within),
    Rule("dir LEN", "RUN", _run),
    Rule("num dir unit", "RUN", _run),
    Rule("dir num [and x]? unit", "RUN", _run),
    Rule("dir unit", "RUN", _run),
    Rule(
        "the unit ahead",
        "RUN",
        lambda f: Stretch(relation="within", length=some(f.get("unit")), direction=1) if plural(f) else None,
        EN,
    ),
    Rule("a=([YEAR year]) dash b=([YEAR year])", "RANGE", lambda f: _year_range(f)),
    Rule(
        "ord LEN of the? [PER YEAR MONTH]", "RANGE", lambda f: Stretch(first=point(f), length=f.get("LEN"), direction=1)
    ),
    Rule("ord LEN", "LEN", _first_lengths),
    *DATED_CLOCKS,
    Rule(f"(from | between)? a=({_ANY}) [to dash tilde] (the | on)? b=({_ANY})", "RANGE", _range),
    Rule(f"between the? a=({_ANY}) and (the)? b=({_ANY})", "RANGE", _range),
    Rule(
        "(from | between)? a=([CLOCK MOMENT REF]) [to and] b=([CLOCK MOMENT])",
        "RANGE",
        lambda f: _range(f) if not f.has("and") or f.has("between") else None,
    ),
    Rule("(from | between)? the? a=([dayno dayord] dot?) [to and dash] the? b=(DAY)", "RANGE", _range),
    Rule("a=(DAY) [to dash] the? b=([dayno dayord]) (?![unit x num colon])", "RANGE", _range),
    Rule("from? the? a=(YEAR) [to dash slash] b=(y2)", "RANGE", _range),
    Rule("(from)? [MOMENT CLOCK] comma? for LEN", "RANGE", _clock_for),
    Rule("for? LEN comma? from (the)? [MOMENT CLOCK DAY]", "RANGE", _clock_for),
    Rule("for LEN from REF", "RANGE", _clock_for),
    Rule("[within] [RUN]", "WITHIN", _within),
    Rule("within LEN", "WITHIN", _within),
]
