"""As-of dates: what was known when a claim was made, and what was learned later."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from claims.models import Claim, Document


class Known(StrEnum):
    WHEN_SAID = "when_said"
    LATER = "later"
    UNKNOWN = "unknown"


def said_on(claim: Claim) -> dt.date | None:
    """The day a claim was made: as it was handed in, else when its article appeared."""
    return claim.said_on or (claim.article.published_on if claim.article else None)


def known(said: dt.date | None, document: Document) -> Known:
    """Whether a document was out by the end of the day. A document that does not say when is neither."""
    if said is None or document.published_at is None:
        return Known.UNKNOWN
    return Known.WHEN_SAID if document.published_at.date() <= said else Known.LATER
