"""One visit to what a desk follows: fetched politely, read whatever state it is in, told as what was seen.

No person has asked for the fetch, so robots.txt is obeyed and the host's budget kept. Whatever goes wrong is part of
what was seen, never an exception.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from claims.models import FollowedItem, FollowedSource
from claims.operations.admitting import ItemSight
from claims.operations.following import ITEMS, Entry, Sight
from claims.operations.remembering import CheckDraft
from workers import claimreview, feeds, http, listings, pagetext, reading, sniffing
from workers.answers import Seen
from workers.errors import FetchError, Throttled

LISTINGS = frozenset({sniffing.XML, sniffing.JSON, sniffing.HTML, sniffing.TEXT, "application/gzip"})
LARGEST = 2_000_000  # bytes of a feed; its newest items stand in the beginning
DEEPER = 3  # sitemaps that a sitemap leads to
_ITEM_ENDS = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.I)
GONE = frozenset({410, 451})
NOT_MODIFIED = 304
Kind = FollowedSource.Kind


def look(source: FollowedSource) -> Sight:
    """What stands at a followed address now, as far as it is new since the last visit."""
    try:
        response = http.fetch(
            source.url,
            accept=None if source.kind == Kind.PAGE else LISTINGS,
            max_bytes=None if source.kind == Kind.PAGE else LARGEST,
            cut=source.kind != Kind.PAGE,
            conditional=Seen(source.etag, source.last_modified),
        )
        if response.status == NOT_MODIFIED:
            return Sight(unchanged=True)
        if response.status in GONE:
            return Sight(gone=True, reason=f"The publisher has ended it (status {response.status}).")
        if not response.ok:
            return Sight(reason=f"The server answered with status {response.status}.")
        return _seen(source, response)
    except Throttled as exc:
        return Sight(wait=exc.retry_after, reason=str(exc))
    except (FetchError, pagetext.Unreadable) as exc:
        return Sight(reason=str(exc))


def _seen(source: FollowedSource, response: http.Response) -> Sight:
    entries, every, notes = _entries(source, response)
    return Sight(
        entries=entries,
        etag=response.seen.etag,
        last_modified=response.seen.last_modified,
        every=every,
        notes=notes,
    )


def _entries(source: FollowedSource, response: http.Response) -> tuple[list[Entry], float, list[str]]:
    body, url = response.content, response.final_url
    if source.kind == Kind.SITEMAP:
        found, deeper = listings.sitemap(body)
        notes: list[str] = []
        for one in deeper[:DEEPER]:
            found += _sitemap_below(one, url, notes)
        return found, 0.0, notes
    if source.kind == Kind.LINKS:
        return listings.links(body, url), 0.0, []
    if source.kind == Kind.PAGE:
        page = reading.read(body, content_type=response.content_type, url=url)
        return [Entry(source.url, page.title or source.name, hashlib.sha256(page.text.encode()).hexdigest())], 0.0, []
    if source.kind == Kind.CHECKS and response.content_type == sniffing.HTML:
        if claimreview.on_page(body, url=url):
            return [Entry(source.url, source.name, hashlib.sha256(body).hexdigest())], 0.0, []
        return listings.links(body, url), 0.0, []
    feed = feeds.read(_beginning(body), url)
    entries = [
        Entry(
            one.url,
            one.title,
            f"{one.summary}\n{one.updated_at.isoformat() if one.updated_at else ''}",
            one.published_at,
        )
        for one in feed.entries
    ]
    return entries, feed.every if feed.every > feeds.AT_LEAST else 0.0, []


def _beginning(body: bytes) -> bytes:
    """A feed up to the last item that is looked at: parsing what comes after it can take minutes."""
    ends = [match.end() for match, _ in zip(_ITEM_ENDS.finditer(body), range(ITEMS), strict=False)]
    return body[: ends[-1]] if len(ends) == ITEMS else body


def _sitemap_below(url: str, above: str, notes: list[str]) -> list[Entry]:
    """What a sitemap lists that another leads to; one that cannot be read costs a note."""
    if urlsplit(url).hostname != urlsplit(above).hostname:
        return []
    try:
        response = http.fetch(url, accept=LISTINGS, max_bytes=LARGEST, cut=True)
        if not response.ok:
            raise pagetext.Unreadable(f"the server answered with status {response.status}.")
        return listings.sitemap(response.content)[0]
    except (FetchError, pagetext.Unreadable) as exc:
        notes.append(f"{url}: {exc}")
        return []


def read(item: FollowedItem) -> ItemSight:
    """What stands at an item's address now."""
    try:
        response = http.fetch(item.url, conditional=Seen(item.etag, item.last_modified))
        if response.status == NOT_MODIFIED:
            return ItemSight(unchanged=True)
        if response.status >= 500 or response.status in (408, 425, 429):
            wait = response.retry_after or 15 * 60.0
            return ItemSight(reason=f"The server answered with status {response.status}.", again=wait)
        if not response.ok:
            return ItemSight(reason=f"The server answered with status {response.status}.")
        return _of_checks(response) if item.for_checks else _of_page(response)
    except FetchError as exc:
        return ItemSight(reason=str(exc), again=(exc.retry_after or 15 * 60.0) if exc.retriable else None)
    except pagetext.Unreadable as exc:
        return ItemSight(reason=str(exc))


def _of_page(response: http.Response) -> ItemSight:
    page = reading.read(response.content, content_type=response.content_type, url=response.final_url)
    own = page.canonical_url
    if not own or urlsplit(own).hostname != urlsplit(response.final_url).hostname:
        own = response.final_url  # a page does not speak for another site
    return ItemSight(
        text=page.text,
        title=page.title,
        language=page.language,
        publisher=page.publisher,
        published_at=page.published_at,
        url=own,
        etag=response.seen.etag,
        last_modified=response.seen.last_modified,
    )


def _of_checks(response: http.Response) -> ItemSight:
    """The reviews of a page that speak for the page's own site: nobody corrects somebody else's checks."""
    found = claimreview.on_page(response.content, url=response.final_url)
    host = claimreview.host_of(response.final_url)
    own = [one for one in found if isinstance(one, CheckDraft) and claimreview.host_of(one.url) == host]
    reason = "" if own else "There is no ClaimReview of this site on the page."
    return ItemSight(checks=own, etag=response.seen.etag, last_modified=response.seen.last_modified, reason=reason)
