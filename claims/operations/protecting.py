"""Protecting: passages inherit the protection of their source."""

from __future__ import annotations

from django.db.models import QuerySet

from claims.models import Evidence
from claims.protection import reason_for


def inherit(evidence: Evidence) -> bool:
    """Protect a new passage whose source the newsroom protects already. Says whether it does."""
    reason = reason_for(evidence.claim.newsroom_id, evidence.document)
    if reason:
        evidence.protected, evidence.protected_reason = True, reason
        evidence.save(update_fields=["protected", "protected_reason"])
    return bool(reason)


def passages_of(evidence: Evidence) -> QuerySet[Evidence]:
    """All passages of the same source in the same claim, of every cycle and version of the page."""
    return Evidence.objects.filter(claim=evidence.claim_id, document__url=evidence.document.url)
