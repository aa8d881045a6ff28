"""Remembering: earlier checks come in, and later corrections at their origin update them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims import earlier
from claims.analysis import extraction
from claims.analysis.types import to_json
from claims.models import EarlierCheck, Newsroom, Publication

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


def remember_publication(publication: Publication) -> None:
    """Keep an own publication as its newsroom's precedent; what is withdrawn or replaced is none."""
    own = earlier.identifier_of(publication.claim_id)
    if publication.state not in (Publication.State.LIVE, Publication.State.UNDER_REVIEW):
        EarlierCheck.objects.filter(newsroom=publication.newsroom_id, identifier=own).delete()
        return
    content = publication.content
    labels, language = content["rating"]["labels"], content["claim_language"]
    said_on = content["said_on"]
    draft = CheckDraft(
        identifier=own,
        claim_text=content["claim"],
        language=language,
        title=content["headline"],
        claimant=content["claimant"],
        claimed_on=dt.date.fromisoformat(said_on) if said_on else None,
        publisher=publication.newsroom.name,
        url=settings.PUBLIC_URL.rstrip("/") + publication.get_absolute_url(),
        rating=labels.get(language) or labels.get("en") or next(iter(labels.values()), ""),
        shared=content["rating"]["shared"],
        checked_on=publication.published_at.date(),
    )
    remember([draft], newsroom=publication.newsroom)


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
