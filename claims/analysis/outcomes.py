"""What one fact of a claim meets in a passage: the five outcomes, and the gates before a mismatch.

A false match is worse than an absent one, and a mismatch needs the same kind of event or topic: an unrelated
sentence that happens to hold another number says nothing against a claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz

from claims.analysis import gazetteer, intervals, pairing, tables
from claims.analysis.dictionary import Bridge
from claims.analysis.types import Counted, Date, Entity, Fact, Modifier, Outcome, Quantity, Row

AGREE = (Outcome.MATCH, Outcome.COMPATIBLE)
COUNTED = ("count", "share", "points")
_PERSONS = ("soldier", "people", "person", "civilian", "man", "woman", "child")
_LOSSES = ("casualty", "dead", "wounded", "missing", "captured")


@dataclass(frozen=True, slots=True)
class Nearby:
    """How much the sentence around a passage's fact is about the claim."""

    hits: int  # different content words of the claim in the same sentence, names apart
    names: int  # entities of the claim in the same sentence
    around: int  # entities of the claim in the passage or the sentence before
    coverage: float  # weighted share of the claim's words in the same sentence
    given: bool = False  # somebody has said that the passage is about the claim

    @property
    def topical(self) -> bool:
        """Enough in common to read a difference as a contradiction."""
        if self.given or (self.hits >= 2 and self.around):
            return True
        return self.hits >= 2 and self.coverage >= 0.45

    @property
    def related(self) -> bool:
        """Enough in common to read the same date as the same date of the same thing."""
        return self.topical or (self.hits >= 1 and bool(self.around)) or self.coverage >= 0.5


def same_thing(claim: Counted | None, found: Counted | None, bridge: Bridge, source: str, target: str) -> str:
    """ "same", "kin" (one class holds the other), "open" (one of them is not said) or "other"."""
    if claim is None or found is None:
        return "open"
    if claim.name == found.name:
        return "same"
    if claim.known and found.known:
        pair = {claim.name, found.name}
        if pair <= set(_LOSSES) and "casualty" in pair:
            return "kin"
        if pair <= set(_PERSONS):
            return "kin"
        return "other"
    if not claim.known and not found.known:
        ways = bridge.across(claim.name, source, target)
        if found.name in ways or bridge.across(found.name, target, source) & {claim.name}:
            return "same"
        return "other" if bridge.reaches(source, target) else "open"
    return "other"


_BECOMES = {"kill": "dead", "wound": "wounded", "capture": "captured", "suffer_losses": "casualty"}


def _happened_to(quantity: Quantity) -> Counted | None:
    """What is counted with what happened to it: people who died are dead."""
    counted = quantity.counted
    if counted is not None and counted.name in _PERSONS and quantity.event in _BECOMES:
        return replace(counted, name=_BECOMES[quantity.event])
    return counted


def thing_of(claim: Quantity, found: Quantity, bridge: Bridge, source: str, target: str) -> str:
    """`same_thing` for quantities: a length or a weight is the same thing whatever word stands behind it."""
    if claim.dimension not in COUNTED or (claim.counted is None and found.counted is None):
        return "same" if claim.dimension != "count" else "open"
    thing = same_thing(_happened_to(claim), _happened_to(found), bridge, source, target)
    if thing == "other" and claim.counted and found.counted:
        # "Tested 15,000 people" and "15,651 tests": what is done on one side is counted on the other.
        crossed = claim.event == found.counted.name or found.event == claim.counted.name
        return "open" if crossed else thing
    return thing


def quantity(claim: Quantity, found: Quantity, near: Nearby, thing: str) -> Row | None:
    """The row for one pair of quantities, or None where they cannot be held against each other."""
    if claim.dimension != found.dimension:
        return None
    if (claim.role == "ordinal") != (found.role == "ordinal"):
        return None
    relation, other_reading = intervals.best_relation(claim, found)
    notes = []
    if other_reading:
        notes.append("the digits can be read in another way")
    if claim.unit and found.unit and claim.unit != found.unit:
        notes.append(f"converted from {found.unit} to {claim.unit}")
    confidence = {"same": 1.0, "kin": 0.8, "open": 0.7, "other": 0.5}[thing]
    event_same = bool(claim.event and claim.event == found.event)
    event_differs = bool(claim.event and found.event and not pairing.alike(claim.event, found.event))
    if event_differs:
        confidence *= 0.8

    if relation == "disjoint":
        if Modifier.VAGUE in (claim.modifier, found.modifier):
            return None
        if not _contradicts(claim, found, thing, near, event_same=event_same, event_differs=event_differs):
            return None
        if thing == "kin":
            notes.append("counted thing differs")
        notes.append("another value")
        sure = 1.0 if near.given else min(1.0, 0.5 + near.coverage)
        return Row(claim, Outcome.MISMATCH, found, _sentence(notes), confidence * sure)

    if thing in ("other", "kin"):
        if relation in ("equal", "inside"):
            notes.append("counted thing differs")
            return Row(claim, Outcome.VALUE_ONLY, found, _sentence(notes), confidence)
        return None
    if thing == "open" and not (near.related or event_same):
        notes.append("the same number, but of another subject")
        return Row(claim, Outcome.VALUE_ONLY, found, _sentence(notes), confidence * 0.5)
    if relation == "equal":
        return Row(claim, Outcome.MATCH, found, _sentence(notes), confidence)
    notes.append(
        {
            "inside": "within what the hedged number allows",
            "around": "close, both are hedged",
            "overlap": "the hedges allow both, the figures lie far apart",
        }[relation]
    )
    return Row(claim, Outcome.COMPATIBLE, found, _sentence(notes), confidence * (0.6 if relation == "overlap" else 0.9))


