"""Brave: web and news search with a key. Addresses, titles and snippets only; the pages come from their publishers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings

from workers.budgets import Pace
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceUnavailable, fingerprint

PACE = Pace(per_second=1.0)
# The languages it names otherwise than everybody else.
_CODES = {"zh": "zh-hans", "ja": "jp", "no": "nb", "pt": "pt-pt"}


class Brave:
    """Results of Brave's own index."""

    slug: ClassVar[str] = "brave"
    name: ClassVar[str] = "Brave Search"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        return None if settings.BRAVE_KEY else "No key is configured: set BRAVE_KEY."

    def search(self, query: Query) -> Findings:
        found: dict[str, Finding] = {}
        for language in query.asked_in[:2]:
            words = query.searches(language)[0][:390]
            mark = fingerprint(self.slug, words, language, query.since, query.until)
            for result in [*self._ask("news", words, language, query), *self._ask("web", words, language, query)]:
                url = asking.word(result.get("url"))
                if url.startswith(("http://", "https://")):
                    found.setdefault(url, _finding(url, result, language, mark))
        return Findings(tuple(found.values())[: query.limit])

    def _ask(self, kind: str, words: str, language: str, query: Query) -> list[dict[str, Any]]:
        window = f"{query.since or '1990-01-01'}to{query.until or '2100-01-01'}" if query.since or query.until else ""
        code = language.split("-")[0].lower()
        url = asking.url_with(
            f"{settings.BRAVE_URL}/{kind}/search",
            {
                "q": words,
                "count": min(query.limit, 20),
                "search_lang": _CODES.get(code, code),
                "freshness": window,
                "text_decorations": "false",
            },
        )
        answer = asking.get_json(
            url,
            name=self.name,
            pace=PACE,
            check=_refuse,
            headers={"X-Subscription-Token": settings.BRAVE_KEY, "Accept": "application/json"},
        )
        return asking.rows(asking.shaped(answer, "web", "results") if kind == "web" else answer.get("results"))


def _refuse(answer: Any) -> None:
    if asking.shaped(answer, "type") == "ErrorResponse" or asking.shaped(answer, "error"):
        said = asking.word(asking.shaped(answer, "error", "detail")) or asking.word(
            asking.shaped(answer, "error", "code")
        )
        raise SourceUnavailable(f"Brave Search could not search: {said}")
    if not isinstance(answer, dict) or not isinstance(answer.get("type"), str):
        raise SourceUnavailable("Brave Search sent an answer of an unknown shape.")


def _finding(url: str, result: dict[str, Any], language: str, mark: str) -> Finding:
    return Finding(
        url=url,
        title=asking.word(result.get("title")),
        snippet=asking.word(result.get("description")),
        published_at=asking.instant(result.get("page_age")),
        language=asking.word(result.get("language")) or language.split("-")[0],
        publisher=asking.word(asking.shaped(result, "profile", "name"))
        or asking.word(asking.shaped(result, "meta_url", "hostname")),
        fingerprint=mark,
        details={"age": result.get("age")},
    )
