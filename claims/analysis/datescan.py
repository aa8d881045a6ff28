"""The first reading of a text for dates: every word and number gets the parts it may play in a date.

A word can play several ("vor" is "before" and "ago"), so each item carries a set of types; the grammar in
the *rules.py modules decides between them by what stands beside it.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError

from claims.analysis import datenotation, numerals, tables
from claims.analysis.numerals import Numeral
from claims.analysis.timepoints import Point
from claims.analysis.tokens import Token, fold, tokens

_PERIOD_CODE = re.compile(r"(?P<kind>[qQhH])(?P<n>[1-4])(?!\w)")


@dataclass(frozen=True, slots=True)
class Item:
    """Tokens `first..last` and the parts they may play: type -> value."""

    types: dict[str, Any]
    first: int
    last: int

    def char(self, alphabet: Alphabet) -> str:
        return alphabet.char(frozenset(self.types))


class Alphabet:
    """One private character for every set of types, so that regular expressions can run over items."""

    def __init__(self) -> None:
        self._chars: dict[frozenset[str], str] = {}
        self._adding = threading.Lock()

    def char(self, types: frozenset[str]) -> str:
        found = self._chars.get(types)
        if found is None:
            with self._adding:  # two threads must not give one character to two sets
                found = self._chars.setdefault(types, chr(0xF0000 + len(self._chars)))
        return found

    def having(self, name: str) -> str:
        return "".join(char for types, char in list(self._chars.items()) if name in types)

    def __len__(self) -> int:
        return len(self._chars)


Phrases = dict[tuple[str, ...], dict[str, str]]


@cache
def phrases(language: str) -> tuple[Phrases, int]:
    """Every date word of a language with its types and values, and the length of the longest."""
    found: Phrases = {}
    for key, kind, value in _calendar_names(language):
        found.setdefault(key, {}).setdefault(kind, value)
    for row in tables.rows("date_words", language):
        key = tuple(token.low for token in tokens(row["phrase"]))
        found.setdefault(key, {}).setdefault(row["type"], row["value"])
        ambiguous = {"monthish": "month", "weekdayish": "weekday"}.get(row["type"])
        if ambiguous:
            found[key].pop(ambiguous, None)
    return found, max((len(key) for key in found), default=1)


def _calendar_names(language: str) -> list[tuple[tuple[str, ...], str, str]]:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return []
    found = []
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months.get(context, {}).get(width, {}).items():
                found += [(key, "month", str(number)) for key in _spellings(name)]
            for number, name in locale.days.get(context, {}).get(width, {}).items():
                if width == "wide" or language not in ("de", "pl", "uk", "ru", "nl", "it", "es", "fr"):
                    found += [(key, "weekday", str(number)) for key in _spellings(name)]
    return found


def _spellings(name: str) -> list[tuple[str, ...]]:
    key = tuple(token.low for token in tokens(name))
    bare = key[:-1] if key and key[-1] == "." else key
    return [k for k in {key, bare} if k and len("".join(k)) > 2]


@lru_cache(maxsize=16)
def scan(text: str, language: str) -> tuple[Item, ...]:
    """The items of a text, without gaps: words that play no part have the type "x"."""
    return tuple(_Scanner(text, language).items())


class _Scanner:
    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = text, language
        self.ts = tokens(text)
        self.numerals = {n.first: n for n in numerals.find(text, language)}
        self.phrases, self.longest = phrases(language)
        self.token_at = {token.start: i for i, token in enumerate(self.ts)}

    def items(self) -> list[Item]:
        found: list[Item] = []
        i = 0
        while i < len(self.ts):
            item = self._item(i)
            found.append(item)
            i = item.last
        return found

    def _item(self, i: int) -> Item:
        token = self.ts[i]
        if token.kind == "break":
            return Item({"break": None}, i, i + 1)
        if token.kind == "digits" or token.text in ("'", "’"):
            item = self._numeric(i)
            if item is not None:
                return item
        code = self._period_code(i)
        if code is not None:
            return code
        phrase = self._phrase(i)
        numeral = self.numerals.get(i)
        if numeral is not None and (phrase is None or numeral.last > phrase.last or self._is_number(token, numeral)):
            return self._number(i, numeral, phrase)
        if phrase is not None:
            return self._in_context(phrase)
        if token.kind == "digits":
            return Item({"x": None}, i, i + 1)
        compound = self._compound(i) if token.kind == "word" else None
        if compound is not None:
            return compound
        kind = "x" if token.kind == "word" else "mark"
        return Item({_MARKS.get(token.text, kind): token.text}, i, i + 1)

    def _period_code(self, i: int) -> Item | None:
        """ "Q3", "H2"."""
        token = self.ts[i]
        code = _PERIOD_CODE.match(self.text, token.start) if token.low in ("q", "h") else None
        if code is None or (code["kind"] in "hH" and int(code["n"]) > 2):
            return None
        n = int(code["n"])
        point = Point(quarter=n) if code["kind"] in "qQ" else Point(half=n)
        return Item({"code": point}, i, self._until(i, code.end()))

    def _until(self, i: int, end: int) -> int:
        while i < len(self.ts) and self.ts[i].start < end:
            i += 1
        return i

    def _is_number(self, token: Token, numeral: Numeral) -> bool:
        return numeral.kind != "article" and token.low not in (
            "half",
            "quarter",
            "ein",
            "eine",
            "einen",
            "once",
            "twice",
        )

    # -- phrases ---------------------------------------------------------------------------------------------------

    def _phrase(self, i: int) -> Item | None:
        lows = [token.low for token in self.ts[i : i + self.longest]]
        for length in range(len(lows), 0, -1):
            types = self.phrases.get(tuple(lows[:length])) or self._possessive(lows[:length])
            if types is not None:
                return Item(dict(types), i, i + length)
        return None

    def _possessive(self, lows: list[str]) -> dict[str, str] | None:
        """ "last year's" is "last year"."""
        if not lows[-1].endswith("'s"):
            return None
        return self.phrases.get((*lows[:-1], lows[-1][:-2]))

    def _in_context(self, item: Item) -> Item:
        """Types that depend on capitals or neighbours: "May", "Morgen", "So"."""
        token = self.ts[item.first]
        types = item.types
        starts = (
            item.first == 0 or self.ts[item.first - 1].text in '.!?:"“”„»«' or self.ts[item.first - 1].kind == "break"
        )
        if token.low == "last" and item.first and self.ts[item.first - 1].low in _BEFORE_VERB:
            return Item({"x": None}, item.first, item.last)
        if "monthish" in types and token.text[0].isupper() and not starts:
            types = {**types, "month": types["monthish"]}
        if self.language == "de" and token.low == "morgen":
            noun = token.text[0].isupper() and (not starts or (item.first == 0 and len(self.ts) == 1))
            before = self.ts[item.first - 1].low if item.first else ""
            if before in _BEFORE_MORNING:
                noun = True
            types = {k: v for k, v in types.items() if k != ("deictic" if noun else "part")}
        if "weekdayish" in types and self._clearly_weekday(item):
            types = {**types, "weekday": types["weekdayish"]}
        return Item(types, item.first, item.last)

    def _clearly_weekday(self, item: Item) -> bool:
        token = self.ts[item.first]
        following = self.ts[item.last] if item.last < len(self.ts) else None
        if self.language == "en":
            return following is None or following.kind != "word" or following.low in ("at", "the", "morning", "night")
        if not token.text[0].isupper() or following is None:
            return False
        dotted = self.ts[item.last - 1].text == "." or following.text in ".,"
        after = (
            self.ts[item.last + (following.text in ".,")]
            if item.last + (following.text in ".,") < len(self.ts)
            else None
        )
        return dotted and after is not None and after.kind == "digits"

    def _compound(self, i: int) -> Item | None:
        """German "Montagabend", "Sommermonate", English "mid-November" stays three items."""
        if self.language != "de":
            return None
        found = _german_compound(self.ts[i].low)
        return Item(dict(found), i, i + 1) if found else None

    # -- numbers ---------------------------------------------------------------------------------------------------

    def _number(self, i: int, numeral: Numeral, phrase: Item | None) -> Item:
        types: dict[str, Any] = {"num": numeral.value}
        text = self.text[numeral.start : numeral.end]
        if phrase is not None and phrase.last == numeral.last:
            types |= phrase.types
        if numeral.kind == "ordinal":
            last = numeral.last
            types = {"ord": int(numeral.value)} | ({} if phrase is None or phrase.last != last else phrase.types)
            if 1 <= numeral.value <= 31:
                types["dayord"] = int(numeral.value)
            if 1 <= numeral.value <= 12:
                types["monthord"] = int(numeral.value)
            if text.endswith("."):
                types["dotted"] = True
            return Item(types, i, last)
        if numeral.kind in ("multiple", "both", "vague", "ratio"):
            kept = phrase.types if phrase is not None and phrase.last == numeral.last else {}
            if numeral.kind == "both":
                kept = {**kept, "num": 2.0}
            return Item(kept or {"x": None}, i, numeral.last)
        if numeral.glued and numeral.in_digits and numeral.code and not self._after_month(i):
            return Item({"x": None}, i, numeral.last)
        if numeral.value == int(numeral.value) and not numeral.decimals and numeral.kind == "cardinal":
            self._whole(types, numeral, text)
        if numeral.code and not self._after_month(i):
            types = {"code_number": numeral.value}
        return Item(types, i, numeral.last)

    def _after_month(self, i: int) -> bool:
        """The 23 of "Sep-23-2020" continues a month, not a name."""
        return i > 1 and "month" in self.phrases.get((self.ts[i - 2].low,), {})

    def _whole(self, types: dict[str, Any], numeral: Numeral, text: str) -> None:
        value = int(numeral.value)
        plain = numeral.scale == 1 and not numeral.grouped
        types["int"] = value
        if not numeral.in_digits and 1100 <= value <= 2099:
            types["yearspoken"] = value
        if not plain:
            return
        before = self.text[: numeral.start].rstrip()[-1:]
        if before and before in "$€£":
            return
        if 1 <= value <= 31:
            types["dayno"] = value
        if 0 <= value <= 24:
            types["hourno"] = value
        if 0 <= value <= 59:
            types["minno"] = value
        if 1 <= value <= 12:
            types["monthno"] = value
        if numeral.in_digits and len(text) == 2:
            types["y2"] = value
        if numeral.in_digits and len(text) in (3, 4) and value % 100 < 60 and value < 2400:
            types["hhmm"] = value
        if numeral.year_like and 1000 <= value <= 2199:
            types["year"] = value

    def _numeric(self, i: int) -> Item | None:
        start = self.ts[i].start
        decade = datenotation.DECADE.match(self.text, start)
        if decade and (not start or not self.text[start - 1].isdigit()):
            ten = int(decade["ten"])
            year = int(decade["century"]) * 100 + ten if decade["century"] else (1900 if ten >= 20 else 2000) + ten
            return Item({"decadeyear": year}, i, self._until(i, decade.end()))
        short = datenotation.APOSTROPHE_YEAR.match(self.text, start)
        if short:
            value = int(short.group(1))
            if short.group(2) and value % 10 == 0:
                return Item({"decadeyear": 1900 + value}, i, self._until(i, short.end()))
            return Item({"shortyear": datenotation.full_year(value)}, i, self._until(i, short.end()))
        match = datenotation.NUMERIC.match(self.text, start) or datenotation.AFTER_DASH.match(self.text, start)
        if match is None or self._until(i, match.end()) == i:
            return None
        types = datenotation.readings(match, self.language)
        if types is None:
            return None
        if match["dash"] and i > 1 and self.ts[i - 1].text in "-–" and len(self.ts[i - 2].text) not in (1, 2, 4):
            return None
        last = self._until(i, match.end())
        if self.ts[last - 1].end != match.end():
            return None
        return Item(types, i, last)


_MARKS = {
    ",": "comma", "-": "dash", "–": "dash", "—": "dash", "‐": "dash", "~": "tilde", "/": "slash", "(": "open",
    ")": "close", ".": "dot", ":": "colon", "+": "plus", "=": "equals", "<": "smaller", ">": "greater",
}  # fmt: skip
_BEFORE_VERB = tables.words("beside_words", "before_verb_last")
_BEFORE_MORNING = tables.words("beside_words", "before_noun_morgen")


_DAYS = {"montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonnabend": 5,
         "sonntag": 6}  # fmt: skip
_DAY_PARTS = {
    "morgen": "MO", "vormittag": "MO", "frühmorgen": "MO", "früh": "MO", "mittag": "MI", "nachmittag": "AF",
    "abend": "EV", "nacht": "NI", "spätabend": "EV", "frühabend": "EV",
}  # fmt: skip
_WEEKDAY_PART = re.compile(
    rf"(?P<day>{'|'.join(_DAYS)})s?(?P<part>{'|'.join(sorted(_DAY_PARTS, key=len, reverse=True))})(?P<s>s?)$"
)
_LENGTH_UNITS = {"jahr": "year", "monat": "month", "woch": "week", "tag": "day", "stund": "hour", "minut": "minute",
                 "sekund": "second"}  # fmt: skip


@lru_cache(maxsize=4096)
def _german_compound(low: str) -> tuple[tuple[str, Any], ...]:
    match = _WEEKDAY_PART.match(low)
    if match:
        early = "START" if match["part"] == "frühmorgen" else ""
        point = Point(weekday=_DAYS[match["day"]], part=_DAY_PARTS[match["part"]], mod=early)
        return (("MOMENT", point), ("wdpart", point))
    if low.endswith("abend") and fold(low[:-5]) in ("vor", "fest", "feier"):
        return ()
    if low.startswith("viertelstunde"):
        return (("unit", "quarterhour"),)
    return ()
