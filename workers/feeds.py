"""RSS, Atom and JSON feeds: polled no more often than they allow, read whatever state they are in.

Feeds are found ill-formed, in the wrong encoding and with dates nobody can read; what can be read is used. A body that
defines entities is refused before any parser sees it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from workers import http, pages, sniffing
from workers.answers import Seen
from workers.pagetext import Unreadable, decode, moment, plain, storable

AT_LEAST = 15 * 60.0  # seconds between two visits
AT_MOST = 24 * 3600.0
KEPT_SECONDS = 7 * 24 * 3600
ENTRIES = 200
_ENTITY = re.compile(rb"<!ENTITY", re.I)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed."""

    url: str
    title: str = ""
    summary: str = ""
    published_at: dt.datetime | None = None
    byline: str = ""
    updated_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was last seen."""

    title: str
    language: str
    entries: tuple[Entry, ...]
    every: float = AT_LEAST  # seconds between visits, as far as the feed says


class FeedGone(Unreadable):
    """The publisher says this feed has ended."""


def visit(url: str) -> Feed:
    """The feed at this address, from the last visit if that is not long ago. Raises `FetchError` or `Unreadable`."""
    key = "feed:" + hashlib.sha256(url.encode()).hexdigest()
    known: dict[str, Any] = cache.get(key) or {}
    if known.get("gone"):
        raise FeedGone("The publisher has ended this feed.")
    if known and time.time() < known["again"]:
        return read(known["body"], url)
    seen = Seen(known.get("etag", ""), known.get("last_modified", "")) if known else None
    response = http.fetch(url, manner="service", accept=_FEEDS, conditional=seen)
    if response.status == 410:
        cache.set(key, {"gone": True}, KEPT_SECONDS)
        raise FeedGone("The publisher has ended this feed.")
    if response.status == 304 and known:
        body = known["body"]
    elif response.ok:
        body = response.content
    else:
        raise Unreadable(f"The feed answered with status {response.status}.")
    feed = read(body, url)
    cache.set(
        key,
        {
            "body": body,
            "etag": response.seen.etag or known.get("etag", ""),
            "last_modified": response.seen.last_modified or known.get("last_modified", ""),
            "again": time.time() + min(max(feed.every, AT_LEAST), AT_MOST),
        },
        KEPT_SECONDS,
    )
    return feed


_FEEDS = frozenset({sniffing.XML, sniffing.JSON, sniffing.HTML, sniffing.TEXT})


def read(body: bytes, url: str = "") -> Feed:
    """The entries of a feed in any of the three formats."""
    if body.lstrip()[:1] == b"{":
        return _json_feed(body, url)
    if _ENTITY.search(body):
        raise Unreadable("The feed defines entities, which is refused.")
    import feedparser

    found = feedparser.parse(body.lstrip(), response_headers={"content-location": url} if url else None)
    if not found.get("version") and not found.entries:
        raise Unreadable("This is not a feed.")
    entries = [_entry(item, url) for item in found.entries[:ENTRIES]]
    about = found.feed
    return Feed(
        title=storable(about.get("title", ""))[:200],
        language=str(about.get("language", "")).split("-")[0].lower(),
        entries=tuple(entry for entry in entries if entry is not None),
        every=_every(about),
    )


def _entry(item: Any, base: str) -> Entry | None:
    link = pages.absolute(base, item.get("link") or "") or pages.absolute("", item.get("id") or "")
    if not link:
        return None
    summary = item.get("summary") or next((part.get("value", "") for part in item.get("content", [])), "")
    return Entry(
        url=link,
        title=_plain(item.get("title", ""))[:500],
        summary=_plain(summary)[:2000],
        published_at=_moment(item),
        byline=_plain(item.get("author", ""))[:300],
        updated_at=moment(dict.get(item, "updated")),
    )


def _moment(item: Any) -> dt.datetime | None:
    for name in ("published", "updated", "created"):
        parsed = dict.get(item, f"{name}_parsed")  # feedparser's own get answers for other names, with a warning
        if parsed:
            try:
                year, month, day, hour, minute, second = parsed[:6]
                return dt.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=dt.UTC)
            except (ValueError, TypeError):
                continue
        if found := moment(dict.get(item, name)):
            return found
    return None


def _every(about: Any) -> float:
    """Seconds between visits by <ttl> (minutes) or sy:updatePeriod."""
    ttl = str(about.get("ttl", ""))
    if ttl.isdigit():
        return int(ttl) * 60.0
    period = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0}.get(str(about.get("sy_updateperiod", "")).strip())
    frequency = str(about.get("sy_updatefrequency", "1")).strip()
    return (period or 0.0) / max(1, int(frequency) if frequency.isdigit() else 1)


def _json_feed(body: bytes, url: str) -> Feed:
    try:
        given = json.loads(decode(body), strict=False)
    except (ValueError, RecursionError) as exc:
        raise Unreadable("This is not a feed.") from exc
    if not isinstance(given, dict) or not isinstance(given.get("items"), list):
        raise Unreadable("This is not a feed.")
    entries = []
    for item in given["items"][:ENTRIES]:
        if not isinstance(item, dict):
            continue
        link = pages.absolute(url, str(item.get("url") or item.get("external_url") or ""))
        link = link or pages.absolute("", str(item.get("id") or ""))
        if link:
            text = item.get("content_text") or item.get("summary") or item.get("content_html") or ""
            entries.append(
                Entry(link, _plain(item.get("title"))[:500], _plain(text)[:2000], moment(item.get("date_published")))
            )
    return Feed(_plain(given.get("title"))[:200], str(given.get("language") or "").split("-")[0], tuple(entries))


def _plain(markup: object) -> str:
    return storable(plain(markup))
