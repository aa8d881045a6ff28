"""When four digits are a year, and when they count, cost or measure something."""

from __future__ import annotations

from claims.analysis import context, tables, units
from claims.analysis.dategrammar import Found
from claims.analysis.dayrules import year_number
from claims.analysis.timepoints import Point


def year(found: Found) -> Point | None:
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
        after.text in "%°€$£" or (after.start == found.ts[found.items[-1].last - 1].end and after.kind == "word")
    ):
        return None
    if before is not None and (
        before.text in "$€£#§+" or (before.text in ".,:" and before.end == found.ts[found.items[0].first].start)
    ):
        return None
    if _dashed_number(found) or _larger_range(found):
        return None
    if value < 1800 and before is not None and before.low not in _YEAR_OPENERS and before.text not in "(,-–":
        return None
    if after is not None and after.kind == "word" and (_counts(found, after.low, after.text) or _measures(found)):
        return None
    return Point(year=value)


def _measures(found: Found) -> bool:
    """ "1998 Euro", "1800 Kilometer"; but "in 2012 won" names no Korean money."""
    before, place = found.before(), found.items[-1].last
    verb = found.ts[place].low in ("won", "real", "rand") and before is not None and before.low in _SURELY_YEAR
    if verb or len(found.ts[place].text) < 3:
        return False
    return any(
        units.currency_after(found.ts, place, lang) or units.measure(found.ts, place, lang) for lang in ("de", "en")
    )


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


_SURELY_YEAR = tables.words("beside_words", "surely_before_year")
_YEAR_OPENERS = tables.words("beside_words", "before_year")
_NO_PLURAL = frozenset(["was", "is", "as", "has", "his", "its", "us", "this", "als", "das", "was", "des", "bis", "aus"])


def _counts(found: Found, low: str, text: str) -> bool:
    """ "2000 pieces", "2000 Menschen": the digits count what follows."""
    before = found.before()
    if before is not None and before.low in _SURELY_YEAR:
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
