"""Reviewing: reviewers take claims and give their rating with reasons."""

from __future__ import annotations

from django.db import transaction

from claims import transitions
from claims.errors import InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken
from claims.models import Claim, Contribution, Rating, Review, User
from claims.workflow import Permission, Status


@transaction.atomic
def assign(claim: Claim, *, to: User | None, by: User) -> Claim:
    """Give a claim to a reviewer, or back to everybody (`to=None`)."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.require(by, Permission.REVIEW, claim.newsroom_id)
    if to is not None and not to.may(Permission.REVIEW, claim.newsroom_id):
        raise RuleBroken(f"{to} may not review in this newsroom.", code="not_a_reviewer", field="to")
    claim.assignee = to
    claim.save(update_fields=["assignee"])
    transitions.record("claim.assigned", newsroom=claim.newsroom_id, by=by, claim=claim, to=to.pk if to else None)
    return claim


@transaction.atomic
def take(newsroom_ids: list[int], *, by: User) -> Claim | None:
    """Take the next free claim in review, best first. No two people get the same; None when nothing is free."""
    allowed = [pk for pk in newsroom_ids if by.may(Permission.REVIEW, pk)]
    if not allowed:
        raise NotPermitted("You may not review in this newsroom.")
    claim = (
        Claim.objects.select_for_update(skip_locked=True)
        .filter(newsroom__in=allowed, status=Status.IN_REVIEW, assignee__isnull=True)
        .exclude(reviews__reviewer=by)
        .order_by("-severity", "-score", "pk")
        .first()
    )
    return None if claim is None else assign(claim, to=by, by=by)


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
    )
    return review


@transaction.atomic
def recuse(claim: Claim, *, by: User, reason: str) -> None:
    """Step back from a claim: the review of this cycle is withdrawn, the person cannot take it again by chance."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.require(by, Permission.REVIEW, claim.newsroom_id)
    if not reason.strip():
        raise InvalidInput("Say why you step back.", field="reason", code="blank")
    if claim.status != Status.IN_REVIEW:
        raise MoveNotAllowed(
            "One can step back only while the claim is in review.",
            allowed=[move.name for move in claim.allowed_moves()],
        )
    claim.reviews.filter(cycle=claim.cycle, reviewer=by).delete()
    if claim.assignee_id == by.pk:
        claim.assignee = None
        claim.save(update_fields=["assignee"])
    Contribution.objects.get_or_create(claim=claim, cycle=claim.cycle, user=by, part=Contribution.Part.REVIEWER)
    transitions.record("review.recused", newsroom=claim.newsroom_id, by=by, claim=claim, reason=reason.strip())
