"""Names the tables and CLDR know: countries, their people, capitals and institutions, in many languages.

`names(language)` is a trie-like index from the first word of a name to its entries; `match` walks a
text once and yields the longest name at every place. Comparison is by case and after composing
accents; the German genitive -s and endings of German adjectives are taken off.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError

from claims.analysis import declension, tables

# Combining marks belong to their letter, so that a decomposed "ö" stays inside its word.
_PARTS = re.compile(r"[^\W_][\w\u0300-\u036f]*|[^\w\s]")
_NOT_COUNTRIES = {"ZZ", "XA", "XB", "EZ", "QO"}
_GERMAN_ENDINGS = ("en", "em", "er", "es", "e", "")


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write one thing."""

    words: tuple[str, ...]
    id: str
    type: str
    via: str
    context: str = ""  # a country code: holds only when the document speaks of that country
    ambiguous: bool = False  # holds only after a preposition of place


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark, composed (NFC), with its place in the text."""

    text: str
    start: int
    end: int


Index = Mapping[str, Sequence[Name]]


def tokens(text: str) -> list[Token]:
    """Words and marks of a text, in order."""
    return [
        Token(unicodedata.normalize("NFC", hit.group()).replace("’", "'").replace("ʼ", "'"), hit.start(), hit.end())
        for hit in _PARTS.finditer(text)
    ]


def _words(name: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(name))


def _german_people(word: str) -> Iterator[str]:
    yield word
    if word.endswith("er"):
        yield from (word + ending for ending in ("n", "s", "in", "innen"))
    elif word.endswith("e"):
        yield from (word + "n", word[:-1] + "in", word[:-1] + "innen")
    elif word[-1] in "io":
        yield word + "s"


def _people(word: str, language: str) -> Iterable[str]:
    if language == "de":
        return _german_people(word)
    return (word,) if word.endswith(("men", "man", "s")) else (word, word + "s")


def _cells(row: tables.Row, column: str) -> list[str]:
    return [part.strip() for part in row[column].split("|") if part.strip()]


def _cldr(language: str) -> Iterator[Name]:
    try:
        territories = Locale(language).territories
    except (UnknownLocaleError, ValueError):
        territories = Locale("en").territories
    for code, name in territories.items():
        if len(code) != 2 or code in _NOT_COUNTRIES:
            continue
        type_ = "organisation" if code in ("EU", "UN") else "country"
        written = {name, re.sub(r"\s*\(.*\)$", "", name), name.replace(" & ", " and ")}
        written |= {case for one in tuple(written) for case in declension.cases(one, language)}
        yield from (Name(_words(one), f"iso:{code}", type_, "gazetteer") for one in sorted(written))


def _tabled(language: str) -> Iterator[Name]:
    for row in tables.rows("territories", language):
        id_ = f"iso:{row['code']}"
        type_ = "organisation" if row["code"] in ("EU", "UN") else "country"
        for name in _cells(row, "names"):
            yield Name(_words(name), id_, type_, "gazetteer")
        for capital in _cells(row, "capitals"):
            yield Name(_words(capital), id_, "capital", "metonym")
        for adjective in _cells(row, "adjectives"):
            yield Name(_words(adjective), id_, "country", "demonym")
        for people in _cells(row, "people"):
            for form in _people(people, language):
                yield Name(_words(form), id_, "group", "demonym")
    for row in tables.rows("institutions", language):
        for name in _cells(row, "names"):
            yield Name(_words(name), row["id"], row["type"], "gazetteer", row["context"])


def _places(language: str) -> Iterator[Name]:
    """Cities and regions; a language of our tables has its own forms, any other is read in both."""
    for row in tables.rows("places"):
        forms = {"de": _cells(row, "de"), "en": _cells(row, "en") or _cells(row, "de")}
        id_ = f"place:{row['code']}:{(row['en'] or row['de']).split('|')[0].casefold()}"
        for form in dict.fromkeys(forms.get(language) or [*forms["de"], *forms["en"]]):
            yield Name(_words(form), id_, "place", "gazetteer", ambiguous=bool(row["ambiguous"]))


def country_of(id_: str) -> str:
    """The country code behind the id of a country or a place in it; empty for anything else."""
    kind, _, rest = id_.partition(":")
    return rest.split(":")[0] if kind in ("iso", "place") else ""


@cache
def index(language: str) -> Index:
    """All names of a language by their first word, longest first, tables before CLDR."""
    found: dict[str, dict[tuple[tuple[str, ...], str], Name]] = {}
    for name in (*_tabled(language), *_cldr(language), *_places(language)):
        if name.words:
            found.setdefault(name.words[0], {}).setdefault((name.words, name.id), name)
    return {first: sorted(names.values(), key=lambda name: -len(name.words)) for first, names in found.items()}


@cache
def _german_adjectives() -> Mapping[str, str]:
    return {
        adjective: f"iso:{row['code']}"
        for row in tables.rows("territories", "de")
        for adjective in _cells(row, "adjectives")
    }


def german_adjective(words: Sequence[str]) -> str | None:
    """The id behind an inflected adjective, "südkoreanischen" or the parts of "US-amerikanische"."""
    word = "-".join(part for part in words if part != "-")
    for form in (word, word[:1].lower() + word[1:]):
        for ending in _GERMAN_ENDINGS:
            if form.endswith(ending) and (id_ := _german_adjectives().get(form[: len(form) - len(ending)])):
                return id_
    return None


def fits(name: Name, found: Sequence[Token], at: int, language: str) -> bool:
    """Whether `name` stands at token `at`; the last word may carry a German genitive -s."""
    if at + len(name.words) > len(found):
        return False
    last = len(name.words) - 1
    for offset, word in enumerate(name.words):
        seen = found[at + offset]
        if seen.text != word and not (
            offset == last and language == "de" and len(word) > 3 and seen.text in (word + "s", word + "es")
        ):
            return False
        # Words of a name are at most a few spaces apart, never in two paragraphs.
        if offset and seen.start - found[at + offset - 1].end > 2:
            return False
    return True
