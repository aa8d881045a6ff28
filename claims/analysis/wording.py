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


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase over words[first:last]."""

    first: int
    last: int
    head: int
    oblique: bool = False  # its determiner cannot be a nominative
    pronoun: bool = False


def german_phrase(row: Sequence[Word], at: int, stop: int, *, attach: bool = True) -> Phrase | None:
    """The noun phrase that begins at `at`, with its genitives, names, brackets and attached prepositions."""
    begin = at
    oblique = False
    while at < stop and row[at].lower in ("auch", "nur", "sogar", "selbst", "sowohl", "rund", "etwa", "weder", "fast"):
        at += 1
    if at >= stop:
        return None
    word = row[at]
    if word.tag == "pronoun" and not (
        at + 1 < stop and word.lower in small("de", "determiner") and row[at + 1].tag in ("noun", "other")
    ):
        return Phrase(begin, at + 1, at, word.lower in small("de", "oblique_pronoun"), True)
    if word.lower in small("de", "oblique_pronoun"):
        return Phrase(begin, at + 1, at, True, True)
    if word.tag in ("determiner", "number") or (word.lower in small("de", "determiner") and word.tag != "noun"):
        oblique = word.lower in small("de", "oblique")
        at += 1
        while at < stop and (row[at].tag == "number" or row[at].lower in small("de", "second_determiner")):
            at += 1
    if at > begin and at < stop and row[at].lower in small("de", "determiner") and row[at].tag != "noun":
        at = _inner(row, at, stop) or at  # "die das Unglück überlebende Frau"
    head = _german_nouns(row, at, stop)
    if head is None:
        if at > begin and word.lower in small("de", "relative"):
            return Phrase(begin, begin + 1, begin, oblique, True)
        return None
    last = head
    while attach and last < stop:
        more = _german_more(row, last, stop)
        if more is None:
            break
        last = more
    return Phrase(begin, last, head - 1, oblique)


def _inner(row: Sequence[Word], at: int, stop: int) -> int | None:
    """Past an object inside a noun phrase, when a participle follows it."""
    inner = _german_nouns(row, at + 1, stop)
    if (
        inner
        and inner < stop
        and row[inner].lower.endswith(("ende", "enden", "ender", "te", "ten", "ter", "ene", "enen", "ener"))
    ):
        return inner
    return None


def _german_nouns(row: Sequence[Word], at: int, stop: int) -> int | None:
    """The index after adjectives and nouns, or None when no noun follows."""
    start = at
    while at < stop and at - start < 9:
        word = row[at]
        if word.tag == "noun" or (word.tag == "quote" and _is_name(word)):
            break
        if word.tag in ("other", "number", "adverb") or (
            word.tag == "verb" and (word.lower.endswith(("en", "e", "er", "es", "em")) and word.lower not in cues("de"))
        ):
            at += 1
            continue
        if word.tag == "coordinator" and word.lower in ("und", "oder") and at > start:
            at += 1
            continue
        if word.tag == "preposition" and at == start and start > 0 and row[start - 1].tag == "determiner":
            at += 1  # "der in Berlin lebende Autor"
            inner = at
            while inner < stop and row[inner].tag in ("noun", "determiner", "number"):
                inner += 1
            if inner < stop and row[inner].tag in ("other", "verb") and row[inner].lower.endswith(("e", "en", "er")):
                at = inner
                continue
            return None
        if word.text in ("-", "/", "&") and at > start:
            at += 1
            continue
        return None
    if at >= stop or row[at].tag not in ("noun", "quote"):
        return None
    return _names_on(row, at, stop)


def _names_on(row: Sequence[Word], at: int, stop: int) -> int:
    """The index after a run of nouns and names: "Zeitung The Jakarta Post", "Jaap de Hoop Scheffer"."""
    while at < stop:
        word = row[at]
        if word.tag in ("noun", "bracket", "number") or (word.tag == "quote" and _is_name(word)):
            at += 1
        elif (
            word.text in ("-", "/", "&", ".")
            and at + 1 < stop
            and row[at + 1].tag in ("noun", "number")
            and word.text != "."
        ):
            at += 1
        elif word.text == "." and len(row[at - 1].text) <= 2 and at + 1 < stop and row[at + 1].tag == "noun":
            at += 1
        elif (
            (
                word.lower in _PARTICLES
                and row[at - 1].tag == "noun"
                and at + 1 < stop
                and (
                    row[at + 1].tag == "noun"
                    or (
                        row[at + 1].lower in ("der", "den", "la", "las", "los")
                        and at + 2 < stop
                        and row[at + 2].tag == "noun"
                    )
                )
                and (word.lower not in _GERMAN_PARTICLES or row[at + 1].tag != "noun" or _is_person(row, at))
            )
            or (
                word.lower in ("der", "den", "la", "las", "los")
                and row[at - 1].lower in _PARTICLES
                and at + 1 < stop
                and row[at + 1].tag == "noun"
            )
            or (word.tag == "mark" and word.text in "'’")
        ):
            at += 1
        else:
            break
    return at


_PARTICLES = frozenset("von van de del di da du dos das bin ibn al el et y e of the and for la le des zu".split())
_GERMAN_PARTICLES = {"von", "zu", "des", "das", "la", "e"}


def _is_person(row: Sequence[Word], at: int) -> bool:
    """Whether the word before a particle is a given name: "Ursula von der Leyen", not "Sprecher von Reuters"."""
    return row[at - 1].text in tables.column("given_names", None, "name")


def _is_name(word: Word) -> bool:
    """Whether a quotation is the name of a thing: „Der Spiegel“, "Abu Tarbush"."""
    inner = word.text[1:-1].split()
    return 0 < len(inner) <= 6 and inner[0][:1].isupper() and inner[-1][-1:] not in ".!?,"


def _german_more(row: Sequence[Word], at: int, stop: int) -> int | None:
    """What still belongs to the noun before `at`: a genitive, "von ...", "und ...", a bracket."""
    if at >= stop:
        return None
    word = row[at]
    if word.tag == "bracket":
        return at + 1
    if word.lower in (
        "des",
        "der",
        "eines",
        "einer",
        "ihrer",
        "ihres",
        "seiner",
        "seines",
        "dieser",
        "dieses",
        "deren",
    ):
        inner = german_phrase(row, at, stop, attach=False)
        return inner.last if inner and not inner.pronoun else None
    if word.lower in (
        "von",
        "vom",
        "für",
        "aus",
        "im",
        "in",
        "zum",
        "zur",
        "bei",
        "beim",
        "am",
        "an",
        "der",
        "über",
        "gegen",
        "zu",
    ):
        inner = german_phrase(row, at + 1, stop, attach=False)
        return inner.last if inner and not inner.pronoun else None
    if word.lower in ("und", "sowie", "oder", "bzw", "als", "wie") and at + 1 < stop:
        follow = row[at + 1]
        nested = german_phrase(row, at + (2 if follow.lower == "auch" else 1), stop, attach=False)
        if nested and not nested.pronoun and word.lower in ("und", "sowie", "oder", "bzw"):
            return nested.last
    return None
