"""Deciding: a verdict is proposed, and approved by somebody who did not work on it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims import conditions, transitions, workflow
from claims.audit.ledger_proof import canonical
from claims.errors import InvalidInput, RuleBroken, StaleClaim
from claims.models import Assessment, Claim, Contribution, Evidence, Policy, Rating, Reply, Tick, User, Verdict
from claims.operations import accepting, conflicts, preserving
from claims.roles import Role
from claims.workflow import Move, Permission, Status

MEDIA = ("media", "authenticity", "original_url", "original_context")


def content_of(verdict: Verdict) -> dict[str, Any]:
    """Everything an approval stands for: claim, verdict, the evidence people included, and its independent origins."""
    claim = verdict.claim
    evidence = Evidence.objects.filter(claim=claim, cycle=verdict.cycle, included=True).select_related("document")
    return {
        **_diligence_of(verdict),
        "claim": {
            "id": claim.pk,
            "text": claim.text,
            "claimant": claim.claimant,
            "said_on": claim.said_on.isoformat() if claim.said_on else None,
        },
        "verdict": {
            "cycle": verdict.cycle,
            "rating": verdict.rating.slug,
            "headline": verdict.headline,
            "reasons": verdict.reasons,
            "language": verdict.language,
            **({name: getattr(verdict, name) for name in MEDIA} if verdict.media else {}),
        },
        "evidence": [
            {
                "id": one.pk,
                "document": one.document.sha256,
                "url": one.document.url,
                "start": one.start,
                "end": one.end,
                "quote": one.quote,
                "stance": one.effective_stance,
                "answered": one.answered,
                "protected": one.protected,
            }
            for one in evidence.order_by("pk")
        ],
        "origins": _origins_of(verdict),
    }


def _origins_of(verdict: Verdict) -> dict[str, Any]:
    """How many independent origins the reviewers relied on, and what people cut and added to come to it."""
    found = Assessment.objects.filter(claim=verdict.claim_id, cycle=verdict.cycle).first()
    edges = found.origins.get("edges", []) if found else []
    return {
        "documents": found.documents_count if found else 0,
        "independent": found.origins_count if found else 0,
        "edges": [
            {name: edge[name] for name in ("source", "target", "merges", "reason")}
            for edge in edges
            if edge["kind"] == "human"
        ],
    }


def _diligence_of(verdict: Verdict) -> dict[str, Any]:
    """Replies and ticks, where there are any: an answer that comes in meanwhile voids the approval like an edit."""
    of_cycle = {"claim": verdict.claim_id, "cycle": verdict.cycle}
    replies = [
        {"id": one.pk, "party": one.party, "answer": one.answer, "waived": one.waived_reason}
        for one in Reply.objects.filter(**of_cycle).order_by("pk")
    ]
    ticks = list(Tick.objects.filter(**of_cycle).order_by("item").values_list("item", flat=True))
    return {**({"replies": replies} if replies else {}), **({"checklist": ticks} if ticks else {})}


def content_hash(verdict: Verdict) -> str:
    return hashlib.sha256(canonical(content_of(verdict)).encode()).hexdigest()


@transaction.atomic
def propose(
    claim: Claim,
    *,
    by: User,
    rating: Rating,
    headline: str,
    reasons: str,
    language: str = "",
    media: str = "",
    authenticity: str = "",
    original_url: str = "",
    original_context: str = "",
) -> Verdict:
    """Turn the reviews of this cycle into a proposed verdict; about a picture or recording, with what was found."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.advance(claim, workflow.PROPOSE, by=by, rating=rating.slug)  # a refusal below undoes it

    if rating.newsroom_id != claim.newsroom_id or not rating.active:
        raise InvalidInput("Choose a rating of this newsroom's scale.", field="rating", code="foreign_rating")
    if not headline.strip():
        raise InvalidInput("Give the verdict a headline.", field="headline", code="blank")
    if not reasons.strip():
        raise InvalidInput("Give the reasons for the verdict.", field="reasons", code="blank")
    policy = Policy.in_force(claim)
    conflicts.require_none(claim, by, policy=policy)
    conditions.require(claim, policy=policy, rating=rating)
    verdict, _ = Verdict.objects.update_or_create(
        claim=claim,
        cycle=claim.cycle,
        defaults={
            "rating": rating,
            "headline": headline.strip()[:300],
            "reasons": reasons.strip(),
            "language": language or claim.language,
            **_finding(media, authenticity, original_url, original_context),
            "proposed_by": by,
            "proposed_at": timezone.now(),
            "content_hash": "",
        },
    )
    verdict.content_hash = content_hash(verdict)
    verdict.save(update_fields=["content_hash"])
    Contribution.objects.get_or_create(claim=claim, cycle=claim.cycle, user=by, part=Contribution.Part.PROPOSER)
    transitions.record(
        "verdict.proposed",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        verdict=verdict.pk,
        content_hash=verdict.content_hash,
        policy=_rules(policy),
    )
    preserving.begin(claim)
    return verdict


def _finding(media: str, authenticity: str, original_url: str, original_context: str) -> dict[str, str]:
    """What was found about a picture or recording: both its kind and the finding, or nothing at all."""
    if media and media not in Verdict.Media.values:
        raise InvalidInput("Choose what kind of thing it is.", field="media", code="unknown")
    if authenticity and authenticity not in Verdict.Authenticity.values:
        raise InvalidInput("Choose what was found.", field="authenticity", code="unknown")
    if media and not authenticity:
        raise InvalidInput("Say what was found about it.", field="authenticity", code="blank")
    if not media and (authenticity or original_url.strip() or original_context.strip()):
        raise InvalidInput("Say whether it is a picture, a video or audio.", field="media", code="blank")
    return {
        "media": media,
        "authenticity": authenticity,
        "original_url": accepting.checked_url(original_url, field="original_url"),
        "original_context": original_context.strip(),
    }


