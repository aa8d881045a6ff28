"""Rostering: who is there, how much they can take, and who gets which claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from claims import transitions
from claims.errors import InvalidInput, NotPermitted, RuleBroken
from claims.models import Claim, Contribution, Membership, Newsroom, User
from claims.models.claim import BEFORE_THE_VERDICT
from claims.operations import conflicts, reviewing
from claims.roles import PERMISSIONS, Role
from claims.workflow import Permission

REVIEWING = [role.value for role in Role if Permission.REVIEW in PERMISSIONS[role]]
NOBODY = "Nobody who is there, has room and knows language and topic may take it."
SHOWN = 100  # claims of absent people of one newsroom
LIMITS = {"languages": 8, "topics": 60}


@dataclass(frozen=True, slots=True)
class Load:
    """A member and how many claims they hold."""

    membership: Membership
    open: int
    away: bool

    @property
    def full(self) -> bool:
        return self.membership.capacity is not None and self.open >= self.membership.capacity


def today_in(newsroom: Newsroom) -> dt.date:
    """The day it is at the newsroom."""
    return timezone.now().astimezone(ZoneInfo(newsroom.calendar().zone)).date()


@transaction.atomic
def tell(
    membership: Membership,
    *,
    by: User,
    languages: Iterable[str],
    topics: Iterable[str],
    capacity: int | None,
    away_from: dt.date | None,
    away_until: dt.date | None,
) -> Membership:
    """Say what one can take and when one is away: for oneself, or as the newsroom's admin for a member."""
    membership = Membership.objects.select_for_update().select_related("newsroom").get(pk=membership.pk)
    if membership.user_id != by.pk:
        transitions.require(by, Permission.ADMINISTER, membership.newsroom_id)
    elif not membership.active:
        raise NotPermitted("You are not a member of this newsroom any more.")
    if (away_from is None) != (away_until is None) or (away_from and away_until and away_until < away_from):
        raise InvalidInput("Give both days of the absence, the first one first.", field="away_until", code="absence")
    given: dict[str, Any] = {
        "languages": _words(languages, "languages"),
        "topics": _words(topics, "topics"),
        "capacity": capacity,
        "away_from": away_from,
        "away_until": away_until,
    }
    changed = {name: value for name, value in given.items() if getattr(membership, name) != value}
    if not changed:
        return membership
    for name, value in changed.items():
        setattr(membership, name, value)
    membership.save(update_fields=list(changed))
    transitions.record(
        "member.available",
        newsroom=membership.newsroom_id,
        by=by,
        user=membership.user_id,
        after={name: value.isoformat() if isinstance(value, dt.date) else value for name, value in changed.items()},
    )
    return membership


def _words(given: Iterable[str], field: str) -> list[str]:
    words = list(dict.fromkeys(" ".join(one.split()) for one in given if one.strip()))
    if any(len(one) > LIMITS[field] for one in words) or len(words) > 50:
        raise InvalidInput(f"At most {LIMITS[field]} characters.", field=field, code="too_long")
    return words


def loads(newsroom: Newsroom, memberships: Iterable[Membership] | None = None) -> list[Load]:
    """Every member who can review, with the claims they hold before the verdict; the least laden first."""
    if memberships is None:
        memberships = _reviewers(newsroom).select_related("user")
    members, today = list(memberships), today_in(newsroom)
    held = dict(
        Claim.objects.filter(
            newsroom=newsroom, assignee__in=[one.user_id for one in members], status__in=BEFORE_THE_VERDICT
        )
        .order_by()
        .values_list("assignee")
        .annotate(many=Count("pk"))
    )
    found = [Load(one, held.get(one.user_id, 0), one.is_away(today)) for one in members]
    return sorted(found, key=lambda load: (load.open, load.membership.user_id))


def _reviewers(newsroom: Newsroom) -> Any:
    return Membership.objects.filter(
        newsroom=newsroom, active=True, user__is_active=True, roles__overlap=REVIEWING
    ).order_by("pk")


@transaction.atomic
def assign_by_load(claim: Claim, *, by: User) -> Claim:
    """Give a claim to whoever fits and holds least: knows language and topic, is there, has room, is no party to it.

    Of those who fit, who named the topic goes before who takes any. Raises `RuleBroken` when nobody fits.
    """
    claim = Claim.objects.select_for_update().select_related("newsroom").get(pk=claim.pk)
    transitions.require(by, Permission.REVIEW, claim.newsroom_id)
    # Held until the end, so that two claims assigned at once see each other's load.
    members = list(_reviewers(claim.newsroom).select_for_update(of=("self",)).select_related("user"))
    apart = _apart(claim)
    fitting = [
        load
        for load in loads(claim.newsroom, members)
        if not load.away and not load.full and load.membership.user_id not in apart and _knows(load.membership, claim)
    ]
    topic = claim.topic.casefold()
    fitting.sort(key=lambda load: (not _named(load.membership, topic), load.open, load.membership.user_id))
    for load in fitting:
        if not conflicts.of(claim, load.membership.user):
            return reviewing.assign(claim, to=load.membership.user, by=by)
    raise RuleBroken(NOBODY, code="nobody_fits")


def _named(membership: Membership, topic: str) -> bool:
    return bool(topic) and topic in {one.casefold() for one in membership.topics}


def _knows(membership: Membership, claim: Claim) -> bool:
    return (not membership.languages or claim.language in membership.languages) and (
        not membership.topics or not claim.topic or _named(membership, claim.topic.casefold())
    )


def _apart(claim: Claim) -> set[int]:
    """People who had a part in this claim that a reviewer must not have, or stepped back from it."""
    parts = [Contribution.Part.AUTHOR, Contribution.Part.REVIEWER, Contribution.Part.PROPOSER]
    worked = Contribution.objects.filter(claim=claim, cycle=claim.cycle, part__in=parts)
    stepped_back = claim.recusals.filter(lifted_at__isnull=True)
    return {*worked.values_list("user", flat=True), *stepped_back.values_list("user", flat=True)}


def held_by_absent(newsrooms: Iterable[Newsroom]) -> list[Claim]:
    """Claims before their verdict whose reviewer is away or no longer a member, the most pressing first."""
    found: list[Claim] = []
    for newsroom in newsrooms:
        today = today_in(newsroom)
        there = Membership.objects.filter(newsroom=newsroom, active=True, user__is_active=True).exclude(
            Q(away_from__lte=today) & Q(away_until__gte=today)
        )
        claims = Claim.objects.filter(newsroom=newsroom, assignee__isnull=False, status__in=BEFORE_THE_VERDICT).exclude(
            assignee__in=there.values("user")
        )
        found += (
            claims.select_related("assignee", "newsroom")
            .defer("search", "facts", "reasons")
            .order_by("due_at", "pk")[:SHOWN]
        )
    return found


@transaction.atomic
def give_back(claim: Claim, *, by: User) -> Claim:
    """Set a claim free whose reviewer is away. One whose reviewer is there stays theirs."""
    held = Claim.objects.select_for_update().select_related("newsroom").get(pk=claim.pk)
    transitions.require(by, Permission.REVIEW, held.newsroom_id)
    membership = Membership.objects.filter(newsroom=held.newsroom_id, user=held.assignee_id, active=True).first()
    if held.assignee_id is None or (membership is not None and not membership.is_away(today_in(held.newsroom))):
        raise RuleBroken("Whoever holds this claim is there.", code="not_away")
    return reviewing.assign(held, to=None, by=by)
