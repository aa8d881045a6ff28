"""SearXNG: a metasearch server of the desk's own. Empty results with silent engines mean "not searched"."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings

from workers.budgets import Pace
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceError, SourceUnavailable, fingerprint

PACE = Pace(per_second=1.0, at_once=2)


class SearXNG:
    """The web as several engines see it, through the operator's own server."""

    slug: ClassVar[str] = "searxng"
    name: ClassVar[str] = "SearXNG"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        return None if settings.SEARXNG_URL else "No server is configured: set SEARXNG_URL to a SearXNG of your own."

    def search(self, query: Query) -> Findings:
        found: dict[str, Finding] = {}
        silent: set[str] = set()
        for language in query.asked_in[:2]:
            words = query.searches(language)[0][:300]
            answer = self._ask(words, language)
            results = asking.rows(answer.get("results"))
            silent |= _silent(answer)
            if not results and silent:
                raise SourceUnavailable(f"SearXNG could not search: {', '.join(sorted(silent))}.")
            for result in results:
                finding = _finding(result, language, fingerprint(self.slug, words, language))
                if finding is not None:
                    found.setdefault(finding.url, finding)
        note = f"These engines did not answer: {', '.join(sorted(silent))}." if silent else ""
        return Findings(tuple(found.values())[: query.limit], note)

    def _ask(self, words: str, language: str) -> dict[str, Any]:
        url = asking.url_with(
            f"{settings.SEARXNG_URL.rstrip('/')}/search",
            {"q": words, "format": "json", "language": language, "categories": "general", "safesearch": 0, "pageno": 1},
        )
        response = asking.get(url, name=self.name, pace=PACE)
        if response.status == 403:
            raise SourceError("SearXNG refuses JSON: add json to search.formats in its settings.")
        asking.refuse_bad_status(response, self.name)
        answer = asking.parsed(response, self.name)
        if not isinstance(asking.shaped(answer, "results"), list):
            raise SourceUnavailable("SearXNG sent an answer of an unknown shape.")
        return dict(answer)


def _silent(answer: dict[str, Any]) -> set[str]:
    listed = answer.get("unresponsive_engines")
    rows = [row for row in listed if isinstance(row, list) and row] if isinstance(listed, list) else []
    return {": ".join(str(part) for part in row[:2]) for row in rows}


def _finding(result: dict[str, Any], language: str, mark: str) -> Finding | None:
    url = asking.word(result.get("url"))
    if not url.startswith(("http://", "https://")):
        return None
    return Finding(
        url=url,
        title=asking.word(result.get("title")),
        snippet=asking.word(result.get("content")),
        published_at=asking.instant(result.get("publishedDate")),
        language=language.split("-")[0],
        fingerprint=mark,
        details={"engines": result.get("engines") or [result.get("engine")], "score": result.get("score")},
    )
