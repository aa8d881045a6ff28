"""Media Cloud: stories of chosen collections of media, to see how far a claim has spread."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone

from workers.budgets import Pace
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceUnavailable, fingerprint

PACE = Pace(per_second=2 / 60)
WINDOW_DAYS = 365


class MediaCloud:
    """Open-web news stories by collection."""

    slug: ClassVar[str] = "mediacloud"
    name: ClassVar[str] = "Media Cloud"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        return None if settings.MEDIACLOUD_KEY else "No token is configured: set MEDIACLOUD_KEY."

    def search(self, query: Query) -> Findings:
        words = _words(query.searches(query.asked_in[0])[0])
        if not words:
            return Findings(note="The claim holds no word to search with.")
        until = query.until or timezone.now().date()
        since = query.since or until - dt.timedelta(days=WINDOW_DAYS)
        url = asking.url_with(
            f"{settings.MEDIACLOUD_URL}/search/story-list",
            {
                "q": words,
                "start": since.isoformat(),
                "end": until.isoformat(),
                "platform": "onlinenews-mediacloud",
                "cs": ",".join(settings.MEDIACLOUD_COLLECTIONS),
                "page_size": max(10, query.limit),
            },
        )
        answer = asking.get_json(
            url,
            name=self.name,
            pace=PACE,
            check=_refuse,
            headers={"Authorization": f"Token {settings.MEDIACLOUD_KEY}", "Accept": "application/json"},
        )
        mark = fingerprint(self.slug, words, since, until)
        stories = asking.rows(answer.get("stories"))
        found = (finding for story in stories if (finding := _finding(story, mark)) is not None)
        return Findings(tuple(found)[: query.limit])


def _refuse(answer: Any) -> None:
    if asking.shaped(answer, "status") == "error":
        raise SourceUnavailable(f"Media Cloud could not search: {asking.word(asking.shaped(answer, 'note'))}")
    if not isinstance(asking.shaped(answer, "stories"), list):
        raise SourceUnavailable("Media Cloud sent an answer of an unknown shape.")


def _words(search: str) -> str:
    """Words joined by AND; operators are not ours to send."""
    return " AND ".join(list(dict.fromkeys(re.findall(r"[^\W_]{3,}", search)))[:5])


def _finding(story: dict[str, Any], mark: str) -> Finding | None:
    url = asking.word(story.get("url"))
    if not url.startswith(("http://", "https://")):
        return None
    return Finding(
        url=url,
        title=asking.word(story.get("title")),
        published_at=asking.instant(story.get("publish_date")),
        language=asking.word(story.get("language")),
        publisher=asking.word(story.get("media_name")),
        fingerprint=mark,
        details={"id": story.get("id"), "indexed": story.get("indexed_date")},
    )
