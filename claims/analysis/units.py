"""Units of measure and currencies: the spellings of every language, and what each is worth in its base unit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from claims.analysis import tables
from claims.analysis.tokens import Token, fold, tokens

SYMBOL_LENGTH = 3  # spellings up to this long are symbols: "MW" is not "mW"
_LONGEST = 5


class Unit(NamedTuple):
    """`factor` turns a value into the base unit of `dimension`; temperatures carry their own formula in `to_base`."""

    symbol: str
    dimension: str
    factor: float

    def to_base(self, value: float) -> float:
        if self.symbol == "°C":
            return value + 273.15
        if self.symbol == "°F":
            return (value - 32) * 5 / 9 + 273.15
        return value * self.factor


class Match(NamedTuple):
    unit: Unit
    last: int  # token after the unit


_WORDS = frozenset(["ALL", "TOP", "CUP", "SOS"])  # ISO codes that are read as words first

Spellings = dict[tuple[str, ...], Unit]


def _key(spelling: str) -> tuple[str, ...]:
    return tuple(token.low for token in tokens(spelling))


@cache
def _units(language: str) -> tuple[Spellings, dict[str, Unit]]:
    """Spellings by their lower-case tokens, and case-sensitive one-token symbols."""
    words: Spellings = {}
    symbols: dict[str, Unit] = {}
    for row in tables.rows("units", language):
        unit = Unit(row["unit"], row["dimension"], float(row["factor"]))
        for spelling in filter(None, row["forms"].split("|")):
            if row["language"] == "*" and len(_key(spelling)) == 1:
                symbols.setdefault(spelling, unit)
            else:
                words[_key(spelling)] = unit
        for spelling in _cldr_unit(language, row["cldr"]):
            words.setdefault(_key(spelling), unit)
    return words, symbols


def _cldr_unit(language: str, key: str) -> set[str]:
    """Every plural form CLDR has for a unit, in its long style."""
    try:
        patterns = Locale.parse(language)._data["unit_patterns"].get(key, {}).get("long", {}) if key else {}
    except (UnknownLocaleError, ValueError, KeyError):
        return set()
    forms = (str(pattern).replace("{0}", "").strip() for name, pattern in patterns.items() if name != "per")
    return {form for form in forms if form and "{" not in form}


@cache
def _money(language: str) -> tuple[Spellings, dict[str, Unit]]:
    words: Spellings = {}
    symbols: dict[str, Unit] = {}
    try:
        locale = Locale.parse(language)
        plurals = locale._data["currency_names_plural"]
        for code, name in locale.currencies.items():
            if len(code) == 3 and code not in _WORDS:
                symbols[code] = Unit(code, f"money:{code}", 1.0)
                for spelling in {name, *plurals.get(code, {}).values()}:
                    words.setdefault(_inflected(_key(spelling)), symbols[code])
    except (UnknownLocaleError, ValueError, KeyError):
        pass
    for row in tables.rows("currencies", language):
        code = row["currency"]
        minor = len(code) != 3 or not code.isupper()
        unit = Unit(code, f"money:{code}", float(row["factor"]) if minor else 1.0)
        for spelling in row["forms"].split("|"):
            words[_inflected(_key(spelling))] = unit
    return words, symbols


def _inflected(key: tuple[str, ...]) -> tuple[str, ...]:
    """All but the last word without its adjective ending: "kanadischen Dollar" is "kanadischer Dollar"."""
    return (*(_stem(part) for part in key[:-1]), *key[-1:])


def _stem(word: str) -> str:
    for ending in ("en", "er", "es", "em", "e"):
        if len(word) > 5 and word.endswith(ending):
            return word[: -len(ending)]
    return word


def _longest(ts: Sequence[Token], i: int, spellings: Spellings, inflected: bool) -> Match | None:
    lows = [token.low for token in ts[i : i + _LONGEST]]
    for length in range(len(lows), 0, -1):
        key = tuple(lows[:length])
        unit = spellings.get(_inflected(key) if inflected else key)
        if unit is not None:
            return Match(unit, i + length)
    return None


def measure(ts: Sequence[Token], i: int, language: str) -> Match | None:
    """The unit of measure that begins at token `i`."""
    if i >= len(ts):
        return None
    words, symbols = _units(language)
    longer = _longest(ts, i, words, inflected=False)
    if longer is not None and longer.last > i + 1:
        return longer
    compound = _slashed(ts, i, symbols)
    if compound is not None:
        return compound
    token = ts[i]
    if token.text in symbols:
        return Match(symbols[token.text], i + 1)
    if longer is not None:
        return longer
    if token.kind != "word" or len(token.low) <= SYMBOL_LENGTH:
        return None
    if token.low.endswith("²") or token.low.endswith("³"):
        return None
    for ending in ("n", "en", "s", "es", "e") if language == "de" else ():
        unit = words.get((token.low.removesuffix(ending),)) if token.low.endswith(ending) else None
        if unit is not None:
            return Match(unit, i + 1)
    return None


def _slashed(ts: Sequence[Token], i: int, symbols: dict[str, Unit]) -> Match | None:
    """Symbols of several tokens: "km/h", "m/s", "°C", "m^2", "km2"."""
    for length in (3, 2):
        piece = ts[i : i + length]
        if len(piece) == length and all(a.end == b.start for a, b in pairwise(piece)):
            joined = "".join(token.text for token in piece)
            unit = symbols.get(joined) or _COMPOUND.get(joined.lower())
            if unit is not None:
                return Match(unit, i + length)
    return None


def _compound() -> dict[str, Unit]:
    found = {}
    for row in tables.rows("units"):
        if row["language"] == "*":
            for spelling in row["forms"].split("|"):
                if len(tokens(spelling)) > 1:
                    found[fold(spelling).lower()] = Unit(row["unit"], row["dimension"], float(row["factor"]))
    return found


_COMPOUND = _compound()


def currency_after(ts: Sequence[Token], i: int, language: str) -> Match | None:
    """The currency that begins at token `i`: "Euro", "US-Dollar", "€", "EUR"."""
    if i >= len(ts):
        return None
    words, symbols = _money(language)
    longer = _longest(ts, i, words, inflected=True)
    if longer is not None:
        return longer
    if ts[i].text in symbols:
        return Match(symbols[ts[i].text], i + 1)
    return None


def currency_before(ts: Sequence[Token], i: int, language: str) -> tuple[Unit, int] | None:
    """The currency that ends right before token `i`, and the token it begins with: "US $", "EUR", "c $"."""
    words, symbols = _money(language)
    for length in (4, 3, 2, 1):
        first = i - length
        if first < 0:
            continue
        key = tuple(token.low for token in ts[first:i])
        unit = words.get(key)
        if unit is not None and _leads(ts[i - 1]):
            return unit, first
    if i >= 1 and ts[i - 1].text in symbols:
        return symbols[ts[i - 1].text], i - 1
    return None


def by_code(code: str, language: str) -> Unit | None:
    """The currency with an ISO code."""
    return _money(language)[1].get(code)


def _leads(token: Token) -> bool:
    return token.kind == "mark" or token.text.isupper() or token.low in ("rs", "rmb", "dollar", "usd", "eur")
