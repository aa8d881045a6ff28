"""Checks others have published come in at night."""

import logging

from celery import shared_task
from django.conf import settings

from workers import claimfeed
from workers.errors import FetchError
from workers.pagetext import Unreadable
from workers.tasks.periodic import Periodic

logger = logging.getLogger(__name__)

SOFT_SECONDS = 50 * 60  # a first import is hundreds of megabytes; still below the broker's visibility timeout


@shared_task(base=Periodic, soft_time_limit=SOFT_SECONDS, time_limit=SOFT_SECONDS + 60)
def update_earlier_checks() -> int:
    """Take over the bulk feed, if the operator wants it. Safe to run twice; a failed night is made up by the next."""
    if not settings.CLAIMREVIEW_FEED_NIGHTLY:
        return 0
    try:
        done = claimfeed.update()
    except (FetchError, Unreadable) as exc:
        logger.warning("The bulk feed of published fact-checks could not be taken over: %s", exc)
        return 0
    logger.info("bulk feed: %d kept, %d refused, unchanged: %s", done.kept, done.refused, done.unchanged)
    return done.kept
