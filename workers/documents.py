"""From what a source found to documents that can be kept: fetch, snapshot, read."""

from __future__ import annotations

import functools
import hashlib
import logging
import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.utils import timezone

from claims.operations.gathering import DocumentDraft
from workers import archive, http, pagetext, reading
from workers.errors import FetchError
from workers.sources.base import Finding

logger = logging.getLogger(__name__)

AT_ONCE = 4  # of one lookup's findings
PRIVATE_SOURCES = frozenset({"folder"})  # a newsroom's own files are never shared with another


@dataclass(frozen=True, slots=True)
class ReadFindings:
    """What could be read of a source's findings, in its order, and why the others could not."""

    drafts: list[DocumentDraft]
    notes: list[str]
    again: bool = False  # whether something that failed might be read at another try


def read_findings(findings: Sequence[Finding], *, source: str, until: float) -> ReadFindings:
    """Every finding as a document; one that cannot be fetched or read costs a note, never the others.

    `until` is a moment of the monotonic clock: what is not done by then is noted and left behind, so that no page
    holds up a lookup however slow, endless or hard to read it is.
    """
    done: queue.SimpleQueue[tuple[int, DocumentDraft | Exception]] = queue.SimpleQueue()
    waiting = queue.SimpleQueue[tuple[int, Finding]]()
    for numbered in enumerate(findings):
        waiting.put(numbered)
    for number in range(min(AT_ONCE, len(findings))):
        # Not an executor: its threads are waited for when the process ends, and these may have been left behind.
        reader = functools.partial(_read_on, waiting, done, source, until)
        threading.Thread(target=reader, daemon=True, name=f"read {source} {number}").start()
    results: dict[int, DocumentDraft | Exception] = {}
    while len(results) < len(findings):
        try:
            number, result = done.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            break
        results[number] = result
    return _gathered(findings, results, source)


def _read_on(
    waiting: queue.SimpleQueue[tuple[int, Finding]],
    done: queue.SimpleQueue[tuple[int, DocumentDraft | Exception]],
    source: str,
    until: float,
) -> None:
    """One reading thread: takes findings until there are none or time is up. Every outcome is handed back."""
    try:
        while (left := until - time.monotonic()) > 0:
            number, finding = waiting.get_nowait()
            try:
                done.put((number, of_finding(finding, source=source, deadline=left)))
            except Exception as exc:  # noqa: BLE001 the thread that waits raises what is a fault of ours
                done.put((number, exc))
    except queue.Empty:
        pass
    finally:
        connections.close_all()


def _gathered(findings: Sequence[Finding], results: dict[int, DocumentDraft | Exception], source: str) -> ReadFindings:
    drafts, notes, again = [], [], False
    for number, finding in enumerate(findings):
        result = results.get(number)
        if isinstance(result, DocumentDraft):
            drafts.append(result)
            continue
        if result is not None and not isinstance(result, FetchError | pagetext.Unreadable):
            raise result
        reason = str(result) if result is not None else "Not read: the time for this lookup was over."
        again = again or result is None or (isinstance(result, FetchError) and result.retriable)
        notes.append(f"{finding.url}: {reason}")
        logger.info("%s: %s could not be kept: %s", source, finding.url, reason)
    return ReadFindings(drafts, notes, again)


def of_finding(finding: Finding, *, source: str, deadline: float | None = None) -> DocumentDraft:
    """One finding as a document. What the source holds already is read from there; the rest is fetched.

    The fetch takes no longer than `deadline` seconds, nor than is allowed for any.
    """
    if finding.content is None:
        allowed = float(settings.FETCH_DEADLINE_SECONDS)
        response = http.fetch(finding.url, deadline=allowed if deadline is None else min(allowed, deadline))
        return of_response(response, source=source, finding=finding)
    digest = hashlib.sha256(finding.content).hexdigest()
    with _reading:
        draft = _held.get((source, finding.url, digest))
        if draft is None:
            draft = _held[(source, finding.url, digest)] = of_content(finding, source=source)
            while len(_held) > HELD:
                _held.pop(next(iter(_held)))
    return replace(draft, snippet=finding.snippet)


# Many claims find the same files of an archive. Reading is work of the processor, so one at a time costs nothing
# and spares reading the same file for every claim.
HELD = 500
PARSED_AT_ONCE = 2  # a page being parsed takes many times its size, and threads do not parse faster together
_parsing = threading.Semaphore(PARSED_AT_ONCE)
_reading = threading.Lock()
_held: dict[tuple[str, str, str], DocumentDraft] = {}


def of_content(finding: Finding, *, source: str) -> DocumentDraft:
    """A file as a document, kept as it was given. Raises `Unreadable`."""
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
        raise pagetext.Unreadable(f"The server answered with status {response.status}.")
    with _parsing:
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


def _of_page(page: pagetext.PageText, finding: Finding) -> dict[str, Any]:
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
