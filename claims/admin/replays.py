"""Kept pages replayed: shown as they were seen, unable to do anything."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _

from claims import snapshots
from claims.models import Document

# No origin of its own, no scripts, no forms, nothing loaded, framed by the desk alone.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'"
PAGES = frozenset({"text/html", "application/xhtml+xml"})
PLAIN = frozenset({"text/plain", "text/csv", "application/json", "application/xml", "text/xml", "application/rss+xml"})
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The kept bytes of a document. The same for ever: a browser that has them is told so without reading them."""
    document = get_object_or_404(Document.objects.visible_to(request.user).only(*_NEEDED), pk=pk)
    ref = snapshots.ref_of(document)
    if ref is None:
        raise Http404
    etag = quote_etag(ref.digest)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            headers, body = snapshots.replay(ref)
        except snapshots.SnapshotMissing as missing:
            words = _("The kept snapshot of this document cannot be replayed: %(reason)s") % {"reason": missing}
            return _harmless(HttpResponse(words, content_type="text/plain; charset=utf-8", status=410))
        response = _as_seen(headers.get("content-type", document.content_type), body, pk)
        response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"  # asked again each time, since a membership may have ended
    return _harmless(response)


_NEEDED = ("newsroom", "content_type", "warc_file", "warc_offset", "warc_length", "payload_digest")


def previewable(document: Document) -> bool:
    """Whether the desk can show the kept page in a frame."""
    kind = document.content_type.partition(";")[0].strip().lower()
    return bool(document.warc_file) and kind in PAGES | PLAIN | PICTURES


def _as_seen(content_type: str, body: bytes, pk: int) -> HttpResponse:
    """Pages, texts and pictures are shown; everything else can only be taken away as a file."""
    kind = content_type.partition(";")[0].strip().lower()
    charset = re.search(r"charset=[\"']?([\w.:-]{1,40})", content_type, re.I)
    said = f"; charset={charset[1]}" if charset else ""
    if kind in PAGES:
        return HttpResponse(body, content_type=f"text/html{said}")
    if kind in PLAIN:
        return HttpResponse(body, content_type=f"text/plain{said or '; charset=utf-8'}")
    if kind in PICTURES:
        return HttpResponse(body, content_type=kind)
    response = HttpResponse(body, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="document-{pk}{_SUFFIXES.get(kind, ".bin")}"'
    return response


_SUFFIXES = {"application/pdf": ".pdf", "image/svg+xml": ".svg"}


def _harmless(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-DNS-Prefetch-Control"] = "off"
    response["Referrer-Policy"] = "no-referrer"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
