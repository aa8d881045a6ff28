"""Withholding: what leaves the house says nothing of protected sources, and can still be proved by who is told."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any

from django.conf import settings
from django.utils.encoding import force_bytes

from claims.audit.proof import commitment
from claims.models import Addition, Evidence

PUBLIC = frozenset({"verdict.approved", "publication.published", "publication.corrected", "complaint.received"})
BLANK = "[…]"


class Protected:
    """The sources a newsroom protects: everything that would give one away is recognised by it."""

    def __init__(self, newsroom_id: int) -> None:
        cited = Evidence.objects.filter(claim__newsroom=newsroom_id, protected=True).order_by()
        self._urls = set(cited.values_list("document__url", flat=True).distinct())
        brought = Addition.objects.filter(claim__newsroom=newsroom_id).exclude(protected_reason="")
        self._urls |= {
            *brought.values_list("url", flat=True),
            *brought.values_list("lookup__documents__url", flat=True),
        }
        self._urls -= {"", None}
        same = Evidence.objects.filter(claim__newsroom=newsroom_id, document__url__in=self._urls).order_by()
        rows = list(same.values_list("pk", "document", "document__sha256", "document__archived_url", "quote"))
        self._evidence = {row[0] for row in rows}
        self._documents = {row[1] for row in rows}
        reasons = {
            *cited.values_list("protected_reason", flat=True),
            *brought.values_list("protected_reason", flat=True),
        }
        traces = {*self._urls, *(text for row in rows for text in row[2:]), *reasons} - {""}
        words = sorted(map(re.escape, traces), key=lambda word: (-len(word), word))
        self._traces = re.compile("|".join(words)) if words else None

    def hides(self, evidence: Evidence) -> bool:
        return evidence.protected or evidence.document.url in self._urls

    def text(self, text: str) -> str:
        """A text without the addresses, quotes and fingerprints of protected sources."""
        return self._traces.sub(BLANK, text) if self._traces else text

    def entry(self, kind: str, body: str, payload: dict[str, Any]) -> bool:
        """Whether the body of a ledger entry must not leave. What was public already never gives a source away."""
        if self._traces is None or kind in PUBLIC:
            return False
        return (
            payload.get("evidence") in self._evidence
            or payload.get("document") in self._documents
            or bool(payload.get("protected"))
            or self._traces.search(body) is not None
        )


def salt_of(evidence_id: int) -> str:
    """The secret salt of one source: always the same, and nobody can guess it."""
    key = hashlib.sha256(b"factcheck.withholding:" + force_bytes(settings.SECRET_KEY)).digest()
    return hmac.new(key, str(evidence_id).encode(), hashlib.sha256).hexdigest()


def fields_of(evidence: Evidence) -> dict[str, Any]:
    """What is told of a source, or hidden."""
    document = evidence.document
    return {
        "url": document.url,
        "title": document.title,
        "publisher": document.publisher.name if document.publisher else document.publisher_name,
        "published_at": document.published_at.isoformat() if document.published_at else None,
        "fetched_at": document.fetched_at.isoformat(),
        "sha256": document.sha256,
        "payload_digest": document.payload_digest,
        "archived_url": document.archived_url,
        "quote": evidence.quote,
        "start": evidence.start,
        "end": evidence.end,
    }


def committed_of(evidence: Evidence) -> dict[str, Any]:
    """The fields a commitment covers: all but the archived copy, which may come later."""
    return {key: value for key, value in fields_of(evidence).items() if key != "archived_url"}


def commitment_of(evidence: Evidence) -> str:
    return commitment(salt_of(evidence.pk), committed_of(evidence))
