"""Just enough grammar to find out who speaks: small words by class, verbs, clauses and noun phrases.

Nothing here is a parser. A unit of text (a sentence, or sentences tied by one quotation) becomes a row of
tagged words in which a quotation and a bracket count as one word each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import simplemma

from claims.analysis import tables
from claims.analysis.types import Span

_WORD = re.compile(
    r"[^\W_](?:[\w\u0300-\u036f]|[.](?=[^\W_][.]|[a-zäöüß]{2})|['’\-/&+](?=[^\W_])|-(?=\s(?:und|oder)\s))*|\d+(?:[.,]\d+)*|[^\w\s]",
    re.UNICODE,
)
_BREAKS = ",;:–—."


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its class: one of the tags below.

    `quote` a whole quotation with its marks, `bracket` a bracket with its content, `break` a mark that parts
    clauses, `finite` an auxiliary or modal, `subjunctive`, `verb` any other verb form, `preposition`,
    `determiner`, `pronoun`, `adverb`, `subjunctor`, `coordinator`, `noun` (capitalised), `number`, `other`.
    """

    text: str
    start: int
    end: int
    tag: str
    lower: str = ""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@cache
def small(language: str, name: str) -> frozenset[str]:
    """One class of small words."""
    return frozenset(
        word for row in tables.rows("grammar_words", language) if row["class"] == name for word in row["words"].split()
    )


@lru_cache(maxsize=50_000)
def lemma(word: str, language: str) -> str:
    return str(simplemma.lemmatize(word, lang=language))


@lru_cache(maxsize=20_000)
def _is_verb(word: str) -> bool:
    return len(word) > 4 and simplemma.is_known(word, lang="de") and lemma(word, "de") == word


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb that reports speech."""

    verb: str
    particle: str
    kind: str


@cache
def cues(language: str) -> Mapping[str, tuple[Cue, ...]]:
    """Every form of every reporting verb."""
    found: dict[str, list[Cue]] = {}
    for row in tables.rows("reporting_verbs", language):
        cue = Cue(row["verb"], row["particle"], row["kind"])
        for form in row["forms"].split():
            found.setdefault(form, []).append(cue)
    return {form: tuple(several) for form, several in found.items()}


_ORDER = ("subjunctive", "auxiliary", "pronoun", "determiner", "preposition", "subjunctor", "coordinator", "adverb")


@cache
def _classes(language: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name in _ORDER:
        tag = "finite" if name == "auxiliary" else name
        for word in small(language, name):
            found.setdefault(word, tag)
    return found


def is_subjunctive(lower: str) -> bool:
    """German Konjunktiv I by its form ("gehe", "komme", "handele"); also the forms that stand in for it."""
    if lower in small("de", "subjunctive"):
        return True
    if not lower.endswith("e") or len(lower) < 4 or lower in _classes("de"):
        return False
    stem = lemma(lower, "de")
    if lower.endswith("te") and (_is_verb(lower[:-2] + "n") or _is_verb(lower[:-2] + "en")):
        return False  # "startete", "bezeichnete": a weak past, whatever the dictionary says
    return stem in (lower + "n", lower[:-2] + "n", lower[:-2] + lower[-2:-1] + "n") and stem.endswith(
        ("en", "ln", "rn")
    )


def _tag(word: str, first: bool, language: str) -> str:
    lower = word.lower()
    if not (word[0].isalnum()):
        return "break" if word in _BREAKS else "mark"
    if word[0].isdigit():
        return "noun" if any(char.isupper() for char in word) else "number"  # "39-Jährige", "1990er"
    known = _classes(language).get(lower)
    if known and (word.islower() or first):
        return known
    if not word[0].isupper() and (any(char.isupper() for char in word) or "." in word):
        return "noun"  # "al-Qaida", "ver.di", "example.org"
    if word[0].isupper() and not (first and language == "de" and lower in cues(language)):
        return "noun"
    if language == "de":
        if is_subjunctive(lower):
            return "subjunctive"
        if lower in cues(language):
            return "verb"
        stem = lemma(lower, language)
        if (
            stem != lower
            and stem.islower()
            and stem.endswith(("en", "ern", "eln"))
            and stem not in ("meisten", "ersten")
        ):
            return "verb"
        if stem == lower and lower.endswith(("en", "ern", "eln")) and len(lower) > 3:
            return "verb"
        return "other"
    return "verb" if lower in cues(language) else "other"


def words(text: str, span: Span, quotes: Sequence[Span], language: str) -> list[Word]:
    """The tagged words of one unit; `quotes` are the contents of quotations, without their marks."""
    found: list[Word] = []
    at, end = span.start, span.end
    waiting = [quote for quote in quotes if quote.start > at - 1 and quote.end <= end]
    first = True
    while at < end:
        if waiting and at >= waiting[0].start - 1:
            quote = waiting.pop(0)
            stop = min(quote.end + 1, end)
            found.append(Word(text[at:stop], quote.start - 1, stop, "quote"))
            at, first = stop, text[quote.end - 1 : quote.end] in ".!?"
            continue
        limit = waiting[0].start - 1 if waiting else end
        if text[at] in "([" and (close := _closing(text, at, limit)):
            found.append(Word(text[at:close], at, close, "bracket"))
            at = close
            continue
        hit = _WORD.match(text, at, limit)
        if hit is None:
            at += 1
            continue
        word = unicodedata.normalize("NFC", hit.group())
        tag = _tag(word, first, language)
        if word == "." and found and _shortens(found[-1], text[hit.end() : hit.end() + 2]):
            tag = "mark"  # "22. August", "Dr. Meier": no clause ends here
        found.append(Word(word, at, hit.end(), tag, word.lower()))
        first = word in ".!?:" and tag == "break"
        at = hit.end()
    return found


def _shortens(word: Word, after: str) -> bool:
    return (
        word.tag == "number" or len(word.text) <= 2 or after[1:2].islower() or word.text in ("Prof", "Nr", "Mrd", "Mio")
    )


def _closing(text: str, at: int, end: int) -> int | None:
    close = text.find(")" if text[at] == "(" else "]", at, min(end, at + 300))
    return close + 1 if close > 0 else None
