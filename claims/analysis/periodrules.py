"""How months, years and other periods are said: "Mitte nächsten Jahres", "the third quarter of 1984", "1990s"."""

from __future__ import annotations

from dataclasses import replace

from claims.analysis.dategrammar import CLOCK_UNITS, DE, EN, ROMANCE, Found, Rule, plural
from claims.analysis.dayrules import DAYNO, MON, YEAR, month_number, year_number
from claims.analysis.timepoints import Point
from claims.analysis.yearrules import year


def _month_year(found: Found) -> Point | None:
    month = month_number(found)
    year = year_number(found)
    if year is None and found.has("y2"):
        year = int(found.get("y2")) + (1900 if int(found.get("y2")) >= 30 else 2000)
    return Point(year=year, month=month) if month else None


def _nth_period(found: Found) -> Point | None:
    """ "third quarter", "zweiten Halbjahr 2014", "the 1988 third quarter"."""
    n, unit = int(found.get("ord") or 0), found.get("unit")
    outer: Point | None = found.get("YEAR") or found.get("PER")
    if unit == "quarter" and 1 <= n <= 4:
        point = Point(quarter=n)
    elif unit == "halfyear" and 1 <= n <= 2:
        point = Point(half=n)
    else:
        return None
    return _inside(point, outer)


def _inside(point: Point, outer: Point | None) -> Point:
    if outer is None:
        return point
    if outer.year is not None and not outer.mod and outer.month is None:
        return replace(point, year=outer.year)
    return replace(point, within=outer)


def _half_of(found: Found) -> Point | None:
    n = found.get("ord") or {"-1": 2, "1": 1}.get(found.get("dir") or "") or found.get("yearhalf")
    if n is None or int(n) > 2:
        return None
    outer: Point | None = found.get("YEAR") or found.get("PER")
    if outer is not None and (outer.decade is not None or outer.century is not None):
        return replace(outer, mod="START" if int(n) == 1 else "END")
    return _inside(Point(half=int(n)), outer)


def _shifted(found: Found) -> Point | None:
    """ "last week", "dieses Jahr", "the current quarter"."""
    unit, step = found.get("unit"), int(found.get("dir"))
    if plural(found) or unit in (*CLOCK_UNITS, "night"):
        return None
    return Point(shift=("year" if unit == "season" else unit, step))


def _directed(found: Found) -> Point | None:
    step = int(found.get("dir"))
    if found.has("month") or found.has("monthish"):
        return Point(month=month_number(found), direction=step)
    if found.has("season"):
        return Point(season=found.get("season"), direction=step)
    if found.has("holiday"):
        return Point(holiday=found.get("holiday"), direction=step)
    if found.has("weekday"):
        return Point(weekday=int(found.get("weekday")), direction=step)
    point: Point | None = found.get("DAY") or found.get("MONTH") or found.get("PER")
    if point is None or point.shift is not None or point.year is not None:
        return None
    return replace(point, direction=step)


def _behind(found: Found) -> Point | None:
    """ "la semaine dernière", "el lunes pasado", "lunedì scorso"; not the plural "los años pasados"."""
    word = found.low(len(found) - 1)
    if found.get("dir") == "0" or word.endswith("s") or word in ("scorsi", "scorse", "prossimi", "prossime"):
        return None
    unit = found.get("unit")
    if unit is None:
        return _directed(found)
    return None if unit in (*CLOCK_UNITS, "night") else Point(shift=(unit, int(found.get("dir"))))


def _nth_in_month(found: Found) -> Point | None:
    """ "letzten Woche im Juli", "first week of January 2015"."""
    n = found.get("ord") or (-1 if found.get("dir") == "-1" else None)
    month = _month_year(found)
    if n is None or month is None or plural(found) or found.get("unit") not in ("day", "week", "weekend", "workweek"):
        return None
    return Point(within=month, nth=int(n), nth_unit=found.get("unit"))


def _near_directed(found: Found) -> Point:
    """ "this past Wednesday": the last one there was, whatever week it lay in."""
    step = int(found.get("dirnear"))
    if found.has("weekday"):
        return Point(weekday=int(found.get("weekday")), direction=step, definite=True)
    if found.has("season"):
        return Point(season=found.get("season"), direction=step)
    return Point(month=month_number(found), direction=step)


def _decade(found: Found) -> Point | None:
    if found.has("decadeyear"):
        return Point(decade=int(found.get("decadeyear")))
    ten = int(found.get("decade"))
    return Point(decade=1900 + ten) if ten >= 20 else None


