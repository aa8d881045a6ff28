"""Italian and Dutch write a whole number as one word: "duecentocinquantatré", "vijfentwintigduizend"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from claims.analysis import tables

LANGUAGES = ("it", "nl")
_THOUSAND = {"it": ("mila", "mille"), "nl": ("duizend",)}


def value(low: str, language: str) -> int | None:
    """What the one word says, below a million; None for any other word."""
    known = _below_1000(language)
    if low in known:
        return known[low]
    for thousand in _THOUSAND[language]:
        head, found, tail = low.partition(thousand)
        if found and (not head or head in known) and (not tail or tail in known):
            return (known[head] if head else 1) * 1000 + (known[tail] if tail else 0)
    return None


@cache
def _below_1000(language: str) -> Mapping[str, int]:
    rows = {row["word"]: (int(float(row["value"])), row["kind"]) for row in tables.rows("number_words", language)}
    units = {word: value for word, (value, kind) in rows.items() if kind == "unit" and value > 0}
    teens = {word: value for word, (value, kind) in rows.items() if kind in ("unit", "teen") and value > 0}
    tens = {word: value for word, (value, kind) in rows.items() if kind == "ten"}
    below_100 = teens | tens
    for ten, value in tens.items():
        for unit, more in units.items():
            for word in _italian(ten, unit) if language == "it" else _dutch(ten, unit):
                below_100[word] = value + more
    found = dict(below_100)
    hundred = "cento" if language == "it" else "honderd"
    for lead, times in {"": 1, **{word: more for word, more in units.items() if more > 1}}.items():
        found[lead + hundred] = times * 100
        for word, more in below_100.items():
            found[lead + hundred + word] = times * 100 + more
    return found


def _italian(ten: str, unit: str) -> tuple[str, ...]:
    if unit[0] in "uo":  # "ventuno", "ventotto"
        return (ten[:-1] + unit,)
    return (ten + unit, ten + "tré") if unit == "tre" else (ten + unit,)


def _dutch(ten: str, unit: str) -> tuple[str, ...]:
    return (unit + ("ën" if unit.endswith("e") else "en") + ten,)