@transaction.atomic
def approve(claim: Claim, *, by: User, content: str) -> Verdict:
    """Approve the proposed verdict. `content` is the hash of what the approver saw."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    policy = Policy.in_force(claim)
    transitions.advance(claim, workflow.APPROVE, by=by, permission=approver_needs(policy), content_hash=content)

    verdict = (
        Verdict.objects.select_for_update(of=("self",))
        .select_related("rating", "claim")
        .get(claim=claim, cycle=claim.cycle)
    )
    if Contribution.objects.filter(claim=claim, cycle=claim.cycle, user=by).exists():
        raise RuleBroken("You worked on this claim: somebody else has to approve it.", code="four_eyes")
    if content != verdict.content_hash or content_hash(verdict) != verdict.content_hash:
        raise StaleClaim("The verdict or its evidence changed since you opened it. Read it again, then approve.")
    if policy.approver == Policy.Approver.LEAD and not by.has_role(Role.DESK_LEAD, claim.newsroom_id):
        raise RuleBroken("The policy asks for the desk lead's approval.", code="desk_lead_needed")
    conflicts.require_none(claim, by, policy=policy)
    conditions.require(claim, policy=policy, rating=verdict.rating)
    verdict.approved_by, verdict.approved_at = by, timezone.now()
    verdict.save(update_fields=["approved_by", "approved_at"])
    transitions.record(
        "verdict.approved",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        verdict=verdict.pk,
        content_hash=verdict.content_hash,
    )
    return verdict


def approver_needs(policy: Policy, move: Move = workflow.APPROVE) -> Permission:
    """The permission an approval takes: an editor's, unless the policy leaves it to any reviewer."""
    if policy.approver == Policy.Approver.COLLEAGUE:
        return Permission.REVIEW
    return Permission(move.permission or "")


def _rules(policy: Policy) -> dict[str, Any]:
    """The rules a verdict was proposed under, for the ledger."""
    return {
        "severity": int(policy.severity),
        "reviews": policy.reviews_required,
        "agreeing": policy.agreeing_required,
        "approver": str(policy.approver),
        "origins": policy.origins_required,
        "reply": policy.reply_required,
        "blind": policy.blind,
        "checklist": list(policy.checklist),
    }


@transaction.atomic
def send_back(claim: Claim, *, by: User, reason: str) -> Claim:
    """Return a proposed verdict to the reviewers with a reason."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.advance(claim, workflow.SEND_BACK, by=by, note=_reason(reason))
    return claim


@transaction.atomic
def dismiss(claim: Claim, *, by: User, reason: str) -> Claim:
    """Decide not to check a claim. It can be put back at any time."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.advance(claim, workflow.DISMISS, by=by, note=_reason(reason))
    return claim


@transaction.atomic
def mark_duplicate(claim: Claim, *, of: Claim, by: User) -> Claim:
    """Point a claim at the one that is really checked. What pointed at it follows; `restore` takes all of it back."""
    locked = {one.pk: one for one in Claim.objects.select_for_update().filter(pk__in=[claim.pk, of.pk]).order_by("pk")}
    claim, of = locked[claim.pk], locked[of.pk]
    followers = list(claim.duplicates.order_by("pk").values_list("pk", flat=True))
    transitions.advance(claim, workflow.MARK_DUPLICATE, by=by, duplicate_of=of.pk, followers=followers)
    if of.newsroom_id != claim.newsroom_id:
        raise InvalidInput("The other claim belongs to another newsroom.", field="of", code="foreign")
    if of.pk == claim.pk or of.duplicate_of_id is not None:
        raise RuleBroken("Point at the claim that is really checked.", code="circular_duplicate", field="of")
    Claim.objects.filter(pk__in=followers).update(duplicate_of=of)
    claim.duplicate_of = of
    claim.save(update_fields=["duplicate_of"])
    return claim


@transaction.atomic
def restore(claim: Claim, *, by: User) -> Claim:
    """Put a dismissed or duplicate claim back into the queue, with the claims that had followed it elsewhere."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    returning = _followers_of(claim)
    transitions.advance(claim, workflow.RESTORE, by=by, duplicate_was=claim.duplicate_of_id, followers=returning)
    Claim.objects.filter(pk__in=returning).update(duplicate_of=claim)
    claim.duplicate_of = None
    claim.save(update_fields=["duplicate_of"])
    carry_author(claim)
    return claim


def _followers_of(claim: Claim) -> list[int]:
    """The claims that followed this one when it was merged and still are where it is."""
    if claim.duplicate_of_id is None:
        return []
    merged = claim.history.filter(kind="claim.moved", body__contains='"move":"mark_duplicate"').order_by("-sequence")
    last = merged.first()
    moved = last.payload.get("followers", []) if last else []
    here = Claim.objects.filter(pk__in=moved, duplicate_of=claim.duplicate_of_id, status=Status.DUPLICATE)
    return list(here.order_by("pk").values_list("pk", flat=True))


def carry_author(claim: Claim) -> None:
    """Whoever handed a claim in is its author in every cycle."""
    if claim.submitted_by_id:
        Contribution.objects.get_or_create(
            claim=claim, cycle=claim.cycle, user_id=claim.submitted_by_id, part=Contribution.Part.AUTHOR
        )


def _reason(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput("Give a reason.", field="reason", code="blank")
    return reason.strip()
