"""Citing: an earlier check becomes evidence, by what its publisher said of it and where."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from django.db import transaction

from claims.errors import InvalidInput
from claims.models import Claim, EarlierCheck, Evidence, User
from claims.operations import gathering, researching
from claims.operations.gathering import DocumentDraft


@transaction.atomic
def cite(claim: Claim, *, check: EarlierCheck, by: User, note: str = "") -> Evidence:
    """Hold an earlier check against the claim: the claim it checked and how it was rated, with its address.

    What is kept is the record of the check, not the words of its page; so the clock does not visit that page.
    """
    if not check.url.startswith(("https://", "http://")):
        raise InvalidInput("This check has no address that could be cited.", field="check", code="no_address")
    rated = ": ".join(filter(None, (check.publisher, check.rating)))
    text = "\n".join(filter(None, (check.claim_text, rated)))
    draft = DocumentDraft(
        url=check.url,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        fetched_at=check.changed_at,
        source=EarlierCheck.CITED,
        private=check.newsroom_id is not None,
        title=check.title,
        language=check.language,
        publisher=check.publisher,
        domain=urlsplit(check.url).hostname or "",
    )
    document = gathering.keep(draft, claim)
    return researching.quote(claim, document=document, start=0, end=len(text), by=by, stance="related", note=note)
