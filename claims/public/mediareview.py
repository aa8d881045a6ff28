"""MediaReview: what was found about a picture or recording, as schema.org has it, beside the ClaimReview."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from claims.models import Publication
from claims.public.checks import web_address
from claims.public.claimreview import claim_review, public_url

_SHOWN_AS = {"image": "ImageObjectSnapshot", "video": "VideoObjectSnapshot", "audio": "AudioObjectSnapshot"}


def media_review(publication: Publication) -> dict[str, Any] | None:
    """The finding as MediaReview; None where the claim is about neither, or nobody vouches for the check any more."""
    review, media = claim_review(publication), publication.content.get("media")
    if review is None or not media:
        return None
    content = publication.content
    with translation.override(content["language"]):
        creator = content["claimant"] or _("unknown")
    appearance = {"@type": _SHOWN_AS[media["type"]], "description": content["claim"]}
    if address := web_address(content["appearance"]):
        appearance["accessedOnUrl"] = address
    found = {
        "@context": "https://schema.org",
        "@type": "MediaReview",
        "url": public_url(publication.get_absolute_url()),
        "datePublished": review["datePublished"],
        "author": review["author"],
        "mediaAuthenticityCategory": media["authenticity"],
        "originalMediaLink": web_address(media["original_url"]),
        "itemReviewed": {
            "@type": "MediaReviewItem",
            "creator": {"@type": "Person", "name": creator},
            "interpretedAsClaim": {"@type": "Claim", "description": content["claim"]},
            "mediaItemAppearance": [appearance],
        },
        "associatedClaimReview": {name: value for name, value in review.items() if name != "@context"},
    }
    if media["original_context"]:
        found["originalMediaContextDescription"] = media["original_context"]
    return found
