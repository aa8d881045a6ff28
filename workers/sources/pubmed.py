"""PubMed: medical papers with their abstracts; retracted ones say so."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings

from workers.budgets import Pace
from workers.http import contact_missing
from workers.pagetext import xml_root
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceUnavailable, fingerprint

SLOW, FAST = Pace(per_second=2.5), Pace(per_second=8.0)  # of 3, or of 10 with a key
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}


class PubMed:
    """Abstracts of biomedical literature."""

    slug: ClassVar[str] = "pubmed"
    name: ClassVar[str] = "PubMed"
    languages: ClassVar[tuple[str, ...]] = ("en",)
    polite: ClassVar[bool] = True

    def available(self) -> str | None:
        return contact_missing()

    def search(self, query: Query) -> Findings:
        words = query.searches("en")[0][:300]
        found = asking.get_json(
            _url(
                "esearch.fcgi",
                term=words,
                retmode="json",
                retmax=min(query.limit, 20),
                sort="relevance",
                mindate=f"{query.since:%Y/%m/%d}" if query.since else "",
                maxdate=f"{query.until:%Y/%m/%d}" if query.until else "",
                datetype="pdat" if query.since or query.until else "",
            ),
            name=self.name,
            pace=_pace(),
            check=_refuse,
        )
        ids = [str(number) for number in asking.shaped(found, "esearchresult", "idlist") or [] if str(number).isdigit()]
        if not ids:
            return Findings()
        return Findings(tuple(papers(ids, fingerprint(self.slug, words, query.since, query.until))))


def papers(ids: list[str], mark: str = "") -> list[Finding]:
    """The papers with these numbers, as PubMed has them now. Raises a `SourceError`."""
    url = _url("efetch.fcgi", id=",".join(ids), retmode="xml", rettype="abstract")
    response = asking.get(url, name=PubMed.name, pace=_pace())
    asking.refuse_bad_status(response, PubMed.name)
    return _papers(response.content, mark)


def _pace() -> Pace:
    return FAST if settings.PUBMED_KEY else SLOW


def _url(tool: str, **params: object) -> str:
    given = {"db": "pubmed", "tool": "factcheck", "email": asking.mail_address(), "api_key": settings.PUBMED_KEY}
    return asking.url_with(f"{settings.PUBMED_URL}/{tool}", {**params, **given})


def _refuse(answer: Any) -> None:
    result = asking.shaped(answer, "esearchresult")
    if not isinstance(result, dict):
        raise SourceUnavailable("PubMed sent an answer of an unknown shape.")
    if error := asking.word(result.get("ERROR")) or asking.word(asking.shaped(answer, "error")):
        raise SourceUnavailable(f"PubMed could not search: {error}")


def _papers(body: bytes, mark: str) -> list[Finding]:
    root = xml_root(body)
    if root is None or root.tag != "PubmedArticleSet":
        raise SourceUnavailable("PubMed sent an answer of an unknown shape.")
    found = (_paper(article, mark) for article in root.iter("PubmedArticle"))
    return [finding for finding in found if finding is not None]


def _paper(article: Any, mark: str) -> Finding | None:
    number, title = article.findtext(".//PMID") or "", _text(article.find(".//ArticleTitle"))
    if not number or not title:
        return None
    parts = []
    for part in article.findall(".//Abstract/AbstractText"):
        label, text = part.get("Label"), _text(part)
        parts.append(f"{label.capitalize()}: {text}" if label else text)
    kinds = [_text(kind) for kind in article.findall(".//PublicationType")]
    retracted = "Retracted Publication" in kinds
    shown = f"RETRACTED: {title}" if retracted else title
    journal, abstract = _text(article.find(".//Journal/Title")), "\n\n".join(part for part in parts if part)
    names = [
        " ".join(filter(None, (author.findtext("ForeName"), author.findtext("LastName"))))
        for author in article.findall(".//AuthorList/Author")[:20]
    ]
    head = "\n".join(filter(None, (shown, ", ".join(filter(None, names)), journal)))
    return Finding(
        url=f"https://pubmed.ncbi.nlm.nih.gov/{number}/",
        title=shown,
        snippet=abstract[:300],
        published_at=_published(article.find(".//Journal/JournalIssue/PubDate")),
        language=(article.findtext(".//Language") or "eng").replace("eng", "en").replace("ger", "de")[:2],
        publisher=journal or "PubMed",
        content=f"{head}\n\n{abstract}".strip().encode(),
        content_type="text/plain; charset=utf-8",
        fingerprint=mark,
        details={"pmid": number, "types": kinds, "withdrawn": "retraction" if retracted else ""},
    )


def _text(element: Any) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _published(element: Any) -> dt.datetime | None:
    year = "" if element is None else element.findtext("Year") or (element.findtext("MedlineDate") or "")[:4]
    if not year.isdigit():
        return None
    month = (element.findtext("Month") or "1").strip().lower()
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3], 1)
    day = element.findtext("Day") or "1"
    try:
        return dt.datetime(int(year), number, int(day) if day.isdigit() else 1, 12, tzinfo=dt.UTC)
    except ValueError:
        return None
