"""One visit of the clock: fetch a cited address again and say what was seen."""

from __future__ import annotations

from claims.models import Watch
from claims.operations.rechecking import Visit
from workers import documents, http, reading
from workers.errors import FetchError
from workers.sources import registry
from workers.sources.base import SourceError

NOT_MODIFIED = 304
GONE = frozenset({404, 410, 451})


def visit(watch: Watch) -> Visit:
    """Look at the cited document's address. Whatever goes wrong is part of what was seen, never an exception."""
    document = watch.evidence.document
    if document.source in documents.PRIVATE_SOURCES:
        return _own_archive(watch)
    try:
        response = http.fetch(document.url, conditional=http.Seen(document.etag, document.last_modified), fresh=True)
        if response.status == NOT_MODIFIED:
            return Visit(unchanged=True)
        if response.status in GONE:
            return Visit(gone=True, reason=f"The server answered with status {response.status}.")
        draft = documents.of_response(response, source=document.source)
    except (FetchError, reading.Unreadable) as exc:
        return Visit(reason=str(exc))
    return Visit(text=draft.text, draft=draft)


def _own_archive(watch: Watch) -> Visit:
    """A newsroom's own files are looked at in its index, not on the web."""
    document = watch.evidence.document
    try:
        source = registry.get(document.source)
        finding = source.reread(document.url, newsroom=watch.publication.newsroom_id)  # type: ignore[attr-defined]
        if finding is None:
            return Visit(gone=True, reason="The file is not in the archive any more.")
        draft = documents.of_finding(finding, source=document.source)
    except (SourceError, registry.UnknownSource, reading.Unreadable) as exc:
        return Visit(reason=str(exc))
    return Visit(text=draft.text, draft=draft)
