"""Which number or date of a passage answers which of a claim.

The thing counted, the words around, what happened and the order of magnitude decide together; whether the two agree
is looked at afterwards. Otherwise "more than 350" would find itself confirmed by any larger number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from claims.analysis import terms
from claims.analysis.dictionary import Bridge
from claims.analysis.types import Date, Fact, Modifier, Quantity, Row, Span

REACH = 5
THING = {"same": 0.8, "kin": 0.6, "open": 0.45, "other": 0.0}
MAGNITUDE = 1.0
# A pair that fits worse than this has nothing to say against the claim.
LEAST_QUANTITY, LEAST_LIMIT, LEAST_NAMED, LEAST_DATE = 1.6, 1.3, 1.0, 1.3


_LIMITS = (Modifier.MORE_THAN, Modifier.AT_LEAST, Modifier.LESS_THAN, Modifier.AT_MOST)


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim's fact and a passage's fact that can be held against each other."""

    claim: int
    found: Fact
    row: Row
    fit: float


def fit(
    claim: Fact,
    found: Fact,
    thing: str,
    ours: Mapping[str, int],
    theirs: Mapping[str, int],
    bridge: Bridge,
    source: str,
    target: str,
) -> float:
    """How well the two answer each other, about 0 to 3. `ours` and `theirs` are the words around, by distance."""
    score = 0.8 * _around(ours, theirs, bridge, source, target)
    if isinstance(claim, Quantity) and isinstance(found, Quantity):
        score += THING[thing] + MAGNITUDE * _magnitude(claim, found)
        score += 0.2 * (claim.role == found.role) + 0.2 * (claim.unit == found.unit)
        score += _event(claim.event, found.event)
    elif isinstance(claim, Date) and isinstance(found, Date) and claim.type == "DURATION":
        score += 0.8 + 0.5 * (claim.timex[-1:] == found.timex[-1:]) + _event(claim.event, found.event)
    elif isinstance(claim, Date) and isinstance(found, Date):
        score += 0.3 * (claim.precision == found.precision) + 0.4 * _distance(claim, found)
        score += _event(claim.event, found.event) + 0.3 * (not found.year_inferred) + 0.2 * (not found.relative)
        score += 0.2 * (claim.relation in ("before", "after", "since", "until"))
    return score


def contradicts_enough(claim: Fact, found: Fact, thing: str, score: float) -> bool:
    """Whether two values fit each other well enough to be read as a contradiction."""
    if isinstance(claim, Quantity) and isinstance(found, Quantity):
        if thing in ("same", "kin") and claim.counted is not None and claim.counted.known:
            return score >= LEAST_NAMED
        if claim.event and found.event and alike(claim.event, found.event) and claim.role == found.role:
            return score >= LEAST_NAMED
        return score >= (LEAST_LIMIT if claim.modifier in _LIMITS else LEAST_QUANTITY)
    return score >= LEAST_DATE


def is_label(text: str, span: Span) -> bool:
    """A digit behind a name is part of it: "Chapter 3", "PlayStation 5"."""
    before = text[: span.start]
    word = before.rstrip().rsplit(maxsplit=1)[-1:] or [""]
    return (
        span.of(text).isdigit()
        and len(span.of(text)) <= 2
        and before[-1:].isspace()
        and word[0][:1].isupper()
        and word[0].isalnum()
        and len(before.rstrip()) > len(word[0])
    )


def _event(ours: str, theirs: str) -> float:
    if not ours or not theirs:
        return 0.15
    return 0.5 if alike(ours, theirs) else 0.0


_KIN = (
    {"kill", "wound", "suffer_losses", "lose", "capture"},
    {"send", "deploy", "deliver", "begin"},
    {"earn", "sell", "rise", "spend", "buy"},
    {"found", "build", "begin", "announce"},
)


def alike(ours: str, theirs: str) -> bool:
    """Whether two event classes may be told of one thing."""
    return ours == theirs or any(ours in group and theirs in group for group in _KIN)


def _magnitude(claim: Quantity, found: Quantity) -> float:
    one, other = (abs(q.lo if q.base_lo is None else q.base_lo) for q in (claim, found))
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    return max(0.0, 0.9 - abs(math.log(one / other)))


_UNITS = {"month": (30.4, 6.0), "quarter": (91.0, 5.0), "season": (91.0, 5.0), "halfyear": (182.0, 5.0),
          "year": (365.25, 4.5), "decade": (3652.5, 3.5), "century": (36525.0, 3.0)}  # fmt: skip


def _distance(claim: Date, found: Date) -> float:
    """Nearness in steps of the coarser of the two: three years apart is near for years, far for days."""
    ours, theirs = claim.first or claim.last, found.first or found.last
    if ours is None or theirs is None:
        return 1.0 if claim.month and claim.month == found.month else 0.0
    coarse = (_UNITS.get(claim.precision, (1.0, 9.0)), _UNITS.get(found.precision, (1.0, 9.0)))
    length, reach = max(coarse)
    return max(0.0, 1 - math.log1p(abs((ours - theirs).days) / length) / reach)


def _around(ours: Mapping[str, int], theirs: Mapping[str, int], bridge: Bridge, source: str, target: str) -> float:
    """The share of the nearer words both have around their fact; the nearest tell most."""
    total = shared = 0.0
    for key, distance in ours.items():
        weight = 1 / (1 + distance)
        total += weight
        near = [theirs[way] for way in bridge.across(key, source, target) if way in theirs]
        if near:
            shared += weight / (1 + 0.15 * min(near))
    return shared / total if total else 0.0


@lru_cache(maxsize=40_000)
def words_around(text: str, span: Span, language: str) -> Mapping[str, int]:
    """The content words within reach of `span`, by how many words away the nearest stands."""
    words = terms.content(text, language)
    inside = [at for at, term in enumerate(words) if term.start < span.end and span.start < term.end]
    if inside:
        first, last = inside[0], inside[-1]
    else:
        first = sum(term.start < span.start for term in words)
        last = first - 1
    found: dict[str, int] = {}
    for at in range(max(0, first - REACH), min(len(words), last + REACH + 1)):
        if first <= at <= last or words[at].number:
            continue
        distance = first - at - 1 if at < first else at - last - 1
        key = words[at].key
        found[key] = min(distance, found.get(key, distance))
    return found


def offset(text: str, facts: Sequence[Fact]) -> int:
    """Where a claim's text begins in the text its facts were found in: 0 where they were found in itself."""
    if not facts:
        return 0
    if all(fact.span.of(text) == fact.text for fact in facts):
        return 0
    first = facts[0]
    at = text.find(first.text)
    while at >= 0:
        start = first.span.start - at
        if all(
            start <= fact.span.start and text[fact.span.start - start : fact.span.end - start] == fact.text
            for fact in facts
        ):
            return start
        at = text.find(first.text, at + 1)
    return min(fact.span.start for fact in facts)


def assign(pairs: Sequence[Pair]) -> dict[int, Row]:
    """Rows by the claim's facts: the best-fitting pairs first, each fact of the passage once."""
    rows: dict[int, Row] = {}
    taken: set[Fact] = set()
    for pair in sorted(pairs, key=lambda pair: (-pair.fit, pair.claim, pair.found.span)):
        if pair.claim not in rows and pair.found not in taken:
            rows[pair.claim] = pair.row
            taken.add(pair.found)
    return rows
