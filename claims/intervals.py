"""How long until the next time: intervals that grow, as a newsroom sets them or as they are by default."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from claims.models.newsroom import Newsroom

RECHECKS = (1, 6, 24, 72, 168, 720, 2160)  # hours: 1 h, 6 h, 1, 3, 7, 30, 90 days, then every 90

FIRST_RETRY = timedelta(minutes=30)  # for what cannot be reached; doubled each time
LAST_RETRY = timedelta(days=7)


def until_visit(newsroom: Newsroom, visits_made: int) -> timedelta:
    """How long a cited passage is left alone after so many visits."""
    return timedelta(hours=_step(newsroom.recheck_hours or RECHECKS, visits_made))


def until_search(newsroom: Newsroom, searches_made: int) -> timedelta | None:
    """How long until the sources are asked again about a claim after so many times; None where they never are."""
    days = newsroom.search_again_days
    return timedelta(days=_step(days, searches_made)) if days else None


def until_retry(failures: int) -> timedelta:
    """How long an address that failed so many times in a row is left alone: a growing while, up to a week."""
    return min(FIRST_RETRY * (1 << min(max(0, failures - 1), 20)), LAST_RETRY)


def _step(intervals: Sequence[int], times: int) -> int:
    return intervals[min(times, len(intervals) - 1)]