def _contradicts(
    claim: Quantity, found: Quantity, thing: str, near: Nearby, *, event_same: bool, event_differs: bool
) -> bool:
    """Whether two values that cannot both be true are told of one thing."""
    if thing == "other" or (event_differs and not near.given):
        return False
    if thing == "kin" and claim.counted and found.counted:
        # 1,100 casualties and 300 dead can both be true: the part is smaller than the whole.
        names = (claim.counted.name, found.counted.name)
        if "casualty" in names and (found.hi < claim.lo) == (names[0] == "casualty"):
            return False
    if claim.counted is not None and claim.counted.name in _PERSONS and claim.event and not found.event:
        # People are counted for many things: without what happened to them the sentence must be about the claim.
        return near.topical
    if thing in ("same", "kin") and claim.counted is not None:
        return near.topical or event_same or near.around > 0 or near.coverage >= 0.3
    return near.topical or (event_same and near.around > 0)


def date(claim: Date, found: Date, near: Nearby) -> Row | None:
    """The row for one pair of dates, or None where they cannot be held against each other."""
    if (claim.type in ("DURATION", "SET")) != (found.type in ("DURATION", "SET")):
        return None
    if claim.type in ("DURATION", "SET"):
        return _duration(claim, found, near)
    notes = []
    event_same = bool(claim.event and claim.event == found.event)
    event_differs = bool(claim.event and found.event and not pairing.alike(claim.event, found.event))
    if claim.year_inferred or found.year_inferred:
        notes.append("year inferred")
    yearless = _yearless(claim, found)
    if yearless is not None:
        notes, relation = ["year not stated"], yearless
    elif (claim.first or claim.last) is None or (found.first or found.last) is None:
        return None
    else:
        compared = intervals.relate_dates(claim, found)
        if compared is None:
            return None
        relation = compared
        if relation == "disjoint" and _other_year(claim, found):
            if near.related or event_same:
                notes.insert(0, "another year is possible")
                return Row(claim, Outcome.COMPATIBLE, found, _sentence(notes), 0.6)
            return None
    if relation == "disjoint":
        if _open_year(claim, found) or claim.relative or found.relative:
            return None
        if not (near.topical or (event_same and (near.around or near.hits))):
            return None
        if event_differs and not near.given:
            return None
        sure = 1.0 if near.given else min(1.0, 0.5 + near.coverage)
        sure *= 0.8 if found.year_inferred or claim.year_inferred else 1.0
        return Row(claim, Outcome.MISMATCH, found, _sentence(["another date", *notes]), sure)
    if not (near.related or event_same) or (event_differs and not near.topical):
        notes.insert(0, "the same date, but of another subject")
        return Row(claim, Outcome.VALUE_ONLY, found, _sentence(notes), 0.4)
    if relation == "equal" and yearless is None:
        return Row(claim, Outcome.MATCH, found, _sentence(notes), 0.9 if notes else 1.0)
    if relation == "inside":
        notes.insert(0, "one date lies within the other")
    elif relation == "overlap":
        notes.insert(0, "the stretches of time overlap")
    return Row(claim, Outcome.COMPATIBLE, found, _sentence(notes), 0.8)


def _open_year(claim: Date, found: Date) -> bool:
    """A month whose year is only inferred says nothing against a bare year."""
    wide = ("year", "decade", "century")
    return (claim.year_inferred and found.precision in wide) or (found.year_inferred and claim.precision in wide)


def _yearless(claim: Date, found: Date) -> intervals.Relation | None:
    """Month and day compared where one of the two has no year; None where both have one."""
    if claim.first is not None and found.first is not None:
        return None
    month = claim.month or (claim.first.month if claim.first and claim.precision in ("day", "month") else None)
    other = found.month or (found.first.month if found.first and found.precision in ("day", "month") else None)
    if month is None or other is None:
        return None
    if month != other:
        return "disjoint"
    if claim.day and found.day and claim.day != found.day:
        return "disjoint"
    return "equal"


