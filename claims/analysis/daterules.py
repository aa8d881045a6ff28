"""What dates look like: clock times, days, months, years and periods, from the smallest part to the largest.

Names in small letters are parts of tables/date_words.tsv or of datescan.py; names in capitals are what rules have made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from claims.analysis import context
from claims.analysis.dategrammar import Found, Rule
from claims.analysis.timepoints import Length, Point

DE, EN = ("de",), ("en",)
_GERMAN_PLURALS = frozenset(
    ["jahre", "jahren", "tage", "tagen", "wochen", "monate", "monaten", "stunden", "minuten", "sekunden", "nächte",
     "nächten", "quartale", "quartalen", "jahrzehnte", "jahrzehnten", "jahrhunderte", "jahrhunderten", "wochenenden",
     "werktage", "werktagen", "arbeitstage", "arbeitstagen"]
)  # fmt: skip
_TIMES = ("second", "minute", "hour", "halfhour", "quarterhour")


def plural(found: Found) -> bool:
    """True when the unit of the match stands in the plural."""
    for item in found.items:
        if "unit" in item.types:
            low = found.ts[item.last - 1].low
            singular = low.endswith("'s") or low in ("jahres", "tages", "monats", "jahrs", "tags")
            return low in _GERMAN_PLURALS or (low.endswith("s") and not singular)
    return False


# -- clock times -------------------------------------------------------------------------------------------------------


def _at(hour: Any, minute: Any = None, loose: bool | None = None) -> Point:
    value = int(hour)
    return Point(hour=value, minute=minute, loose=1 <= value <= 12 if loose is None else loose)


def noon_side(clock: Point, part: str) -> Point:
    """A clock time settled by "am", "pm", "in the evening", "nachts"."""
    hour = clock.hour or 0
    if part in ("pm", "AF", "EV", "MED") and 1 <= hour < 12:
        hour += 12
    elif part in ("am", "MO", "MEB") and hour == 12:
        hour = 0
    elif part == "NI":
        hour = hour + 12 if 6 <= hour < 12 else 0 if hour == 12 else hour
    return replace(clock, hour=hour, loose=False)


def _to_hour(found: Found) -> Point | None:
    """ "quarter to five", "20 min past eight", "fünf vor zwölf"."""
    hour = found.group("h").get("hourno")
    head = found.group("m")
    minute = 15 if head.has("quarterclock") and not head.has("minno") else head.get("minno")
    minute = 30 if head.has("half") and minute is None else minute
    if hour is None or minute is None or not 0 < int(minute) < 60:
        return None
    if found.group("d").has("before") or found.group("d").has("vor") or found.group("d").low() in ("to", "till", "til"):
        hour, minute = int(hour) - 1, 60 - int(minute)
        hour = 12 if hour == 0 else hour
    return Point(hour=int(hour), minute=int(minute), loose=1 <= int(hour) <= 12)


def _to_noon(found: Found) -> Point | None:
    """ "quarter past noon", "10 to midnight"."""
    head = found.group("m")
    minute = int(head.get("minno") or (30 if head.has("half") else 15))
    hour = int(found.get("clockword"))
    if found.group("d").has("past"):
        return Point(hour=hour, minute=minute)
    return Point(hour=(hour - 1) % 24, minute=60 - minute) if 0 < minute < 60 else None


def _half_german(found: Found) -> Point | None:
    hour = found.get("hourno")
    minute = 30 if found.has("halbclock") else 45 if found.has("dreiviertel") else 15
    return Point(hour=(int(hour) - 1) % 24, minute=minute, loose=2 <= int(hour) <= 12)


def _hhmm(value: int) -> Point | None:
    hour, minute = divmod(value, 100)
    return Point(hour=hour, minute=minute, loose=1 <= hour <= 12) if hour < 24 and minute < 60 else None


def _clock_in_part(found: Found) -> Point | None:
    clock = found.get("CLOCK") or (_at(found.get("hourno")) if found.has("hourno") else None)
    part = found.get("part") or found.get("earlypart") or found.get("latepart")
    return noon_side(clock, part) if clock is not None and part else None


def _spoken(found: Found) -> Point | None:
    """ "at seven twenty-seven", "five-thirty"."""
    hour, minute = found.get("hourno"), found.get("minno", 1)
    if hour is None or minute is None or minute < 10 or not 1 <= hour <= 12:
        return None
    if any(found.ts[item.first].kind == "digits" for item in found.items if "hourno" in item.types):
        return None
    return Point(hour=int(hour), minute=int(minute), loose=True)


CLOCKS = [
    Rule("m=((the? quarterclock | half | minno unit?)) d=(past) h=(hourno) oclock?", "CLOCK", _to_hour, EN),
    Rule("m=((the? quarterclock | minno unit)) d=([to before]) h=(hourno) oclock?", "CLOCK", _to_hour, EN),
    Rule("(?<=at) it=(m=(minno) d=([to before]) h=(hourno))", "CLOCK", _to_hour, EN),
    Rule("m=((quarterclock | minno unit)) d=([past vor]) h=(hourno) oclock?", "CLOCK", _to_hour, DE),
    Rule("(?<=at) it=(m=(minno) d=([past vor]) h=(hourno) oclock?)", "CLOCK", _to_hour, DE),
    Rule("m=(minno) d=([past vor]) h=(hourno) oclock", "CLOCK", _to_hour, DE),
    Rule("[halbclock dreiviertel quarterclock] hourno oclock? (?!unit)", "CLOCK", _half_german, DE),
    Rule("hhmm [am pm]", "CLOCK", lambda f: noon_side(c, "pm" if f.has("pm") else "am") if (c := _hhmm(f.get("hhmm"))) else None),
    Rule("hourno dot? [am pm]", "CLOCK", lambda f: noon_side(_at(f.get("hourno")), "pm" if f.has("pm") else "am")),
    Rule("[CLOCK dotclock] [am pm]", "CLOCK", lambda f: noon_side(f.get("CLOCK") or f.get("dotclock"), "pm" if f.has("pm") else "am")),
    Rule("dotclock oclock", "CLOCK", lambda f: f.get("dotclock")),
    Rule("CLOCK oclock", "CLOCK", lambda f: f.get("CLOCK")),
    Rule("hourno oclock minno (?!unit)", "CLOCK", lambda f: _at(f.get("hourno"), int(f.get("minno", 1))) if len(f) == 3 else None, DE),
    Rule("hourno oclock", "CLOCK", lambda f: _at(f.get("hourno"))),
    Rule("(?<=[at approx]) it=(dotclock) (?![x unit num])", "CLOCK", lambda f: f.get("dotclock")),
    Rule("(?<=[between from]) it=(hhmm) (?=[dash to and] hhmm)", "CLOCK", lambda f: _hhmm(f.get("hhmm")) if f.low().startswith("0") else None),
    Rule("(?<=CLOCK) [dash to and] it=(hhmm)", "CLOCK", lambda f: _hhmm(f.get("hhmm", -1)) if not f.has("year") or f.low(1).startswith("0") else None),
    Rule("dotclock (?=[and slash comma dash to] [CLOCK dotclock])", "CLOCK", lambda f: f.get("dotclock") if f.after(0) is not None else None, DE),
    Rule("(?<=at) it=(dotclock)", "CLOCK", lambda f: f.get("dotclock") if (after := f.after()) is not None and after.text.islower() else None, DE),
    Rule("hourno ish", "CLOCK", lambda f: _at(f.get("hourno"))),
    Rule("m=((the? quarterclock | half | minno unit?)) d=([past to before]) h=(clockword)", "CLOCK", _to_noon, EN),
    Rule("clockword", "CLOCK", lambda f: Point(hour=int(f.get("clockword")))),
    Rule("(?<=[at approx]) it=(hourno dash? minno) (?![unit x month])", "CLOCK", _spoken, EN),
    Rule("(?<=[weekday deictic dayord tonight]) at? it=(hourno dash? minno) (?![unit x month])", "CLOCK", _spoken, EN),
    Rule("CLOCK (in | at)? the? [part earlypart latepart]", "CLOCK", _clock_in_part),
    Rule("hourno oclock? (in the | at the?) part", "CLOCK", _clock_in_part, EN),
    Rule("hourno oclock [part earlypart latepart]", "CLOCK", _clock_in_part, DE),
    Rule("(in the | in | the | early)* early? [part earlypart latepart] [at approx]? [CLOCK]", "CLOCK", _clock_in_part),
    Rule("in the part at hourno", "CLOCK", _clock_in_part, EN),
    Rule("(?<=at) it=(hourno) (?![x unit num month monthish and or int dash slash comma])", "CLOCK", lambda f: _at(f.get("hourno")), EN),
    Rule("(?<=at) it=(hourno) (?=[dash to] [hourno CLOCK])", "CLOCK", lambda f: _at(f.get("hourno")), EN),
    Rule("CLOCK open? zone close?", "CLOCK", lambda f: f.get("CLOCK")),
]  # fmt: skip

# -- days --------------------------------------------------------------------------------------------------------------


def day_number(found: Found) -> int | None:
    value = found.get("dayno")
    return int(value) if value is not None else found.get("dayord")


def month_number(found: Found) -> int | None:
    value = found.get("month") or found.get("monthish")
    return int(value) if value else None


def year_number(found: Found) -> int | None:
    for kind in ("year", "shortyear", "yearspoken"):
        if found.get(kind) is not None:
            return int(found.get(kind))
    return None


def _day_of(found: Found) -> Point | None:
    day, month = day_number(found), month_number(found)
    return Point(year=year_number(found), month=month, day=day) if day and month and _exists(day, month) else None


def _exists(day: int, month: int) -> bool:
    return 1 <= day <= 31


def _month_day(found: Found) -> Point | None:
    """ "May 26, 1980"; not the "12" of "In May 12 people died"."""
    before, after = found.before(), found.after()
    bare = found.has("dayno") and year_number(found) is None and not found.has("dayord")
    if bare and after is not None and after.kind == "word" and before is not None and before.low == "in":
        return None
    if bare and after is not None and (after.text in "%" or after.low in ("percent", "million", "billion", "years")):
        return None
    return _day_of(found)


def _bare_ordinal(found: Found) -> Point | None:
    """ "on the 21st", "by 29th"; not the "first" of "on first sight"."""
    item = next(item for item in found.items if "dayord" in item.types)
    return Point(day=int(found.get("dayord"))) if found.has("the") or found.ts[item.first].kind == "digits" else None


def _listed(found: Found) -> Point | None:
    """The "18." of "18. und 19. Dezember"."""
    day, whole = day_number(found), found.get("DAY")
    if (
        day is None
        or whole.month is None
        or whole.day is None
        or whole.weekday is not None
        and whole.year is None
        and False
    ):
        return None
    return Point(year=whole.year, month=whole.month, day=day)


def _german_ordinals(found: Found) -> Point | None:
    """ "Donnerstag, den siebten vierten": day and month both as ordinals."""
    numbers = [i.types.get("dayord") or i.types.get("dayno") for i in found.items if {"dayord", "dayno"} & set(i.types)]
    if len(numbers) < 2 or numbers[1] is None or int(numbers[1]) > 12 or numbers[0] is None:
        return None
    weekday = found.get("weekday")
    point = Point(month=int(numbers[1]), day=int(numbers[0]), year=year_number(found))
    return replace(point, weekday=int(weekday)) if weekday is not None else point


def _with_weekday(found: Found) -> Point | None:
    weekday = int(found.get("weekday"))
    point: Point | None = found.get("DAY") or found.get("dotday") or found.get("slashday")
    if point is None:
        day = day_number(found)
        return Point(weekday=weekday, day=day) if day else None
    return replace(point, weekday=weekday) if point.weekday is None else None


def _joined_year(found: Found) -> Point | None:
    day: Point = found.get("DAY")
    year = year_number(found)
    return replace(day, year=year) if day.year is None and day.month and year else None


_MON = "[month monthish]"
_YEAR = "[year shortyear]"
_DAYNO = "[dayno dayord]"

_LIST = Rule(f"it=({_DAYNO} dot?) [comma and or dash slash to]+ (the | on)? DAY", "DAY", _listed)

DAYS = [
    Rule(f"{_DAYNO} dot? comma? of? {_MON} [comma of in]? {_YEAR}", "DAY", _day_of),
    Rule(f"{_DAYNO} dot? of? {_MON} yearspoken", "DAY", _day_of, EN),
    Rule(f"{_MON} the? {_DAYNO} [comma of in]* {_YEAR} (?!unit)", "DAY", _month_day, EN),
    Rule(f"{_MON} (the? dayord | dayno) yearspoken", "DAY", _month_day, EN),
    Rule(f"{_DAYNO} [slash dash] {_MON} [slash dash] {_YEAR}", "DAY", _day_of),
    Rule(f"{_YEAR} [slash dash] {_MON} [slash dash] dayno", "DAY", _day_of),
    Rule(f"{_YEAR} [slash dash] dayno [slash dash] {_MON}", "DAY", _day_of),
    Rule(f"{_MON} [slash dash] dayno [slash dash] {_YEAR}", "DAY", _day_of),
    Rule(f"{_MON} [slash dash] {_YEAR} [slash dash] dayno", "DAY", _day_of),
    Rule(f"dayno [slash dash] {_YEAR} [slash dash] {_MON}", "DAY", _day_of),
    Rule(f"(?<!{_MON}) it=({_DAYNO} dot? of? {_MON}) (?!dayno [comma])", "DAY", _day_of),
    Rule(f"{_MON} [slash] dayno (?!slash)", "DAY", _day_of),
    Rule(f"(?<=[dir weekday open]) dash? it=({_MON} [slash dash] dayno)", "DAY", _day_of, EN),
    Rule(f"{_MON} (the? dayord | dayno) (?![unit colon])", "DAY", _month_day, EN),
    Rule(f"(?<=[on weekday from to until dash tilde between]) comma? it=([dotday slashday]) (?!x)", "DAY", lambda f: f.items[0].types.get("dotday") or f.items[0].types.get("slashday") if len(f.items) == 1 else f.get("dotday") or f.get("slashday")),
    Rule(f"weekday comma? the? {_DAYNO} dot? slash? {_DAYNO} dot? year?", "DAY", _german_ordinals, DE),
    Rule(f"(?<=on) the? it=(dayord slash? monthno dot)", "DAY", _german_ordinals, DE),
    Rule("DAY [comma of in]? year (?!unit)", "DAY", _joined_year),
    Rule("(?<=[on approx before after by until since from to]) the? it=(dayord) (?![x unit century month monthish mark colon of])", "DAY", _bare_ordinal, EN),
    Rule("(?<=approx) the it=(dayord)", "DAY", lambda f: Point(day=int(f.get("dayord"))), EN),
    Rule("(?<=on) the? it=(dayno) (?=(from | between)? [CLOCK hourno] [to dash and])", "DAY", lambda f: Point(day=int(f.get("dayno"))), EN),
    Rule("(?<=on) it=(dotday)", "DAY", lambda f: f.get("dotday") if (after := f.after()) is None or after.kind != "word" or after.text.islower() else None, DE),
    *[_LIST] * 6,
    Rule("weekday dot? comma? open? (on | the | dash)? DAY close?", "DAY", _with_weekday),
    Rule("weekday comma? the? (dayord | dayno) (?![unit x month colon dash am pm oclock dot num])", "DAY", _with_weekday, EN),
    Rule("weekday comma? the dayord", "DAY", _with_weekday, EN),
]  # fmt: skip

# -- months, years, periods --------------------------------------------------------------------------------------------


def _month_year(found: Found) -> Point | None:
    month = month_number(found)
    year = year_number(found)
    if year is None and found.has("y2"):
        year = int(found.get("y2")) + (1900 if int(found.get("y2")) >= 30 else 2000)
    return Point(year=year, month=month) if month else None


def _year(found: Found) -> Point | None:
    """Four digits are a year unless something is counted, paid or measured with them."""
    value = year_number(found)
    if value is None:
        return None
    if found.has("yearword") or found.has("ad") or found.has("shortyear"):
        return Point(year=value, bc=found.get("ad") == "-1")
    if not 1500 <= value <= 2199:
        return None
    before, after = found.before(), found.after()
    if after is not None and (
        after.text in "%°€$£" or after.start == found.ts[found.items[-1].last - 1].end and after.kind == "word"
    ):
        return None
    if before is not None and (
        before.text in "$€£#§+" or before.text in ".,:" and before.end == found.ts[found.items[0].first].start
    ):
        return None
    if _dashed_number(found) or _larger_range(found):
        return None
    if value < 1800 and before is not None and before.low not in _YEAR_OPENERS and before.text not in "(,-–":
        return None
    if after is not None and after.kind == "word" and _counts(found, after.low, after.text):
        return None
    return Point(year=value)


def _dashed_number(found: Found) -> bool:
    """The 2015 of "32 - 2015" or of a telephone number."""
    first = found.items[0].first
    if first < 2 or found.ts[first - 1].text not in "-–":
        return False
    earlier = found.ts[first - 2]
    coded = first > 2 and found.ts[first - 3].low in ("q", "h")
    return earlier.kind == "digits" and len(earlier.text) != 4 and not coded


def _larger_range(found: Found) -> bool:
    """ "2000 bis 3000 Grad" are no years."""
    mark, number = found.after(), found.after(1)
    joined = mark is not None and number is not None and mark.low in ("bis", "to", "-", "–") and number.kind == "digits"
    return joined and number is not None and len(number.text) >= 4 and int(number.text[:6]) > 2199


_YEAR_OPENERS = frozenset(
    ["in", "im", "seit", "since", "of", "by", "until", "till", "bis", "von", "from", "anfang", "ende", "mitte", "jahr",
     "jahre", "jahres", "year", "between", "zwischen", "und", "and", "ab", "vor", "nach", "before", "after", "during", "en",
     "el", "nel", "de", "w", "roku", "у", "в", "late", "early", "mid"]
)  # fmt: skip
_NO_PLURAL = frozenset(["was", "is", "as", "has", "his", "its", "us", "this", "als", "das", "was", "des", "bis", "aus"])


def _counts(found: Found, low: str, text: str) -> bool:
    """ "2000 pieces", "2000 Menschen": the digits count what follows."""
    before = found.before()
    if before is not None and before.low in _YEAR_OPENERS:
        return False
    if text[0].isupper() and context.class_of(low, "counted", "de"):
        return True
    if not text.islower():
        return False
    plural_noun = low.endswith("s") and low not in _NO_PLURAL and not low.endswith("ss") and len(low) > 4
    return plural_noun or context.class_of(low, "counted", "en") in (
        "person",
        "child",
        "woman",
        "man",
        "dead",
        "police",
    )


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
    n = found.get("ord") or {"-1": 2, "1": 1}.get(found.get("dir") or "", None) or found.get("yearhalf")
    if n is None or int(n) > 2:
        return None
    outer = found.get("YEAR") or found.get("PER")
    if outer is not None and (outer.decade is not None or outer.century is not None):
        return replace(outer, mod="START" if int(n) == 1 else "END")
    return _inside(Point(half=int(n)), outer)


def _shifted(found: Found) -> Point | None:
    """ "last week", "dieses Jahr", "the current quarter"."""
    unit, step = found.get("unit"), int(found.get("dir"))
    if plural(found) or unit in (*_TIMES, "night"):
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
    if unit in (*_TIMES, "night", "weekend", "day") or plural(found):
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
        week.shift and week.shift[0] in ("week", "workweek") or week.week or week.nth_unit == "week"
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
    Rule("(?<![num slash dir]) it=(yearword [year yearspoken] ad?)", "YEAR", _year),
    Rule("[year int] ad", "YEAR", lambda f: Point(year=int(f.get("int")), bc=f.get("ad") == "-1") if f.get("int") and 0 < int(f.get("int")) < 2200 else None),
    Rule(f"{_MON} [comma of in slash dash]? (the? yearword)? {_YEAR}", "MONTH", _month_year),
    Rule(f"{_YEAR} [slash dash]? month (?!{_DAYNO})", "MONTH", _month_year),
    Rule(f"{_MON} of y2 (?!unit)", "MONTH", _month_year, EN),
    Rule(f"{_MON} yearspoken", "MONTH", _month_year),
    Rule("[decade decadeyear] yearword?", "PER", lambda f: _decade(f) if f.has("decadeyear") or f.has("yearword") or f.has("decade") and f.items[0].last and f.before() is not None and f.low() != "" else None),
    Rule("[ord int] dot? dash? century", "PER", _century),
    Rule("[ord int] dot? unit", "PER", lambda f: _century(f) if f.get("unit") in ("century", "millennium") and (f.has("ord") or f.has("dot")) else None),
    Rule("year slash y2 (?!unit)", "PER", lambda f: Point(year=int(f.get("year")), season="") if int(f.get("y2")) == (int(f.get("year")) + 1) % 100 else None),
    Rule("shortyear", "YEAR", _year),
    Rule("(?<=[in since until from to between and before after equals mod on of by]) it=(yearspoken) (?![unit x])", "YEAR", lambda f: Point(year=int(f.get("yearspoken")))),
    Rule("year", "YEAR", _year),
    Rule("relper", "PER", _relative),
    Rule("code [of dash slash]? YEAR", "PER", lambda f: replace(f.get("code"), year=f.get("YEAR").year)),
    Rule("YEAR dash? code", "PER", lambda f: replace(f.get("code"), year=f.get("YEAR").year)),
    Rule("dir month (?!dayno)", "MONTH", _directed),
    Rule("dir monthish (?![x dayno])", "MONTH", _directed),
    Rule("(the | of)? dir [season holiday]", "PER", _directed),
    Rule(f"the? [ord dir] unit {_OF} the? month {_YEAR}?", "PER", _nth_in_month),
    Rule("underweek", "PER", lambda f: Point(shift=("workweek", 0))),
    Rule("dir wdpart", "MOMENT", lambda f: replace(f.get("wdpart"), direction=int(f.get("dir")))),
    Rule("dir unit", "PER", _shifted),
    Rule("dirnear unit", "PER", lambda f: Point(shift=(f.get("unit"), int(f.get("dirnear"))))),
    Rule("dirnear (weekday | season | month)", "DAY", _near_directed),
    Rule("same unit", "PER", lambda f: Point(shift=(f.get("unit"), 0), definite=True) if f.get("unit") not in _TIMES else None),
    Rule("deictic", "DAY", lambda f: Point(shift=("day", int(f.get("deictic"))))),
    Rule("relday", "DAY", lambda f: Point(shift=("day", int(f.get("relday"))), definite=True)),
    Rule("sameday", "DAY", lambda f: Point(shift=("day", 0), definite=True)),
    Rule(f"ord dash? unit {_OF}? (the)? {_PERIOD}", "PER", _nth_period),
    Rule("YEAR yearword? ord dash? unit", "PER", _nth_period),
    Rule("PER s? ord dash? unit", "PER", _nth_period),
    Rule("yearword? dash? ord dash? unit", "PER", _nth_period),
    Rule(f"[ord dir] halfword {_OF}? the? {_PERIOD}?", "PER", lambda f: _half_of(f) if len(f) > 2 or f.low(1) != "hälfte" else None, DE),
    Rule("yearhalf", "PER", _half_of, DE),
    Rule(f"[ord dir] half {_OF} the? {_PERIOD}", "PER", _half_of, EN),
    Rule(f"season {_OF}? (the? yearword)? [YEAR PER]", "PER", _season),
    Rule("season", "PER", _season),
    Rule(f"holiday (unit)? {_OF}? (dir)? [YEAR PER] unit?", "DAY", _holiday),
    Rule("holiday unit", "DAY", lambda f: _holiday(f) if f.get("unit") == "weekend" else None),
    Rule("the? unit of holiday YEAR?", "DAY", lambda f: _holiday(f) if f.get("unit") == "weekend" else None),
    Rule("holiday", "DAY", _holiday),
    Rule("DAY [of comma]? PER", "DAY", _month_in),
    Rule(f"{_MON} [of comma]? PER", "MONTH", _month_in),
    Rule("(?<=[in of weekof since until by from to dir mod dash equals before after between]) it=(monthish) (?!x)", "MONTH", _month_year),
    Rule("^ monthish $", "MONTH", _month_year),
    Rule("month", "MONTH", _month_year),
    Rule("weekof [int] (of | in | comma)? YEAR?", "PER", _week_number),
    Rule("unit [int] (of | in)? YEAR?", "PER", lambda f: _week_number(f) if f.get("unit") == "week" and f.items[0].last == f.items[1].first else None, EN),
    Rule("int dot weekof (of | in)? YEAR?", "PER", _week_number, DE),
    Rule("weekof (on | the)? DAY", "PER", lambda f: replace(f.get("DAY"), week_of=True)),
    Rule("weekof the? dayord", "PER", lambda f: Point(day=int(f.get("dayord")), week_of=True)),
    Rule("weekday part [of comma]? the? PER", "MOMENT", lambda f: replace(d, part=f.get("part")) if (d := _weekday_of(f)) else None),
    Rule("PER comma? (on | the)? weekday", "DAY", _weekday_of),
    Rule("weekday [of comma]? the? PER", "DAY", _weekday_of),
    Rule("weekday after dir", "DAY", lambda f: Point(weekday=int(f.get("weekday")), direction=2) if f.get("dir") == "1" else None, EN),
    Rule("dir weekday", "DAY", _directed),
    Rule("the? ord unit of the unit", "DAY", lambda f: Point(within=Point(shift=(f.get("unit", 1), 0)), nth=int(f.get("ord")), nth_unit=f.get("unit")) if f.get("unit") == "day" else None),
    Rule("the? dayord (of the?)? PER", "DAY", lambda f: Point(day=int(f.get("dayord")), within=f.get("PER")) if f.get("PER").shift and f.get("PER").shift[0] == "month" else None),
    Rule(f"the? [ord dir] (unit {_OF} | weekof) the? [MONTH YEAR PER]", "PER", _ordinal_in),
    Rule(f"the? [ord dir] weekday {_OF} [MONTH YEAR PER]", "DAY", _ordinal_in),
    Rule("dir DAY", "DAY", _directed),
    Rule("weekday", "DAY", lambda f: Point(weekday=int(f.get("weekday")))),
    Rule("mod dash? the? [MONTH YEAR PER DAY]", "PER", _modified),
    Rule("early [MONTH YEAR PER]", "PER", _modified),
    Rule("eoy", "PER", lambda f: Point(shift=(f.get("eoy"), 0), mod="END") if f.get("eoy") != "day" else Point(shift=("day", 0), hour=23, minute=59, second=59)),
    Rule("[MONTH YEAR PER] modafter", "PER", lambda f: replace(f.get("MONTH") or f.get("YEAR") or f.get("PER"), mod=f.get("modafter"))),
    Rule("mod the? unit", "PER", _modified_unit),
    Rule("unit", "PER", lambda f: Point(weekend=True) if f.get("unit") == "weekend" and not plural(f) else None),
    Rule("yearend (of? [YEAR PER])?", "PER", lambda f: replace(f.get("YEAR") or f.get("PER") or Point(shift=("year", 0)), mod="END")),
    Rule("yearstart (of? [YEAR PER])?", "PER", lambda f: replace(f.get("YEAR") or f.get("PER") or Point(shift=("year", 0)), mod="START")),
    Rule("monthend", "PER", lambda f: Point(shift=("month", 0), mod="END")),
    Rule("monthstart", "PER", lambda f: Point(shift=("month", 0), mod="START")),
    Rule("weekstart", "PER", lambda f: Point(shift=("week", 0), mod="START")),
    Rule("weekmid", "PER", lambda f: Point(shift=("week", 0), mod="MID")),
]  # fmt: skip

RULES: list[Rule] = [*CLOCKS, *DAYS, *PERIODS]

__all__ = ["DE", "EN", "RULES", "Length", "day_number", "month_number", "noon_side", "plural"]
