"""German noun phrases: who or what a clause speaks of, with genitives, names and brackets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.analysis import tables
from claims.analysis.wording import Word, cues, lemma, small

_ARTICLES = frozenset({"der", "den", "la", "las", "los"})
_GERMAN_PARTICLES = frozenset({"von", "zu", "des", "das", "la", "e"})
_PARTICLES = _GERMAN_PARTICLES | {
    "van", "de", "del", "di", "da", "du", "dos", "bin", "ibn", "al", "el", "et", "y", "of", "the", "and", "for", "le",
}  # fmt: skip
_GENITIVES = frozenset(
    {"des", "der", "eines", "einer", "ihrer", "ihres", "seiner", "seines", "dieser", "dieses", "deren"}
)
_MASCULINE_GENITIVES = frozenset({"des", "eines", "ihres", "seines", "dieses"})
_ATTACHED = frozenset(
    {"von", "vom", "für", "aus", "im", "in", "zum", "zur", "bei", "beim", "am", "an", "über", "gegen", "zu"}
)


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
    begin = at
    while at < stop:
        word = row[at]
        following = row[at + 1].tag if at + 1 < stop else ""
        if word.tag == "noun" and at > begin and _owner_ends(row, begin, at):
            break
        plain = word.tag in ("noun", "bracket", "number") or (word.tag == "quote" and _is_name(word))
        joined = word.text in ("-", "/", "&") and following in ("noun", "number")
        initial = word.text == "." and len(row[at - 1].text) <= 2 and following == "noun"
        if not (plain or joined or initial or word.text in ("'", "’") or _joins_names(row, at, stop)):
            break
        at += 1
    return at


def _owner_ends(row: Sequence[Word], begin: int, at: int) -> bool:
    """ "des Generalstabs | Verluste": a noun after a genitive is another thing, unless it is somebody's name."""
    owner = row[at - 1]
    if begin == 0 or row[begin - 1].tag not in ("determiner", "other") or not owner.text.endswith("s"):
        return False
    genitive = any(word.lower in _MASCULINE_GENITIVES for word in row[max(0, begin - 4) : begin])
    given = tables.column("given_names", None, "name")
    return genitive and owner.tag == "noun" and row[at].text not in given and lemma(row[at].text, "de") != row[at].text


def _joins_names(row: Sequence[Word], at: int, stop: int) -> bool:
    """Whether a small word stands inside a name: "Ursula von der Leyen", "Union Générale du Travail"."""
    word, before = row[at], row[at - 1]
    if at + 1 >= stop:
        return False
    after = row[at + 1]
    if word.lower in _ARTICLES:
        return before.lower in _PARTICLES and after.tag == "noun"
    if word.lower not in _PARTICLES or before.tag != "noun":
        return False
    article = after.lower in _ARTICLES and at + 2 < stop and row[at + 2].tag == "noun"
    if after.tag != "noun":
        return article
    return word.lower not in _GERMAN_PARTICLES or _is_person(row, at)


def _is_person(row: Sequence[Word], at: int) -> bool:
    """Whether the word before a particle is a given name: "Ursula von der Leyen", not "Sprecher von Reuters"."""
    return row[at - 1].text in tables.column("given_names", None, "name")


def _is_name(word: Word) -> bool:
    """Whether a quotation is the name of a thing: „Der Spiegel“, "Abu Tarbush"."""
    inner = word.text[1:-1].split()
    return 0 < len(inner) <= 6 and inner[0][:1].isupper() and inner[-1][-1:] not in ".!?,"


def _german_more(row: Sequence[Word], at: int, stop: int) -> int | None:
    """What still belongs to the noun before `at`: a genitive, "von ...", "und ...", a bracket; never a time."""
    if at >= stop:
        return None
    word = row[at]
    if word.tag == "bracket":
        return at + 1
    if word.lower in _GENITIVES:
        inner = german_phrase(row, at, stop, attach=False)
    elif word.lower in _ATTACHED:
        inner = german_phrase(row, at + 1, stop, attach=False)
    elif word.lower in ("und", "sowie", "oder", "bzw") and at + 1 < stop:
        inner = german_phrase(row, at + (2 if row[at + 1].lower == "auch" else 1), stop, attach=False)
    else:
        return None
    if inner is None or inner.pronoun or row[inner.head].text in small("de", "time_noun"):
        return None
    return inner.last
