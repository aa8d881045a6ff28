"""What keeps two alike statements apart: another number, date, unit, place, name, or a denial.

Reads the facts first and then, because facts can be missed, the bare words too: digits, capitals and the
word behind a number. In doubt two statements are different.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from claims.analysis import intervals, outcomes, terms
from claims.analysis.dictionary import Bridge
from claims.analysis.types import Date, Entity, Fact, Modifier, Quantity

_LIMITS = (Modifier.MORE_THAN, Modifier.AT_LEAST, Modifier.LESS_THAN, Modifier.AT_MOST)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two statements."""

    text: str
    language: str
    facts: tuple[Fact, ...]

    def quantities(self) -> list[Quantity]:
        return [fact for fact in self.facts if isinstance(fact, Quantity)]

    def dates(self) -> list[Date]:
        return [fact for fact in self.facts if isinstance(fact, Date)]

    def entities(self) -> list[Entity]:
        return [fact for fact in self.facts if isinstance(fact, Entity)]


def difference(one: Side, other: Side, bridge: Bridge) -> str:
    """The first difference that forbids calling the two one claim, in words; empty where there is none."""
    return (
        _numbers(one, other)
        or _dates(one, other)
        or _names(one, other, bridge)
        or _denial(one, other)
        or _digits(one, other)
        or _behind_numbers(one, other, bridge)
        or _capitals(one, other, bridge)
    )


def _numbers(one: Side, other: Side) -> str:
    for ours, theirs in ((one, other), (other, one)):
        rest = theirs.quantities()
        for fact in ours.quantities():
            same_dimension = [found for found in rest if found.dimension == fact.dimension]
            if any(_same_number(fact, found) for found in same_dimension):
                continue
            twin = next((found for found in rest if found.lo == fact.lo and found.hi == fact.hi), None)
            if twin is not None and twin.dimension != fact.dimension:
                return f"another unit: {fact.text} / {twin.text}"
            if same_dimension:
                return f"another number: {fact.text} / {same_dimension[0].text}"
            return f"a number only one of them has: {fact.text}"
    return ""


def _same_number(one: Quantity, other: Quantity) -> bool:
    known = one.counted and other.counted and one.counted.known and other.counted.known
    if known and one.counted.name != other.counted.name:  # type: ignore[union-attr]
        return False
    if (one.modifier in _LIMITS or other.modifier in _LIMITS) and _direction(one) * _direction(other) < 0:
        return False
    return intervals.best_relation(one, other)[0] == "equal"


def _direction(fact: Quantity) -> int:
    if fact.modifier in (Modifier.MORE_THAN, Modifier.AT_LEAST, Modifier.JUST_OVER):
        return 1
    return -1 if fact.modifier in (Modifier.LESS_THAN, Modifier.AT_MOST, Modifier.NEARLY) else 0


def _dates(one: Side, other: Side) -> str:
    for ours, theirs in ((one, other), (other, one)):
        for fact in ours.dates():
            if not any(_same_date(fact, found) for found in theirs.dates()):
                near = theirs.dates()
                if near:
                    return f"another date: {fact.text} / {near[0].text}"
                return f"a date only one of them has: {fact.text}"
    return ""


def _same_date(one: Date, other: Date) -> bool:
    if one.timex and one.timex == other.timex:
        return True
    if one.type != other.type or one.precision != other.precision or one.first is None or other.first is None:
        return False
    return intervals.relate_dates(one, other) == "equal" and one.time == other.time


def _names(one: Side, other: Side, bridge: Bridge) -> str:
    for ours, theirs in ((one, other), (other, one)):
        words = terms.keys(theirs.text, theirs.language)
        for fact in ours.entities():
            if any(outcomes.same_entity(fact, found) for found in theirs.entities()):
                continue
            parts = terms.keys(fact.text, ours.language)
            if parts and all(
                not bridge.across(part, ours.language, theirs.language).isdisjoint(words) for part in parts
            ):
                continue
            kind = {"person": "name", "country": "place", "place": "place", "capital": "place"}.get(fact.type, "name")
            return f"another {kind}: {fact.text}"
    return ""


def _denial(one: Side, other: Side) -> str:
    ours, theirs = (terms.negated(side.text, side.language) for side in (one, other))
    if len(ours) % 2 != len(theirs) % 2:
        start, end = (ours or theirs)[0]
        return f"one of them denies: {(one if ours else other).text[start:end]}"
    return ""


def _digits(one: Side, other: Side) -> str:
    """Numbers as printed, where no fact accounts for them."""
    loose = [_loose_digits(side) for side in (one, other)]
    # A number written out on one side ("three", "3") is a fact on both and has been compared already.
    for ours, theirs, side in ((loose[0], loose[1], other), (loose[1], loose[0], one)):
        for number in ours - theirs:
            return f"another number: {number}" if side.text else ""
    return ""


def _loose_digits(side: Side) -> Counter[str]:
    covered = [fact.span for fact in side.facts if isinstance(fact, Quantity | Date)]
    return Counter(
        terms.number_key(word)
        for word, start, end in terms.tokens(side.text)
        if word[0].isdigit() and not any(span.start <= start and end <= span.end for span in covered)
    )


def _followers(side: Side) -> dict[str, set[str]]:
    """By printed number, the content word right behind it and the mark right before it."""
    found: dict[str, set[str]] = {}
    words = terms.tokens(side.text)
    covered = [fact.span for fact in side.facts if isinstance(fact, Quantity | Date)]
    for at, (word, start, _) in enumerate(words):
        if not word[0].isdigit():
            continue
        if any(span.start <= start and at + 1 < len(words) and words[at + 1][2] <= span.end for span in covered):
            continue  # the unit belongs to the fact and has been compared with it
        behind = terms.key(words[at + 1][0], side.language) if at + 1 < len(words) else ""
        mark = side.text[start - 1] if start and not side.text[start - 1].isalnum() else ""
        found.setdefault(terms.number_key(word), set()).add(behind + (mark if mark in "$€£¥-−" else ""))
    return found


def _behind_numbers(one: Side, other: Side, bridge: Bridge) -> str:
    if one.language != other.language:
        return ""
    ours, theirs = _followers(one), _followers(other)
    stop = terms.stopwords(one.language)
    for number in ours.keys() & theirs.keys():
        if ours[number] & theirs[number]:
            continue
        a, b = min(ours[number]), min(theirs[number])
        if a and b and a not in stop and b not in stop and _other_word(a, b):
            return f"another unit or thing: {number} {a} / {number} {b}"
    return ""


def _other_word(one: str, other: str) -> bool:
    return not (one.startswith(other) or other.startswith(one))


def _capitals(one: Side, other: Side, bridge: Bridge) -> str:
    """A capitalised word on each side that the other side lacks: two names."""
    if one.language != other.language:
        return ""
    lacking = [_lacking(a, b) for a, b in ((one, other), (other, one))]
    if lacking[0] and lacking[1]:
        return f"another name: {lacking[0][0]} / {lacking[1][0]}"
    return ""


def _lacking(side: Side, other: Side) -> Sequence[str]:
    there = {terms.fold(word) for word, _, _ in terms.tokens(other.text)}
    keys = terms.keys(other.text, other.language)
    words = terms.content(side.text, side.language)
    first = words[0].start if words else 0
    covered = [fact.span for fact in side.facts if isinstance(fact, Quantity | Date)]
    return [
        term.text
        for term in words
        if term.capital
        and (term.start != first or side.text[: term.start].strip())
        and term.key not in keys
        and terms.fold(term.text) not in there
        and not any(span.start <= term.start and term.end <= span.end for span in covered)
    ]
