"""What has to be answered: passages that people hold to speak against the rating, before it can be approved."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from claims.models import Claim, Evidence, Rating, Verdict

_FOR = frozenset({Rating.Shared.TRUE.value, Rating.Shared.MOSTLY_TRUE.value})
_AGAINST = frozenset({Rating.Shared.FALSE.value, Rating.Shared.MOSTLY_FALSE.value})


def opposed_stances(shared: Collection[str]) -> frozenset[str]:
    """The stances that speak against ratings of this shared meaning. Ratings in between expect both sides."""
    found = set()
    if not _FOR.isdisjoint(shared):
        found.add(Evidence.Stance.DISAGREES.value)
    if not _AGAINST.isdisjoint(shared):
        found.add(Evidence.Stance.AGREES.value)
    return frozenset(found)


def stances_against(claim: Claim, rating: Rating | None = None) -> frozenset[str]:
    """The stances that speak against a rating; without one, against the proposed verdict or what reviewers gave."""
    if rating is not None:
        return opposed_stances([rating.shared])
    proposed = Verdict.objects.filter(claim=claim, cycle=claim.cycle).values_list("rating__shared", flat=True)
    given = claim.reviews.filter(cycle=claim.cycle).values_list("rating__shared", flat=True)
    return opposed_stances(list(proposed) + list(given))


def opposing(claim: Claim, rating: Rating | None = None) -> QuerySet[Evidence]:
    """The passages a person marked as speaking against the rating. What only the machine holds so asks for nothing."""
    stances = stances_against(claim, rating)
    return Evidence.objects.filter(claim=claim, cycle=claim.cycle, included=True, stance__in=stances).order_by("pk")
