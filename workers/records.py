"""Records of scholarly works: whether a register says that a cited work was withdrawn.

A work is known by its DOI (Crossref) or its PubMed number, read from the address of what is cited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings

from claims.models import Document
from workers.sources import asking, crossref, pubmed
from workers.sources.base import Finding, SourceUnavailable, fingerprint

_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>?#&]+)", re.ASCII)
_AFTER_DOI = re.compile(r"(?:[.,;)\]]|/(?:full|abstract|pdf|epdf|html|fulltext|meta))+$", re.IGNORECASE)
_PMID = re.compile(r"^/(?:pubmed/)?(\d{1,9})/?$")
_WITHDRAWN = re.compile(r"retract|withdraw|removal|concern", re.IGNORECASE)
_KNOWN_THEN = re.compile(r"\W*(?:retract|withdraw|removal|expression[ _]of[ _]concern)", re.IGNORECASE)
FRESH = 600.0  # seconds a register's answer may be old: two visits that confirm each other ask twice


@dataclass(frozen=True, slots=True)
class Record:
    """What a register says about a work."""

    withdrawn: str  # in words for people, empty where nothing is
    finding: Finding | None  # as the connector would bring it


def names(document: Document) -> bool:
    """Whether the document is a work that a register knows by number."""
    return bool(doi_of(document) or pmid_of(document))


def doi_of(document: Document) -> str:
    for url in (document.url, document.canonical_url):
        found = _DOI.search(unquote(url))
        if found:
            return _AFTER_DOI.sub("", found.group(1)).lower()
    return ""


def pmid_of(document: Document) -> str:
    parts = urlsplit(document.url)
    if parts.hostname not in ("pubmed.ncbi.nlm.nih.gov", "www.ncbi.nlm.nih.gov"):
        return ""
    found = _PMID.match(parts.path)
    return found.group(1) if found else ""


def ask(document: Document) -> Record:
    """What the register says now. Raises a `SourceError` when it cannot be asked."""
    pmid = pmid_of(document)
    record = _pubmed(pmid) if pmid else _crossref(doi_of(document))
    return Record("", record.finding) if _KNOWN_THEN.match(document.title) else record


def _crossref(doi: str) -> Record:
    url = asking.url_with(f"{settings.CROSSREF_URL}/works/{quote(doi, safe='')}", {"mailto": asking.mail_address()})
    answer = asking.get_json(url, name="Crossref", pace=crossref.PACE, kept_for=FRESH)
    item = asking.shaped(answer, "message")
    if not isinstance(item, dict) or not item.get("DOI"):
        raise SourceUnavailable("Crossref sent an answer of an unknown shape.")
    finding = crossref.as_finding(item, fingerprint("crossref", doi))
    return Record(_withdrawn(item), finding)


def _withdrawn(item: dict[str, Any]) -> str:
    """What was published about this work that takes it back. `update-to` is the other way round: a notice's own."""
    for update in asking.rows(item.get("updated-by")):
        kind = asking.word(update.get("type")) or asking.word(update.get("label"))
        if _WITHDRAWN.search(kind):
            notice = asking.word(update.get("DOI"))
            return f"Crossref lists a {kind.replace('_', ' ').replace('-', ' ')}" + (f": {notice}." if notice else ".")
    relation = item.get("relation")
    for kind in relation if isinstance(relation, dict) else ():
        if re.search(r"is-retracted-by|is-withdrawn-by|has-retraction", str(kind)):
            return "Crossref lists a retraction."
    title = asking.word(asking.shaped(item, "title", 0))
    return f"Its title now says: {title[:200]}" if _KNOWN_THEN.match(title) else ""


def _pubmed(pmid: str) -> Record:
    finding = next(iter(pubmed.papers([pmid])), None)
    if finding is None:
        raise SourceUnavailable("PubMed does not know this number now.")
    withdrawn = "PubMed lists it as a retracted publication." if finding.details.get("withdrawn") else ""
    return Record(withdrawn, finding)
