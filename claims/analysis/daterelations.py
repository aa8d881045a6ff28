"""How dates hang together: days with clock times, lengths, "ago", ranges, "since" and "until", "every".

The second half of the date grammar; it combines what daterules.py has found.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from claims.analysis.dategrammar import Found, Rule
from claims.analysis.daterules import DE, EN, day_number, noon_side, plural
from claims.analysis.datescan import some
from claims.analysis.timepoints import Length, Point, Repeat, Stretch

_POINTS = ("MOMENT", "DAY", "MONTH", "YEAR", "PER", "CLOCK", "REF")
_SECONDS = ("second", "minute", "hour")


def point(found: Found) -> Point | None:
    return next((found.get(kind) for kind in _POINTS if found.has(kind)), None)


# -- lengths -----------------------------------------------------------------------------------------------------------

_MODIFIERS = {"~": "APPROX", ">": "MORE_THAN", "<": "LESS_THAN"}


def _length(found: Found) -> Length | None:
    unit = found.get("unit") or found.get("unitish")
    if unit is None or unit == "season":
        return None
    if not found.has("unit") and not _glued(found) and found.low(-1) != "second":
        return None
    modifier = next((_MODIFIERS[found.get(kind)] for kind in ("more", "less") if found.has(kind)), "")
    if found.has("approx") and not modifier:
        modifier = "APPROX"
    if found.has("few") and not found.has("num"):
        return Length(((unit, None),), guess=float(found.get("few")), modifier=modifier)
    amount = found.get("num")
    if amount is None:
        amount = 0.5 if found.has("half") else 1.0
    elif found.has("year") and (unit in ("quarter", "month", "week", "day") and not plural(found)):
        return None
    if found.has("andahalf"):
        amount += 0.5
    if unit in ("halfhour", "quarterhour"):
        amount, unit = amount * (0.5 if unit == "halfhour" else 0.25), "hour"
    if unit == "fortnight":
        amount, unit = amount * 2, "week"
    if amount <= 0 or amount > 1e7 or _aged(found):
        return None
    return Length(((unit, float(amount)),), modifier=modifier)


def _glued(found: Found) -> bool:
    last = found.items[-1].first
    return bool(last) and found.ts[last].start == found.ts[last - 1].end and found.ts[last].low in ("h", "y", "d")


_AGE = frozenset(["old", "alt", "alte", "alten", "alter", "altes", "age"])


def _aged(found: Found) -> bool:
    """ "53 years old" is an age, not a stretch of time."""
    after, next_one = found.after(), found.after(1)
    if after is None:
        return False
    if after.low in _AGE or after.text in "-‐" and next_one is not None and next_one.low in _AGE:
        return True
    before = found.before()
    return (
        after.low == "of"
        and next_one is not None
        and next_one.low == "age"
        or before is not None
        and before.low == "alter"
    )


def _longer(found: Found) -> Length | None:
    first, second = found.get("LEN"), found.get("LEN", 1)
    if first is None or second is None or first.finest == second.finest or first.vague or second.vague:
        return None
    order = (
        "millennium",
        "century",
        "decade",
        "year",
        "halfyear",
        "quarter",
        "month",
        "week",
        "day",
        "night",
        "hour",
        "minute",
        "second",
    )
    if (
        first.finest not in order
        or second.finest not in order
        or order.index(first.finest) >= order.index(second.finest)
    ):
        return None
    return Length((*first.amounts, *second.amounts), modifier=first.modifier)


def _and_part(found: Found) -> Length | None:
    """ "one hour and a half"."""
    length: Length = found.get("LEN")
    unit, amount = length.amounts[-1]
    return None if amount is None else Length(((unit, amount + 0.5),), modifier=length.modifier)


def _share_of(found: Found) -> Length | None:
    """ "quarter of an hour", "three-quarters of an hour"."""
    share = found.get("num") if found.has("num") else 0.25
    unit = found.get("unit", -1)
    return Length(((unit, float(share)),)) if share and 0 < share < 1 and unit in ("hour", "day", "year") else None


def _plural_alone(found: Found) -> Length | None:
    unit = found.get("unit")
    return some(unit) if unit and plural(found) and unit != "weekend" else None


def _article_length(found: Found) -> Length | None:
    unit = found.get("unit")
    if unit is None or plural(found) or unit in ("season", "weekend", "night"):
        return None
    if unit in ("fortnight", "halfhour", "quarterhour"):
        return _length(found)
    return None if _aged(found) else Length(((unit, 1.0),), modifier="APPROX" if found.has("approx") else "")


def _code_length(found: Found) -> Length:
    code = found.get("len")
    unit = (
        {"Y": "year", "M": "month", "W": "week", "D": "day", "H": "hour"}[code[-1]]
        if "T" not in code
        else {"H": "hour", "M": "minute"}[code[-1]]
    )
    return some(unit)


_HEDGE = "[approx more less atleast atmost]*"

LENGTHS = [
    Rule("[quarterclock num] dash? of a unit", "LEN", _share_of, EN),
    Rule("len", "LEN", _code_length),
    Rule(f"{_HEDGE} num dash? few? another? [unit unitish] (?!dash? ord)", "LEN", _length),
    Rule(f"{_HEDGE} num x unit", "LEN", lambda f: _length(f) if plural(f) and f.items[-2].types.keys() == {"x"} and f.low(-2).endswith(("e", "en")) else None, DE),
    Rule(f"{_HEDGE} [few half] [unit] (?![of] [MONTH YEAR])", "LEN", _length),
    Rule(f"{_HEDGE} a half unit", "LEN", _length),
    Rule(f"{_HEDGE} half a unit", "LEN", _length),
    Rule(f"{_HEDGE} [few] another? [unit]", "LEN", _length),
    Rule("(?<!the) another unit", "LEN", _article_length),
    Rule(f"{_HEDGE} a another? unit", "LEN", _article_length),
    Rule("a x unit", "LEN", lambda f: _article_length(f) if f.low(1).endswith(("es", "er", "e", "en")) else None, DE),
    Rule("the? dayord of the unit (?!of)", "DAY", lambda f: Point(day=int(f.get("dayord")), within=Point(shift=("month", 0))) if f.get("unit") == "month" else None, EN),
    Rule("LEN andahalf", "LEN", _and_part),
    Rule("LEN [and comma]? LEN", "LEN", _longer),
    Rule("LEN [and comma]? LEN", "LEN", _longer),
    Rule("(?<=[since vor before for within after from between every more]) it=(unit) (?!of)", "LEN", _plural_alone),
    Rule("unit (?=[ago later])", "LEN", _plural_alone),
    Rule("^ it=(unit) $", "LEN", _plural_alone),
]  # fmt: skip

# -- day and clock -----------------------------------------------------------------------------------------------------


def _day_clock(found: Found) -> Point | None:
    day: Point | None = found.get("DAY")
    clock: Point | None = found.get("CLOCK")
    if clock is None and found.has("hourno"):
        clock = Point(hour=int(found.get("hourno")), loose=1 <= int(found.get("hourno")) <= 12)
    if day is None or clock is None or day.timed and day.hour is not None or day.offset is not None:
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


def _part_alone(found: Found) -> Point:
    part = found.get("part") or found.get("earlypart") or found.get("latepart")
    mod = (
        found.get("mod")
        or found.get("early")
        or ("START" if found.has("earlypart") else "END" if found.has("latepart") else "")
    )
    return Point(part=part, mod=mod)


_PART = "[part earlypart latepart]"

MOMENTS = [
    Rule("tonight", "MOMENT", _deictic_part),
    Rule("[mod early]? dir [part unit]", "MOMENT", _deictic_part),
    Rule(f"DAY (in | at | of)? the? [mod early]? {_PART}", "MOMENT", _day_part),
    Rule("DAY partafter", "MOMENT", lambda f: replace(f.get("DAY"), part=f.get("partafter"))),
    Rule(f"[mod early]? {_PART} [of on]? the? DAY", "MOMENT", _day_part),
    Rule("[mod early] DAY", "DAY", lambda f: replace(f.get("DAY"), mod=f.get("mod") or f.get("early")) if not f.get("DAY").mod else None),
    Rule("MOMENT [comma at approx]* CLOCK", "MOMENT", _moment_clock),
    Rule("hourno MOMENT", "MOMENT", _moment_clock, EN),
    Rule("MOMENT [at approx]+ hourno (?![x unit num])", "MOMENT", _moment_clock),
    Rule("DAY [comma at approx for on]* CLOCK", "MOMENT", _day_clock),
    Rule("DAY [at approx]+ hourno (?![x unit num])", "MOMENT", _day_clock, EN),
    Rule("CLOCK [comma on of]* the? DAY", "MOMENT", _day_clock, EN),
    Rule("CLOCK [comma on]* DAY", "MOMENT", _day_clock),
    Rule("CLOCK [comma on of]* MOMENT", "MOMENT", _moment_clock),
]  # fmt: skip

# The rules that put a clock time and a day together.
DAY_WITH_CLOCK = [rule for rule in MOMENTS if "CLOCK" in rule.pattern or "hourno" in rule.pattern]

# -- offsets -----------------------------------------------------------------------------------------------------------


def _offset(sign: int) -> Any:
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
]  # fmt: skip

# -- stretches ---------------------------------------------------------------------------------------------------------


def _run(found: Found) -> Stretch | None:
    """ "the last 3 days", "next few weeks", "kommenden Jahren"."""
    length: Length | None = found.get("LEN")
    if length is None:
        unit = found.get("unit")
        if unit is None or not plural(found) and not found.has("num"):
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
        first, last, day = _sided(first, part), _sided(last, part), replace(day, part="")
    return replace(stretch, first=day.merged(first), last=day.merged(last))


def _parted_range(found: Found) -> Stretch | None:
    return _parted(found.get("CLOCKS"), found.get("part"))


def _parted(stretch: Stretch | None, part: str | None) -> Stretch | None:
    if stretch is None or stretch.first is None or stretch.last is None or part is None:
        return None
    return replace(stretch, first=_sided(stretch.first, part), last=_sided(stretch.last, part))


def _sided(clock: Point, part: str) -> Point:
    return noon_side(clock, part) if clock.loose else clock


def _clock_for(found: Found) -> Stretch | None:
    """ "from 10 am for 3 hours", "3 days starting next Monday"."""
    start = found.get("MOMENT") or found.get("CLOCK") or found.get("DAY")
    length: Length = found.get("LEN")
    if start is None or length.vague:
        return None
    return Stretch(first=start, length=length, direction=1)


def _core(found: Found) -> tuple[int, int]:
    """The tokens of the point itself."""
    item = next(item for item in found.items if any(kind in item.types for kind in _POINTS))
    return item.first, item.last


def _ends(found: Found) -> tuple[tuple[int, int], ...]:
    return tuple((g.items[0].first, g.items[-1].last) for g in (found.group("a"), found.group("b")) if len(g))


def _relation(name: str, inclusive: bool = True) -> Any:
    def build(found: Found) -> Stretch | None:
        end = point(found)
        if end is None:
            return None
        relation = "until" if name == "before" and inclusive and found.has("until") else name
        cores = (_core(found),)
        if name in ("since", "after", "from"):
            return Stretch(first=end, relation=name, inclusive=inclusive, cores=cores)
        return Stretch(last=end, relation=relation, inclusive=inclusive, cores=cores)

    return build


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
    Rule(f"(from | between)? a=(CLOCK) [to dash and] b=({_HOUR}) (?![unit num])", "CLOCKS", lambda f: _clock_range(f) if not f.has("and") or f.has("between") else None),
    Rule("(from | between)? a=(hourno) [to dash and] b=(CLOCK)", "CLOCKS", lambda f: _clock_range(f) if not f.has("and") or f.has("between") else None),
    Rule("(between | from) a=(hourno) (and | to) b=(hourno) (?=(in the | on)? [part DAY MOMENT deictic tonight dir weekday])", "CLOCKS", lambda f: _hours(f), EN),
    Rule("(from | between) a=(hourno) (to | and) b=(hourno) oclock?", "CLOCKS", lambda f: _hours(f) if f.has("oclock") else None, DE),
    Rule("(?<=[DAY MOMENT]) [comma at]? it=(a=(hourno) dash b=(hourno)) (?![unit num x])", "CLOCKS", lambda f: _hours(f), EN),
    Rule("a=(hourno) dash b=(hourno) (?=[on]? [DAY MOMENT])", "CLOCKS", lambda f: _hours(f), EN),
    Rule("it=(part from a=(hourno) [to dash] b=(hourno)) (?![unit num])", "CLOCKS", lambda f: _parted(_hours(f), f.get("part"))),
    Rule("CLOCKS (in the | in)? part", "CLOCKS", _parted_range),
    Rule("part from? CLOCKS", "CLOCKS", _parted_range),
]  # fmt: skip

STRETCHES = [
    Rule("PER from the? a=([dayno dayord] dot?) to the? b=([dayno dayord] dot?)", "RANGE", _days_within),
    Rule("dir LEN", "RUN", _run),
    Rule("num dir unit", "RUN", _run),
    Rule("dir num [and x]? unit", "RUN", _run),
    Rule("dir unit", "RUN", _run),
    Rule("the unit ahead", "RUN", lambda f: Stretch(relation="within", length=some(f.get("unit")), direction=1) if plural(f) else None, EN),
    Rule(f"a=([YEAR year]) dash b=([YEAR year])", "RANGE", lambda f: _year_range(f)),
    Rule("ord LEN of the? [PER YEAR MONTH]", "RANGE", lambda f: Stretch(first=point(f), length=f.get("LEN"), direction=1)),
    Rule("ord LEN", "LEN", _first_lengths),
    *DATED_CLOCKS,
    Rule(f"(from | between)? a=({_ANY}) [to dash tilde] (the | on)? b=({_ANY})", "RANGE", _range),
    Rule(f"between the? a=({_ANY}) and (the)? b=({_ANY})", "RANGE", _range),
    Rule("(from | between)? a=([CLOCK MOMENT REF]) [to and] b=([CLOCK MOMENT])", "RANGE", lambda f: _range(f) if not f.has("and") or f.has("between") else None),
    Rule(f"(from | between)? the? a=([dayno dayord] dot?) [to and dash] the? b=(DAY)", "RANGE", _range),
    Rule(f"a=(DAY) [to dash] the? b=([dayno dayord]) (?![unit x num colon])", "RANGE", _range),
    Rule(f"from? the? a=(YEAR) [to dash slash] b=(y2)", "RANGE", _range),
    Rule("(from)? [MOMENT CLOCK] comma? for LEN", "RANGE", _clock_for),
    Rule("for? LEN comma? from (the)? [MOMENT CLOCK DAY]", "RANGE", _clock_for),
    Rule("for LEN from REF", "RANGE", _clock_for),
    Rule("[within] [RUN]", "WITHIN", _within),
    Rule("within LEN", "WITHIN", _within),
]  # fmt: skip

_TARGET = "[MOMENT DAY MONTH YEAR PER CLOCK REF]"


def _day_relation(found: Found) -> Stretch | None:
    """ "Thursday before 5pm", "3 pm or later on Monday"."""
    whole = _day_clock(found)
    if whole is None:
        return None
    if found.has("later") or found.has("since"):
        return Stretch(first=whole, relation="since")
    if found.has("after"):
        return Stretch(first=whole, relation="after", inclusive=False)
    return Stretch(last=whole, relation="before")


RELATIONS = [
    Rule("DAY comma? [before after atmost until since] CLOCK", "OPEN", _day_relation),
    Rule("CLOCK [and or] [later after] on? DAY", "OPEN", _day_relation),
    Rule("starting the? [DAY MONTH YEAR PER MOMENT]", "OPEN", _relation("from"), EN),
    Rule("by the? [DAY MONTH YEAR PER MOMENT CLOCK]", "OPEN", _relation("until"), EN),
    Rule(f"since the? {_TARGET}", "OPEN", _relation("since")),
    Rule(f"until the? {_TARGET}", "OPEN", _relation("until")),
    Rule(f"(?<!LEN) it=(before the? {_TARGET})", "OPEN", _relation("before", inclusive=False)),
    Rule(f"after the? {_TARGET}", "OPEN", _relation("after", inclusive=False)),
    Rule(f"ab the? {_TARGET}", "OPEN", _relation("from")),
    Rule(f"{_TARGET} [and or] (after | later)", "OPEN", _relation("since")),
    Rule(f"atmost the? {_TARGET}", "OPEN", _relation("until")),
    Rule(f"atleast the? {_TARGET}", "OPEN", _relation("since")),
]  # fmt: skip

# -- repeats -----------------------------------------------------------------------------------------------------------


def _every(found: Found) -> Repeat | None:
    if found.has("set"):
        return Repeat(code=found.get("set"))
    length: Length | None = found.get("LEN")
    if length is not None:
        return Repeat(length=length)
    target = point(found)
    if target is None and found.has("part"):
        target = Point(part=found.get("part"))
    if target is not None:
        return Repeat(every=target)
    unit = found.get("unit")
    if unit is None:
        return None
    return Repeat(every=Point(weekend=True)) if unit == "weekend" else Repeat(length=Length(((unit, 1.0),)))


def _weekdays(found: Found) -> Repeat:
    base = Point(weekday=int(found.get("weekdays")))
    part = found.get("part")
    return Repeat(every=replace(base, part=part) if part else base)


def _every_at(found: Found) -> Repeat | None:
    repeat: Repeat = found.get("REPEAT")
    clock: Point | None = found.get("CLOCK")
    if clock is None:
        return None
    if repeat.every is not None:
        side = _sided(clock, repeat.every.part) if repeat.every.part else clock
        return replace(repeat, every=replace(repeat.every, part="").merged(side))
    return Repeat(every=clock)


def _day_of_month(found: Found) -> Repeat | None:
    day = day_number(found)
    return Repeat(every=Point(day=day)) if day and found.get("unit") == "month" else None


REPEATS = [
    Rule("set", "REPEAT", _every),
    Rule(f"(the | on)? [dayord dayno] of every unit", "REPEAT", _day_of_month),
    Rule("weekdays [part parts]?", "REPEAT", _weekdays),
    Rule("DAY parts", "REPEAT", lambda f: Repeat(every=replace(f.get("DAY"), part=f.get("parts")))),
    Rule("every (ord | another)? [MOMENT DAY PER MONTH]", "REPEAT", _every),
    Rule("every weekdays", "REPEAT", _weekdays),
    Rule("every [part]", "REPEAT", _every),
    Rule("every LEN", "REPEAT", _every),
    Rule("every unit", "REPEAT", lambda f: _every(f) if not plural(f) or f.get("unit") == "weekend" else None),
    Rule("(?<=num) x? x? it=(pro unit)", "REPEAT", lambda f: _every(f) if not plural(f) else None, DE),
    Rule("[times LEN num] (a | pro | every) unit", "REPEAT", lambda f: Repeat(length=Length(((f.get("unit"), 1.0),)))),
    Rule("every CLOCK", "REPEAT", lambda f: Repeat(every=f.get("CLOCK"))),
    Rule("(at)? CLOCK REPEAT", "REPEAT", _every_at),
    Rule("REPEAT at? CLOCK", "REPEAT", _every_at),
]  # fmt: skip


def _meal(found: Found) -> Any:
    meal = Point(part=found.get("meal"))
    if found.has("before"):
        return Stretch(last=meal, relation="before", cores=((found.items[-1].first, found.items[-1].last),))
    if found.has("after"):
        return Stretch(first=meal, relation="after", cores=((found.items[-1].first, found.items[-1].last),))
    return meal


REMAINDERS = [
    Rule(
        "(in | at)? the? unit (?!of)",
        "DEFINITE",
        lambda f: (
            Point(shift=(f.get("unit"), 0), definite=True)
            if f.has("the") and not plural(f) and f.get("unit") not in (*_SECONDS, "season", "night")
            else None
        ),
        EN,
    ),
    Rule("(in the) parts", "PARTOF", lambda f: Point(part=f.get("parts")), EN),
    Rule("parts", "REPEAT", lambda f: Repeat(every=Point(part=f.get("parts"))), EN),
    Rule(
        "unit",
        "REPEAT",
        lambda f: Repeat(every=Point(weekend=True)) if f.get("unit") == "weekend" and plural(f) else None,
        EN,
    ),
    Rule("[before after approx] the? meal", "PARTOF", lambda f: _meal(f), EN),
    Rule(f"(in | at)? the? [mod early]? {_PART}", "PARTOF", _part_alone),
    Rule(f"[mod early] the {_PART}", "PARTOF", _part_alone),
    Rule("yearword", "DEFINITE", lambda f: Point(shift=("year", 0), definite=True) if f.low() == "the" else None, EN),
    Rule(
        "in? the unit (?!of)",
        "DEFINITE",
        lambda f: (
            Point(shift=(f.get("unit"), 0), definite=True)
            if not plural(f) and f.get("unit") in ("year", "month", "week")
            else None
        ),
        DE,
    ),
]