def _other_year(claim: Date, found: Date) -> bool:
    """Whether an inferred year, read the other way, brings the two together."""
    ours = [(claim.first, claim.last), *claim.alternatives]
    theirs = [(found.first, found.last), *found.alternatives]
    for a in ours:
        for b in theirs:
            if None in a or None in b:
                continue
            first, second = replace(claim, first=a[0], last=a[1]), replace(found, first=b[0], last=b[1])
            if intervals.relate_dates(first, second) != "disjoint":
                return True
    return False


_LENGTH = re.compile(r"P(?:(?P<Y>[\d.]+)Y)?(?:(?P<M>[\d.]+)M)?(?:(?P<W>[\d.]+)W)?(?:(?P<D>[\d.]+)D)?"
                     r"(?:T(?:(?P<h>[\d.]+)H)?(?:(?P<m>[\d.]+)M)?(?:(?P<s>[\d.]+)S)?)?")  # fmt: skip
_DAYS = {"Y": 365.25, "M": 30.44, "W": 7.0, "D": 1.0, "h": 1 / 24, "m": 1 / 1440, "s": 1 / 86400}


@cache
def _hedges() -> tuple[tuple[str, Modifier], ...]:
    found = {row["phrase"].casefold(): Modifier(row["modifier"]) for row in tables.rows("hedges")}
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _as_quantity(date: Date) -> Quantity | None:
    """A length of time as a number of days with its hedge, so that "more than 107 weeks" compares like any number."""
    match = _LENGTH.fullmatch(date.timex)
    parts = {name: float(number) for name, number in match.groupdict().items() if number} if match else {}
    if not parts:
        return None
    days = sum(_DAYS[name] * number for name, number in parts.items())
    said = date.text.casefold()
    modifier = next((hedge for phrase, hedge in _hedges() if said.startswith(phrase + " ")), Modifier.EXACT)
    single = next(iter(parts)) if len(parts) == 1 else ""
    return Quantity(
        span=date.span,
        text=date.text,
        lo=parts.get(single, days),
        hi=parts.get(single, days),
        unit=single or "D",
        dimension="duration",
        base_lo=days,
        base_hi=days,
        modifier=modifier,
    )


def _duration(claim: Date, found: Date, near: Nearby) -> Row | None:
    ours, theirs = _as_quantity(claim), _as_quantity(found)
    if claim.type != found.type:
        return None
    if ours is None or theirs is None or claim.type == "SET":
        if not claim.timex or claim.timex != found.timex:
            return None
        relation: intervals.Relation = "equal"
    else:
        relation = intervals.best_relation(ours, theirs)[0]
    if relation == "disjoint":
        sure = 0.8 if near.given else min(0.8, 0.4 + near.coverage)
        return Row(claim, Outcome.MISMATCH, found, "Another length of time.", sure) if near.topical else None
    if not near.related:
        return Row(claim, Outcome.VALUE_ONLY, found, "The same length of time, but of another subject.", 0.4)
    return Row(claim, Outcome.MATCH if relation == "equal" else Outcome.COMPATIBLE, found, "", 0.9)


def same_entity(claim: Entity, found: Entity) -> bool:
    """The same id, or two spellings of one person's name ("Yoon Suk Yeol" and "Yoon")."""
    if claim.id == found.id:
        return True
    if not (claim.id.startswith("name:") and found.id.startswith("name:")):
        return False
    ours, theirs = claim.id[5:].split(), found.id[5:].split()
    if not ours or not theirs:
        return False
    if set(ours) <= set(theirs) or set(theirs) <= set(ours):
        return len(max(ours, key=len)) > 2 and len(max(theirs, key=len)) > 2
    return fuzz.ratio(" ".join(ours), " ".join(theirs)) >= 88


def entity(claim: Entity, candidates: Sequence[Fact]) -> Row:
    for found in candidates:
        if isinstance(found, Entity) and same_entity(claim, found):
            return Row(claim, Outcome.MATCH, found, "", min(claim.confidence, found.confidence))
    for found in candidates:
        if isinstance(found, Entity) and _holds(claim, found):
            return Row(claim, Outcome.COMPATIBLE, found, "The one lies in the other.", 0.6)
    return Row(claim, Outcome.ABSENT)


def _holds(one: Entity, other: Entity) -> bool:
    """A place and the country it lies in."""
    kinds = {one.id.partition(":")[0], other.id.partition(":")[0]}
    return kinds == {"iso", "place"} and gazetteer.country_of(one.id) == gazetteer.country_of(other.id)


def other_place(claim: Entity, facts: Sequence[Fact]) -> Entity | None:
    """The one place of the gazetteer that stands where the claim has another, if there is exactly one."""
    if not claim.id.startswith("place:"):
        return None
    there = {fact.id: fact for fact in facts if isinstance(fact, Entity) and fact.id.startswith("place:")}
    return next(iter(there.values())) if len(there) == 1 and claim.id not in there else None


def _sentence(notes: Sequence[str]) -> str:
    text = "; ".join(dict.fromkeys(notes))
    return text[:1].upper() + text[1:] + "." if text else ""
