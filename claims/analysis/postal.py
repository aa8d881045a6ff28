"""Street addresses and postcodes: their digits name a place and measure nothing.

"221B Baker Street", "Hauptstraße 12, 10115 Berlin", "12, rue de la Paix", "ul. Długa 5". Where a thing to be counted
follows ("An der Hauptstraße 12 Autos", "10 Main Street businesses") the number stays a quantity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from claims.analysis import context, gazetteer, tables
from claims.analysis.tokens import fold
from claims.analysis.types import Span

_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
)
_CODES = {
    "en": re.compile(
        rf"(?<=[a-z.,]\s)(?:{_STATES})\s\d{{5}}(?:-\d{{4}})?(?!\w)|(?<!\w)[A-Z]{{1,2}}\d[A-Z\d]?\s\d[A-Z]{{2}}(?!\w)"
    ),
    "nl": re.compile(r"(?<!\w)\d{4}\s[A-Z]{2}(?!\w)"),
}
_POSTCODE = re.compile(r"(?<![\w.,-])(?:\d{2}-\d{3}|\d{5})(?=\s[^\W\d_])")
_NUMBER = r"\d{1,4}(?:\s?[a-h](?!\w))?(?:[-–/]\d{1,4}[a-h]?)?(?![\w%])(?![.,]\d)"
_NAMED = r"[^\W\d_][\w-]{0,40}?(?i:WORDS)"
_SHAPES = {
    "name": rf"(?<!\w)(?P<street>{_NAMED})\s(?P<number>{_NUMBER})",
    "place": rf"(?<!\w)(?i:am|im|vom|zum|beim)\s(?P<street>{_NAMED})\s(?P<number>{_NUMBER})",
    "leads": rf"(?<!\w)(?P<street>(?i:WORDS)(?:\s[^\W\d_][\w.'’-]{{0,24}}){{1,4}}),?\s(?P<number>{_NUMBER})",
    "follows": r"(?<![\w.,$€£-])(?P<number>\d{1,5}[A-Za-z]?(?:[-–/]\d{1,5})?)\s"
    r"(?P<street>(?:(?:[A-Z][\w.'’-]{0,24}|\d{1,3}(?:st|nd|rd|th))\s){1,3}(?:CAPITALS))(?!\w)\.?",
    "numbered": r"(?<![\w.,])(?P<number>\d{1,4})(?:\s(?:bis|ter))?,?\s(?P<street>WORDS)(?!\w)",
    "box": r"(?<!\w)(?P<street>(?i:p\.?\s?o\.?\s)?(?i:WORDS))\s(?P<number>\d[\d ]{0,8})(?!\w)",
}
_VERBS = {"wurden", "wurde", "waren", "haben", "hatten", "werden", "eine", "einen"}
_AFTER = re.compile(r"\s(?P<word>[^\W\d_][\w-]*)(?:\s(?P<next>[^\W\d_][\w-]*))?")


def spans(text: str, language: str) -> list[Span]:
    """Where the street numbers and postcodes of a text stand, with their streets."""
    if not any(char.isdigit() for char in text):
        return []
    streets = [
        Span(*hit.span())
        for role, pattern in _patterns(language)
        for hit in pattern.finditer(text)
        if _GUARDS.get(role, _anything)(text, hit, language)
    ]
    codes = [Span(*hit.span()) for hit in _CODES[language].finditer(text)] if language in _CODES else []
    return sorted([*streets, *codes, *_postcodes(text, language, streets)])


@cache
def _words(language: str, role: str) -> tuple[str, ...]:
    rows = [row for row in tables.rows("address_words", language) if row["role"] == role]
    return tuple(sorted({word for row in rows for word in row["words"].split()}, key=len, reverse=True))


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (role, re.compile(_filled(shape, words)))
        for role, shape in _SHAPES.items()
        if (words := _words(language, role))
    )


def _filled(shape: str, words: Sequence[str]) -> str:
    capitals = "|".join(re.escape(word.capitalize()) for word in words)
    return shape.replace("WORDS", "|".join(map(re.escape, words))).replace("CAPITALS", capitals)


def _anything(_text: str, _hit: re.Match[str], _language: str) -> bool:
    return True


def _counts_nothing(text: str, hit: re.Match[str], language: str) -> bool:
    """German and Dutch: a noun behind the number, or an adjective with one, is what is counted."""
    if fold(hit["street"]) in _words(language, "not_street") or hit["street"][0].islower():
        return False
    after = _AFTER.match(text, hit.end())
    if after is None:
        return True
    word = after["word"]
    if language != "de":
        return not context.class_of(fold(word), "counted", language)
    if word[0].isupper():
        return False
    following = after["next"] or ""
    return not (following[:1].isupper() and word.endswith(("e", "en", "er")) and fold(word) not in _verbs())


@cache
def _verbs() -> frozenset[str]:
    return tables.words("beside_words", "no_counted") | {
        "wurden",
        "wurde",
        "waren",
        "haben",
        "hatten",
        "werden",
        "eine",
        "einen",
    }


def _ends_there(text: str, hit: re.Match[str], language: str) -> bool:
    """Where nouns are written small: only a mark, the end or a word that goes on may follow."""
    named = hit["street"].split()[1:]
    after = _AFTER.match(text, hit.end())
    return any(word[0].isupper() for word in named) and (after is None or after["word"] in _words(language, "goes_on"))


def _owns_nothing(text: str, hit: re.Match[str], language: str) -> bool:
    """English: "10 Main Street businesses" counts, "10 Downing Street says" does not."""
    after = _AFTER.match(text, hit.end())
    if after is None or not after["word"].islower():
        return True
    low = fold(after["word"])
    if context.class_of(low, "counted", language):
        return False
    return not low.endswith("s") or low in _said() or low in tables.words("beside_words", "function_word")


@cache
def _said() -> frozenset[str]:
    return frozenset(row["verb"] for row in tables.rows("reporting_verbs", "en")) | {"is", "was", "has", "says"}


def _postcodes(text: str, language: str, streets: list[Span]) -> Iterator[Span]:
    """A code before a town: one that is known, or any name right behind a street."""
    for hit in _POSTCODE.finditer(text):
        behind = any(0 <= hit.start() - street.end <= 2 for street in streets)
        known = gazetteer.index(language)
        town = gazetteer.tokens(text[hit.end() : hit.end() + 60])
        names = known.get(town[0].text, ()) if town else ()
        if (behind and town and town[0].text[0].isupper()) or any(
            name.type in ("place", "capital") and gazetteer.fits(name, town, 0, "") for name in names
        ):
            yield Span(*hit.span())


_GUARDS: dict[str, Callable[[str, re.Match[str], str], bool]] = {
    "name": _counts_nothing,
    "place": _counts_nothing,
    "leads": _ends_there,
    "follows": _owns_nothing,
}
