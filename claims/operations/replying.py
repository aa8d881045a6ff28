"""Replying: those a claim is about are asked for a reply, or it is said why nobody is."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.errors import InvalidInput, MoveNotAllowed, RuleBroken
from claims.models import Claim, Contribution, Reply, User
from claims.operations import conflicts
from claims.workflow import Permission, Status

OPEN_FOR_REPLIES = (Status.GATHERING, Status.ASSESSING, Status.IN_REVIEW, Status.IN_APPROVAL)


@transaction.atomic
def ask(
    claim: Claim, *, by: User, party: str, channel: str, deadline: dt.datetime, asked_at: dt.datetime | None = None
) -> Reply:
    """Log whom one asked for a reply, through what, and until when an answer is awaited."""
    claim = _locked(claim, by)
    now = timezone.now()
    asked_at = asked_at or now
    if not party.strip():
        raise InvalidInput("Say whom you asked.", field="party", code="blank")
    if channel not in Reply.Channel.values:
        raise InvalidInput("Choose through what you asked.", field="channel", code="unknown")
    if asked_at > now:
        raise InvalidInput("Log it when it has been asked.", field="asked_at", code="future")
    if deadline <= asked_at:
        raise InvalidInput("The deadline is after the question.", field="deadline", code="past")
    reply = Reply.objects.create(
        claim=claim, cycle=claim.cycle, party=" ".join(party.split())[:200], channel=channel,
        asked_at=asked_at, deadline=deadline, made_by=by, made_at=now,
    )  # fmt: skip
    _contributed(claim, by)
    transitions.record(
        "reply.asked",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        reply=reply.pk,
        party=reply.party,
        channel=channel,
        asked_at=asked_at.isoformat(),
        deadline=deadline.isoformat(),
    )
    return reply


@transaction.atomic
def answer(reply: Reply, *, by: User, answer: str, answered_at: dt.datetime | None = None) -> Reply:
    """Log the answer that came, late or not. It voids a proposal that did not know it."""
    claim = _locked(reply.claim, by)
    reply = Reply.objects.select_for_update().get(pk=reply.pk)
    now = timezone.now()
    answered_at = answered_at or now
    if reply.cycle != claim.cycle:
        raise RuleBroken("This was asked in an earlier cycle.", code="earlier_cycle")
    if reply.waived_reason or reply.asked_at is None:
        raise RuleBroken("Nobody was asked here. Log whom you asked first.", code="waived")
    if reply.answer:
        raise RuleBroken("This answer is logged already. Log another question for a second one.", code="answered")
    if not answer.strip():
        raise InvalidInput("Say what was answered.", field="answer", code="blank")
    if not reply.asked_at <= answered_at <= now:
        raise InvalidInput("An answer comes after the question, and not in the future.", field="answered_at")
    reply.answer, reply.answered_at = answer.strip(), answered_at
    reply.save(update_fields=["answer", "answered_at"])
    _contributed(claim, by)
    transitions.record(
        "reply.answered",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        reply=reply.pk,
        answer=reply.answer,
        answered_at=answered_at.isoformat(),
    )
    return reply


@transaction.atomic
def waive(claim: Claim, *, by: User, reason: str) -> Reply:
    """Say why nobody is asked for a reply in this cycle."""
    claim = _locked(claim, by)
    if not reason.strip():
        raise InvalidInput("Say why nobody is asked.", field="reason", code="blank")
    reply = Reply.objects.create(
        claim=claim, cycle=claim.cycle, waived_reason=reason.strip(), made_by=by, made_at=timezone.now()
    )
    _contributed(claim, by)
    transitions.record(
        "reply.waived", newsroom=claim.newsroom_id, by=by, claim=claim, reply=reply.pk, reason=reply.waived_reason
    )
    return reply


def _locked(claim: Claim, by: User) -> Claim:
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.require(by, Permission.RESEARCH, claim.newsroom_id)
    if claim.status not in OPEN_FOR_REPLIES:
        raise MoveNotAllowed(
            f"Replies are logged until the verdict is approved; this claim is {claim.get_status_display().lower()}.",
            allowed=[move.name for move in claim.allowed_moves()],
        )
    conflicts.require_none(claim, by)
    return claim


def _contributed(claim: Claim, by: User) -> None:
    Contribution.objects.get_or_create(claim=claim, cycle=claim.cycle, user=by, part=Contribution.Part.RESEARCHER)
