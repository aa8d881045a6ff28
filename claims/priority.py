"""Why a claim stands where it does among those that wait to be picked. The order itself is `models.claim.PRIORITY`."""

from __future__ import annotations

import math
from dataclasses import dataclass

from claims.models import Claim, Reach
from claims.models.claim import DEMAND_COUNTS, REACH_COUNTS


@dataclass(frozen=True, slots=True)
class Part:
    """One reason, and what it counts."""

    kind: str  # score, demand or reach
    counts: float
    value: float | int


def parts(claim: Claim) -> list[Part]:
    """What makes a claim's priority: how check-worthy it is, how often it came in, how far it is heard."""
    found = [Part("score", claim.score, claim.score)]
    if claim.demand > 1:
        found.append(Part("demand", DEMAND_COUNTS * math.log2(claim.demand), claim.demand))
    if claim.reach != Reach.UNKNOWN:
        found.append(Part("reach", REACH_COUNTS * claim.reach, claim.reach))
    return found


def of(claim: Claim) -> float:
    """The priority as a number."""
    return sum(part.counts for part in parts(claim))