def _century(found: Found) -> Point | None:
    n = found.get("ord") or found.get("int")
    if n is None or not 1 <= int(n) <= 30:
        return None
    if found.get("unit") == "millennium":
        return Point(millennium=int(n)) if int(n) <= 9 else None
    return Point(century=int(n))


def _ordinal_in(found: Found) -> Point | None:
    """ "first week of January", "the 15th day of next month", "letzten Woche im Juli"."""
    outer: Point | None = (
        found.get("DAY") or found.get("MONTH") or found.get("YEAR") or found.get("PER") or found.get("WEEK")
    )
    n = found.get("ord") or (-1 if found.get("dir") == "-1" else None)
    if outer is None or n is None or outer.shift == ("day", 0):
        return None
    if found.has("weekday"):
        return Point(within=outer, nth=int(n), weekday=int(found.get("weekday")), nth_unit="weekday")
    if plural(found) or outer.shift == ("day", 0):
        return None
    return Point(within=outer, nth=int(n), nth_unit=found.get("unit") or "week")


def _modified(found: Found) -> Point | None:
    point: Point | None = next(
        (found.get(kind) for kind in ("DAY", "MONTH", "YEAR", "WEEK", "PER") if found.has(kind)), None
    )
    mod = found.get("mod") or found.get("early")
    return replace(point, mod=mod) if point is not None and mod and not point.mod else None


def _modified_unit(found: Found) -> Point | None:
    """ "Ende des Jahres", "the beginning of the week"."""
    unit = found.get("unit")
    if unit in (*CLOCK_UNITS, "night", "weekend", "day") or plural(found):
        return None
    return Point(shift=("year" if unit == "season" else unit, 0), mod=found.get("mod"))


def _season(found: Found) -> Point | None:
    outer: Point | None = found.get("YEAR") or found.get("PER")
    season = Point(season=found.get("season"), year=year_number(found))
    if outer is not None and outer.season:
        return None
    return _inside(season, outer) if outer is not None else season


def _holiday(found: Found) -> Point | None:
    outer: Point | None = found.get("YEAR") or found.get("PER")
    point = Point(holiday=found.get("holiday"), year=year_number(found), weekend=found.get("unit") == "weekend")
    if outer is None or outer.year is not None:
        return replace(point, year=outer.year) if outer is not None else point
    return replace(point, within=outer) if outer.shift is not None else None


def _relative(found: Found) -> Point:
    unit, _, step = (
        found.get("relper").partition("-")
        if "-" in found.get("relper")
        else (found.get("relper")[:-1], "", found.get("relper")[-1])
    )
    return Point(shift=(unit, -int(step) if "-" in found.get("relper") else int(step)))


def _week_number(found: Found) -> Point | None:
    week = found.get("int")
    outer: Point | None = found.get("YEAR") or found.get("PER")
    if week is None or not 1 <= int(week) <= 53:
        return None
    return _inside(Point(week=int(week), year=year_number(found)), outer)


def _weekday_of(found: Found) -> Point | None:
    """ "Tuesday of next week", "next week on Tuesday", "übernächsten Woche am Donnerstag"."""
    week: Point = found.get("PER") or found.get("WEEK")
    day: Point | None = found.get("DAY")
    weekday = found.get("weekday") if day is None else day.weekday
    if weekday is None or not (
        (week.shift and week.shift[0] in ("week", "workweek")) or week.week or week.nth_unit == "week"
    ):
        return None
    if day is not None and (day.month or day.day or day.direction is not None):
        return None
    point = Point(within=week, weekday=int(weekday))
    return point.merged(Point(part=day.part)) if day is not None and day.part else point


def _month_in(found: Found) -> Point | None:
    """ "June last year", "August vorigen Jahres", "8. Mai dieses Jahres"."""
    point: Point | None = found.get("DAY") or found.get("MONTH")
    month = month_number(found)
    outer: Point = found.get("PER")
    if point is not None and point.day and not point.month and outer.shift and outer.shift[0] == "month":
        return replace(point, within=outer)
    if outer.shift is None or outer.shift[0] != "year":
        return None
    if point is None:
        return Point(month=month, within=outer) if month else None
    return replace(point, within=outer) if point.year is None and point.month else None


_PERIOD = "[YEAR PER MONTH]"
_OF = "[of in]"
_THE = "the?"

