"""What a hedged number allows, and whether two numbers or two dates can both be true."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Literal

from claims.analysis.types import Date, Modifier, Quantity

Relation = Literal["equal", "inside", "around", "overlap", "disjoint"]

ABOUT = 0.10
ABOVE = 1.5
BELOW = 0.67


@dataclass(frozen=True, slots=True)
class Interval:
    """The values a number allows: `lo` to `hi`, and the printed `point` or points it was said with."""

    lo: float
    hi: float
    low_point: float
    high_point: float

    @property
    def exact(self) -> bool:
        return self.low_point == self.high_point and self.lo == self.low_point and self.hi == self.high_point


def _base(quantity: Quantity) -> tuple[float, float]:
    lo = quantity.lo if quantity.base_lo is None else quantity.base_lo
    hi = quantity.hi if quantity.base_hi is None else quantity.base_hi
    return min(lo, hi), max(lo, hi)


def _hedged(lo: float, hi: float, modifier: Modifier) -> Interval:
    spread = (abs(lo), abs(hi))
    match modifier:
        case Modifier.ABOUT:
            return Interval(lo - ABOUT * spread[0], hi + ABOUT * spread[1], lo, hi)
        case Modifier.NEARLY:
            return Interval(lo - ABOUT * spread[0], hi, lo, hi)
        case Modifier.JUST_OVER:
            return Interval(lo, hi + ABOUT * spread[1], lo, hi)
        case Modifier.MORE_THAN | Modifier.AT_LEAST:
            return Interval(lo, math.inf, lo, hi)
        case Modifier.LESS_THAN | Modifier.AT_MOST:
            return Interval(-math.inf if lo < 0 else 0.0, hi, lo, hi)
        case Modifier.VAGUE:
            return Interval(lo, max(hi, lo * 10), lo, hi)
        case _:
            return Interval(lo, hi, lo, hi)


def _grain(value: float) -> float:
    """The round step a number was said in: 100 for 1,200, a thousand for 3,000, one for 108."""
    if not value or not math.isfinite(value):
        return 0.0
    grain = 10.0 ** math.floor(math.log10(abs(value)))
    for _ in range(12):
        if abs(value / grain - round(value / grain)) < 1e-9:
            return grain
        grain /= 10
    return grain


def _reported(interval: Interval, modifier: Modifier) -> Interval:
    """What a source means by its hedge: "more than 1,100" is said of 1,150, not of 1,900."""
    lo, hi = interval.low_point, interval.high_point
    if modifier in (Modifier.MORE_THAN, Modifier.AT_LEAST):
        return Interval(lo, hi * ABOVE if _round(hi) else hi + _grain(hi), lo, hi)
    if modifier in (Modifier.LESS_THAN, Modifier.AT_MOST):
        return Interval(lo * BELOW if _round(lo) else lo - _grain(lo), hi, lo, hi)
    return interval


def _round(value: float) -> bool:
    """Ten, six hundred, three million: one digit and nothing but noughts."""
    return abs(value) >= 10 and _grain(value) * 9.5 > abs(value)


def allowed(quantity: Quantity) -> tuple[Interval, ...]:
    """The values `quantity` allows in base units: its first reading, then the others its digits admit."""
    readings = [_base(quantity)]
    scale = 1.0
    if quantity.lo and quantity.base_lo is not None:
        scale = quantity.base_lo / quantity.lo
    readings += [(lo * scale, hi * scale) for lo, hi in quantity.alternatives]
    return tuple(_hedged(lo, hi, quantity.modifier) for lo, hi in readings)


def tolerance(claim: Quantity, found: Quantity) -> float:
    """How far two printed values may lie apart for rounding alone, in base units.

    The same unit: only what was not printed ("1.2 million" and "1,234,567"). Another unit: half the
    worth of the last printed digit, at least two in a hundred, because conversions are rounded
    (25 miles, 40 kilometres).
    """
    steps = [quantity.step for quantity in (claim, found)]
    if claim.unit == found.unit:
        return max(steps) if steps[0] != steps[1] else 0.0
    return max(*steps, 0.02 * max(abs(value) for value in _base(found)))


def relate(claim: Interval, found: Interval, slack: float) -> Relation:
    """How the claim's number stands to the found one.

    `equal`: the same printed value. `inside`: what was found lies in what the claim allows, or the other way
    round, and the hedge says so. `around`: the hedges overlap and the printed values lie close. `overlap`: the
    hedges overlap, the values lie far apart ("more than 1,000" and 4,000). `disjoint`: both cannot be true.
    """
    near = slack + 1e-9 * max(1.0, abs(claim.high_point), abs(found.high_point))
    if abs(claim.low_point - found.low_point) <= near and abs(claim.high_point - found.high_point) <= near:
        return "equal"
    if claim.hi < found.lo - near or found.hi < claim.lo - near:
        return "disjoint"
    big = max(abs(claim.high_point), abs(found.high_point))
    small = max(min(abs(claim.low_point), abs(found.low_point)), 1e-12)
    far = big / small > ABOVE
    if claim.lo - near <= found.low_point and found.high_point <= claim.hi + near:
        return "overlap" if far else "inside"
    if found.lo - near <= claim.low_point and claim.high_point <= found.hi + near:
        return "overlap" if far else "inside"
    return "overlap" if far else "around"


def best_relation(claim: Quantity, found: Quantity) -> tuple[Relation, bool]:
    """The kindest relation any readings of the two allow; True where it took another reading than the first.

    A claim is taken at its word ("more than 1,100" allows any larger number), a source at what it usually means.
    """
    slack = tolerance(claim, found)
    if claim.modifier in _UP + _DOWN and claim.unit == found.unit:
        # "More than 3 million" is not true of 2.9 million, however that is rounded.
        slack = 0.0
    order: list[Relation] = ["equal", "inside", "around", "overlap", "disjoint"]
    best: Relation = "disjoint"
    other = False
    for i, ours in enumerate(allowed(claim)):
        for j, theirs in enumerate(allowed(found)):
            relation = relate(ours, _reported(theirs, found.modifier), slack)
            if relation != "disjoint" and _beyond_the_bound(claim, found, ours, theirs):
                relation = "disjoint"
            if order.index(relation) < order.index(best):
                best, other = relation, bool(i or j)
    return best, other


_UP = (Modifier.MORE_THAN, Modifier.AT_LEAST)
_DOWN = (Modifier.LESS_THAN, Modifier.AT_MOST)


def _beyond_the_bound(claim: Quantity, found: Quantity, ours: Interval, theirs: Interval) -> bool:
    """ "More than 108" of exactly 108, of "under 108", or of "over 100": the source does not reach the claim's bound.

    Exactly a round number is let pass: "more than 1,000" of 1,000 is decoration.
    """
    if claim.unit != found.unit or claim.dimension == "age":
        return False
    bound, value = ours.low_point, theirs.low_point
    if claim.modifier is Modifier.MORE_THAN:
        if found.modifier in _UP:
            return value < bound and not _round(bound)
        return value <= bound and (found.modifier in _DOWN or (found.modifier is Modifier.EXACT and not _plain(bound)))
    if claim.modifier is Modifier.LESS_THAN:
        if found.modifier in _DOWN:
            return value > bound and not _round(bound)
        return value >= bound and (found.modifier in _UP or (found.modifier is Modifier.EXACT and not _plain(bound)))
    return False


def _plain(value: float) -> bool:
    return abs(value) >= 100 and _round(value)


def days(date: Date) -> tuple[dt.date | None, dt.date | None]:
    """First and last day with the relation read in: "after 1944" begins in 1945 and has no last day."""
    day = dt.timedelta(days=1)
    match date.relation:
        case "since":
            return date.first, None
        case "after":
            return (date.last + day if date.last and date.last < dt.date.max else date.first), None
        case "until":
            return None, date.last
        case "before":
            return None, (date.first - day if date.first and date.first > dt.date.min else date.last)
        case _:
            return date.first, date.last


def relate_dates(claim: Date, found: Date) -> Relation | None:
    """`equal` the same stretch, `inside` one holds the other, `overlap` they share days, `disjoint` none.

    A claim is taken at its word ("after 1944"); a source's "by late October" is near that day and confirms no earlier
    one: then the two cannot be compared, and the answer is None.
    """
    if (claim.first, claim.last, claim.relation) == (found.first, found.last, found.relation):
        return "equal"
    relation = _relate_days(days(claim), (found.first, found.last))
    if relation == "disjoint" and found.relation in _OPEN and _relate_days(days(claim), days(found)) != "disjoint":
        return None
    return relation


_OPEN = ("since", "after", "until", "before")
Days = tuple[dt.date | None, dt.date | None]


def _relate_days(a: Days, b: Days) -> Relation:
    if a == b:
        return "equal"
    low_a, high_a = a[0] or dt.date.min, a[1] or dt.date.max
    low_b, high_b = b[0] or dt.date.min, b[1] or dt.date.max
    if high_a < low_b or high_b < low_a:
        return "disjoint"
    if (low_a <= low_b and high_b <= high_a) or (low_b <= low_a and high_a <= high_b):
        return "inside"
    return "overlap"
