"""One archive job: look for a copy at the Wayback Machine near the time of the fetch; have one saved if wanted."""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings
from django.utils import timezone

from claims.models import ArchiveJob
from claims.operations import preserving
from claims.operations.preserving import Outcome
from workers import pagetext, reading, wayback
from workers.errors import Blocked, Throttled
from workers.http import contact_missing
from workers.sources.base import SourceDisabled, SourceError, SourceUnavailable

POLLS = 20.0  # seconds between questions about a save that is under way


def work(job: ArchiveJob, *, retry_in: float) -> None:
    """Take a leased job as far as it goes now. Whatever the archive answers becomes a state of the job.

    `retry_in` are the seconds until the next try where the archive does not say how long it wants to be left alone.
    """
    try:
        reason = preserving.obstacle(job) or contact_missing()
        if reason:
            raise SourceDisabled(reason)
        if job.ticket:
            _poll(job)
        else:
            _look(job)
    except SourceUnavailable as exc:
        ours = isinstance(exc.__cause__, Throttled)
        preserving.put_off(
            job, reason=str(exc), seconds=exc.retry_after or retry_in, our_own_pace=ours
        )  # fmt: skip
    except SourceError as exc:
        off = isinstance(exc, SourceDisabled) or isinstance(exc.__cause__, Blocked)
        preserving.record_none(job, Outcome.OFF if off else Outcome.REFUSED, reason=str(exc))


def _look(job: ArchiveJob) -> None:
    document = job.document
    capture = _itself(document.url) or _nearest(document.url, document.fetched_at)
    stand = _quotes_stand(job, capture) if capture else None
    good = capture is not None and preserving.is_good(document, capture.taken_at, stand)
    obstacle = preserving.saving_obstacle(job)
    if capture is not None and (good or obstacle):
        _found(job, capture, stand, Outcome.FOUND)
    elif obstacle:
        preserving.record_none(job, Outcome.NOT_FOUND, reason=obstacle)
    else:
        try:
            ticket = wayback.save(document.url)
        except (SourceDisabled, SourceError) as exc:
            if capture is None or isinstance(exc, SourceUnavailable):
                raise
            _found(job, capture, stand, Outcome.FOUND, str(exc))
        else:
            preserving.record_pending(job, ticket=ticket, seconds=POLLS)


def _poll(job: ArchiveJob) -> None:
    capture = wayback.saved(job.ticket)
    if capture is not None:
        _found(job, capture, _quotes_stand(job, capture), Outcome.SAVED)
    elif job.answered_at is not None and timezone.now() - job.answered_at > preserving.PENDING_AT_MOST:
        raise SourceUnavailable("The Wayback Machine did not finish saving the page. It is looked for again.")
    else:
        preserving.record_pending(job, ticket=job.ticket, seconds=POLLS)


def _found(job: ArchiveJob, capture: wayback.Capture, stand: bool | None, outcome: Outcome, reason: str = "") -> None:
    days = abs(capture.taken_at - job.document.fetched_at).days
    if stand is False:
        reason = f"The cited passages do not stand in this copy. {reason}".strip()
    elif days > preserving.NEAR.days:
        reason = f"This copy was taken {days} days before or after the page was fetched. {reason}".strip()
    preserving.record_copy(
        job, outcome, address=capture.address, captured_at=capture.taken_at, quotes_stand=stand, reason=reason
    )


def _nearest(url: str, near: dt.datetime) -> wayback.Capture | None:
    captures = wayback.captures(url, near=near, limit=5)
    return min(captures, key=lambda one: abs(one.taken_at - near), default=None)


def _itself(url: str) -> wayback.Capture | None:
    """A document that was read at the archive is its own copy."""
    found = re.fullmatch(re.escape(settings.WAYBACK_URL) + r"/web/(\d{14})(?:id_)?/(https?://.+)", url)
    if not found:
        return None
    try:
        taken_at = dt.datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return wayback.Capture(found[2], taken_at, 200)


def _quotes_stand(job: ArchiveJob, capture: wayback.Capture) -> bool | None:
    """Whether the cited passages are read in the copy; None when it cannot be looked into."""
    wanted = preserving.quotes(job)
    if not wanted:
        return None
    try:
        memento = wayback.play(capture)
        if memento is None or memento.response.status != 200:
            return None
        page = reading.read(
            memento.content, content_type=memento.response.content_type, url=job.document.url
        )  # fmt: skip
    except (SourceError, pagetext.Unreadable):
        return None
    words = " ".join(page.text.split())
    return all(" ".join(quote.split()) in words for quote in wanted)
