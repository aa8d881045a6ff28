"""Reviewing: reviewers take claims and give their rating with reasons."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken
from claims.models import Claim, Contribution, Notice, Policy, Rating, Recusal, Review, User
from claims.operations import conflicts, noticing
from claims.workflow import Permission, Status


@transaction.atomic
def assign(claim: Claim, *, to: User | None, by: User) -> Claim:
    """Give a claim to a reviewer, or back to everybody (`to=None`)."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.require(by, Permission.REVIEW, claim.newsroom_id)
    if to is not None and not to.may(Permission.REVIEW, claim.newsroom_id):
        raise RuleBroken(f"{to} may not review in this newsroom.", code="not_a_reviewer", field="to")
    if to is not None and conflicts.stepped_back(claim, to):
        raise RuleBroken(f"{to} stepped back from this claim. Choose somebody else.", code="stepped_back", field="to")
    if to is not None and conflicts.keeps_off(claim, to):
        raise RuleBroken(
            f"{to} declared an interest in what this claim is about. Choose somebody else.",
            code="conflict_of_interest",
            field="to",
        )
    claim.assignee = to
    claim.save(update_fields=["assignee"])
    entry = transitions.record(
        "claim.assigned", newsroom=claim.newsroom_id, by=by, claim=claim, to=to.pk if to else None
    )
    if to is not None and to.pk != by.pk:
        noticing.tell(
            [to], Notice.Kind.ASSIGNED, subject=f"assigned:{entry.pk}", newsroom=claim.newsroom_id, claim=claim, by=by
        )
    return claim


@transaction.atomic
def take(newsroom_ids: list[int], *, by: User) -> Claim | None:
    """Take the next free claim in review, best first. No two people get the same; None when nothing is free."""
    allowed = [pk for pk in newsroom_ids if by.may(Permission.REVIEW, pk)]
    if not allowed:
        raise NotPermitted("You may not review in this newsroom.")
    free = (
        Claim.objects.select_for_update(skip_locked=True)
        .filter(newsroom__in=allowed, status=Status.IN_REVIEW, assignee__isnull=True)
        .exclude(reviews__reviewer=by)
        .exclude(pk__in=Recusal.objects.filter(user=by, lifted_at__isnull=True).values("claim"))
        .order_by("-severity", "-score", "pk")
    )
    too_near: list[int] = []
    while (claim := free.exclude(pk__in=too_near).first()) is not None:
        if not conflicts.keeps_off(claim, by):
            return assign(claim, to=by, by=by)
        too_near.append(claim.pk)
    return None


@transaction.atomic
def submit(claim: Claim, *, by: User, rating: Rating, reasons: str) -> Review:
    """Add one's review of the current cycle."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.require(by, Permission.REVIEW, claim.newsroom_id)
    if claim.status != Status.IN_REVIEW:
        raise MoveNotAllowed(
            f"A claim that is {claim.get_status_display().lower()} cannot be reviewed.",
            allowed=[move.name for move in claim.allowed_moves()],
        )
    policy = Policy.in_force(claim)
    conflicts.require_none(claim, by, policy=policy)
    if rating.newsroom_id != claim.newsroom_id or not rating.active:
        raise InvalidInput("Choose a rating of this newsroom's scale.", field="rating", code="foreign_rating")
    if not reasons.strip():
        raise InvalidInput("Give the reasons for your rating.", field="reasons", code="blank")
    if claim.reviews.filter(cycle=claim.cycle, reviewer=by).exists():
        raise RuleBroken("You have reviewed this claim already.", code="reviewed")
    review = Review.objects.create(claim=claim, cycle=claim.cycle, reviewer=by, rating=rating, reasons=reasons.strip())
    Contribution.objects.get_or_create(claim=claim, cycle=claim.cycle, user=by, part=Contribution.Part.REVIEWER)
    transitions.record(
        "review.submitted",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        review=review.pk,
        rating=rating.slug,
        reasons=review.reasons,
        **({"blind": True} if policy.blind else {}),
    )
    return review


OPEN_FOR_RECUSAL = (Status.SUBMITTED, Status.GATHERING, Status.ASSESSING, Status.IN_REVIEW, Status.IN_APPROVAL)


@transaction.atomic
def recuse(claim: Claim, *, by: User, reason: str) -> Recusal:
    """Step back from a claim, for good: the review of this cycle is withdrawn, nobody can assign it to them again."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.require(by, Permission.REVIEW, claim.newsroom_id)
    if not reason.strip():
        raise InvalidInput("Say why you step back.", field="reason", code="blank")
    if claim.status not in OPEN_FOR_RECUSAL:
        raise MoveNotAllowed(
            "One can step back only until the verdict is approved.",
            allowed=[move.name for move in claim.allowed_moves()],
        )
    if conflicts.stepped_back(claim, by):
        raise RuleBroken("You stepped back from this claim already.", code="stepped_back")
    mine = claim.reviews.filter(cycle=claim.cycle, reviewer=by)
    proposed = claim.verdicts.filter(cycle=claim.cycle, proposed_by=by).exists()
    if claim.status == Status.IN_APPROVAL and (proposed or mine.exists()):
        raise RuleBroken(
            "The proposed verdict rests on your work. Have it sent back, then step back.", code="send_back_first"
        )
    withdrawn = list(mine.values_list("pk", flat=True))
    mine.delete()
    if claim.assignee_id == by.pk:
        claim.assignee = None
        claim.save(update_fields=["assignee"])
    Contribution.objects.get_or_create(claim=claim, cycle=claim.cycle, user=by, part=Contribution.Part.REVIEWER)
    recusal = Recusal.objects.create(claim=claim, user=by, reason=reason.strip(), at=timezone.now())
    transitions.record(
        "review.recused", newsroom=claim.newsroom_id, by=by, claim=claim, reason=recusal.reason, withdrawn=withdrawn
    )
    return recusal
