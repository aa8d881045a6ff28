"""Escalating: when a deadline comes near or passes, whoever it concerns is told, once each; then who stands above them.

Every claim and complaint with a deadline carries the moment at which it is looked at next. A clock that stood still for
days therefore does once what it missed: who is late already is not told that it will soon be late.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from claims import transitions
from claims.calendars import add_business_hours, subtract_business_days, subtract_business_hours
from claims.models import Claim, Complaint, Errand, Escalation, Newsroom, Notice
from claims.models.claim import BEFORE_THE_VERDICT
from claims.operations import noticing
from claims.roles import Role
from claims.workflow import Permission, Status

BATCH = 200


@transaction.atomic
def look_at_claims(*, now: dt.datetime | None = None) -> int:
    """Look at a batch of claims whose moment has come. Two at once share the work; returns how many were looked at."""
    now = now or timezone.now()
    claims = list(
        Claim.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(alarm_at__lte=now, status__in=BEFORE_THE_VERDICT)
        .select_related("newsroom")
        .defer("search", "facts", "reasons")
        .order_by("alarm_at")[:BATCH]
    )
    chains: dict[int, list[Escalation]] = {}
    for claim in claims:
        if claim.newsroom_id not in chains:
            chains[claim.newsroom_id] = list(Escalation.objects.filter(newsroom=claim.newsroom_id))
        following = _tell_of_claim(claim, chains[claim.newsroom_id], now)
        Claim.objects.filter(pk=claim.pk).update(alarm_at=following)
    return len(claims)


def _tell_of_claim(claim: Claim, chain: list[Escalation], now: dt.datetime) -> dt.datetime | None:
    """Tell who is to be told by now. Returns when to look again, or None when nobody is left to tell."""
    due, room, calendar = claim.due_at, claim.newsroom, claim.newsroom.calendar()
    if due is None:
        return None
    subject = f"due:{claim.pk}:{int(due.timestamp())}"
    soon = subtract_business_hours(due, room.due_soon_hours, calendar) if room.due_soon_hours else due
    if now < soon:
        return soon
    if now < due:
        noticing.tell(_concerned(claim), Notice.Kind.DUE_SOON, subject=subject, newsroom=room, claim=claim)
        return due
    if noticing.tell(_concerned(claim), Notice.Kind.OVERDUE, subject=subject, newsroom=room, claim=claim):
        transitions.record("claim.overdue", newsroom=room, by=None, claim=claim, due_at=due.isoformat())
    for rung in chain:
        moment = add_business_hours(due, rung.after_hours, calendar)
        if now < moment:
            return moment
        people = noticing.with_roles([rung.role], room) or noticing.with_roles([Role.ADMIN], room)
        if noticing.tell(people, Notice.Kind.ESCALATED, subject=subject, newsroom=room, claim=claim):
            transitions.record(
                "claim.escalated", newsroom=room, by=None, claim=claim, role=rung.role, after_hours=rung.after_hours
            )
    return None


def _concerned(claim: Claim) -> list[int]:
    """Whose turn it is: those who approve, else who holds the claim, else the desk lead, else who runs the newsroom."""
    if claim.status == Status.IN_APPROVAL:
        return noticing.holders(Permission.APPROVE, claim.newsroom_id)
    if claim.assignee_id is not None:
        return [claim.assignee_id]
    leads = noticing.with_roles([Role.DESK_LEAD], claim.newsroom_id)
    return leads or noticing.with_roles([Role.ADMIN], claim.newsroom_id)


@transaction.atomic
def look_at_complaints(*, now: dt.datetime | None = None) -> int:
    """Look at a batch of open complaints whose moment has come."""
    now = now or timezone.now()
    found = list(
        Complaint.objects.open()
        .select_for_update(skip_locked=True, of=("self",))
        .filter(alarm_at__lte=now)
        .select_related("newsroom", "publication__claim")
        .defer("publication__claim__search")
        .order_by("alarm_at")[:BATCH]
    )
    for one in found:
        Complaint.objects.filter(pk=one.pk).update(alarm_at=_tell_of_complaint(one, now))
    return len(found)


def _tell_of_complaint(complaint: Complaint, now: dt.datetime) -> dt.datetime | None:
    room, due, claim = complaint.newsroom, complaint.due_at, complaint.publication.claim
    subject = f"complaint:{complaint.pk}"
    days = room.complaint_soon_days
    soon = subtract_business_days(due, days, room.calendar()) if days else due
    if now < soon:
        return soon
    people = [complaint.taken_by_id] if complaint.taken_by_id else noticing.holders(Permission.PUBLISH, room)
    if now < due:
        noticing.tell(people, Notice.Kind.COMPLAINT_DUE, subject=subject, newsroom=room, claim=claim)
        return due
    people = [*people, *noticing.with_roles([Role.DESK_LEAD, Role.ADMIN], room)]
    if noticing.tell(people, Notice.Kind.COMPLAINT_LATE, subject=subject, newsroom=room, claim=claim):
        transitions.record(
            "complaint.overdue",
            newsroom=room,
            by=None,
            claim=claim,
            publication=complaint.publication_id,
            complaint=complaint.pk,
        )
    return None


@transaction.atomic
def look_at_errands(*, now: dt.datetime | None = None) -> int:
    """Tell people, when their desk opens, of tasks whose day has come."""
    now = now or timezone.now()
    told = Notice.objects.filter(
        kind=Notice.Kind.ERRAND_DUE,
        person=OuterRef("assignee"),
        subject=Concat(Value("errand:"), Cast(OuterRef("pk"), CharField())),
    )
    waiting = (
        Errand.objects.filter(~Exists(told), done_at__isnull=True, assignee__isnull=False)
        .filter(due_on__lte=(now + dt.timedelta(days=1)).date(), assignee__is_active=True)
        .filter(claim__newsroom__memberships__user=F("assignee"), claim__newsroom__memberships__active=True)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("claim__newsroom")
        .defer("claim__search")
        .order_by("due_on", "pk")[:BATCH]
    )
    done = 0
    for errand in waiting:
        room = errand.claim.newsroom
        calendar = room.calendar()
        if errand.due_on is None or errand.assignee_id is None:
            continue
        begins = dt.datetime.combine(errand.due_on, calendar.opens, ZoneInfo(calendar.zone))
        if begins <= now:
            noticing.tell(
                [errand.assignee_id],
                Notice.Kind.ERRAND_DUE,
                subject=f"errand:{errand.pk}",
                newsroom=room,
                claim=errand.claim,
            )
            done += 1
    return done


def wind(newsroom: Newsroom) -> None:
    """Have every deadline of a newsroom looked at once more: its rules have changed."""
    now = timezone.now()
    Claim.objects.filter(newsroom=newsroom, due_at__isnull=False, status__in=BEFORE_THE_VERDICT).update(alarm_at=now)
    Complaint.objects.open().filter(newsroom=newsroom).update(alarm_at=now)
