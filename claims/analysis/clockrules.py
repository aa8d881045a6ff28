"""How clock times are said: "half past three", "halb vier", "20.30 Uhr", "5 in the afternoon"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from claims.analysis.dategrammar import DE, EN, Found, Rule
from claims.analysis.timepoints import Point


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
    Rule(
        "hhmm [am pm]",
        "CLOCK",
        lambda f: noon_side(c, "pm" if f.has("pm") else "am") if (c := _hhmm(f.get("hhmm"))) else None,
    ),
    Rule("hourno dot? [am pm]", "CLOCK", lambda f: noon_side(_at(f.get("hourno")), "pm" if f.has("pm") else "am")),
    Rule(
        "[CLOCK dotclock] [am pm]",
        "CLOCK",
        lambda f: noon_side(f.get("CLOCK") or f.get("dotclock"), "pm" if f.has("pm") else "am"),
    ),
    Rule("dotclock oclock", "CLOCK", lambda f: f.get("dotclock")),
    Rule("CLOCK oclock", "CLOCK", lambda f: f.get("CLOCK")),
    Rule(
        "hourno oclock minno (?!unit)",
        "CLOCK",
        lambda f: _at(f.get("hourno"), int(f.get("minno", 1))) if len(f) == 3 else None,
        DE,
    ),
    Rule("hourno oclock", "CLOCK", lambda f: _at(f.get("hourno"))),
    Rule("(?<=[at approx]) it=(dotclock) (?![x unit num])", "CLOCK", lambda f: f.get("dotclock")),
    Rule(
        "(?<=[between from]) it=(hhmm) (?=[dash to and] hhmm)",
        "CLOCK",
        lambda f: _hhmm(f.get("hhmm")) if f.low().startswith("0") else None,
    ),
    Rule(
        "(?<=CLOCK) [dash to and] it=(hhmm)",
        "CLOCK",
        lambda f: _hhmm(f.get("hhmm", -1)) if not f.has("year") or f.low(1).startswith("0") else None,
    ),
    Rule(
        "dotclock (?=[and slash comma dash to] [CLOCK dotclock])",
        "CLOCK",
        lambda f: f.get("dotclock") if f.after(0) is not None else None,
        DE,
    ),
    Rule(
        "(?<=at) it=(dotclock)",
        "CLOCK",
        lambda f: f.get("dotclock") if (after := f.after()) is not None and after.text.islower() else None,
        DE,
    ),
    Rule("dotclock (?=[dash to] CLOCK)", "CLOCK", lambda f: f.get("dotclock")),
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
    Rule(
        "(?<=at) it=(hourno) (?![x unit num month monthish and or int dash slash comma])",
        "CLOCK",
        lambda f: _at(f.get("hourno")),
        EN,
    ),
    Rule("(?<=at) it=(hourno) (?=[dash to] [hourno CLOCK])", "CLOCK", lambda f: _at(f.get("hourno")), EN),
    Rule("CLOCK open? zone close?", "CLOCK", lambda f: f.get("CLOCK")),
]
