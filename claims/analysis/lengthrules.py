"""How long: "3 hours 30 minutes", "dreieinhalb Jahre", "a few days"."""

from __future__ import annotations

from claims.analysis.dategrammar import CLOCK_UNITS, DE, EN, Found, Rule, plural
from claims.analysis.timepoints import Length, Point, Repeat


def some(unit: str) -> Length:
    """An unsaid number of a unit: "Jahre", "for days"."""
    return Length(((unit, None),))


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
    if after.low in _AGE or (after.text in "-‐" and next_one is not None and next_one.low in _AGE):
        return True
    before = found.before()
    return (after.low == "of" and next_one is not None and next_one.low == "age") or (
        before is not None and before.low == "alter"
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


def _rate(found: Found) -> Repeat | None:
    """ "40 Euro pro Jahr", "40 euros a year"."""
    unit = found.get("unit")
    if unit in CLOCK_UNITS or plural(found) or unit in ("night", "season", "weekend"):
        return None
    return Repeat(length=Length(((unit, 1.0),)))


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
    # "60 miles an hour" is a speed, "40 euros a year" comes back every year; neither is a length.
    Rule(
        "(?<=[num int]) x x? it=([a pro] unit) (?![ago later and])",
        "rate",
        lambda f: f.get("unit") in CLOCK_UNITS or None,
    ),
    Rule("(?<=[num int]) x x? it=(a unit) (?![ago later and])", "REPEAT", _rate),
    Rule("(?<=[num int]) x? x? it=(pro unit)", "REPEAT", _rate, DE),
    Rule("[quarterclock num] dash? of a unit", "LEN", _share_of, EN),
    Rule("len", "LEN", _code_length),
    Rule(f"{_HEDGE} num dash? few? another? [unit unitish] (?!dash? ord)", "LEN", _length),
    Rule(
        f"{_HEDGE} num x unit",
        "LEN",
        lambda f: (
            _length(f) if plural(f) and f.items[-2].types.keys() == {"x"} and f.low(-2).endswith(("e", "en")) else None
        ),
        DE,
    ),
    Rule(f"{_HEDGE} [few half] [unit] (?![of] [MONTH YEAR])", "LEN", _length),
    Rule(f"{_HEDGE} a half unit", "LEN", _length),
    Rule(f"{_HEDGE} half a unit", "LEN", _length),
    Rule(f"{_HEDGE} [few] another? [unit]", "LEN", _length),
    Rule("(?<!the) another unit", "LEN", _article_length),
    Rule(f"{_HEDGE} a another? unit", "LEN", _article_length),
    Rule("a x unit", "LEN", lambda f: _article_length(f) if f.low(1).endswith(("es", "er", "e", "en")) else None, DE),
    Rule(
        "the? dayord of the unit (?!of)",
        "DAY",
        lambda f: (
            Point(day=int(f.get("dayord")), within=Point(shift=("month", 0))) if f.get("unit") == "month" else None
        ),
        EN,
    ),
    Rule("LEN andahalf", "LEN", _and_part),
    Rule("LEN [and comma]? LEN", "LEN", _longer),
    Rule("LEN [and comma]? LEN", "LEN", _longer),
    Rule("(?<=[since vor before for within after from between every more]) it=(unit) (?!of)", "LEN", _plural_alone),
    Rule("unit (?=[ago later])", "LEN", _plural_alone),
    Rule("^ it=(unit) $", "LEN", _plural_alone),
]
