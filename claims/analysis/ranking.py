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

import numpy as np
import numpy.typing as npt

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

Pieces = npt.NDArray[np.int64]
NOTHING: Pieces = np.array([], dtype=np.int64)

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


@lru_cache(maxsize=100_000)
def _numbered(word: str) -> Pieces:
    """Its pieces as numbers made of their letters, so that those of many texts can be counted at once. The hash of an
    int is the same in every process, unlike that of a str."""
    return np.array([hash(int.from_bytes(piece.encode(), "little")) for piece in pieces(word)], dtype=np.int64)


def plain(text: str) -> str:
    """`text` without sentences it repeats: posts and their captions often say one thing three times."""
    kept: dict[str, str] = {}
    for sentence in _SENTENCE.split(text):
        kept.setdefault(terms.fold(sentence.strip()), sentence)
    return " ".join(kept.values())


class _Side:
    """One text taken apart once."""

    __slots__ = ("folded", "keys", "words")

    def __init__(self, fields: Sequence[str], language: str) -> None:
        given = [one for one in fields if one]
        self.keys = [[term.key for term in terms.content(one, language)] for one in given]
        self.folded = [_folded(one) for one in given]
        self.words: Counter[Hashable] = Counter(itertools.chain.from_iterable(self.keys))

    def letters(self) -> list[Pieces]:
        return [_numbered(word) for folded in self.folded for word in folded]

    def neighbours(self, asked: AbstractSet[Hashable]) -> Counter[Hashable]:
        """Words that follow each other, of those in `asked`."""
        return Counter(
            (a, b) for folded in self.folded for a, b in itertools.pairwise(folded) if a in asked and b in asked
        )

    def pairs(self, asked: AbstractSet[Hashable]) -> Counter[Hashable]:
        """Content words that stand near each other in either order, of those in `asked`."""
        found: Counter[Hashable] = Counter()
        for keys in self.keys:
            near = [(at, key) for at, key in enumerate(keys) if key in asked]
            for first, (at, one) in enumerate(near):
                for other_at, other in near[first + 1 : first + 1 + NEIGHBOURS]:
                    if other_at - at > NEIGHBOURS:
                        break
                    found[(one, other) if one < other else (other, one)] += 1
        return found

    def neighbour_count(self) -> int:
        return sum(max(0, len(folded) - 1) for folded in self.folded)

    def pair_count(self) -> int:
        return sum(max(0, len(keys) - gap) for keys in self.keys for gap in range(1, NEIGHBOURS + 1))


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
    letters = _Letters([side.letters() for side in sides], query.letters())
    ways = {
        other: {key: bridge.across(str(key), language, other) for key in query.words}
        for other in {c.language for c in candidates} - {language}
    }
    asked = [_bridged(query.words, ways.get(c.language)) for c in candidates]
    raw: dict[str, list[float]] = {
        "words": [words.bm25(q, at) for at, q in enumerate(asked)],
        "neighbours": _neighbours(query, sides),
        "pairs": _pairs(query, sides),
        "letters": letters.cosines(),
        "letter pieces": letters.bm25(),
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


class _Letters:
    """The letter pieces of all candidates at once, with how rare each is among them."""

    def __init__(self, bags: Sequence[Sequence[Pieces]], asked: Sequence[Pieces]) -> None:
        self.total = len(bags)
        sizes = [sum(map(len, bag)) for bag in bags]
        flat = np.concatenate([NOTHING, *itertools.chain.from_iterable(bags)])
        known, place = np.unique(flat, return_inverse=True)
        width = max(1, len(known))
        cells, self.counts = np.unique(np.repeat(np.arange(self.total), sizes) * width + place, return_counts=True)
        self.bag, self.piece = cells // width, cells % width
        among = np.bincount(self.piece, minlength=width)
        self.rarity = np.log(1 + (self.total - among + 0.5) / (among + 0.5))
        self.lengths = np.array(sizes, dtype=np.float64)
        self.asked = np.zeros(width)  # how often the query has each
        ours, times = np.unique(np.concatenate([NOTHING, *asked]), return_counts=True)
        shared, at, there = np.intersect1d(known, ours, assume_unique=True, return_indices=True)
        if len(shared):
            self.asked[at] = times[there]

    def bm25(self) -> list[float]:
        average = float(self.lengths.mean()) or 1.0
        length = K1 * (1 - B + B * self.lengths / average)
        worth = self.rarity[self.piece] * self.counts * (K1 + 1) / (self.counts + length[self.bag])
        return self._summed(np.where(self.asked[self.piece] > 0, worth, 0.0))

    def cosines(self) -> list[float]:
        """Cosine of the query with each bag, in which a thing counts once however often it stands there."""
        ours = np.where(self.asked > 0, 1 + np.log(np.maximum(self.asked, 1.0)), 0.0) * self.rarity
        norm = float(np.sqrt((ours**2).sum())) or 1.0
        lengths = [math.sqrt(square) or 1.0 for square in self._summed(self.rarity[self.piece] ** 2)]
        products = self._summed((ours * self.rarity)[self.piece])
        return [product / (norm * length) for product, length in zip(products, lengths, strict=True)]

    def _summed(self, worth: npt.NDArray[np.float64]) -> list[float]:
        """Per bag."""
        return [float(one) for one in np.bincount(self.bag, weights=worth, minlength=self.total)]


def _neighbours(query: _Side, sides: Sequence[_Side]) -> list[float]:
    wanted = {word for folded in query.folded for word in folded}
    ours = query.neighbours(wanted)
    return _alone([side.neighbours(wanted) for side in sides], [side.neighbour_count() for side in sides], ours)


def _pairs(query: _Side, sides: Sequence[_Side]) -> list[float]:
    wanted = query.words.keys()
    ours = query.pairs(wanted)
    return _alone([side.pairs(wanted) for side in sides], [side.pair_count() for side in sides], ours)


def _alone(bags: Sequence[Mapping[Hashable, int]], lengths: list[int], asked: Mapping[Hashable, int]) -> list[float]:
    """BM25 over the few things both have: rarity only for what the query asks."""
    wanted = asked.keys()
    narrow = [{key: bag[key] for key in wanted & bag.keys()} for bag in bags]
    weighing = _Weighing(narrow)
    weighing.lengths = lengths
    weighing.average = sum(lengths) / len(lengths) or 1.0
    return [weighing.bm25(narrow[at].keys(), at) for at in range(len(bags))]
