"""Renewing: a claim's sources are put on the clock, to be asked again as long as the claim is open or published."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from claims import intervals
from claims.models import Claim, Lookup, Renewal, Step
from claims.workflow import Status

ASKED = frozenset({Status.IN_REVIEW, Status.IN_APPROVAL, Status.DECIDED, Status.PUBLISHED})
OVER = frozenset({Status.DISMISSED, Status.DUPLICATE, Status.WITHDRAWN})


def begin(claim: Claim) -> int:
    """Put the sources of this cycle on the clock, from its beginning. How many there are."""
    wait = intervals.until_search(claim.newsroom, 0)
    if wait is None:
        return 0
    sources = claim.lookups.filter(cycle=claim.cycle).exclude(source=Lookup.BY_HAND).values_list("source", flat=True)
    slugs = sorted(set(sources))
    Renewal.objects.bulk_create(
        (Renewal(claim=claim, newsroom_id=claim.newsroom_id, source=slug) for slug in slugs), ignore_conflicts=True
    )
    return Renewal.objects.filter(claim=claim, source__in=slugs).update(
        state=Step.State.OPEN,
        leased_until=None,
        lease_token=None,
        attempts=0,
        searches_made=0,
        settled_at=None,
        next_attempt_at=Now() + wait,
    )


def is_asked(claim: Claim) -> bool:
    """Whether its sources are asked again now: not while they are asked anyway, nor when nobody works on it."""
    return claim.status in ASKED


def move_on(renewal: Renewal, *, searched: bool, note: str = "") -> bool:
    """Give a renewal we hold back until its next time, or settle it where there is none. False: the lease was lost."""
    wait = intervals.until_search(renewal.newsroom, renewal.searches_made + searched)
    if wait is None or renewal.claim.status in OVER:
        return Renewal.objects.settle(renewal)
    return _give_back(renewal, wait, searched=searched, note=note)


def try_later(renewal: Renewal, *, seconds: float, reason: str) -> bool:
    """The source could not be asked: again after a while, growing; after some tries at the next usual time."""
    wait = max(timedelta(seconds=seconds), intervals.until_retry(renewal.attempts))
    usual = intervals.until_search(renewal.newsroom, renewal.searches_made)
    return _give_back(renewal, min(wait, usual) if usual else wait, searched=False, note=reason)


def _give_back(renewal: Renewal, wait: timedelta, *, searched: bool, note: str) -> bool:
    held = Renewal.objects.filter(pk=renewal.pk, lease_token=renewal.lease_token, state=Step.State.OPEN)
    given = {"searches_made": renewal.searches_made + 1, "last_search_at": Now()} if searched else {}
    return bool(
        held.update(
            leased_until=None,
            lease_token=None,
            attempts=0 if searched else min(renewal.attempts, 3),  # never a dead letter: sources come back
            next_attempt_at=Now() + wait,
            last_error=note[:4000],
            **given,
        )
    )
