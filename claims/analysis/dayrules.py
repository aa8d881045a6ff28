"""How days are said: "19. Juni 2024", "May 26, 1980", "18. und 19. Dezember", "Friday the 13th"."""

from __future__ import annotations

from dataclasses import replace

from claims.analysis.dategrammar import DE, EN, Found, Rule
from claims.analysis.timepoints import Point


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
    if day is None or whole.month is None or whole.day is None:
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


MON = "[month monthish]"
YEAR = "[year shortyear]"
DAYNO = "[dayno dayord]"

_LIST = Rule(f"it=({DAYNO} dot?) [comma and or dash slash to]+ (the | on)? DAY", "DAY", _listed)

DAYS = [
    Rule(f"{DAYNO} dot? comma? of? {MON} [comma of in]? {YEAR}", "DAY", _day_of),
    Rule(f"{DAYNO} dot? of? {MON} yearspoken", "DAY", _day_of, EN),
    Rule(f"{MON} the? {DAYNO} [comma of in]* {YEAR} (?!unit)", "DAY", _month_day, EN),
    Rule(f"{MON} (the? dayord | dayno) yearspoken", "DAY", _month_day, EN),
    Rule(f"{DAYNO} [slash dash] {MON} [slash dash] {YEAR}", "DAY", _day_of),
    Rule(f"{YEAR} [slash dash] {MON} [slash dash] dayno", "DAY", _day_of),
    Rule(f"{YEAR} [slash dash] dayno [slash dash] {MON}", "DAY", _day_of),
    Rule(f"{MON} [slash dash] dayno [slash dash] {YEAR}", "DAY", _day_of),
    Rule(f"{MON} [slash dash] {YEAR} [slash dash] dayno", "DAY", _day_of),
    Rule(f"dayno [slash dash] {YEAR} [slash dash] {MON}", "DAY", _day_of),
    Rule(f"(?<!{MON}) it=({DAYNO} dot? of? {MON}) (?!dayno [comma])", "DAY", _day_of),
    Rule(f"{MON} [slash] dayno (?!slash)", "DAY", _day_of),
    Rule(f"(?<=[dir weekday open]) dash? it=({MON} [slash dash] dayno)", "DAY", _day_of, EN),
    Rule(f"{MON} (the? dayord | dayno) (?![unit colon])", "DAY", _month_day, EN),
    Rule(
        "(?<=[on weekday from to until dash tilde between]) comma? it=([dotday slashday]) (?!x)",
        "DAY",
        lambda f: (
            f.items[0].types.get("dotday") or f.items[0].types.get("slashday")
            if len(f.items) == 1
            else f.get("dotday") or f.get("slashday")
        ),
    ),
    Rule(f"weekday comma? the? {DAYNO} dot? slash? {DAYNO} dot? year?", "DAY", _german_ordinals, DE),
    Rule("(?<=on) the? it=(dayord slash? monthno dot)", "DAY", _german_ordinals, DE),
    Rule("DAY [comma of in]? year (?!unit)", "DAY", _joined_year),
    Rule(
        "(?<=[on approx before after by until since from to]) the? it=(dayord)"
        " (?![x unit century month monthish mark colon of])",
        "DAY",
        _bare_ordinal,
        EN,
    ),
    Rule("(?<=approx) the it=(dayord)", "DAY", lambda f: Point(day=int(f.get("dayord"))), EN),
    Rule(
        "(?<=on) the? it=(dayno) (?=(from | between)? [CLOCK hourno] [to dash and])",
        "DAY",
        lambda f: Point(day=int(f.get("dayno"))),
        EN,
    ),
    Rule(
        "(?<=on) it=(dotday)",
        "DAY",
        lambda f: (
            f.get("dotday") if (after := f.after()) is None or after.kind != "word" or after.text.islower() else None
        ),
        DE,
    ),
    *[_LIST] * 6,
    Rule("weekday dot? comma? open? (on | the | dash)? DAY close?", "DAY", _with_weekday),
    Rule(
        "weekday comma? the? (dayord | dayno) (?![unit x month colon dash am pm oclock dot num])",
        "DAY",
        _with_weekday,
        EN,
    ),
    Rule("weekday comma? the dayord", "DAY", _with_weekday, EN),
]
