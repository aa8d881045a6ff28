"""Admitting: what was let in from a followed source is taken in through the one intake, once per address and text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from claims.analysis import language as languages
from claims.errors import InvalidInput
from claims.models import Article, Door, FollowedItem, FollowedSource, Step
from claims.operations import following, intake, remembering
from claims.operations.remembering import CheckDraft

TRIES = 4  # of a page that does not answer, until the item says that it could not be read
AGAIN_DAYS = (1, 7, 30, 90)  # after these the page of a fact-check is looked at again: corrections come late


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSight:
    """What a worker saw at an item's address, or why it saw nothing."""

    text: str = ""
    title: str = ""
    language: str = ""
    publisher: str = ""
    published_at: dt.datetime | None = None
    url: str = ""  # where it was read, the page's own canonical address if it names one
    checks: Sequence[CheckDraft] = ()
    etag: str = ""
    last_modified: str = ""
    unchanged: bool = False
    reason: str = ""
    again: float | None = None  # seconds until another try makes sense


@transaction.atomic
def record_item(item: FollowedItem, seen: ItemSight) -> Article | None:
    """Take in what an item's page said. Safe to call late and twice; None when no article came of it.

    An address or a text that came in before, from whichever feed, stays the one article it is.
    """
    if seen.again is not None and item.attempts < TRIES:
        FollowedItem.objects.postpone(item, error=seen.reason, seconds=seen.again)
        return None
    if not FollowedItem.objects.settle(item):
        return None
    outcomes = FollowedItem.Outcome
    if seen.reason:
        _close(item, item.outcome if item.reads else outcomes.FAILED, last_error=seen.reason[:4000])
        return None
    read: dict[str, Any] = {
        "etag": (seen.etag or (item.etag if seen.unchanged else ""))[:300],
        "last_modified": (seen.last_modified or (item.last_modified if seen.unchanged else ""))[:100],
        "reads": F("reads") + 1,
        "last_error": "",
    }
    if item.for_checks:
        _take_in_checks(item, seen, read)
        return None
    if seen.unchanged:
        _close(item, item.outcome or outcomes.KNOWN, **read)
        return None
    known = _at_the_same_address(item, seen.url)
    if known is not None:
        _close(item, outcomes.KNOWN, article=known.article, **read)
        return known.article
    try:
        article, new = _submit(item, seen)
    except InvalidInput as refusal:
        _close(item, outcomes.FAILED, last_error=str(refusal), **{k: v for k, v in read.items() if k != "last_error"})
        return None
    _close(item, outcomes.READ if new else outcomes.KNOWN, article=article, **read)
    if new:
        FollowedSource.objects.filter(pk=item.source_id).update(found=F("found") + 1)
    return article


def _submit(item: FollowedItem, seen: ItemSight) -> tuple[Article, bool]:
    source = item.source
    day = (seen.published_at or item.published_at or timezone.now()).date()
    article, new = intake.submit_article(
        source.newsroom,
        text=seen.text,
        by=None,
        door=Door.FEED,
        language=source.language or (seen.language if languages.exists(seen.language) else ""),
        published_on=day if dt.date(1900, 1, 1) < day <= timezone.now().date() else None,
        title=" ".join((seen.title or item.title).split())[:500],
        url=seen.url[:2000],
        publisher=" ".join(seen.publisher.split())[:200],
    )
    if new:
        Article.objects.filter(pk=article.pk).update(notes=[*article.notes, f"Found by following {source.name}."])
    return article, new


def _at_the_same_address(item: FollowedItem, url: str) -> FollowedItem | None:
    """The other item whose address this page names as its own."""
    address = following.address_of(url)
    if not url or address == item.address:
        return None
    same = FollowedItem.objects.filter(newsroom=item.newsroom_id, for_checks=False, address=address, reads__gt=0)
    return same.exclude(pk=item.pk).select_related("article").first()


def _take_in_checks(item: FollowedItem, seen: ItemSight, read: dict[str, Any]) -> None:
    if seen.checks:
        remembering.remember(seen.checks, newsroom=item.source.newsroom)
        if not item.reads:
            FollowedSource.objects.filter(pk=item.source_id).update(found=F("found") + len(seen.checks))
    _close(item, FollowedItem.Outcome.READ, **read)
    if item.reads < len(AGAIN_DAYS) and FollowedSource.objects.filter(pk=item.source_id, removed_at=None).exists():
        FollowedItem.objects.revive(item.pk)
        FollowedItem.objects.filter(pk=item.pk).update(
            next_attempt_at=Now() + dt.timedelta(days=AGAIN_DAYS[item.reads])
        )


def _close(item: FollowedItem, outcome: str, **given: Any) -> None:
    FollowedItem.objects.filter(pk=item.pk, state=Step.State.DONE).update(outcome=outcome, **given)
