"""Publishing: an approved verdict goes out, is corrected in the open, or withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from claims import transitions, workflow
from claims.errors import InvalidInput, MoveNotAllowed, RuleBroken, StaleClaim
from claims.models import (
    Claim,
    Correction,
    CoSignature,
    Evidence,
    Policy,
    Publication,
    Reply,
    Schedule,
    Step,
    User,
    Verdict,
)
from claims.operations import cosigning, deciding, preserving, rechecking, remembering
from claims.protection import protected_urls
from claims.workflow import Permission


@transaction.atomic
def publish(claim: Claim, *, by: User) -> Publication:
    """Publish the approved verdict of this cycle. An earlier publication is replaced, and stays readable."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    earlier = Publication.objects.live().filter(claim=claim)
    for replaced in earlier:
        cosigning.hold(replaced)
    transitions.advance(claim, workflow.PUBLISH, by=by)

    verdict = Verdict.objects.select_related("rating", "claim").get(claim=claim, cycle=claim.cycle)
    if deciding.content_hash(verdict) != verdict.content_hash:
        raise StaleClaim("The evidence changed after the approval. Re-open the claim and have it approved again.")
    now = timezone.now()
    _leave_schedule(verdict, now)
    rechecking.stop_watching(earlier)
    for replaced in earlier:
        cosigning.void(replaced, why=CoSignature.End.REPLACED)
    earlier.update(state=Publication.State.REPLACED, changed_at=now)
    publication = Publication.objects.create(
        newsroom=claim.newsroom,
        claim=claim,
        verdict=verdict,
        slug=f"{slugify(verdict.headline)[:80] or 'check'}-{claim.pk}-{claim.cycle}",
        content=content_of(verdict),
        published_at=now,
        published_by=by,
        changed_at=now,
    )
    transitions.record(
        "publication.published",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        publication=publication.pk,
        content_hash=verdict.content_hash,
    )
    rechecking.watch(publication)
    preserving.begin(claim)
    remembering.remember_publication(publication)
    return publication


def _leave_schedule(verdict: Verdict, now: dt.datetime) -> None:
    """Publishing by hand takes a planned time back; under an embargo it is refused before that time."""
    planned = Schedule.objects.filter(verdict=verdict, outcome="")
    if planned.filter(embargo=True, publish_at__gt=now).exists():
        raise RuleBroken("There is an embargo: it cannot be published before its time.", code="embargo")
    planned.update(
        outcome=Schedule.Outcome.CANCELLED, reason="Published by hand.", state=Step.State.DONE, settled_at=now
    )


def content_of(verdict: Verdict) -> dict[str, Any]:
    """What readers get: protected sources are left out, and said to be."""
    claim = verdict.claim
    evidence = list(
        Evidence.objects.filter(claim=claim, cycle=verdict.cycle, included=True).select_related("document__publisher")
    )
    protected = protected_urls(claim.newsroom_id)  # in whatever claim and cycle
    shown = [one for one in evidence if not one.protected and one.document.url not in protected]
    assessment = claim.assessments.filter(cycle=verdict.cycle).first()
    return {
        "claim": claim.text,
        "claim_language": claim.language,
        "claimant": claim.claimant,
        "said_on": claim.said_on.isoformat() if claim.said_on else None,
        "appearance": claim.appearance or (claim.article.url if claim.article else ""),
        "headline": verdict.headline,
        "reasons": verdict.reasons,
        "language": verdict.language,
        "rating": {
            "slug": verdict.rating.slug,
            "labels": verdict.rating.labels,
            "shared": verdict.rating.shared,
            "value": verdict.rating.value,
            "colour": verdict.rating.colour,
            "shape": verdict.rating.shape,
        },
        "evidence": [
            {
                "id": one.pk,
                "quote": one.quote,
                "stance": one.effective_stance,
                "answered": one.answered,
                "url": one.document.url,
                "title": one.document.title,
                "publisher": one.document.publisher.name if one.document.publisher else one.document.publisher_name,
                "published_at": one.document.published_at.isoformat() if one.document.published_at else None,
                "fetched_at": one.document.fetched_at.isoformat(),
                "archived_url": one.document.archived_url,
                "sha256": one.document.sha256,
            }
            for one in shown
        ],
        "replies": _replies(verdict),
        "protected_sources": len(evidence) - len(shown),
        "documents": assessment.documents_count if assessment else 0,
        "origins": assessment.origins_count if assessment else 0,
        "cycle": verdict.cycle,
        **({"media": _media(verdict)} if verdict.media else {}),
    }


