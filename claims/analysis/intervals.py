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
    """The kindest relation any readings of the two allow; True where it took another reading than the first."""
    slack = tolerance(claim, found)
    order: list[Relation] = ["equal", "inside", "around", "overlap", "disjoint"]
    best: Relation = "disjoint"
    other = False
    for i, ours in enumerate(allowed(claim)):
        for j, theirs in enumerate(allowed(found)):
            relation = relate(ours, theirs, slack)
            if order.index(relation) < order.index(best):
                best, other = relation, bool(i or j)
    return best, other


def days(date: Date) -> tuple[dt.date | None, dt.date | None]:
    """First and last day with the relation read in: "since May" has no last day."""
    match date.relation:
        case "since" | "after":
            return date.first, None
        case "until" | "before":
            return None, date.last
        case _:
            return date.first, date.last


def relate_dates(claim: Date, found: Date) -> Relation:
    """`equal` the same stretch, `inside` one holds the other, `overlap` they share days, `disjoint` none."""
    if claim.first == found.first and claim.last == found.last:
        return "equal"
    a, b = (claim.first, claim.last), (found.first, found.last)
    if None in a or None in b:
        a, b = days(claim), days(found)
    low_a, high_a = a[0] or dt.date.min, a[1] or dt.date.max
    low_b, high_b = b[0] or dt.date.min, b[1] or dt.date.max
    if high_a < low_b or high_b < low_a:
        return "disjoint"
    if (low_a <= low_b and high_b <= high_a) or (low_b <= low_a and high_a <= high_b):
        return "inside"
    return "overlap"
