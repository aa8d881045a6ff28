"""Where a person goes on when their part in a claim is done, so that nobody walks back to the queue each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.admin.access import newsrooms_where, person
from claims.admin.deed import Standing
from claims.models import Claim, Contribution
from claims.workflow import Permission, Status

_MINE = {"review", "approve"}  # while one of these is open to a person, the claim waits for them


@dataclass(frozen=True, slots=True)
class Onward:
    label: Any
    symbol: str
    address: str
    takes: bool = False  # a deed, not a link
    leads: bool = True  # nothing else is to be done here


def of(request: HttpRequest, standing: Standing, decision: list[dict[str, Any]]) -> Onward | None:
    """The next claim that waits for this person: to approve, to publish, to review. None while this one does."""
    open_deeds = {one["deed"].name for one in decision if not one["obstacle"]}
    if open_deeds & _MINE:
        return None
    leads = "publish" not in open_deeds
    user, claim = person(request), standing.claim
    worked = Contribution.objects.filter(claim=OuterRef("pk"), cycle=OuterRef("cycle"), user=user)
    waiting = {
        Permission.APPROVE: (Status.IN_APPROVAL, _("Next to approve"), "verified"),
        Permission.PUBLISH: (Status.DECIDED, _("Next to publish"), "campaign"),
    }
    for permission, (status, label, symbol) in waiting.items():
        rooms = newsrooms_where(request, permission)
        if not rooms:
            continue
        rows = Claim.objects.filter(newsroom__in=rooms, status=status).exclude(pk=claim.pk)
        if status == Status.IN_APPROVAL:
            rows = rows.exclude(Exists(worked))
        pk = rows.order_by("moved_at", "pk").values_list("pk", flat=True).first()
        if pk is not None:
            return Onward(label, symbol, reverse("admin:claims_claim_change", args=[pk]), leads=leads)
    if newsrooms_where(request, Permission.REVIEW):
        return Onward(_("Take the next one"), "play_arrow", reverse("admin:claims_claim_next"), takes=True, leads=leads)
    return None
