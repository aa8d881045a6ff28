"""The heads of the ledgers, for whoever wants to note them: what is noted elsewhere cannot be altered here unseen."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import conditional_page, require_safe

from claims.models import LedgerAnchor
from claims.public.views import FRESH


@require_safe
@FRESH
@conditional_page
def heads(request: HttpRequest) -> JsonResponse:
    """The newest verified head of every newsroom's ledger. It tells nothing but how many entries there are."""
    newest = LedgerAnchor.objects.filter(problem="").order_by("newsroom_id", "-pk").distinct("newsroom_id")
    return JsonResponse(
        {
            "heads": [
                {
                    "newsroom": anchor.newsroom_id,
                    "slug": anchor.newsroom.slug,
                    "sequence": anchor.sequence,
                    "hash": anchor.hash,
                    "at": anchor.at.isoformat(),
                }
                for anchor in newest.select_related("newsroom")
            ]
        }
    )
