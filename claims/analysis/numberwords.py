"""Words for numbers: a lexicon per language, and German compounds such as "zweihundertsechsundfünfzig"."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from babel import Locale, UnknownLocaleError

from claims.analysis import compounds, tables
from claims.analysis.tokens import fold

WordKind = Literal[
    "unit", "teen", "ten", "hundred", "cardinal", "scale", "group", "ordinal", "ordinal_ten", "ordinal_scale",
    "half", "fraction", "mixed", "article", "both", "multiple", "vague",
]  # fmt: skip


class Word(NamedTuple):
    value: float
    kind: WordKind
    plural: bool = False


@cache
def lexicon(language: str) -> dict[str, Word]:
    """Every number word of a language that stands in a table or in CLDR's compact patterns."""
    found: dict[str, Word] = {}
    for word, value in _cldr_scales(language):
        found[word] = Word(value, "scale")
    for row in tables.rows("scales", language):
        found[row["word"]] = Word(float(row["value"]), "scale")
    for row in tables.rows("number_words", language):
        kind: WordKind = row["kind"]  # type: ignore[assignment]
        found.setdefault(row["word"], Word(float(row["value"]), kind))
    if language == "en":
        for word, entry in list(found.items()):
            if entry.kind in ("ordinal", "ordinal_ten", "ordinal_scale") and word != "second":
                found[word + "s"] = Word(entry.value, entry.kind, plural=True)
    return found


def _cldr_scales(language: str) -> list[tuple[str, float]]:
    try:
        formats = Locale.parse(language).compact_decimal_formats
    except (UnknownLocaleError, ValueError, AttributeError):
        return []
    found = []
    for style in ("short", "long"):
        for patterns in (formats.get(style) or {}).values():
            for magnitude, pattern in patterns.items():
                zeros, _, word = str(getattr(pattern, "pattern", pattern)).partition(" ")
                word = fold(word.replace("'", "").replace("\u00a0", " ").strip(" ."))
                if word and " " not in word and zeros.strip("0\u00a0") == "":
                    found.append((word, float(magnitude) / 10 ** (max(1, zeros.count("0")) - 1)))
    return found


@lru_cache(maxsize=4096)
def word(low: str, language: str) -> Word | None:
    """What the (lower-case) word says as a number, or None."""
    known = lexicon(language).get(low)
    if known is None and language == "de" and len(low) > 3:
        return _german(low)
    if known is None and language in compounds.LANGUAGES and len(low) > 5:
        value = compounds.value(low, language)
        return Word(value, "cardinal") if value is not None else None
    return known


_UNIT = "ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun"
_TEENS = "zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn|sechzehn|siebzehn|achtzehn|neunzehn"
_TENS = "zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig"
_BELOW_100 = rf"(?:(?:(?:{_UNIT})und)?(?:{_TENS})|{_TEENS}|eins|{_UNIT})"
_BELOW_1000 = rf"(?:(?:{_TEENS}|{_UNIT})?hundert(?:und)?(?:{_BELOW_100})?|{_BELOW_100})"
_CARDINAL = re.compile(rf"(?:(?P<thousands>{_BELOW_1000})?(?P<tausend>tausend)(?:und)?)?(?P<rest>{_BELOW_1000})?")
_HUNDREDS = re.compile(rf"(?:(?P<many>{_TEENS}|{_UNIT})?(?P<hundert>hundert)(?:und)?)?(?P<rest>{_BELOW_100})?")
_TWO_DIGITS = re.compile(rf"(?:(?P<unit>{_UNIT})und)?(?P<ten>{_TENS})|(?P<teen>{_TEENS})|(?P<one>eins|{_UNIT})")
_ORDINAL_END = re.compile(r"(?:st|t)(?:e[nrms]?)?$")
_SPELLINGS = (("fuenf", "fünf"), ("zwoelf", "zwölf"), ("dreissig", "dreißig"), ("zwo", "zwei"))
_IRREGULAR_ORDINALS = {"erst": 1, "dritt": 3, "siebt": 7, "siebent": 7, "acht": 8}
_ENDINGS = ("", "e", "en", "er", "em", "es")
_GERMAN_SCALES = {"million": 1e6, "milliard": 1e9, "billion": 1e12, "billiard": 1e15, "trillion": 1e18}


