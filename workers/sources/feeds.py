"""The feeds a desk follows: what do its trusted outlets and fact-checkers say just now?"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings

from workers import feeds
from workers.errors import FetchError
from workers.pagetext import Unreadable
from workers.sources.base import Finding, Findings, Query, SourceUnavailable, fingerprint

MOST_FEEDS = 30
LEAST_SHARED = 2  # words a headline must share with the claim; a name counts double


class Feeds:
    """Entries of the configured feeds that share names or several words with a claim; the pages are fetched."""

    slug: ClassVar[str] = "feeds"
    name: ClassVar[str] = "Followed feeds"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        return None if settings.FEED_URLS else "No feeds are configured: set FEED_URLS."

    def search(self, query: Query) -> Findings:
        words, names = _wanted(query)
        scored: dict[str, tuple[int, Finding]] = {}
        notes, read = [], 0
        for url in settings.FEED_URLS[:MOST_FEEDS]:
            try:
                feed = feeds.visit(url)
            except (FetchError, Unreadable) as exc:
                notes.append(f"{url}: {exc}")
                continue
            read += 1
            for entry in feed.entries:
                score = _shared(f"{entry.title} {entry.summary}", words, names)
                if score >= LEAST_SHARED and _in_window(entry, query):
                    scored.setdefault(
                        entry.url, (score, _finding(entry, feed, url, fingerprint(self.slug, url, words)))
                    )
        if not read:
            raise SourceUnavailable(f"None of the feeds can be read. {' '.join(notes)}")
        best = sorted(scored.values(), key=lambda pair: -pair[0])
        return Findings(tuple(finding for _, finding in best[: query.limit]), " ".join(notes))


def _wanted(query: Query) -> tuple[frozenset[str], frozenset[str]]:
    searches = [query.text, *(search for language in query.asked_in for search in query.searches(language))]
    words = {word.casefold() for search in searches for word in re.findall(r"[^\W_]{5,}|\d[\d.,]{2,}\d", search)}
    names = {part.casefold() for name in query.entities for part in re.findall(r"[^\W_]{3,}", name)}
    return frozenset(words - names), frozenset(names)


def _shared(text: str, words: frozenset[str], names: frozenset[str]) -> int:
    there = {word.casefold() for word in re.findall(r"[^\W_]{3,}|\d[\d.,]{2,}\d", text)}
    return len(there & words) + 2 * len(there & names)


def _in_window(entry: feeds.Entry, query: Query) -> bool:
    if entry.published_at is None:
        return True
    day = entry.published_at.date()
    return not (query.since and day < query.since) and not (query.until and day > query.until)


def _finding(entry: feeds.Entry, feed: feeds.Feed, url: str, mark: str) -> Finding:
    return Finding(
        url=entry.url,
        title=entry.title,
        snippet=entry.summary[:300],
        published_at=entry.published_at,
        language=feed.language,
        publisher=feed.title or (urlsplit(url).hostname or ""),
        credit="",
        fingerprint=mark,
        details={"feed": url},
    )
