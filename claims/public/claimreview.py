"""ClaimReview: a published check as schema.org has it, for machines that read fact-checks."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from claims.models import Publication

# What could end the script element or be read as markup is written as JSON escapes instead.
_MARKUP = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


def public_url(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def oembed_address(publication: Publication) -> str:
    """Where programs learn how to embed the check."""
    query = urlencode({"url": public_url(publication.get_absolute_url()), "format": "json"})
    return public_url(f"{reverse('public:oembed')}?{query}")


def claim_review(publication: Publication) -> dict[str, Any] | None:
    """The check as ClaimReview, or None when there is nothing to vouch for: withdrawn, or replaced by a later one."""
    if publication.state not in (Publication.State.LIVE, Publication.State.UNDER_REVIEW):
        return None
    content = publication.content
    newsroom = publication.newsroom
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": public_url(publication.get_absolute_url()),
        "claimReviewed": content["claim"],
        "datePublished": publication.published_at.date().isoformat(),
        "author": {
            "@type": "Organization",
            "name": newsroom.name,
            "url": public_url(f"/checks/?newsroom={newsroom.slug}"),
        },
        "reviewRating": _rating(content),
        "itemReviewed": _item(content),
    }


def _rating(content: dict[str, Any]) -> dict[str, str]:
    rating = content["rating"]
    label = rating["labels"].get(content["language"]) or rating["labels"].get("en") or rating["slug"]
    found = {"@type": "Rating", "alternateName": str(label), "ratingExplanation": content["headline"]}
    if rating["value"] is not None:
        found |= {"ratingValue": str(rating["value"]), "bestRating": "5", "worstRating": "1"}
    return found


def _item(content: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {"@type": "Claim"}
    if content["claimant"]:
        item["author"] = {"@type": "Person", "name": content["claimant"]}
    if content["said_on"]:
        item["datePublished"] = content["said_on"]
    if content["appearance"]:
        item["appearance"] = [{"@type": "CreativeWork", "url": content["appearance"]}]
    return item


def as_script(data: dict[str, Any]) -> str:
    """JSON that may stand inside a script element, whatever texts it holds."""
    return json.dumps(data, ensure_ascii=False, indent=1).translate(_MARKUP)
