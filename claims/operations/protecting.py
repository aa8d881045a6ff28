"""Protecting: which sources the public must not learn of. Protection hangs on the source, not on one passage of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from claims.models import Addition, Document, Evidence


def protected_urls(newsroom_id: int, urls: Iterable[str]) -> set[str]:
    """Those of these addresses that the newsroom protects: in any claim and cycle, in whatever version of the page."""
    wanted = set(urls)
    cited = Evidence.objects.filter(claim__newsroom=newsroom_id, protected=True, document__url__in=wanted)
    return {*cited.values_list("document__url", flat=True), *_brought(newsroom_id, wanted)}


def reason_for(newsroom_id: int, document: Document) -> str:
    """Why the newsroom protects the source of a document; empty when it does not."""
    cited = Evidence.objects.filter(claim__newsroom=newsroom_id, protected=True, document__url=document.url)
    reason = cited.order_by("pk").values_list("protected_reason", flat=True).first()
    return reason or next(iter(_brought(newsroom_id, {document.url}).values()), "")


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


def _brought(newsroom_id: int, urls: set[str]) -> dict[str, str]:
    """What was protected when it was brought, with the reason."""
    found = Addition.objects.filter(claim__newsroom=newsroom_id, lookup__documents__url__in=urls)
    return dict(found.exclude(protected_reason="").values_list("lookup__documents__url", "protected_reason"))
