"""Returning: when an absence begins, the claims of whoever is away go back to the queue; it can be undone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from claims import transitions
from claims.errors import FactcheckError, MoveNotAllowed, RuleBroken
from claims.models import Claim, Handback, Membership, Newsroom, Notice, User
from claims.operations import noticing, reviewing, rostering
from claims.operations.triaging import BEFORE_THE_PROPOSAL
from claims.roles import Role
from claims.workflow import Permission

SHOWN_FOR = dt.timedelta(days=14)
BATCH = 200


def begun() -> list[int]:
    """Ids of memberships whose absence has begun at their newsroom and whose claims were not returned for it yet."""
    tomorrow = timezone.now().date() + dt.timedelta(days=1)  # somewhere it is tomorrow already
    handled = Handback.objects.filter(membership=OuterRef("pk"), away_from=OuterRef("away_from"))
    away = Membership.objects.filter(
        ~Exists(handled),
        active=True,
        newsroom__return_when_away=True,
        away_from__lte=tomorrow,
        away_until__gte=tomorrow - dt.timedelta(days=2),
    ).select_related("newsroom")
    return [one.pk for one in away.order_by("pk") if one.is_away(rostering.today_in(one.newsroom))][:BATCH]


@transaction.atomic
def hand_back(membership_id: int) -> Handback | None:
    """Return the claims of one who is away, once per absence; None when somebody does it or did it already.

    What waits for approval stays with its reviewer: their part is done.
    """
    away = (
        Membership.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("newsroom", "user")
        .filter(pk=membership_id, active=True)
        .first()
    )
    if away is None or away.away_from is None or not away.newsroom.return_when_away:
        return None
    if not away.is_away(rostering.today_in(away.newsroom)):
        return None
    if Handback.objects.filter(membership=away, away_from=away.away_from).exists():
        return None
    claims = list(
        Claim.objects.select_for_update()
        .filter(newsroom=away.newsroom, assignee=away.user, status__in=BEFORE_THE_PROPOSAL)
        .defer("search", "facts", "reasons")
        .order_by("pk")
    )
    for claim in claims:
        claim.assignee = None
        claim.save(update_fields=["assignee"])
        transitions.record("claim.assigned", newsroom=away.newsroom, by=None, claim=claim, to=None, absence=True)
    made = Handback.objects.create(membership=away, away_from=away.away_from, claims=[claim.pk for claim in claims])
    if claims:
        leads = noticing.with_roles([Role.DESK_LEAD], away.newsroom)
        noticing.tell(
            {away.user_id, *(leads or noticing.with_roles([Role.ADMIN], away.newsroom))},
            Notice.Kind.GIVEN_BACK,
            subject=f"handback:{made.pk}",
            newsroom=away.newsroom,
        )
    return made


def recent(newsrooms: list[Newsroom]) -> QuerySet[Handback]:
    """What went back lately and was not undone, the newest first."""
    return (
        Handback.objects.filter(
            membership__newsroom__in=newsrooms, undone_at__isnull=True, at__gt=timezone.now() - SHOWN_FOR
        )
        .exclude(claims=[])
        .select_related("membership__user", "membership__newsroom")
    )


@transaction.atomic
def undo(handback: Handback, *, by: User) -> int:
    """Give the claims back to whom they belonged, but for those somebody else went on with. Returns how many."""
    handback = Handback.objects.select_for_update(of=("self",)).select_related("membership__user").get(pk=handback.pk)
    membership = handback.membership
    transitions.require(by, Permission.REVIEW, membership.newsroom_id)
    if handback.undone_at:
        raise MoveNotAllowed("This was undone already.")
    if not membership.active or not membership.user.is_active:
        raise RuleBroken("This person does not work in this newsroom any more.", code="not_a_member")
    given = 0
    free = Claim.objects.filter(pk__in=handback.claims, assignee__isnull=True, status__in=BEFORE_THE_PROPOSAL)
    for claim in free.defer("search", "facts", "reasons").order_by("pk"):
        try:
            with transaction.atomic():
                reviewing.assign(claim, to=membership.user, by=by)
        except FactcheckError:  # they stepped back meanwhile, say: the claim stays free
            continue
        given += 1
    Handback.objects.filter(pk=handback.pk).update(undone_at=timezone.now(), undone_by=by)
    return given
