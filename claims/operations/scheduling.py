"""Scheduling: an approved verdict goes out at a time if its approval still holds then; else people are told."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.errors import FactcheckError, InvalidInput, MoveNotAllowed
from claims.models import Claim, Notice, Schedule, User, Verdict
from claims.models.step import Step
from claims.operations import noticing, publishing
from claims.workflow import Permission, Status

FARTHEST = dt.timedelta(days=366)


def of(claim: Claim) -> Schedule | None:
    """The time set for the verdict of this cycle, if there is one."""
    return (
        Schedule.objects.filter(verdict__claim=claim, verdict__cycle=claim.cycle, outcome="")
        .select_related("set_by")
        .first()
    )


@transaction.atomic
def plan(claim: Claim, *, by: User, publish_at: dt.datetime, embargo: bool = False) -> Schedule:
    """Set or change when the approved verdict is published. Under an embargo nobody can publish it earlier."""
    claim = _decided(claim, by)
    now = timezone.now()
    if publish_at <= now:
        raise InvalidInput("Choose a time that is still to come.", field="publish_at", code="past")
    if publish_at > now + FARTHEST:
        raise InvalidInput("Choose a time within a year.", field="publish_at", code="too_far")
    verdict = Verdict.objects.get(claim=claim, cycle=claim.cycle)
    _close(verdict, "Another time was set.")
    made = Schedule.objects.create(
        verdict=verdict,
        content_hash=verdict.content_hash,
        publish_at=publish_at,
        embargo=embargo,
        set_by=by,
        next_attempt_at=publish_at,
    )
    transitions.record(
        "publication.scheduled",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        verdict=verdict.pk,
        publish_at=publish_at.isoformat(),
        embargo=embargo,
        content_hash=verdict.content_hash,
    )
    return made


@transaction.atomic
def cancel(claim: Claim, *, by: User) -> None:
    """Take the time back: the verdict waits for a person again."""
    claim = _decided(claim, by)
    verdict = Verdict.objects.get(claim=claim, cycle=claim.cycle)
    if not _close(verdict, "Taken back."):
        raise MoveNotAllowed("No time is set.")
    transitions.record("publication.unscheduled", newsroom=claim.newsroom_id, by=by, claim=claim, verdict=verdict.pk)


@transaction.atomic
def run(schedule: Schedule) -> bool:
    """Publish what is due, in the name of who set the time. Returns whether it was published.

    The caller holds the lease. Everything an approval stands for is checked anew at this moment.
    """
    verdict = Verdict.objects.get(pk=schedule.verdict_id)
    claim = Claim.objects.select_for_update().get(pk=verdict.claim_id)
    now = Schedule.objects.get(pk=schedule.pk)
    if now.outcome or not Schedule.objects.settle(schedule):
        return False
    by = User.objects.get(pk=schedule.set_by_id)
    try:
        with transaction.atomic():
            if claim.cycle != verdict.cycle or claim.status != Status.DECIDED:
                raise MoveNotAllowed("The claim was moved on after the time was set.")
            if schedule.content_hash != verdict.content_hash:
                raise MoveNotAllowed("Another verdict was approved after the time was set.")
            Schedule.objects.filter(pk=schedule.pk).update(outcome=Schedule.Outcome.PUBLISHED)
            publishing.publish(claim, by=by)
    except FactcheckError as refusal:
        _hold(schedule, claim, refusal.message)
        return False
    noticing.tell(
        [schedule.set_by_id],
        Notice.Kind.PUBLISHED,
        subject=f"schedule:{schedule.pk}",
        newsroom=claim.newsroom_id,
        claim=claim,
    )
    return True


def _hold(schedule: Schedule, claim: Claim, reason: str) -> None:
    Schedule.objects.filter(pk=schedule.pk).update(outcome=Schedule.Outcome.HELD, reason=reason)
    transitions.record(
        "publication.held",
        newsroom=claim.newsroom_id,
        by=None,
        claim=claim,
        verdict=schedule.verdict_id,
        reason=reason,
    )
    noticing.tell(
        {schedule.set_by_id, *noticing.holders(Permission.PUBLISH, claim.newsroom_id)},
        Notice.Kind.HELD,
        subject=f"schedule:{schedule.pk}",
        newsroom=claim.newsroom_id,
        claim=claim,
    )


def _decided(claim: Claim, by: User) -> Claim:
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.require(by, Permission.PUBLISH, claim.newsroom_id)
    if claim.status != Status.DECIDED:
        raise MoveNotAllowed(
            "Only an approved verdict that is not public yet can be given a time.",
            allowed=[move.name for move in claim.allowed_moves()],
        )
    return claim


def _close(verdict: Verdict, reason: str) -> int:
    waiting = Schedule.objects.filter(verdict=verdict, outcome="")
    return waiting.update(
        outcome=Schedule.Outcome.CANCELLED,
        reason=reason,
        state=Step.State.DONE,
        leased_until=None,
        settled_at=timezone.now(),
    )
