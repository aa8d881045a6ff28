"""What the public must not learn of: the sources a newsroom protects. Every exit asks here, at the moment it is used.

Protection hangs on the address, so that it holds for every passage, every claim and every version of a page.
"""

from __future__ import annotations

from typing import Any

from claims.models import Addition, Document, Evidence


def protected_urls(newsroom_id: int) -> frozenset[str]:
    """The addresses of all protected sources of a newsroom: few, by their nature."""
    cited = Evidence.objects.filter(claim__newsroom=newsroom_id, protected=True)
    brought = Addition.objects.filter(claim__newsroom=newsroom_id).exclude(protected_reason="")
    return frozenset(cited.values_list("document__url", flat=True).distinct()) | frozenset(
        brought.filter(lookup__documents__isnull=False).values_list("lookup__documents__url", flat=True)
    )


def reason_for(newsroom_id: int, document: Document) -> str:
    """Why the newsroom protects the source of a document; empty when it does not."""
    cited = Evidence.objects.filter(claim__newsroom=newsroom_id, protected=True, document__url=document.url)
    brought = Addition.objects.filter(claim__newsroom=newsroom_id, lookup__documents__url=document.url)
    return (
        cited.order_by("pk").values_list("protected_reason", flat=True).first()
        or brought.exclude(protected_reason="").values_list("protected_reason", flat=True).first()
        or ""
    )


def without_protected(content: dict[str, Any], protected: frozenset[str]) -> dict[str, Any]:
    """The content of a publication without the sources that were protected after it was published."""
    shown = [one for one in content["evidence"] if one["url"] not in protected]
    hidden = len(content["evidence"]) - len(shown)
    return content | {"evidence": shown, "protected_sources": content["protected_sources"] + hidden}