def _german_cardinal(low: str) -> int | None:
    match = _CARDINAL.fullmatch(low)
    if not low or match is None:
        return None
    thousands = (_below_1000(match["thousands"]) if match["thousands"] else 1) if match["tausend"] else 0
    return thousands * 1000 + (_below_1000(match["rest"]) if match["rest"] else 0)


def _below_1000(low: str) -> int:
    match = _HUNDREDS.fullmatch(low)
    if match is None:
        return 0
    hundreds = (_below_100(match["many"]) if match["many"] else 1) if match["hundert"] else 0
    return hundreds * 100 + (_below_100(match["rest"]) if match["rest"] else 0)


def _below_100(low: str) -> int:
    match = _TWO_DIGITS.fullmatch(low)
    if match is None:
        return 0
    table = lexicon("de")
    return int(sum(table[part].value for part in match.groups() if part))


def _german(low: str) -> Word | None:
    for old, new in _SPELLINGS:
        low = low.replace(old, new)
    cardinal = _german_cardinal(low)
    if cardinal is not None:
        return Word(cardinal, "cardinal")
    return _german_fraction(low) or _german_multiple(low) or _german_ordinal(low)


def _german_ordinal(low: str) -> Word | None:
    for ending in _ENDINGS:
        stem = low.removesuffix(ending) if ending else low
        if ending and stem == low:
            continue
        for irregular, value in _IRREGULAR_ORDINALS.items():
            if stem == irregular and (ending or irregular not in ("erst", "acht")):
                return Word(value, "ordinal")
            if stem.endswith(irregular) and ending and (prefix := _german_cardinal(stem.removesuffix(irregular))):
                return Word(prefix + value, "ordinal")
    match = _ORDINAL_END.search(low)
    if match is None:
        return None
    stem = low[: match.start()]
    if match.group().startswith("st") and stem.removesuffix("en").rstrip("e") in _GERMAN_SCALES:
        return Word(_GERMAN_SCALES[stem.removesuffix("en").rstrip("e")], "ordinal_scale")
    number = _german_cardinal(stem)
    bare = match.group() in ("t", "st")
    if number is None or (bare and not 1 < number <= 12):
        return None
    return Word(number, "ordinal")


def _german_multiple(low: str) -> Word | None:
    for suffix in ("mal", "fach", "fache", "fachen", "facher", "faches"):
        if low.endswith(suffix) and (value := _german_cardinal(low.removesuffix(suffix))):
            return Word(value, "multiple")
    return None


_MIXED = {"anderthalb": 1.5, "einundhalb": 1.5, "eineinviertel": 1.25, "dreiviertel": 0.75, "einviertel": 0.25}


def _german_fraction(low: str) -> Word | None:
    if low in _MIXED:
        return Word(_MIXED[low], "mixed")
    if low.startswith("anderthalb") and low[10:] in _ENDINGS:
        return Word(1.5, "mixed")
    if low in {"halb" + ending for ending in _ENDINGS} or low in ("hälfte", "halbs"):
        return Word(0.5, "half")
    for tail in ("einhalb", "undeinhalb", "einhalbe", "einhalbem"):
        if low.endswith(tail) and (whole := _german_cardinal(low.removesuffix(tail))):
            return Word(whole + 0.5, "mixed")
    stem = low.removesuffix("s").removesuffix("n")
    if stem in ("drittel", "viertel", "achtel", "siebtel"):
        return Word(1 / {"drittel": 3, "viertel": 4, "achtel": 8, "siebtel": 7}[stem], "fraction")
    if stem.endswith("tel") and (value := _german_cardinal(stem.removesuffix("tel").removesuffix("s"))):
        return Word(1 / value, "fraction")
    return None
