"""Triaging: what a claim is about, how much hangs on it, and by when its verdict should be there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.calendars import add_business_hours
from claims.errors import InvalidInput, MoveNotAllowed
from claims.models import Claim, User
from claims.models.claim import BEFORE_THE_VERDICT
from claims.workflow import Permission, Status

BEFORE_THE_PROPOSAL = [status for status in BEFORE_THE_VERDICT if status != Status.IN_APPROVAL]
LATEST = dt.timedelta(days=5 * 365)


def classify(claim: Claim, *, by: User, topic: str) -> Claim:
    """Say what a claim is about; an empty topic takes it back."""
    return _change(claim, by=by, topic=_topic(topic))


def weigh(claim: Claim, *, by: User, severity: int) -> Claim:
    """Say how much hangs on a claim. What its verdict needs follows from that, so it stays once one is proposed."""
    return _change(claim, by=by, severity=_severity(severity))


def schedule(claim: Claim, *, by: User, due_at: dt.datetime | None) -> Claim:
    """Set by when the verdict should be there; None takes the deadline away."""
    return _change(claim, by=by, due_at=_deadline(due_at))


def triage(claim: Claim, *, by: User, topic: str, severity: int, due_at: dt.datetime | None) -> Claim:
    """All three at once; what is as it was leaves no trace."""
    return amend(claim, by=by, topic=topic, severity=severity, due_at=due_at)


def amend(claim: Claim, *, by: User, **given: Any) -> Claim:
    """Some of `topic`, `severity` and `due_at` at once; what is not named stays."""
    read: dict[str, Callable[[Any], Any]] = {"topic": _topic, "severity": _severity, "due_at": _deadline}
    return _change(claim, by=by, **{name: read[name](value) for name, value in given.items()})


def start_clock(claim: Claim) -> None:
    """Give a claim that begins to be checked the newsroom's deadline, in office hours. One that lies ahead stays."""
    now, room = timezone.now(), claim.newsroom
    if not room.due_hours or (claim.due_at is not None and claim.due_at > now):
        return
    _change(claim, by=None, due_at=add_business_hours(now, room.due_hours, room.calendar()).astimezone(dt.UTC))


@transaction.atomic
def _change(claim: Claim, *, by: User | None, **wanted: Any) -> Claim:
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.require(by, Permission.PICK, held.newsroom_id)
    before = {name: getattr(held, name) for name, value in wanted.items() if getattr(held, name) != value}
    if not before:
        return held
    allowed = BEFORE_THE_PROPOSAL if "severity" in before else BEFORE_THE_VERDICT if "due_at" in before else None
    if allowed is not None and held.status not in allowed:
        raise MoveNotAllowed(
            f"Too late for this: the claim is {held.get_status_display().lower()}.",
            allowed=[move.name for move in held.allowed_moves()],
        )
    for name in before:
        setattr(held, name, wanted[name])
        setattr(claim, name, wanted[name])
    if "due_at" in before:  # the clock looks at the new deadline, and says when it looks again
        held.alarm_at = claim.alarm_at = timezone.now() if held.due_at else None
        held.save(update_fields=[*before, "alarm_at"])
    else:
        held.save(update_fields=list(before))
    transitions.record(
        "claim.triaged",
        newsroom=held.newsroom_id,
        by=by,
        claim=held,
        before={name: _plain(value) for name, value in before.items()},
        after={name: _plain(wanted[name]) for name in before},
    )
    return held


def _topic(given: str) -> str:
    topic = " ".join(given.split())
    if len(topic) > 60:
        raise InvalidInput("At most 60 characters.", field="topic", code="too_long")
    return topic


def _severity(given: int) -> int:
    if given not in Claim.Severity.values:
        raise InvalidInput("Choose a severity.", field="severity", code="unknown")
    return given


def _deadline(given: dt.datetime | None) -> dt.datetime | None:
    if given is not None and given > timezone.now() + LATEST:
        raise InvalidInput("This deadline is years away.", field="due_at", code="too_late")
    return given


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value
