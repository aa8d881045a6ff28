"""Remembering: earlier checks come in, and later corrections at their origin update them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.utils import timezone

from claims import earlier
from claims.analysis import extraction
from claims.analysis.types import to_json
from claims.models import EarlierCheck, Newsroom

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDraft:
    """An earlier check as its publisher gave it."""

    identifier: str
    claim_text: str
    language: str
    title: str = ""
    more: str = ""
    claimant: str = ""
    claimed_on: dt.date | None = None
    publisher: str = ""
    url: str = ""
    rating: str = ""
    shared: str = ""
    checked_on: dt.date | None = None


UPDATED = [
    "claim_text",
    "title",
    "more",
    "language",
    "claimant",
    "claimed_on",
    "publisher",
    "url",
    "rating",
    "shared",
    "checked_on",
    "facts",
    "keys",
    "changed_at",
]


def remember(drafts: Iterable[CheckDraft], *, newsroom: Newsroom | None) -> int:
    """Keep earlier checks, each once by its identifier; one that is known is brought up to date. Returns how many."""
    kept = 0
    waiting = iter(drafts)
    while batch := list({draft.identifier: draft for draft in islice(waiting, BATCH)}.values()):
        rows = [_row(draft, newsroom) for draft in batch]
        with transaction.atomic():
            EarlierCheck.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["newsroom", "identifier"], update_fields=UPDATED
            )
        kept += len(rows)
    return kept


def _row(draft: CheckDraft, newsroom: Newsroom | None) -> EarlierCheck:
    facts = extraction.facts(draft.claim_text, draft.language, draft.claimed_on or draft.checked_on)
    text = " ".join(filter(None, (draft.claim_text, draft.title, draft.more)))
    return EarlierCheck(
        newsroom=newsroom,
        identifier=draft.identifier[:500],
        claim_text=draft.claim_text,
        title=draft.title[:500],
        more=draft.more,
        language=draft.language[:8],
        claimant=draft.claimant[:200],
        claimed_on=draft.claimed_on,
        publisher=draft.publisher[:200],
        url=draft.url[:2000],
        rating=draft.rating[:300],
        shared=draft.shared,
        checked_on=draft.checked_on,
        facts=to_json(facts),
        keys=earlier.keys_of(text, draft.language, facts),
        changed_at=timezone.now(),
    )
