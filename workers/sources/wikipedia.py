"""Wikipedia: search, plain text of the pages found, and a link to the very revision read.

Wikipedia is a pointer to its references and a source of background, not an independent witness; the desk sees that
by the publisher's kind. Texts are CC BY-SA and are kept with revision and licence.
"""

from __future__ import annotations

import functools
import re
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from django.conf import settings

from workers.budgets import Pace
from workers.http import contact_missing
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceError, SourceUnavailable, fingerprint

PACE = Pace(per_second=3.0, in_a_row=3, at_once=2)  # of 200 per minute and 3 at once for a named client
PAGES_PER_SEARCH = 5
SEARCHES_PER_LANGUAGE = 2
LICENCE = "CC BY-SA 4.0"
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]+)*")


class Wikipedia:
    """Pages of Wikipedia in the languages asked for."""

    slug: ClassVar[str] = "wikipedia"
    name: ClassVar[str] = "Wikipedia"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = True

    def available(self) -> str | None:
        return contact_missing()

    def search(self, query: Query) -> Findings:
        found: dict[str, Finding] = {}
        notes = []
        for spoken in query.asked_in[:3]:
            language = spoken.split("-")[0].lower()
            if not _LANGUAGE.fullmatch(language):
                notes.append(f"There is no Wikipedia in {spoken!r}.")
                continue
            for words in query.searches(spoken)[:SEARCHES_PER_LANGUAGE]:
                if len(found) >= query.limit:
                    break
                for finding in self._search(language, words, min(PAGES_PER_SEARCH, query.limit)):
                    found.setdefault(finding.url, finding)
        return Findings(tuple(found.values())[: query.limit], " ".join(notes))

    def _search(self, language: str, words: str, limit: int) -> list[Finding]:
        found = _ask(language, list="search", srsearch=words[:300], srlimit=limit, srprop="snippet|timestamp")
        hits = {hit["pageid"]: hit for hit in asking.rows(asking.shaped(found, "query", "search")) if hit.get("pageid")}
        mark = fingerprint(self.slug, language, words)
        return [
            finding for pageid, hit in hits.items() if (finding := self._page(language, pageid, hit, mark)) is not None
        ]

    def _page(self, language: str, pageid: int, hit: dict[str, Any], mark: str) -> Finding | None:
        """The full text of one page: extracts of whole pages come one per request."""
        answer = _ask(
            language,
            prop="extracts|info|revisions",
            pageids=pageid,
            explaintext=1,
            exsectionformat="plain",
            inprop="url",
            rvprop="ids|timestamp",
        )
        page = next(iter(asking.rows(asking.shaped(answer, "query", "pages"))), {})
        text = page.get("extract") or ""
        revision = next(iter(asking.rows(page.get("revisions"))), {})
        if page.get("missing") or not text.strip():
            return None
        return Finding(
            url=_permalink(language, page, revision),
            title=page.get("title") or hit.get("title", ""),
            snippet=asking.word(hit.get("snippet")),
            published_at=asking.instant(revision.get("timestamp") or hit.get("timestamp")),
            language=language,
            publisher="Wikipedia",
            content=text.encode(),
            content_type="text/plain; charset=utf-8",
            licence=LICENCE,
            fingerprint=mark,
            details={"pageid": pageid, "revision": revision.get("revid")},
        )


def _ask(language: str, **params: object) -> dict[str, Any]:
    """One question to the action API. Its errors come with HTTP 200 and are errors all the same."""
    base = settings.WIKIPEDIA_URL.format(language=language)
    url = asking.url_with(base, {"action": "query", "format": "json", "formatversion": 2, "maxlag": 5, **params})
    answer: dict[str, Any] = asking.get_json(
        url, name="Wikipedia", pace=PACE, check=functools.partial(refuse, "Wikipedia")
    )
    return answer


def refuse(name: str, answer: Any) -> None:
    """Raise what a MediaWiki says with HTTP 200 but means as an error."""
    if not isinstance(answer, dict):
        raise SourceUnavailable(f"{name} sent an answer of an unknown shape.")
    if error := answer.get("error"):
        code, info = asking.word(asking.shaped(error, "code")) or "?", asking.word(asking.shaped(error, "info"))
        if code in ("maxlag", "ratelimited", "readonly") or code.startswith("internal_api_error"):
            raise SourceUnavailable(f"{name} cannot answer now ({code}): {info}")
        raise SourceError(f"{name} refuses the question ({code}): {info}")


def _permalink(language: str, page: dict[str, Any], revision: dict[str, Any]) -> str:
    host = urlsplit(page.get("canonicalurl") or page.get("fullurl") or "").hostname or f"{language}.wikipedia.org"
    title = quote(str(page.get("title", "")).replace(" ", "_"))
    if revision.get("revid"):
        return f"https://{host}/w/index.php?title={title}&oldid={revision['revid']}"
    return f"https://{host}/wiki/{title}"
