"""Crossref: scholarly works by what they are about, with abstract where there is one, and retractions shown."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, ClassVar

from django.conf import settings

from workers.budgets import Pace
from workers.http import contact_missing
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceUnavailable, fingerprint

PACE = Pace(per_second=4.0)  # of 5 per second and one at a time in the public pool
FIELDS = "DOI,title,author,issued,container-title,URL,type,abstract,publisher,update-to,relation,language"


class Crossref:
    """Bibliographic search over works with a DOI."""

    slug: ClassVar[str] = "crossref"
    name: ClassVar[str] = "Crossref"
    languages: ClassVar[tuple[str, ...]] = ("en",)
    polite: ClassVar[bool] = True

    def available(self) -> str | None:
        return contact_missing()

    def search(self, query: Query) -> Findings:
        language = "en" if query.terms.get("en") or "en" in query.asked_in else query.asked_in[0]
        words = query.searches(language)[0][:400]
        dates = [
            f"from-pub-date:{query.since}" if query.since else "",
            f"until-pub-date:{query.until}" if query.until else "",
        ]
        url = asking.url_with(
            f"{settings.CROSSREF_URL}/works",
            {
                "query.bibliographic": words,
                "rows": min(query.limit, 20),
                "select": FIELDS,
                "filter": ",".join(date for date in dates if date),
                "mailto": asking.mail_address(),
            },
        )
        answer = asking.get_json(url, name=self.name, pace=PACE, check=_refuse)
        mark = fingerprint(self.slug, words, query.since, query.until)
        items = asking.rows(asking.shaped(answer, "message", "items"))
        return Findings(tuple(finding for item in items if (finding := as_finding(item, mark)) is not None))


def _refuse(answer: Any) -> None:
    if asking.shaped(answer, "status") != "ok" or not isinstance(asking.shaped(answer, "message", "items"), list):
        raise SourceUnavailable("Crossref sent an answer of an unknown shape.")


def as_finding(item: dict[str, Any], mark: str) -> Finding | None:
    """A work as a finding; None where it has no name."""
    doi, title = asking.word(item.get("DOI")), asking.word(asking.shaped(item, "title", 0))
    if not doi or not title:
        return None
    abstract = _abstract(item.get("abstract"))
    journal = asking.word(asking.shaped(item, "container-title", 0))
    issued = published(asking.shaped(item, "issued", "date-parts", 0))
    withdrawn = _withdrawn(item)
    names = [
        " ".join(filter(None, (author.get("given"), author.get("family"))))
        for author in asking.rows(item.get("author"))
    ]
    head = [
        f"{withdrawn.upper()}: {title}" if withdrawn else title,
        ", ".join(names[:20]),
        " ".join(filter(None, (journal, str(issued.year) if issued else ""))),
    ]
    text = "\n\n".join(part for part in ("\n".join(filter(None, head)), abstract) if part)
    return Finding(
        url=f"https://doi.org/{doi}",
        title=head[0],
        snippet=abstract[:300],
        published_at=issued,
        language=asking.word(item.get("language"))[:2],
        publisher=asking.word(item.get("publisher")) or journal,
        content=text.encode(),
        content_type="text/plain; charset=utf-8",
        licence="CC0 metadata",
        fingerprint=mark,
        details={"doi": doi, "type": item.get("type"), "withdrawn": withdrawn, "abstract": bool(abstract)},
    )


def _abstract(jats: object) -> str:
    """The paragraphs of an abstract in JATS markup."""
    if not isinstance(jats, str):
        return ""
    parts = [asking.word(part) for part in re.split(r"</(?:jats:)?(?:p|title|sec)>", jats)]
    return "\n\n".join(part for part in parts if part)


def _withdrawn(item: dict[str, Any]) -> str:
    """ "retraction", "withdrawal" … where this record is one, or is under one."""
    kinds = [str(update.get("type", "")) for update in asking.rows(item.get("update-to"))]
    relation = item.get("relation")
    kinds += [str(kind) for kind in relation] if isinstance(relation, dict) else []
    return next((kind for kind in kinds if re.search(r"retract|withdraw|removal|concern", kind)), "")


def published(parts: object) -> dt.datetime | None:
    """One to three numbers as a moment: the first day of what is known, at noon."""
    if not isinstance(parts, list) or not parts or not all(isinstance(part, int) for part in parts):
        return None
    year, month, day = [*parts, 1, 1][:3]
    try:
        return dt.datetime(year, month, day, 12, tzinfo=dt.UTC)
    except ValueError:
        return None
