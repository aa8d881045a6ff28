"""One visit of the clock: ask a cited address again and say what was seen."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from claims.models import Document, Watch
from claims.operations.rechecking import Visit
from workers import budgets, documents, http, pagetext, records
from workers.errors import FetchError, Resting, Throttled
from workers.sources import registry
from workers.sources.base import SourceError

NOT_MODIFIED = 304
GONE = frozenset({404, 410, 451})
REGISTERS = frozenset({"crossref", "pubmed"})  # what is cited of them is the record itself
LISTS = frozenset({"openalex"})  # cited in words of its own, of works that a register knows


def visit(watch: Watch) -> Visit:
    """Look at the cited document's address. Whatever goes wrong is part of what was seen, never an exception.

    A visit counts against the host's hour before anybody is asked; when that is full, `wait` says for how long.
    """
    document = watch.evidence.document
    if document.source in documents.PRIVATE_SOURCES:
        return _own_archive(watch)
    try:
        budgets.spend(watch.host, settings.RECHECKS_PER_HOST_AND_HOUR)
        if document.source in REGISTERS | LISTS and records.names(document):
            return _record(document)
        seen = _page(watch, document)
        return _with_register(document, seen) if seen.text or seen.unchanged else seen
    except Resting as exc:
        return Visit(reason=str(exc))
    except Throttled as exc:
        return Visit(wait=exc.retry_after, reason=str(exc))
    except (FetchError, SourceError, pagetext.Unreadable) as exc:
        return Visit(reason=str(exc))


def _page(watch: Watch, document: Document) -> Visit:
    """The page at the address. What was seen once as changed is read whole again, whatever the server says."""
    known = None if watch.suspicion else http.Seen(watch.etag, watch.last_modified)
    response = http.fetch(document.url, conditional=known, fresh=True)
    if response.status == NOT_MODIFIED:
        return Visit(unchanged=True)
    if response.status in GONE:
        return Visit(gone=True, reason=f"The server answered with status {response.status}.")
    draft = documents.of_response(response, source=document.source)
    return Visit(text=draft.text, draft=draft, like=document.http_status is not None)


def _with_register(document: Document, seen: Visit) -> Visit:
    """What a register says of a work counts more than its page. A register that is away takes nothing from the page."""
    if not records.names(document):
        return seen
    try:
        record = records.ask(document)
    except SourceError:
        return seen
    return replace(seen, retraction=record.withdrawn) if record.withdrawn else seen


def _record(document: Document) -> Visit:
    record = records.ask(document)
    if record.withdrawn or record.finding is None or document.source in LISTS:
        return Visit(unchanged=not record.withdrawn, retraction=record.withdrawn)
    draft = documents.of_finding(record.finding, source=document.source)
    return Visit(text=draft.text, draft=draft)


def _own_archive(watch: Watch) -> Visit:
    """A newsroom's own files are looked at in its index, not on the web."""
    document = watch.evidence.document
    try:
        source = registry.get(document.source)
        finding = source.reread(document.url, newsroom=watch.newsroom_id)  # type: ignore[attr-defined]
        if finding is None:
            return Visit(gone=True, reason="The file is not in the archive any more.")
        draft = documents.of_finding(finding, source=document.source)
    except (SourceError, registry.UnknownSource, pagetext.Unreadable) as exc:
        return Visit(reason=str(exc))
    return Visit(text=draft.text, draft=draft)
