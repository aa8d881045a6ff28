"""What keeps two alike statements apart: another number, date, unit, place, name, or a denial.

Reads the facts first and then, because facts can be missed, the bare words too: digits, capitals and the
word behind a number. In doubt two statements are different.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from claims.analysis import gazetteer, intervals, outcomes, terms
from claims.analysis.dictionary import Bridge
from claims.analysis.types import Date, Entity, Fact, Modifier, Quantity

_LIMITS = (Modifier.MORE_THAN, Modifier.AT_LEAST, Modifier.LESS_THAN, Modifier.AT_MOST)


@dataclass(frozen=True, slots=True)
class Difference:
    """What keeps the two apart: its kind, and the words on each side; empty where that side has none."""

    kind: str  # number, unit, number_missing, date, date_missing, name, place, denial
    here: str
    there: str
    words: str

    def turned(self) -> Difference:
        """The same, seen from the other side."""
        return Difference(self.kind, self.there, self.here, self.words)


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


def difference(one: Side, other: Side, bridge: Bridge) -> Difference | None:
    """The first difference that forbids calling the two one claim; None where there is none."""
    return (
        _numbers(one, other)
        or _dates(one, other)
        or _names(one, other, bridge)
        or _denial(one, other)
        or _digits(one, other)
        or _behind_numbers(one, other, bridge)
        or _capitals(one, other, bridge)
    )


def _numbers(one: Side, other: Side) -> Difference | None:
    for ours, theirs in ((one, other), (other, one)):
        rest = theirs.quantities()
        for fact in ours.quantities():
            same_dimension = [found for found in rest if found.dimension == fact.dimension]
            if any(_same_number(fact, found) for found in same_dimension):
                continue
            twin = next((found for found in rest if found.lo == fact.lo and found.hi == fact.hi), None)
            if twin is not None and twin.dimension != fact.dimension:
                return _seen("unit", ours is one, fact.text, twin.text, "another unit")
            if same_dimension:
                return _seen("number", ours is one, fact.text, same_dimension[0].text, "another number")
            return _seen("number_missing", ours is one, fact.text, "", "a number only one of them has")
    return None


def _seen(kind: str, ours: bool, text: str, facing: str, words: str) -> Difference:
    """A difference found while going through one side's facts, told from the first statement's side."""
    found = Difference(kind, text, facing, f"{words}: {text} / {facing}" if facing else f"{words}: {text}")
    return found if ours else found.turned()


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


def _dates(one: Side, other: Side) -> Difference | None:
    for ours, theirs in ((one, other), (other, one)):
        for fact in ours.dates():
            if not any(_same_date(fact, found) for found in theirs.dates()):
                near = theirs.dates()
                if near:
                    return _seen("date", ours is one, fact.text, near[0].text, "another date")
                return _seen("date_missing", ours is one, fact.text, "", "a date only one of them has")
    return None


def _same_date(one: Date, other: Date) -> bool:
    if one.timex and one.timex == other.timex:
        return True
    if one.type != other.type or one.precision != other.precision or one.first is None or other.first is None:
        return False
    return intervals.relate_dates(one, other) == "equal" and one.time == other.time


def _names(one: Side, other: Side, bridge: Bridge) -> Difference | None:
    for ours, theirs in ((one, other), (other, one)):
        words = terms.keys(theirs.text, theirs.language)
        for fact in ours.entities():
            if any(outcomes.same_entity(fact, found) for found in theirs.entities()):
                continue
            inside = {
                gazetteer.country_of(one.id)
                for one in ours.entities()
                if one.id.startswith("place:") and any(one.id == found.id for found in theirs.entities())
            }
            if fact.id.startswith("iso:") and gazetteer.country_of(fact.id) in inside:
                continue  # "Munich, Germany" names no other place than "Munich"
            parts = terms.keys(fact.text, ours.language)
            if parts and all(
                not bridge.across(part, ours.language, theirs.language).isdisjoint(words) for part in parts
            ):
                continue
            kind = {"person": "name", "country": "place", "place": "place", "capital": "place"}.get(fact.type, "name")
            return _seen(kind, ours is one, fact.text, "", f"another {kind}")
    return None


def _denial(one: Side, other: Side) -> Difference | None:
    ours, theirs = (terms.negated(side.text, side.language) for side in (one, other))
    if len(ours) % 2 != len(theirs) % 2:
        start, end = (ours or theirs)[0]
        return _seen("denial", bool(ours), (one if ours else other).text[start:end], "", "one of them denies")
    return None


def _digits(one: Side, other: Side) -> Difference | None:
    """Numbers as printed, where no fact accounts for them."""
    loose = [_loose_digits(side) for side in (one, other)]
    # A number written out on one side ("three", "3") is a fact on both and has been compared already.
    for ours, theirs, side in ((loose[0], loose[1], other), (loose[1], loose[0], one)):
        for number in ours - theirs:
            return _seen("number", side is other, number, "", "another number") if side.text else None
    return None


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


def _behind_numbers(one: Side, other: Side, bridge: Bridge) -> Difference | None:
    if one.language != other.language:
        return None
    ours, theirs = _followers(one), _followers(other)
    stop = terms.stopwords(one.language)
    for number in ours.keys() & theirs.keys():
        if ours[number] & theirs[number]:
            continue
        a, b = min(ours[number]), min(theirs[number])
        if a and b and a not in stop and b not in stop and _other_word(a, b):
            return _seen("unit", True, f"{number} {a}", f"{number} {b}", "another unit or thing")
    return None


def _other_word(one: str, other: str) -> bool:
    return not (one.startswith(other) or other.startswith(one))


def _capitals(one: Side, other: Side, bridge: Bridge) -> Difference | None:
    """A capitalised word on each side that the other side lacks: two names."""
    if one.language != other.language:
        return None
    lacking = [_lacking(a, b) for a, b in ((one, other), (other, one))]
    if lacking[0] and lacking[1]:
        return _seen("name", True, lacking[0][0], lacking[1][0], "another name")
    return None


def _same_known(one: Entity, other: Entity) -> bool:
    """Two spellings of one name of a table; a capital may stand for its country and is compared by its word."""
    return one.id == other.id and one.type == other.type != "capital" and not one.id.startswith("name:")


def _lacking(side: Side, other: Side) -> Sequence[str]:
    there = {terms.fold(word) for word, _, _ in terms.tokens(other.text)}
    keys = terms.keys(other.text, other.language)
    words = terms.content(side.text, side.language)
    first = words[0].start if words else 0
    covered = [fact.span for fact in side.facts if isinstance(fact, Quantity | Date)]
    covered += [fact.span for fact in side.entities() if any(_same_known(fact, found) for found in other.entities())]
    return [
        term.text
        for term in words
        if term.capital
        and (term.start != first or side.text[: term.start].strip())
        and term.key not in keys
        and terms.fold(term.text) not in there
        and not any(span.start <= term.start and term.end <= span.end for span in covered)
    ]
