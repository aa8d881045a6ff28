"""Whether two articles tell the same story: the same happening, not only the same subject.

Seven likenesses (opening, headline, letters, names, words), each from 0 to 1, go into one weighted sum. The weights
were fitted once on public pairs of news articles (docs/quality.md); how rare a word is comes from the texts at hand.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from claims.analysis import entities, terms

SAME = 0.4
HEADLINE, OPENING, BODY = 110, 500, 3000
LETTERS = 5
CONSTANT = -4.0
WEIGHTS = {
    "opening": 1.89,
    "headline": 1.19,
    "headline contained": 1.52,
    "letters": 1.93,
    "capitals": 1.19,
    "words contained": 0.49,
    "names": 1.58,
}

Bag = Mapping[Hashable, int]


@dataclass(frozen=True, slots=True)
class Story:
    """One article, headline first."""

    id: str
    text: str
    language: str


class Stories:
    """A set of articles to compare with each other; rarity is counted per language over all of them."""

    def __init__(self, stories: Sequence[Story]) -> None:
        self.languages = {story.id: story.language for story in stories}
        self.bags = {story.id: _bags(story) for story in stories}
        counts: dict[tuple[str, str], Counter[Hashable]] = defaultdict(Counter)
        totals: Counter[str] = Counter()
        for name, bags in self.bags.items():
            totals[self.languages[name]] += 1
            for kind, bag in bags.items():
                counts[self.languages[name], kind].update(bag.keys())
        self.rarity = {
            (language, kind): {key: math.log((totals[language] + 1) / (n + 0.5)) for key, n in counter.items()}
            for (language, kind), counter in counts.items()
        }

    def signals(self, one: str, other: str) -> dict[str, float]:
        """The likenesses of two articles by name."""

        def rare(kind: str) -> Mapping[Hashable, float]:
            # Articles in two languages share names only; either side's counts will do for those.
            return self.rarity[self.languages[one], kind] | self.rarity[self.languages[other], kind]

        a, b = self.bags[one], self.bags[other]
        return {
            "opening": _cosine(a["opening"], b["opening"], rare("opening")),
            "headline": _cosine(a["headline"], b["headline"], rare("headline")),
            "headline contained": _contained(a["headline"], b["headline"], rare("headline")),
            "letters": _cosine(a["letters"], b["letters"], rare("letters")),
            "capitals": _cosine(a["capitals"], b["capitals"], rare("capitals")),
            "words contained": _contained(a["words"], b["words"], rare("words")),
            "names": _cosine(a["names"], b["names"], rare("names")),
        }

    def likeness(self, one: str, other: str) -> float:
        """From 0 to 1; from `SAME` on the two tell one story."""
        found = self.signals(one, other)
        total = CONSTANT + sum(WEIGHTS[name] * math.sqrt(value) for name, value in found.items())
        return 1 / (1 + math.exp(-total))


def _bags(story: Story) -> dict[str, Bag]:
    text, language = story.text, story.language
    content = terms.content(text, language)
    letters: Counter[Hashable] = Counter()
    for word, _, _ in terms.tokens(text):
        padded = f" {terms.fold(word)} "
        letters.update(padded[i : i + LETTERS] for i in range(max(1, len(padded) - LETTERS + 1)))
    return {
        "opening": Counter(term.key for term in content if term.end <= OPENING),
        "headline": Counter(term.key for term in content if term.end <= HEADLINE),
        "letters": letters,
        "capitals": Counter(term.key for term in content if term.capital),
        "words": Counter(term.key for term in content),
        # Towns and regions are left out: the weights were fitted without them, and with them they say less.
        "names": Counter(entity.id for entity in entities.find(text[:BODY], language) if entity.type != "place"),
    }


def _cosine(one: Bag, other: Bag, rarity: Mapping[Hashable, float]) -> float:
    def weigh(bag: Bag) -> dict[Hashable, float]:
        return {key: (1 + math.log(n)) * max(0.0, rarity[key]) for key, n in bag.items()}

    ours, theirs = weigh(one), weigh(other)
    norm = math.sqrt(sum(v * v for v in ours.values())) * math.sqrt(sum(v * v for v in theirs.values()))
    return min(1.0, sum(ours[key] * theirs[key] for key in ours.keys() & theirs.keys()) / norm) if norm else 0.0


def _contained(one: Bag, other: Bag, rarity: Mapping[Hashable, float]) -> float:
    def weigh(keys: Sequence[Hashable] | frozenset[Hashable]) -> float:
        return sum(max(0.0, rarity[key]) for key in keys)

    smaller = min(weigh(list(one)), weigh(list(other)))
    return min(1.0, weigh(frozenset(one.keys() & other.keys())) / smaller) if smaller else 0.0
