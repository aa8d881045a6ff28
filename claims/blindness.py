"""Blind reviews: who may read whose review of a claim, and when they are laid open."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Claim, LedgerEntry, Policy, Review, User
from claims.workflow import Permission, Status


def is_blind(claim: Claim, user: User, *, policy: Policy | None = None) -> bool:
    """Whether the others' reviews of this cycle are kept from a person.

    They are while the claim is in review, the policy wants it, and the person could review but has not handed in
    their own. Once as many are in as a verdict needs, they are laid open. What an API key lends changes nothing.
    """
    if claim.status != Status.IN_REVIEW or not user.could(Permission.REVIEW, claim.newsroom_id):
        return False
    policy = policy or Policy.in_force(claim)
    if not policy.blind:
        return False
    given = list(claim.reviews.filter(cycle=claim.cycle).values_list("reviewer", flat=True))
    return user.pk not in given and len(given) < policy.reviews_required


def readable(claim: Claim, user: User) -> QuerySet[Review]:
    """The reviews of a claim that this person may read, of all cycles."""
    found = Review.objects.filter(claim=claim)
    if is_blind(claim, user):
        found = found.exclude(cycle=claim.cycle)
    return found


def without_hidden(entries: QuerySet[LedgerEntry], user: User) -> QuerySet[LedgerEntry]:
    """Ledger entries without those that tell a person who could still review what the others wrote.

    The ledger itself and its export are whole: they are the auditor's.
    """
    rooms = [pk for pk in user.newsroom_ids() if user.could(Permission.REVIEW, pk)]
    if not rooms:
        return entries
    mine = Review.objects.filter(reviewer=user, claim=OuterRef("claim"), cycle=OuterRef("claim__cycle"))
    told = Q(kind="review.submitted", body__contains='"blind":true', claim__status=Status.IN_REVIEW)
    return entries.exclude(told & Q(newsroom__in=rooms) & ~Q(actor=user) & ~Exists(mine))
