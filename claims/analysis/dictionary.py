"""Words across languages: our small glossary, and whatever bilingual dictionary the desk has installed.

A dictionary is the user's own file: named by the setting DICTIONARY_FILES, else where Debian's package trans-de-en puts
one. None is shipped with this project. Without one only the glossary, names and facts cross the border.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from claims.analysis import tables, terms

INSTALLED = Path("/usr/share/trans/de-en")

_ASIDE = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)|/[^/]*/|<[^>]*>")
_SMALL = {"to", "sth", "sb", "etw", "jdn", "jdm", "jds", "sich", "a", "an", "the", "of"}
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_LEAST_PART = 4


@dataclass(frozen=True, slots=True)
class Bridge:
    """Ways from a word of one language to words of another, by folded base forms (`terms.key`).

    `words` goes from (language, key) to single words of the pivot language, English.
    """

    words: Mapping[tuple[str, str], frozenset[str]]
    names: tuple[str, ...] = ("glossary",)
    back: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def reaches(self, source: str, target: str) -> bool:
        """Whether a full dictionary, not only the glossary, stands between the two languages."""
        return source == target or any({source, target} <= set(name.split("-")) for name in self.names)

    def across(self, key: str, source: str, target: str) -> frozenset[str]:
        """The keys `key` may have in `target`; the key itself always counts, because names do not change."""
        if source == target:
            return frozenset({key})
        return _across(self, key, source, target)

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=100_000)
def _across(bridge: Bridge, key: str, source: str, target: str) -> frozenset[str]:
    found = {key}
    english = frozenset({key}) if source == "en" else _english(bridge, key, source)
    if target == "en":
        return frozenset(found | english)
    for word in english:
        found |= bridge.back.get((target, word), frozenset())
    return frozenset(found)


def _english(bridge: Bridge, key: str, source: str) -> frozenset[str]:
    whole = bridge.words.get((source, key))
    if whole is not None:
        return whole
    if source in ("de", "nl"):
        parts = _parts(bridge, key, source)
        if parts:
            return frozenset().union(*(bridge.words[source, part] for part in parts))
    return frozenset()


def _parts(bridge: Bridge, key: str, source: str) -> tuple[str, ...]:
    """A compound as two known words ("truppenbewegung" as "truppe" and "bewegung"), longest tail first."""
    for cut in range(_LEAST_PART, len(key) - _LEAST_PART + 1):
        tail = key[cut:]
        if (source, tail) not in bridge.words:
            continue
        head = key[:cut]
        for link in _LINKS:
            bare = head.removesuffix(link) if link else head
            if len(bare) >= _LEAST_PART - 1 and (source, bare) in bridge.words:
                return (bare, tail)
        return (tail,)
    return ()


def _collect(pairs: Iterable[tuple[str, str, str]], names: tuple[str, ...]) -> Bridge:
    """`pairs` are (language, phrase of that language, English phrase), single words after folding."""
    words: dict[tuple[str, str], set[str]] = {}
    back: dict[tuple[str, str], set[str]] = {}
    for language, word, english in pairs:
        words.setdefault((language, word), set()).add(english)
        back.setdefault((language, english), set()).add(word)
    return Bridge(
        {pair: frozenset(found) for pair, found in words.items()},
        names,
        {pair: frozenset(found) for pair, found in back.items()},
    )


def _glossary() -> Iterable[tuple[str, str, str]]:
    stop = terms.stopwords("en")
    for row in tables.rows("glossary"):
        for english in row["english"].split("|"):
            for word in english.split():
                if word not in stop:
                    # Both spellings are kept: the base form of a whole phrase is not always that of its words.
                    for base in {terms.key(word, "en"), terms.fold(word)}:
                        yield row["language"], terms.key(row["word"].capitalize(), row["language"]), base
                        yield row["language"], terms.fold(row["word"]), base


@cache
def glossary() -> Bridge:
    """The bridge that is always there: tables/glossary.tsv."""
    return _collect(_glossary(), ("glossary",))


def _phrase(text: str, language: str) -> str | None:
    """The one content word of a dictionary phrase as a key, or None where it has none or several."""
    words = [word for word, _, _ in terms.tokens(_ASIDE.sub(" ", text)) if terms.fold(word) not in _SMALL]
    if len(words) != 1 or words[0][0].isdigit():
        return None
    # Capitals tell simplemma that a German word is a noun, and dictionaries print them right.
    return terms.key(words[0], language)


def _ding(path: Path, left: str, right: str) -> Iterable[tuple[str, str, str]]:
    """The lines of a Ding file: `word {f} | plural :: translation; other | plural`."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith("#") or "::" not in line:
                continue
            ours, theirs = line.split("::", 1)
            # The first of the | columns is the base form; the others repeat it inflected or in a phrase.
            sources = {_phrase(part, left) for part in ours.split("|", 1)[0].split(";")}
            targets = {_phrase(part, right) for part in theirs.split("|", 1)[0].split(";")}
            for source in sources - {None, ""}:
                for target in targets - {None, ""}:
                    assert source is not None and target is not None  # noqa: S101 - for the type checker
                    yield left, source, target


def _columns(path: Path) -> Iterable[tuple[str, str, str]]:
    """The lines of a desk's own list: language, word and English word, separated by tabs."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            language, _, rest = line.rstrip("\r\n").partition("\t")
            word, _, english = rest.partition("\t")
            source, target = _phrase(word, language), _phrase(english, "en")
            if not line.startswith("#") and source and target:
                yield language, source, target


@cache
def load(path: Path, language: str = "de") -> Bridge:
    """The glossary with one dictionary: a `.tsv` of our own columns, else a Ding file from `language` to English.

    Raises OSError where the file cannot be read: a desk that names a dictionary wants it used.
    """
    return loaded((path,), language)


def loaded(paths: Iterable[Path], language: str = "de") -> Bridge:
    """The glossary together with several dictionaries."""
    pairs, names = [*_glossary()], ["glossary"]
    for path in paths:
        if path.suffix == ".tsv":
            found = [*_columns(path)]
            pairs += found
            names += sorted({f"{source}-en" for source, _, _ in found})
        else:
            pairs += _ding(path, language, "en")
            names.append(f"{language}-en")
    return _collect(pairs, tuple(dict.fromkeys(names)))


_named: tuple[Path, ...] = ()


def install(paths: Iterable[Path]) -> None:
    """Use these dictionaries from now on; none named means the one Debian installs, where it is.

    Raises OSError where one cannot be read.
    """
    global _named
    named = tuple(paths)
    for path in named:
        path.open().close()
    _named = named
    standard.cache_clear()


@cache
def standard() -> Bridge:
    """The best bridge this machine has: the dictionaries named, else the installed one, else the glossary."""
    if _named:
        return loaded(_named)
    return load(INSTALLED) if INSTALLED.is_file() else glossary()
