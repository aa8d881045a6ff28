"""Since, until, before, every: what a date is said to be the beginning, the end or the rhythm of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from claims.analysis.dategrammar import CLOCK_UNITS, DE, EN, Found, Rule, plural
from claims.analysis.dayrules import day_number
from claims.analysis.momentrules import PART, POINTS, day_clock, part_alone, point
from claims.analysis.stretchrules import sided
from claims.analysis.timepoints import Length, Point, Repeat, Stretch


def _core(found: Found) -> tuple[int, int]:
    """The tokens of the point itself."""
    item = next(item for item in found.items if any(kind in item.types for kind in POINTS))
    return item.first, item.last


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


_TARGET = "[MOMENT DAY MONTH YEAR PER CLOCK REF]"


def _day_relation(found: Found) -> Stretch | None:
    """ "Thursday before 5pm", "3 pm or later on Monday"."""
    whole = day_clock(found)
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
]


def _every(found: Found) -> Repeat | None:
    if found.has("set"):
        first, after = found.ts[found.items[0].first], found.after()
        if first.text[0].isupper() and after is not None and after.text[0].isupper() and after.kind == "word":
            return None  # the Daily News is a newspaper
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
        side = sided(clock, repeat.every.part) if repeat.every.part else clock
        return replace(repeat, every=replace(repeat.every, part="").merged(side))
    return Repeat(every=clock)


def _day_of_month(found: Found) -> Repeat | None:
    day = day_number(found)
    return Repeat(every=Point(day=day)) if day and found.get("unit") == "month" else None


REPEATS = [
    Rule("set", "REPEAT", _every),
    Rule("(the | on)? [dayord dayno] of every unit", "REPEAT", _day_of_month),
    Rule("weekdays [part parts]?", "REPEAT", _weekdays),
    Rule("DAY parts", "REPEAT", lambda f: Repeat(every=replace(f.get("DAY"), part=f.get("parts")))),
    Rule("every (ord | another)? [MOMENT DAY PER MONTH]", "REPEAT", _every),
    Rule("every weekdays", "REPEAT", _weekdays),
    Rule("every [part]", "REPEAT", _every),
    Rule("every LEN", "REPEAT", _every),
    Rule("every unit", "REPEAT", lambda f: _every(f) if not plural(f) or f.get("unit") == "weekend" else None),
    Rule("[times LEN num] (a | pro | every) unit", "REPEAT", lambda f: Repeat(length=Length(((f.get("unit"), 1.0),)))),
    Rule("every CLOCK", "REPEAT", lambda f: Repeat(every=f.get("CLOCK"))),
    Rule("(at)? CLOCK REPEAT", "REPEAT", _every_at),
    Rule("REPEAT at? CLOCK", "REPEAT", _every_at),
]


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
            if f.has("the") and not plural(f) and f.get("unit") not in (*CLOCK_UNITS, "season", "night")
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
    Rule(f"(in | at)? the? [mod early]? {PART}", "PARTOF", part_alone),
    Rule(f"[mod early] the {PART}", "PARTOF", part_alone),
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
