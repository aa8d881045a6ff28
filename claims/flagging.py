"""Desk flags of an article: those of its reading, and the one that shows only when its claims have been assessed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext

from claims.models import Article, Assessment

FEWEST = 3  # assessed claims; fewer make no pattern
MOST = 0.6  # share of them one origin must stand behind


def of_article(article: Article) -> list[dict[str, Any]]:
    """Every flag, with the spans it is about."""
    found = one_origin(article)
    return [*article.flags, found] if found else list(article.flags)


def one_origin(article: Article) -> dict[str, Any] | None:
    """One origin behind most claims: the only one that counts for each of them, after what people cut and added."""
    assessed = Assessment.objects.filter(claim__article=article, made_at__isnull=False, documents_count__gt=0)
    newest: dict[int, Assessment] = {}
    for one in assessed.select_related("claim").order_by("claim", "cycle").defer("table", "claim__search"):
        newest[one.claim_id] = one
    behind: dict[int, str] = {}
    names: dict[str, str] = {}
    for pk, one in newest.items():
        counting = [origin for origin in one.origins.get("origins", []) if origin["counts"]]
        if len(counting) == 1:
            behind[pk] = counting[0]["id"]
            names.setdefault(counting[0]["id"], counting[0]["name"])
    if len(newest) < FEWEST or not behind:
        return None
    id_, count = Counter(behind.values()).most_common(1)[0]
    if count / len(newest) < MOST:
        return None
    claims = [newest[pk].claim for pk, origin in behind.items() if origin == id_]
    message = gettext("One origin stands behind most claims of this article (%(count)s of %(of)s): %(name)s.")
    return {
        "code": "one_origin",
        "message": message % {"count": count, "of": len(newest), "name": names[id_]},
        "spans": [{"start": one.start, "end": one.end} for one in claims if one.start is not None],
    }
