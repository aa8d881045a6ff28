"""From what a source found to documents that can be kept: fetch, snapshot, read."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from claims.operations.gathering import DocumentDraft
from workers import archive, http, reading
from workers.errors import FetchError
from workers.sources.base import Finding

logger = logging.getLogger(__name__)

PRIVATE_SOURCES = frozenset({"folder"})  # a newsroom's own files are never shared with another


def read_findings(findings: Sequence[Finding], *, source: str) -> tuple[list[DocumentDraft], list[str]]:
    """Every finding as a document; one that cannot be fetched or read costs a note, never the others."""
    drafts, notes = [], []
    for finding in findings:
        try:
            drafts.append(of_finding(finding, source=source))
        except (FetchError, reading.Unreadable) as exc:
            notes.append(f"{finding.url}: {exc}")
            logger.info("%s: %s could not be kept: %s", source, finding.url, exc)
    return drafts, notes


def of_finding(finding: Finding, *, source: str) -> DocumentDraft:
    """One finding as a document. What the source holds already is read from there; the rest is fetched."""
    if finding.content is None:
        return of_response(http.fetch(finding.url), source=source, finding=finding)
    digest = hashlib.sha256(finding.content).hexdigest()
    with _reading:
        draft = _held.get((source, finding.url, digest))
        if draft is None:
            draft = _held[(source, finding.url, digest)] = _of_content(finding, source=source)
            while len(_held) > HELD:
                _held.pop(next(iter(_held)))
    return replace(draft, snippet=finding.snippet)


# Many claims find the same files of an archive. Reading is work of the processor, so one at a time costs nothing
# and spares reading the same file for every claim.
HELD = 500
_reading = threading.Lock()
_held: dict[tuple[str, str, str], DocumentDraft] = {}


def _of_content(finding: Finding, *, source: str) -> DocumentDraft:
    content = finding.content or b""
    fetched_at = timezone.now()
    page = reading.read(content, content_type=finding.content_type, url=finding.url)
    snapshot = archive.keep_content(finding.url, content, content_type=finding.content_type, seen_at=fetched_at)
    return DocumentDraft(
        **_of_page(page, finding),
        **_of_snapshot(snapshot),
        url=finding.url,
        source=source,
        private=source in PRIVATE_SOURCES,
        fetched_at=fetched_at,
        content_type=finding.content_type,
    )


def of_response(response: http.Response, *, source: str, finding: Finding | None = None) -> DocumentDraft:
    """A fetched page, kept as it was seen. Raises `Unreadable` or a `FetchError`."""
    if not response.ok:
        raise reading.Unreadable(f"The server answered with status {response.status}.")
    page = reading.read(response.content, content_type=response.content_type, url=response.final_url)
    snapshot = archive.keep(response)
    return DocumentDraft(
        **_of_page(page, finding or Finding(url=response.url)),
        **_of_snapshot(snapshot),
        url=response.url,
        source=source,
        fetched_at=response.fetched_at,
        content_type=response.content_type,
        http_status=response.status,
        etag=response.seen.etag,
        last_modified=response.seen.last_modified,
    )


def _of_page(page: reading.PageText, finding: Finding) -> dict[str, Any]:
    """What the page says about itself; what it leaves out is taken from the source's record."""
    published = page.published_at or finding.published_at
    return {
        "text": page.text,
        "sha256": hashlib.sha256(page.text.encode()).hexdigest(),
        "canonical_url": page.canonical_url,
        "domain": (urlsplit(page.canonical_url or finding.url).hostname or "").removeprefix("www."),
        "title": page.title or finding.title,
        "language": page.language or finding.language,
        "publisher": page.publisher or finding.publisher,
        "byline": page.byline,
        "credit": page.credit or finding.credit,
        "links": page.links,
        "published_at": published,
        "modified_at": page.modified_at,
        "licence": finding.licence,
        "snippet": finding.snippet,
    }


def _of_snapshot(snapshot: archive.SnapshotRef) -> dict[str, Any]:
    return {
        "warc_file": snapshot.file,
        "warc_offset": snapshot.offset,
        "warc_length": snapshot.length,
        "payload_digest": snapshot.digest,
    }
