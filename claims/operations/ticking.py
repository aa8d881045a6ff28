"""Ticking: the lines of the newsroom's checklist are ticked off claim by claim, cycle by cycle."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.errors import InvalidInput, MoveNotAllowed
from claims.models import Claim, Contribution, Policy, Tick, User
from claims.operations import conflicts
from claims.workflow import Permission, Status

OPEN_FOR_TICKS = (Status.GATHERING, Status.ASSESSING, Status.IN_REVIEW)


@transaction.atomic
def tick(claim: Claim, *, by: User, item: str, done: bool = True) -> Tick | None:
    """Tick a line off, or take the tick back. Doing it twice changes nothing."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.require(by, Permission.RESEARCH, claim.newsroom_id)
    if claim.status not in OPEN_FOR_TICKS:
        raise MoveNotAllowed(
            f"The checklist is fixed while the claim is {claim.get_status_display().lower()}. Send it back first.",
            allowed=[move.name for move in claim.allowed_moves()],
        )
    policy = Policy.in_force(claim)
    conflicts.require_none(claim, by, policy=policy)
    if item not in policy.checklist:
        raise InvalidInput("This is not on the checklist of this newsroom.", field="item", code="unknown")
    found = Tick.objects.filter(claim=claim, cycle=claim.cycle, item=item).first()
    if done == (found is not None):
        return found
    if found is not None:
        found.delete()
        found = None
    else:
        found = Tick.objects.create(claim=claim, cycle=claim.cycle, item=item, by=by, at=timezone.now())
    Contribution.objects.get_or_create(claim=claim, cycle=claim.cycle, user=by, part=Contribution.Part.RESEARCHER)
    transitions.record(
        "checklist.ticked" if done else "checklist.unticked", newsroom=claim.newsroom_id, by=by, claim=claim, item=item
    )
    return found