PERIODS = [
    Rule("(?<![num slash dir]) it=(yearword [year yearspoken] ad?)", "YEAR", year),
    Rule(
        "[year int] ad",
        "YEAR",
        lambda f: (
            Point(year=int(f.get("int")), bc=f.get("ad") == "-1")
            if f.get("int") and 0 < int(f.get("int")) < 2200
            else None
        ),
    ),
    Rule(f"{MON} [comma of in slash dash]? (the? yearword)? {YEAR}", "MONTH", _month_year),
    Rule(f"{YEAR} [slash dash]? month (?!{DAYNO})", "MONTH", _month_year),
    Rule(f"{MON} of y2 (?!unit)", "MONTH", _month_year, EN),
    Rule(f"{MON} yearspoken", "MONTH", _month_year),
    Rule(
        "[decade decadeyear] yearword?",
        "PER",
        lambda f: (
            _decade(f)
            if f.has("decadeyear")
            or f.has("yearword")
            or (f.has("decade") and f.items[0].last and f.before() is not None and f.low() != "")
            else None
        ),
    ),
    Rule("[ord int] dot? dash? century", "PER", _century),
    Rule(
        "[ord int] dot? unit",
        "PER",
        lambda f: (
            _century(f) if f.get("unit") in ("century", "millennium") and (f.has("ord") or f.has("dot")) else None
        ),
    ),
    Rule(
        "year slash y2 (?!unit)",
        "PER",
        lambda f: (
            Point(year=int(f.get("year")), season="") if int(f.get("y2")) == (int(f.get("year")) + 1) % 100 else None
        ),
    ),
    Rule("shortyear", "YEAR", year),
    Rule(
        "(?<=[in since until from to between and before after equals mod on of by]) it=(yearspoken) (?![unit x])",
        "YEAR",
        lambda f: Point(year=int(f.get("yearspoken"))),
    ),
    Rule("year", "YEAR", year),
    Rule("relper", "PER", _relative),
    Rule("code [of dash slash]? YEAR", "PER", lambda f: replace(f.get("code"), year=f.get("YEAR").year)),
    Rule("YEAR dash? code", "PER", lambda f: replace(f.get("code"), year=f.get("YEAR").year)),
    Rule("month dir", "MONTH", _behind, ROMANCE),
    Rule("dir month (?!dayno)", "MONTH", _directed),
    Rule("dir monthish (?![x dayno])", "MONTH", _directed),
    Rule("(the | of)? dir [season holiday]", "PER", _directed),
    Rule(f"the? [ord dir] unit {_OF} the? month {YEAR}?", "PER", _nth_in_month),
    Rule("underweek", "PER", lambda f: Point(shift=("workweek", 0))),
    Rule("dir wdpart", "MOMENT", lambda f: replace(f.get("wdpart"), direction=int(f.get("dir")))),
    Rule("unit dir", "PER", _behind, ROMANCE),
    Rule("dir unit", "PER", _shifted),
    Rule("dirnear unit", "PER", lambda f: Point(shift=(f.get("unit"), int(f.get("dirnear"))))),
    Rule("dirnear (weekday | season | month)", "DAY", _near_directed),
    Rule(
        "same unit",
        "PER",
        lambda f: Point(shift=(f.get("unit"), 0), definite=True) if f.get("unit") not in CLOCK_UNITS else None,
    ),
    Rule("deictic", "DAY", lambda f: Point(shift=("day", int(f.get("deictic"))))),
    Rule("relday", "DAY", lambda f: Point(shift=("day", int(f.get("relday"))), definite=True)),
    Rule("sameday", "DAY", lambda f: Point(shift=("day", 0), definite=True)),
    Rule(f"ord dash? unit {_OF}? (the)? {_PERIOD}", "PER", _nth_period),
    Rule("YEAR yearword? ord dash? unit", "PER", _nth_period),
    Rule("PER s? ord dash? unit", "PER", _nth_period),
    Rule("yearword? dash? ord dash? unit", "PER", _nth_period),
    Rule(
        f"[ord dir] halfword {_OF}? the? {_PERIOD}?",
        "PER",
        lambda f: _half_of(f) if len(f) > 2 or f.low(1) != "hälfte" else None,
        DE,
    ),
    Rule("yearhalf", "PER", _half_of, DE),
    Rule(f"[ord dir] half {_OF} the? {_PERIOD}", "PER", _half_of, EN),
    Rule(f"season {_OF}? (the? yearword)? [YEAR PER]", "PER", _season),
    Rule(
        "(?<=[in of the dir since until by from to for and or between before after every mod on]) it=(season)",
        "PER",
        _season,
    ),
    Rule("season (?!x)", "PER", _season),
    Rule(f"holiday (unit)? {_OF}? (dir)? [YEAR PER] unit?", "DAY", _holiday),
    Rule("holiday unit", "DAY", lambda f: _holiday(f) if f.get("unit") == "weekend" else None),
    Rule("the? unit of holiday YEAR?", "DAY", lambda f: _holiday(f) if f.get("unit") == "weekend" else None),
    Rule("holiday", "DAY", _holiday),
    Rule("DAY [of comma]? PER", "DAY", _month_in),
    Rule(f"{MON} [of comma]? PER", "MONTH", _month_in),
    Rule(
        "(?<=[in of weekof since until by from to dir mod dash equals before after between]) it=(monthish) (?!x)",
        "MONTH",
        _month_year,
    ),
    Rule("^ monthish $", "MONTH", _month_year),
    Rule("month", "MONTH", _month_year),
    Rule("weekof [int] (of | in | comma)? YEAR?", "PER", _week_number),
    Rule(
        "unit [int] (of | in)? YEAR?",
        "PER",
        lambda f: _week_number(f) if f.get("unit") == "week" and f.items[0].last == f.items[1].first else None,
        EN,
    ),
    Rule("int dot weekof (of | in)? YEAR?", "PER", _week_number, DE),
    Rule("weekof (on | the)? DAY", "PER", lambda f: replace(f.get("DAY"), week_of=True)),
    Rule("weekof the? dayord", "PER", lambda f: Point(day=int(f.get("dayord")), week_of=True)),
    Rule(
        "weekday part [of comma]? the? PER",
        "MOMENT",
        lambda f: replace(d, part=f.get("part")) if (d := _weekday_of(f)) else None,
    ),
    Rule("PER comma? (on | the)? weekday", "DAY", _weekday_of),
    Rule("weekday [of comma]? the? PER", "DAY", _weekday_of),
    Rule(
        "weekday after dir",
        "DAY",
        lambda f: Point(weekday=int(f.get("weekday")), direction=2) if f.get("dir") == "1" else None,
        EN,
    ),
    Rule("weekday dir", "DAY", _behind, ROMANCE),
    Rule("dir weekday", "DAY", _directed),
    Rule(
        "the? ord unit of the unit",
        "DAY",
        lambda f: (
            Point(within=Point(shift=(f.get("unit", 1), 0)), nth=int(f.get("ord")), nth_unit=f.get("unit"))
            if f.get("unit") == "day"
            else None
        ),
    ),
    Rule(
        "the? dayord (of the?)? PER",
        "DAY",
        lambda f: (
            Point(day=int(f.get("dayord")), within=f.get("PER"))
            if f.get("PER").shift and f.get("PER").shift[0] == "month"
            else None
        ),
    ),
    Rule(f"the? [ord dir] (unit {_OF} | weekof) the? [MONTH YEAR PER]", "PER", _ordinal_in),
    Rule(f"the? [ord dir] weekday {_OF} [MONTH YEAR PER]", "DAY", _ordinal_in),
    Rule("dir DAY", "DAY", _directed),
    Rule("weekday", "DAY", lambda f: Point(weekday=int(f.get("weekday")))),
    Rule("mod dash? the? [MONTH YEAR PER DAY]", "PER", _modified),
    Rule("early [MONTH YEAR PER]", "PER", _modified),
    Rule(
        "eoy",
        "PER",
        lambda f: (
            Point(shift=(f.get("eoy"), 0), mod="END")
            if f.get("eoy") != "day"
            else Point(shift=("day", 0), hour=23, minute=59, second=59)
        ),
    ),
    Rule(
        "[MONTH YEAR PER] modafter",
        "PER",
        lambda f: replace(f.get("MONTH") or f.get("YEAR") or f.get("PER"), mod=f.get("modafter")),
    ),
    Rule("mod the? unit", "PER", _modified_unit),
    Rule("unit", "PER", lambda f: Point(weekend=True) if f.get("unit") == "weekend" and not plural(f) else None),
    Rule(
        "yearend (of? [YEAR PER])?",
        "PER",
        lambda f: replace(f.get("YEAR") or f.get("PER") or Point(shift=("year", 0)), mod="END"),
    ),
    Rule(
        "yearstart (of? [YEAR PER])?",
        "PER",
        lambda f: replace(f.get("YEAR") or f.get("PER") or Point(shift=("year", 0)), mod="START"),
    ),
    Rule("monthend", "PER", lambda f: Point(shift=("month", 0), mod="END")),
    Rule("monthstart", "PER", lambda f: Point(shift=("month", 0), mod="START")),
    Rule("weekstart", "PER", lambda f: Point(shift=("week", 0), mod="START")),
    Rule("weekmid", "PER", lambda f: Point(shift=("week", 0), mod="MID")),
]
