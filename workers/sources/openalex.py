"""OpenAlex: scholarly works with their abstracts, put together again from the inverted index they are stored in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings

from workers.budgets import Pace
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceUnavailable, fingerprint

PACE = Pace(per_second=5.0, at_once=2)
FIELDS = (
    "id,doi,display_name,publication_date,language,type,is_retracted,abstract_inverted_index,"
    "authorships,primary_location,cited_by_count"
)


class OpenAlex:
    """Search in works; needs a key, which is free."""

    slug: ClassVar[str] = "openalex"
    name: ClassVar[str] = "OpenAlex"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        return None if settings.OPENALEX_KEY else "No key is configured: set OPENALEX_KEY."

    def search(self, query: Query) -> Findings:
        words = query.searches("en")[0][:300]
        dates = [
            f"from_publication_date:{query.since}" if query.since else "",
            f"to_publication_date:{query.until}" if query.until else "",
        ]
        url = asking.url_with(
            f"{settings.OPENALEX_URL}/works",
            {
                "search": words,
                "filter": ",".join(date for date in dates if date),
                "select": FIELDS,
                "per-page": min(query.limit, 25),
                "api_key": settings.OPENALEX_KEY,
            },
        )
        answer = asking.get_json(
            url,
            name=self.name,
            pace=PACE,
            check=_refuse,
            kept_for=24 * 3600,
        )
        mark = fingerprint(self.slug, words, query.since, query.until)
        items = asking.rows(answer.get("results"))
        return Findings(tuple(finding for item in items if (finding := _finding(item, mark)) is not None))


def _refuse(answer: Any) -> None:
    if error := asking.word(asking.shaped(answer, "error")):
        raise SourceUnavailable(f"OpenAlex could not search: {error} {asking.word(asking.shaped(answer, 'message'))}")
    if not isinstance(asking.shaped(answer, "results"), list):
        raise SourceUnavailable("OpenAlex sent an answer of an unknown shape.")


def _finding(item: dict[str, Any], mark: str) -> Finding | None:
    url, title = asking.word(item.get("doi")) or asking.word(item.get("id")), asking.word(item.get("display_name"))
    if not url or not title:
        return None
    retracted = item.get("is_retracted") is True
    shown = f"RETRACTED: {title}" if retracted else title
    abstract = _abstract(item.get("abstract_inverted_index"))
    venue = asking.word(asking.shaped(item, "primary_location", "source", "display_name"))
    names = [asking.word(asking.shaped(row, "author", "display_name")) for row in asking.rows(item.get("authorships"))]
    head = "\n".join(filter(None, (shown, ", ".join(filter(None, names[:20])), venue)))
    return Finding(
        url=url,
        title=shown,
        snippet=abstract[:300],
        published_at=asking.instant(item.get("publication_date")),
        language=asking.word(item.get("language")),
        publisher=venue or "OpenAlex",
        content=f"{head}\n\n{abstract}".strip().encode(),
        content_type="text/plain; charset=utf-8",
        licence="CC0",
        fingerprint=mark,
        details={"id": item.get("id"), "type": item.get("type"), "withdrawn": "retraction" if retracted else ""},
    )


def _abstract(index: object) -> str:
    """Words at their places. Places nobody would print are ignored."""
    if not isinstance(index, dict):
        return ""
    places: dict[int, str] = {}
    for word, positions in index.items():
        for position in positions if isinstance(positions, list) else []:
            if isinstance(position, int) and 0 <= position < 20_000:
                places[position] = str(word)
    return " ".join(places[position] for position in sorted(places))