def _media(verdict: Verdict) -> dict[str, str]:
    """What was found about a picture or recording."""
    return {
        "type": verdict.media,
        "authenticity": verdict.authenticity,
        "original_url": verdict.original_url,
        "original_context": verdict.original_context,
    }


def _replies(verdict: Verdict) -> list[dict[str, Any]]:
    """Who was asked for a reply and what came of it, where the newsroom wants readers to know."""
    if not Policy.in_force(verdict.claim).reply_public:
        return []
    asked = Reply.objects.filter(claim=verdict.claim_id, cycle=verdict.cycle, waived_reason="").order_by("pk")
    return [
        {"party": one.party, "asked_at": one.asked_at.isoformat() if one.asked_at else None, "answer": one.answer}
        for one in asked
    ]


CORRECTABLE = ("headline", "reasons")


@transaction.atomic
def correct(
    publication: Publication, *, by: User, kind: str, notice: str, field: str = "", after: str = ""
) -> Correction:
    """Change a publication in the open: what it said before stays readable beside what it says now.

    A changed verdict is not a correction of its text: re-open the claim for that.
    """
    claim = Claim.objects.select_for_update().get(pk=publication.claim_id)
    transitions.require(by, Permission.PUBLISH, claim.newsroom_id)
    cosigning.hold(publication)
    publication = Publication.objects.select_for_update().get(pk=publication.pk)
    if publication.state not in (Publication.State.LIVE, Publication.State.UNDER_REVIEW):
        raise MoveNotAllowed("Only a live publication can be corrected.")
    if kind not in Correction.Kind.values:
        raise InvalidInput("Choose the type of correction.", field="kind", code="unknown")
    if not notice.strip():
        raise InvalidInput("Say what readers are told.", field="notice", code="blank")
    if field and field not in CORRECTABLE:
        raise InvalidInput(f"Only {' and '.join(CORRECTABLE)} can be corrected.", field="field", code="unknown")
    if field and not after.strip():
        raise InvalidInput("Give the corrected text.", field="after", code="blank")
    before = publication.content[field] if field else ""
    if field:
        publication.content = {**publication.content, field: after.strip()}
    publication.changed_at = timezone.now()
    publication.save(update_fields=["content", "changed_at"])
    remembering.remember_publication(publication)
    correction = Correction.objects.create(
        publication=publication,
        kind=kind,
        notice=notice.strip(),
        field=field,
        before=before,
        after=after.strip() if field else "",
        by=by,
    )
    transitions.record(
        "publication.corrected",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        publication=publication.pk,
        correction=correction.pk,
        type=kind,
        field=field,
        before=before,
        after=correction.after,
        notice=correction.notice,
    )
    if field or kind == Correction.Kind.RETRACTION:  # what stands there now is not what others signed
        cosigning.void(publication, why=CoSignature.End.CORRECTED)
    return correction


@transaction.atomic
def withdraw(claim: Claim, *, by: User, reason: str) -> Publication:
    """Take a publication offline, with a public reason. The claim can be re-opened."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    for live in Publication.objects.live().filter(claim=claim):
        cosigning.hold(live)
    transitions.advance(claim, workflow.WITHDRAW, by=by, note=reason.strip())
    if not reason.strip():
        raise InvalidInput("Give the reason readers are told.", field="reason", code="blank")
    publication = Publication.objects.live().get(claim=claim)
    rechecking.stop_watching(Publication.objects.filter(pk=publication.pk))
    publication.state = Publication.State.WITHDRAWN
    publication.withdrawn_at = publication.changed_at = timezone.now()
    publication.withdrawn_reason = reason.strip()
    publication.save(update_fields=["state", "withdrawn_at", "changed_at", "withdrawn_reason"])
    remembering.remember_publication(publication)
    transitions.record(
        "publication.withdrawn",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        publication=publication.pk,
        reason=reason.strip(),
    )
    cosigning.void(publication, why=CoSignature.End.WITHDRAWN)
    return publication
