"""Words as things to count: tokens with exact spans, their base forms, and how much one tells.

German and English words come down to dictionary forms (simplemma); every other language loses its
usual endings, because loading a dictionary for each would cost every worker hundreds of megabytes.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import simplemma

from claims.analysis import tables

DICTIONARIES = ("de", "en")

_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/|t\.co/)\S+")
_TOKEN = re.compile(r"\d+(?:[.,'’\u00a0\u202f]\d+)*(?:st|nd|rd|th)?|[^\W\d_]+(?:['’][^\W\d_]+)*\d*|[^\W_]+")
_HUMPS = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zß-ÿ])")
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+")
_ENDINGS = {
    "fr": ("issements", "issement", "ations", "ation", "ements", "ement", "euses", "euse", "eaux", "ées", "ée", "és",
           "ent", "ait", "ant", "er", "es", "é", "e", "s", "x"),
    "es": ("aciones", "ación", "amientos", "amiento", "mente", "adas", "ados", "ada", "ado", "idos", "ido", "aron",
           "ando", "iendo", "ar", "er", "ir", "as", "os", "es", "a", "o", "e", "s"),
    "it": ("azioni", "azione", "amenti", "amento", "mente", "ati", "ate", "ato", "ata", "are", "ere", "ire", "ono",
           "a", "e", "i", "o"),
    "pt": ("ações", "ação", "amentos", "amento", "mente", "adas", "ados", "ada", "ado", "aram", "ando", "ar", "er",
           "ir", "as", "os", "es", "a", "o", "e", "s"),
    "nl": ("ingen", "ing", "heden", "heid", "en", "er", "de", "te", "e", "s", "t"),
    "pl": ("owania", "owanie", "ościach", "ości", "ość", "ami", "ach", "ego", "emu", "owie", "ów", "om", "ych", "ymi",
           "ej", "ie", "ią", "ił", "ał", "ła", "li", "ą", "ę", "a", "e", "i", "o", "u", "y"),
    "ru": ("ениями", "ения", "ение", "ений", "ыми", "ими", "ого", "ему", "ому", "ами", "ями", "ах", "ях", "ов", "ев",
           "ей", "ый", "ий", "ой", "ая", "ое", "ые", "ие", "ом", "ем", "ам", "ям", "ть", "ла", "ли", "а", "я", "о",
           "е", "и", "ы", "у", "ю", "ь"),
    "uk": ("еннями", "ення", "ень", "ими", "ого", "ому", "ами", "ями", "ах", "ях", "ів", "їв", "ей", "ий", "ій",
           "а", "я", "о", "е", "и", "і", "у", "ю", "ь"),
}  # fmt: skip
_LEAST_STEM = 4
CONCORD = 6


class Term(NamedTuple):
    """One content word of a text: `key` is its base form, folded for comparing. A tuple, because there are many."""

    key: str
    text: str
    start: int
    end: int
    capital: bool = False
    number: bool = False


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Lower case without accents: "Künast" and "kunast" are one word to a searcher."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def number_key(digits: str) -> str:
    """One spelling for a printed number: "1.100", "1,100" and "1 100" are all "1100"."""
    digits = digits.rstrip("stndrh")
    if _GROUPED.fullmatch(digits):
        return re.sub(r"\D", "", digits)
    return re.sub(r"[^\d.]", "", digits.replace(",", ".")).strip(".")


@lru_cache(maxsize=200_000)
def key(word: str, language: str) -> str:
    """The folded base form of one word."""
    bare = re.sub(r"['’](?:s|S)?$", "", word)
    if language in DICTIONARIES:
        return fold(simplemma.lemmatize(bare, language)) or fold(bare)
    if language in ("fr", "it", "es", "pt"):
        bare = re.sub(r"^[^\W\d_]{1,2}['’]|^qu['’]", "", bare) or bare
    lower = bare.casefold()
    for ending in _ENDINGS.get(language, ()):
        if lower.endswith(ending) and len(lower) - len(ending) >= _LEAST_STEM:
            return fold(lower[: -len(ending)])
    return fold(lower)


@lru_cache(maxsize=16)
def stopwords(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in tables.column("stopwords", language, "word"))


@lru_cache(maxsize=16)
def negations(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in tables.column("negations", language, "word"))


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[tuple[str, int, int], ...]:
    """Every word and number of `text` with its span; web addresses are left out, #HashTags are taken apart."""
    if "http" in text or "www." in text or ".co" in text:
        text = _ADDRESS.sub(lambda match: " " * len(match.group()), text)
    tagged = "#" in text or "@" in text
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = match.group()
        if tagged and start and text[start - 1] in "#@" and len(word) > 3:
            cuts = [0, *(hump.start() for hump in _HUMPS.finditer(word)), len(word)]
            found += [(word[a:b], start + a, start + b) for a, b in itertools.pairwise(cuts)]
        else:
            found.append((word, start, end))
    return tuple(found)


@lru_cache(maxsize=40_000)
def content(text: str, language: str) -> tuple[Term, ...]:
    """The content words and numbers of `text` in order. Cached: a passage is read once per check."""
    stop = stopwords(language)
    found = []
    for word, start, end in tokens(text):
        if word[0].isdigit():
            found.append(Term(number_key(word), word, start, end, number=True))
            continue
        folded = fold(word)
        if folded in stop or (len(folded) == 1 and folded.isascii()):
            continue
        base = key(word, language)
        if base and base not in stop:
            found.append(Term(base, word, start, end, capital=word[0].isupper()))
    return tuple(found)


def keys(text: str, language: str) -> frozenset[str]:
    return frozenset(term.key for term in content(text, language))


def negated(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """Where `text` denies something, as spans of the negating words; "ne ... pas" and "no ... nada" deny once."""
    words = negations(language)
    found: list[tuple[int, int]] = []
    last = -CONCORD
    for at, (word, start, end) in enumerate(tokens(text)):
        folded = fold(word)
        bare = re.split(r"['’]", folded)[0]
        if not (folded in words or bare in words or (language == "en" and folded.endswith(("n't", "n’t")))):
            continue
        if language not in ("de", "en", "nl") and at - last < CONCORD:
            last = at
            continue
        last = at
        found.append((start, end))
    return tuple(found)


def inverse_frequencies(bags: Iterable[Iterable[str]]) -> dict[str, float]:
    """How rare each key is over a collection: ln(1 + (N - n + 0.5) / (n + 0.5)), never below zero."""
    counts: Counter[str] = Counter()
    total = 0
    for bag in bags:
        total += 1
        counts.update(set(bag))
    return {word: math.log(1 + (total - n + 0.5) / (n + 0.5)) for word, n in counts.items()}


def weight(term: Term) -> float:
    """How much a word tells when no collection is at hand: names and long words more than short ones."""
    if term.number:
        return 0.6
    length = min(len(term.key), 12)
    return (1.3 if term.capital else 1.0) * (0.5 + length / 12)


def rarest(found: Sequence[Term], frequencies: Mapping[str, float] | None, limit: int) -> list[Term]:
    """The `limit` most telling different terms, best first; ties keep the order of the text."""
    known = frequencies or {}
    first: dict[str, Term] = {}
    for term in found:
        first.setdefault(term.key, term)
    ranked = sorted(first.values(), key=lambda term: (-known.get(term.key, weight(term)), term.start))
    return ranked[:limit]
