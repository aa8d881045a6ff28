"""Which sentences of one document to read first about a claim.

A weighted sum of what a sentence shares with the claim, of what stands around it and of where it stands; then one
after another is taken so that together they cover the claim, because a page rarely says everything in one
sentence. The weights were fitted once on public pairs of claims and pages (docs/quality.md).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from claims.analysis import dictionary, ranking, terms
from claims.analysis.dictionary import Bridge
from claims.analysis.ranking import Candidate

WEIGHTS = {
    "words": 0.68,
    "letters": 1.33,
    "letter pieces": 0.7,
    "numbers": 0.84,
    "names": 0.35,
    "neighbourhood": 1.47,
    "neighbours": 1.16,
    "length": 0.85,
    "late": -1.22,
    "best around": 1.26,
    "mean around": 1.05,
    "down the page": -0.63,
    "a year": 0.31,
    "a whole sentence": 0.32,
    "a scrap": -0.27,
}
NEAR, AROUND = 3, 8
SCRAP, LONG = 4, 40
# What the words not yet covered are worth beside the score, and what is left of a word each time it is covered.
COVERAGE, AGAIN = 5.0, 0.35

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ENDED = re.compile(r"[.!?…][\"'”»’)]?\s*$")


def choose(
    claim_text: str,
    claim_language: str,
    sentences: Sequence[str],
    language: str,
    *,
    limit: int = 10,
    bridge: Bridge | None = None,
) -> list[int]:
    """The places of the `limit` sentences to read first, in the order in which to read them."""
    if not sentences:
        return []
    bridge = bridge or dictionary.standard()
    wanted = _wanted(claim_text, claim_language, language, bridge)
    bags = [terms.keys(sentence, language) for sentence in sentences]
    rarity = terms.inverse_frequencies(bags)
    worth = {key: max((rarity[way] for way in ways if way in rarity), default=0.0) for key, (_, ways) in wanted.items()}
    hits = [{key for key, (_, ways) in wanted.items() if not ways.isdisjoint(bag)} for bag in bags]
    scores = _scores(claim_text, claim_language, sentences, language, wanted, worth, hits, bags, bridge)
    return _cover(scores, hits, worth, limit)


Wanted = Mapping[str, tuple[terms.Term, frozenset[str]]]


def _wanted(text: str, source: str, target: str, bridge: Bridge) -> Wanted:
    found: dict[str, tuple[terms.Term, frozenset[str]]] = {}
    for term in terms.content(text, source):
        found.setdefault(term.key, (term, bridge.across(term.key, source, target)))
    return found


def _scores(
    claim_text: str,
    claim_language: str,
    sentences: Sequence[str],
    language: str,
    wanted: Wanted,
    worth: Mapping[str, float],
    hits: Sequence[set[str]],
    bags: Sequence[frozenset[str]],
    bridge: Bridge,
) -> list[float]:
    names = [f"{at:06}" for at in range(len(sentences))]
    candidates = [Candidate(name, sentence, language) for name, sentence in zip(names, sentences, strict=True)]
    shared: list[Mapping[str, float]] = [{}] * len(sentences)
    for standing in ranking.rank(claim_text, claim_language, candidates, bridge=bridge):
        shared[int(standing.candidate.id)] = {
            name: value / ranking.WEIGHTS[name] for name, value in standing.signals.items()
        }
    total = sum(worth.values()) or 1.0
    numbers = {key for key, (term, _) in wanted.items() if term.number}
    capitals = {key for key, (term, _) in wanted.items() if term.capital}

    def covered(keys: set[str], of: set[str] | None = None) -> float:
        whole = total if of is None else sum(worth[key] for key in of)
        return sum(worth[key] for key in keys if of is None or key in of) / whole if whole else 0.0

    found = []
    for at, sentence in enumerate(sentences):
        around = [one["words"] for one in shared[max(0, at - AROUND) : at + AROUND + 1]]
        signals = {
            "words": shared[at]["words"],
            "letters": shared[at]["letters"],
            "letter pieces": shared[at]["letter pieces"],
            "numbers": covered(hits[at], numbers),
            "names": covered(hits[at], capitals),
            "neighbourhood": covered(set().union(*hits[max(0, at - NEAR) : at + NEAR + 1])),
            "neighbours": covered(set().union(*hits[max(0, at - 1) : at + 2])),
            "length": min(len(bags[at]), LONG) / LONG,
            "late": at / len(sentences),
            "best around": max(around),
            "mean around": sum(around) / len(around),
            "down the page": math.log1p(at) / 6,
            "a year": float(bool(_YEAR.search(sentence))),
            "a whole sentence": float(bool(_ENDED.search(sentence))),
            "a scrap": float(len(bags[at]) < SCRAP),
        }
        found.append(sum(WEIGHTS[name] * value for name, value in signals.items()))
    return found


def _cover(scores: Sequence[float], hits: Sequence[set[str]], worth: Mapping[str, float], limit: int) -> list[int]:
    total = sum(worth.values()) or 1.0
    times: Counter[str] = Counter()
    rest = set(range(len(scores)))
    order: list[int] = []
    while rest and len(order) < limit:
        best = max(
            rest,
            key=lambda at: (scores[at] + COVERAGE * sum(worth[k] * AGAIN ** times[k] for k in hits[at]) / total, -at),
        )
        order.append(best)
        rest.discard(best)
        times.update(hits[best])
    return order
