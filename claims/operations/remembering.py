"""Remembering: earlier checks come in, and later corrections at their origin update them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from claims import earlier, transitions
from claims.analysis import extraction
from claims.analysis.types import to_json
from claims.models import Claim, Contribution, EarlierCheck, Evidence, Newsroom, Publication
from claims.operations import noticing
from claims.workflow import Permission

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
    """Keep earlier checks, each once by its identifier; one that is known is brought up to date. Returns how many.

    Who cited a check whose claim or rating is another one now is told of it.
    """
    kept = 0
    waiting = iter(drafts)
    while batch := list({draft.identifier: draft for draft in islice(waiting, BATCH)}.values()):
        rows = [_row(draft, newsroom) for draft in batch]
        with transaction.atomic():
            before = _standing(newsroom, rows)
            EarlierCheck.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["newsroom", "identifier"], update_fields=UPDATED
            )
            for row in rows:
                if row.identifier in before and before[row.identifier][1:] != (row.claim_text, row.rating):
                    _tell_who_cited(row, *before[row.identifier])
        kept += len(rows)
    return kept


def _standing(newsroom: Newsroom | None, rows: list[EarlierCheck]) -> dict[str, tuple[int, str, str]]:
    """The checks that are known already, as they stand: id, claim and rating by identifier."""
    known = EarlierCheck.objects.filter(newsroom=newsroom, identifier__in=[row.identifier for row in rows])
    return {one.identifier: (one.pk, one.claim_text, one.rating) for one in known.defer("facts", "keys", "more")}


def _tell_who_cited(check: EarlierCheck, pk: int, claim_was: str, rating_was: str) -> None:
    """Tell the people at work on claims that cite a check that it was changed. No verdict is touched."""
    cited = Evidence.objects.filter(document__url=check.url, document__source=EarlierCheck.CITED)
    if not check.url or not cited.exists():
        return
    if check.newsroom is not None:
        cited = cited.filter(claim__newsroom=check.newsroom)
    state = hashlib.sha256(f"{check.claim_text}\n{check.rating}".encode()).hexdigest()[:16]
    for claim in Claim.objects.filter(pk__in=cited.values("claim")).defer("search").order_by("pk"):
        transitions.record(
            "check.changed",
            newsroom=claim.newsroom_id,
            by=None,
            claim=claim,
            check=pk,
            before=rating_was,
            after=check.rating,
            **({"claim_was": claim_was} if claim_was != check.claim_text else {}),
        )
        people = set(Contribution.objects.filter(claim=claim).values_list("user", flat=True)) | {claim.assignee_id}
        people = people - {None} or set(noticing.holders(Permission.PICK, claim.newsroom_id))
        noticing.tell(
            [one for one in people if one is not None],
            "check",
            subject=f"check:{pk}:{state}:{claim.pk}",
            newsroom=claim.newsroom_id,
            claim=claim,
        )


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
