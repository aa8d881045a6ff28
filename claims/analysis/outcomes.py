"""What one fact of a claim meets in a passage: the five outcomes, and the gates before a mismatch.

A false match is worse than an absent one, and a mismatch needs the same kind of event or topic: an unrelated
sentence that happens to hold another number says nothing against a claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from claims.analysis import intervals
from claims.analysis.dictionary import Bridge
from claims.analysis.types import Counted, Date, Entity, Fact, Outcome, Quantity, Row

AGREE = (Outcome.MATCH, Outcome.COMPATIBLE)
_UNCOUNTED_ROLES = ("age", "ordinal", "share", "ratio", "multiple")
_PERSONS = ("soldier", "people", "person", "civilian", "man", "woman", "child")
_LOSSES = ("casualty", "dead", "wounded", "missing", "captured")


@dataclass(frozen=True, slots=True)
class Nearby:
    """How much the sentence around a passage's fact is about the claim."""

    hits: int  # different content words of the claim in the same sentence, names apart
    names: int  # entities of the claim in the same sentence
    around: int  # entities of the claim in the passage or the sentence before
    coverage: float  # weighted share of the claim's words in the same sentence
    words: int = 0  # how many content words the claim has, names apart

    @property
    def topical(self) -> bool:
        """Enough in common to read a difference as a contradiction."""
        if self.hits >= 2 and self.around:
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


def quantity(claim: Quantity, found: Quantity, near: Nearby, bridge: Bridge, source: str, target: str) -> Row | None:
    """The row for one pair of quantities, or None where they cannot be held against each other."""
    if claim.dimension != found.dimension:
        return None
    if {claim.role, found.role} & {"ordinal"} and claim.role != found.role:
        return None
    thing = same_thing(claim.counted, found.counted, bridge, source, target)
    if claim.counted is None and found.counted is None:
        thing = "same" if claim.dimension != "count" else "open"
    relation, other_reading = intervals.best_relation(claim, found)
    notes = []
    if other_reading:
        notes.append("the digits can be read in another way")
    if claim.unit and found.unit and claim.unit != found.unit:
        notes.append(f"converted from {found.unit} to {claim.unit}")
    confidence = {"same": 1.0, "kin": 0.8, "open": 0.7, "other": 0.5}[thing]
    event_differs = bool(claim.event and found.event and claim.event != found.event)
    event_same = bool(claim.event and claim.event == found.event)
    if event_differs:
        confidence *= 0.8

    if relation == "disjoint":
        if thing == "other" or not _mismatch_gate(
            claim, thing, near, event_same=event_same, event_differs=event_differs
        ):
            return None
        if thing == "kin":
            # 1,100 casualties and 300 dead can both be true: the part is smaller than the whole.
            whole = "casualty" if "casualty" in (claim.counted.name, found.counted.name) else ""  # type: ignore[union-attr]
            if whole and ((found.hi < claim.lo) == (claim.counted.name == whole)):  # type: ignore[union-attr]
                return None
            notes.append("counted thing differs")
        notes.append("another value")
        return Row(claim, Outcome.MISMATCH, found, _sentence(notes), confidence * min(1.0, 0.5 + near.coverage))

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


def _mismatch_gate(claim: Quantity, thing: str, near: Nearby, *, event_same: bool, event_differs: bool) -> bool:
    if event_differs and near.coverage < 0.5:
        return False
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
    event_differs = bool(claim.event and found.event and not event_same)
    if claim.year_inferred or found.year_inferred:
        notes.append("year inferred")
    relation = _yearless(claim, found)
    if relation is None:
        if None in (claim.first or claim.last, found.first or found.last):
            return None
        relation = intervals.relate_dates(claim, found)
        if relation == "disjoint" and (other := _other_year(claim, found)):
            return (
                Row(claim, Outcome.COMPATIBLE, found, _sentence(["another year is possible", *notes]), 0.5)
                if other
                else None
            )
    else:
        notes = ["year not stated"]
    if relation == "disjoint":
        if not (near.topical or (event_same and (near.around or near.hits))) or (event_differs and near.coverage < 0.5):
            return None
        return Row(claim, Outcome.MISMATCH, found, _sentence(["another date", *notes]), min(1.0, 0.5 + near.coverage))
    if not (near.related or event_same) or (event_differs and not near.topical):
        return Row(claim, Outcome.VALUE_ONLY, found, _sentence(["the same date, but of another subject", *notes]), 0.4)
    if relation == "equal" and "year not stated" not in notes:
        return Row(claim, Outcome.MATCH, found, _sentence(notes), 0.9 if notes else 1.0)
    if relation == "inside" and "year not stated" not in notes:
        notes.insert(0, "one date lies within the other")
    elif relation == "overlap":
        notes.insert(0, "the stretches of time overlap")
    return Row(claim, Outcome.COMPATIBLE, found, _sentence(notes), 0.8)


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


def _duration(claim: Date, found: Date, near: Nearby) -> Row | None:
    if not claim.timex or not found.timex:
        return None
    if claim.timex == found.timex:
        outcome = Outcome.MATCH if near.related else Outcome.VALUE_ONLY
        return Row(claim, outcome, found, "" if near.related else "The same stretch, but of another subject.", 0.9)
    if claim.timex[:-1] and claim.timex[-1] == found.timex[-1] and claim.type == found.type and near.topical:
        return Row(claim, Outcome.MISMATCH, found, "Another length of time.", 0.6)
    return None


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
    return Row(claim, Outcome.ABSENT)


def _sentence(notes: Sequence[str]) -> str:
    text = "; ".join(dict.fromkeys(notes))
    return text[:1].upper() + text[1:] + "." if text else ""
