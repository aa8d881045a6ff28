"""How much of one text stands in another: shingles outside quotations, containment and the longest run.

Containment, not Jaccard: a copy cut to sixty per cent is still a copy (measured 0.71 against 0.36).
Quotations are left out because two independent reporters quote the same words.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from claims.analysis import terms

SIZE = 5
COPY = 0.5
DERIVED = 0.2
RUN = 30
FEWEST = 12

_QUOTED = re.compile(r"„[^„“”]{1,800}[“”\"]|“[^“”]{1,800}”|«[^«»]{1,800}»|»[^«»]{1,800}«|\"[^\"\n]{1,800}\"")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two texts compared: the share of the shorter one's shingles found in the other, and the longest shared run."""

    containment: float
    run: int
    shared: int

    @property
    def copied(self) -> bool:
        return (self.containment >= COPY and self.shared >= FEWEST) or self.run >= RUN

    @property
    def derived(self) -> bool:
        return not self.copied and self.containment >= DERIVED and self.shared >= FEWEST


@lru_cache(maxsize=4_000)
def _shingles(text: str) -> tuple[int, ...]:
    """The hashed five-word shingles of `text` in order, quotations left out."""
    words = [terms.fold(word) for word, _, _ in terms.tokens(_QUOTED.sub(" \n ", text))]
    return tuple(hash(tuple(words[i : i + SIZE])) for i in range(len(words) - SIZE + 1))


def _run(ours: Sequence[int], theirs: Sequence[int]) -> int:
    """The longest stretch of words both have, in words."""
    where: dict[int, list[int]] = defaultdict(list)
    for at, shingle in enumerate(theirs):
        where[shingle].append(at)
    best = 0
    lengths: dict[int, int] = {}
    for shingle in ours:
        current = {}
        for at in where.get(shingle, ()):
            current[at] = lengths.get(at - 1, 0) + 1
            best = max(best, current[at])
        lengths = current
    return best + SIZE - 1 if best else 0


def compare(ours: str, theirs: str) -> Overlap:
    """Two texts alone."""
    return _compare(_shingles(ours), _shingles(theirs))


def _compare(ours: Sequence[int], theirs: Sequence[int]) -> Overlap:
    a, b = set(ours), set(theirs)
    shared = len(a & b)
    smaller = min(len(a), len(b))
    return Overlap(shared / smaller if smaller else 0.0, _run(ours, theirs) if shared else 0, shared)


def overlaps(texts: Mapping[str, str], sites: Mapping[str, str] | None = None) -> dict[tuple[str, str], Overlap]:
    """Every pair of texts that shares enough to look at, by ids in order.

    What most texts of one site (`sites` names it by id) repeat is its furniture and counts for nothing.
    """
    held = {name: _shingles(text) for name, text in texts.items()}
    furniture = _furniture(held, sites or {})
    held = {name: tuple(s for s in found if s not in furniture) for name, found in held.items()}
    where: dict[int, list[str]] = defaultdict(list)
    for name, found in held.items():
        for shingle in set(found):
            where[shingle].append(name)
    together: Counter[tuple[str, str]] = Counter()
    for names in where.values():
        for i, one in enumerate(names):
            for other in names[i + 1 :]:
                together[one, other] += 1
    return {pair: _compare(held[pair[0]], held[pair[1]]) for pair, count in sorted(together.items()) if count >= FEWEST}


def _furniture(held: Mapping[str, Sequence[int]], sites: Mapping[str, str]) -> set[int]:
    members: dict[str, list[str]] = defaultdict(list)
    for name in held:
        if sites.get(name):
            members[sites[name]].append(name)
    found: set[int] = set()
    for names in members.values():
        if len(names) < 3:
            continue
        counts = Counter(shingle for name in names for shingle in set(held[name]))
        found.update(shingle for shingle, count in counts.items() if count >= 3 and count > len(names) / 2)
    return found


NEIGHBOURS = 3
REUSED = 0.965
# What each signal amounts to where a text is just derived from another.
_JUST_DERIVED = {"pairs": (1.0, 0.055), "triples": (0.5, 0.05), "words": (0.5, 0.2)}


class Reuse:
    """Derivation within a set of texts on the same subject.

    What all of them say ("the speed of light") tells nothing, so each shared word, pair of near words and
    three-word run counts by how few of the texts have it.
    """

    def __init__(self, texts: Mapping[str, tuple[str, str]]) -> None:
        """`texts` are the texts that may be derived, with their language, by id."""
        self.bags = {name: _shared_things(text, language) for name, (text, language) in texts.items()}
        self.counts: dict[str, Counter[object]] = {kind: Counter() for kind in _JUST_DERIVED}
        for bags in self.bags.values():
            for kind, bag in bags.items():
                self.counts[kind].update(bag)

    def derived(self, name: str, source: str, language: str) -> float:
        """How much the text `name` owes to `source`; from `REUSED` on it is derived from it."""
        ours, theirs = self.bags[name], _shared_things(source, language)
        total = 0.0
        for kind, (weight, least) in _JUST_DERIVED.items():
            power = 1 if kind == "triples" else 2
            worth = {
                thing: max(0.0, math.log(len(self.bags) / self.counts[kind][thing])) ** power for thing in ours[kind]
            }
            whole = sum(worth.values())
            if whole:
                total += weight * sum(worth[thing] for thing in ours[kind] & theirs[kind]) / whole / least
        return total / sum(weight for weight, _ in _JUST_DERIVED.values())


def _shared_things(text: str, language: str) -> dict[str, set[object]]:
    keys = [term.key for term in terms.content(text, language)]
    every = [terms.key(word, language) for word, _, _ in terms.tokens(text)]
    pairs: set[object] = set()
    for gap in range(1, NEIGHBOURS + 1):
        pairs.update(tuple(sorted(pair)) for pair in zip(keys, keys[gap:], strict=False))
    return {"words": set(keys), "pairs": pairs, "triples": set(zip(every, every[1:], every[2:], strict=False))}
