"""Earlier checks in the order in which a person should look at them.

A sum of named signals over a handful of candidates that a database brought: words, word pairs, letters, how
much of the checked claim is covered, language, how soon after it appeared it was checked. The weights were fitted
once on public claim-retrieval data (docs/quality.md); the sum stays linear, so each signal's share can be shown.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache

from claims.analysis import dictionary, terms
from claims.analysis.dictionary import Bridge
from claims.analysis.types import Fact

K1, B = 1.2, 0.6
GRAMS = (4, 5)
NEIGHBOURS = 4
SOON, BEFORE = 20.0, 4.0  # days over which the worth of a date falls to a third
WEIGHTS = {
    "words": 1.0,
    "neighbours": 0.9,
    "pairs": 1.0,
    "letters": 2.7,
    "letter pieces": 2.0,
    "claim covered": 1.9,
    "title covered": 1.3,
    "checked soon after": 4.3,
    "same language": 2.5,
}

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier check as it is ranked: the checked claim, its title and what else was said, when it was checked."""

    id: str
    text: str
    language: str
    title: str = ""
    more: str = ""
    checked: dt.date | None = None
    facts: tuple[Fact, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate's place: the weighted sum, and each signal's share of it."""

    candidate: Candidate
    score: float
    signals: Mapping[str, float]


@lru_cache(maxsize=200_000)
def pieces(word: str) -> tuple[str, ...]:
    """The four- and five-letter pieces of one folded word with a blank on both sides; a short word is one piece."""
    padded = f" {word} "
    if len(padded) <= GRAMS[0]:
        return (padded,)
    return tuple(padded[i : i + size] for size in GRAMS for i in range(len(padded) - size + 1))


def plain(text: str) -> str:
    """`text` without sentences it repeats: posts and their captions often say one thing three times."""
    kept: dict[str, str] = {}
    for sentence in _SENTENCE.split(text):
        kept.setdefault(terms.fold(sentence.strip()), sentence)
    return " ".join(kept.values())


class _Side:
    """One text taken apart once."""

    __slots__ = ("letters", "neighbours", "pairs", "words")

    def __init__(self, fields: Sequence[str], language: str) -> None:
        words: list[Hashable] = []
        pairs: list[Hashable] = []
        neighbours: list[Hashable] = []
        letters: list[Hashable] = []
        for one in fields:
            if not one:
                continue
            keys = [term.key for term in terms.content(one, language)]
            words += keys
            for gap in range(1, NEIGHBOURS + 1):
                pairs += [(a, b) if a < b else (b, a) for a, b in zip(keys, keys[gap:], strict=False)]
            folded = _folded(one)
            neighbours += itertools.pairwise(folded)
            for word in folded:
                letters += pieces(word)
        self.words = Counter(words)
        self.pairs = Counter(pairs)
        self.neighbours = Counter(neighbours)
        self.letters = Counter(letters)


@lru_cache(maxsize=40_000)
def _folded(text: str) -> tuple[str, ...]:
    return tuple(terms.fold(word) for word, _, _ in terms.tokens(text))


@lru_cache(maxsize=20_000)
def _side(fields: tuple[str, ...], language: str) -> _Side:
    return _Side(fields, language)


def rank(
    text: str,
    language: str,
    candidates: Sequence[Candidate],
    *,
    appeared: dt.date | None = None,
    rarity: Mapping[str, float] | None = None,
    bridge: Bridge | None = None,
) -> list[Standing]:
    """The candidates, best first, ties by id.

    `appeared` is the day the claim was made, where that is known. `rarity` says how rare words are in the whole
    archive, by their keys (`terms.inverse_frequencies`); without it the candidates alone must tell.
    """
    if not candidates:
        return []
    bridge = bridge or dictionary.standard()
    query = _side((plain(text),), language)
    sides = [_side((c.text, c.title, c.more), c.language) for c in candidates]
    words = _Weighing([side.words for side in sides])
    if rarity is not None:
        words.rarity = {key: rarity.get(str(key), value) for key, value in words.rarity.items()}
    letters = _Weighing([side.letters for side in sides])
    ways = {
        other: {key: bridge.across(str(key), language, other) for key in query.words}
        for other in {c.language for c in candidates} - {language}
    }
    asked = [_bridged(query.words, ways.get(c.language)) for c in candidates]
    raw: dict[str, list[float]] = {
        "words": [words.bm25(q, at) for at, q in enumerate(asked)],
        "neighbours": _alone([side.neighbours for side in sides], query.neighbours),
        "pairs": _alone([side.pairs for side in sides], query.pairs),
        "letters": letters.cosines(query.letters),
        "letter pieces": [letters.bm25(query.letters.keys(), at) for at in range(len(sides))],
        "claim covered": [words.covered(q, c.text, c.language) for q, c in zip(asked, candidates, strict=True)],
        "title covered": [words.covered(q, c.title, c.language) for q, c in zip(asked, candidates, strict=True)],
    }
    signals = {name: _by_maximum(values) for name, values in raw.items()}
    signals["checked soon after"] = [_soon(appeared, c.checked) for c in candidates]
    signals["same language"] = [float(c.language == language) for c in candidates]
    found = []
    for at, candidate in enumerate(candidates):
        shares = {name: WEIGHTS[name] * values[at] for name, values in signals.items()}
        found.append(Standing(candidate, sum(shares.values()), shares))
    return sorted(found, key=lambda standing: (-standing.score, standing.candidate.id))


def _bridged(words: Mapping[Hashable, int], ways: Mapping[Hashable, frozenset[str]] | None) -> AbstractSet[Hashable]:
    """The query's words as they may stand in the candidate's language."""
    if ways is None:
        return words.keys()
    return {way for key in words for way in ways[key]}


def _by_maximum(values: Sequence[float]) -> list[float]:
    top = max(values)
    return [value / top for value in values] if top > 0 else [0.0] * len(values)


def _soon(appeared: dt.date | None, checked: dt.date | None) -> float:
    """Most checks follow their claim within days; one long before it is about something else."""
    if appeared is None or checked is None:
        return 0.0
    gap = (checked - appeared).days
    return math.exp(-gap / SOON) if gap >= 0 else math.exp(gap / BEFORE)


class _Weighing:
    """Bags of one kind with the rarity of what is in them, over the candidates at hand."""

    def __init__(self, bags: Sequence[Mapping[Hashable, int]]) -> None:
        self.bags = bags
        counts: Counter[Hashable] = Counter()
        for bag in bags:
            counts.update(bag.keys())
        total = len(bags)
        by_count = {n: math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in set(counts.values())}
        self.rarity = {key: by_count[n] for key, n in counts.items()}
        self.lengths = [sum(bag.values()) for bag in bags]
        self.average = sum(self.lengths) / total or 1.0

    def bm25(self, asked: AbstractSet[Hashable], at: int) -> float:
        bag, rarity = self.bags[at], self.rarity
        length = K1 * (1 - B + B * self.lengths[at] / self.average)
        total = 0.0
        for key in bag.keys() & asked:
            count = bag[key]
            total += rarity[key] * count * (K1 + 1) / (count + length)
        return total

    def covered(self, asked: AbstractSet[Hashable], text: str, language: str) -> float:
        """How much of `text`, by rarity, the query says too."""
        keys = terms.keys(text, language)
        whole = sum(self.rarity.get(key, 0.0) for key in keys)
        return sum(self.rarity.get(key, 0.0) for key in keys.intersection(asked)) / whole if whole else 0.0

    def cosines(self, asked: Mapping[Hashable, int]) -> list[float]:
        """Cosine of the query with each bag, in which a thing counts once however often it stands there."""
        rarity = self.rarity
        squares = {key: value * value for key, value in rarity.items()}
        ours = {key: (1 + math.log(n)) * rarity[key] for key, n in asked.items() if key in rarity}
        norm = math.sqrt(sum(value * value for value in ours.values())) or 1.0
        products = {key: value * rarity[key] for key, value in ours.items()}
        wanted = products.keys()
        found = []
        for bag in self.bags:
            length = math.sqrt(sum(map(squares.__getitem__, bag))) or 1.0
            found.append(sum(map(products.__getitem__, wanted & bag.keys())) / (norm * length))
        return found


def _alone(bags: Sequence[Mapping[Hashable, int]], asked: Mapping[Hashable, int]) -> list[float]:
    """BM25 over the few things both have: rarity only for what the query asks."""
    wanted = asked.keys()
    narrow = [{key: bag[key] for key in wanted & bag.keys()} for bag in bags]
    weighing = _Weighing(narrow)
    weighing.lengths = [sum(bag.values()) for bag in bags]
    weighing.average = sum(weighing.lengths) / len(bags) or 1.0
    return [weighing.bm25(narrow[at].keys(), at) for at in range(len(bags))]
