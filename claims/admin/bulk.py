"""The same deed on many claims: shown beforehand claim by claim, done one by one, undone where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin.access import person
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Claim, User
from claims.operations import deciding, gathering, reviewing
from claims.workflow import Permission, Status

MOST = 200
UNDO = "bulk_undo"


@dataclass(frozen=True, slots=True)
class Bulk:
    label: Any
    symbol: str
    permission: Permission
    statuses: frozenset[str]
    do: Callable[[Claim, User, str], object]
    undo: Callable[[Claim, User, dict[str, Any]], object] | None = None
    needs_reason: bool = False


def _give_back(claim: Claim, by: User, before: dict[str, Any]) -> object:
    earlier = User.objects.filter(pk=before.get("assignee") or 0).first()
    return reviewing.assign(claim, to=earlier, by=by)


BULKS: dict[str, Bulk] = {
    "gather": Bulk(
        label=gettext_lazy("Check these claims"),
        symbol="travel_explore",
        permission=Permission.PICK,
        statuses=frozenset({Status.SUBMITTED.value}),
        do=lambda claim, by, reason: gathering.open_lookups(claim, by=by),
    ),
    "take": Bulk(
        label=gettext_lazy("Take these claims"),
        symbol="front_hand",
        permission=Permission.REVIEW,
        statuses=frozenset({Status.SUBMITTED.value, Status.IN_REVIEW.value}),
        do=lambda claim, by, reason: reviewing.assign(claim, to=by, by=by),
        undo=_give_back,
    ),
    "dismiss": Bulk(
        label=gettext_lazy("Dismiss these claims"),
        symbol="block",
        permission=Permission.PICK,
        statuses=frozenset({Status.SUBMITTED.value}),
        do=lambda claim, by, reason: deciding.dismiss(claim, by=by, reason=reason),
        undo=lambda claim, by, before: deciding.restore(claim, by=by),
        needs_reason=True,
    ),
}


def show(request: HttpRequest) -> HttpResponse:
    """First what would happen to each claim; with `confirm` it happens, and the page tells how each went."""
    bulk = BULKS.get(request.POST.get("bulk", ""))
    if request.method != "POST" or bulk is None:
        return HttpResponseRedirect(reverse("admin:claims_claim_changelist"))
    user = person(request)
    claims = _chosen(request)
    if not claims:
        messages.info(request, _("Choose claims first."))
        return HttpResponseRedirect(reverse("admin:claims_claim_changelist"))
    reason = request.POST.get("reason", "").strip()
    lines: list[dict[str, Any]] = [{"claim": claim, "obstacle": _obstacle(bulk, claim, user)} for claim in claims]
    wrong = _("Give a reason.") if bulk.needs_reason and "confirm" in request.POST and not reason else ""
    if "confirm" in request.POST and not wrong:
        return _carry_out(request, bulk, [line["claim"] for line in lines if not line["obstacle"]], reason)
    context = {
        **admin.site.each_context(request),
        "title": str(bulk.label),
        "bulk": bulk,
        "name": request.POST["bulk"],
        "lines": lines,
        "able": sum(not line["obstacle"] for line in lines),
        "reason": reason,
        "wrong": wrong,
    }
    return TemplateResponse(request, "admin/claims/bulk.html", context, status=400 if wrong else 200)


def _chosen(request: HttpRequest) -> list[Claim]:
    numbers = [int(pk) for pk in request.POST.getlist("claim") if pk.isdigit() and len(pk) < 19]
    visible = Claim.objects.visible_to(request.user).select_related("assignee").defer("search", "facts", "reasons")
    return list(visible.filter(pk__in=numbers[:MOST]).order_by("pk"))


def _obstacle(bulk: Bulk, claim: Claim, user: User) -> str:
    if not user.may(bulk.permission, claim.newsroom_id):
        return _("Your role in this newsroom does not allow it.")
    if claim.status not in bulk.statuses:
        return _("Not possible: the claim is %(status)s.") % {"status": claim.get_status_display().lower()}
    return ""


def _carry_out(request: HttpRequest, bulk: Bulk, claims: list[Claim], reason: str) -> HttpResponse:
    """One operation per claim, each for itself: a refusal stops no other."""
    user, done = person(request), []
    for claim in claims:
        before = {"claim": claim.pk, "assignee": claim.assignee_id}
        try:
            bulk.do(claim, user, reason)
        except FactcheckError as refusal:
            messages.error(request, f"#{claim.pk}: {said(refusal)}")
        else:
            done.append(before)
    words = ngettext("%(what)s: %(n)s done.", "%(what)s: %(n)s done.", len(done)) % {"what": bulk.label, "n": len(done)}
    messages.success(request, words)
    if bulk.undo and done:
        request.session[UNDO] = {"bulk": request.POST["bulk"], "done": done}
    else:
        request.session.pop(UNDO, None)
    return HttpResponseRedirect(reverse("admin:claims_claim_changelist"))


def undo(request: HttpRequest) -> HttpResponse:
    """Take back what was done last, claim by claim, as far as nobody went on with them."""
    last = request.session.pop(UNDO, None) if request.method == "POST" else None
    if last is None:
        raise Http404
    bulk, user, undone = BULKS[last["bulk"]], person(request), 0
    for before in last["done"]:
        claim = Claim.objects.visible_to(user).filter(pk=before["claim"]).first()
        if claim is None or bulk.undo is None:
            continue
        try:
            bulk.undo(claim, user, before)
        except FactcheckError as refusal:
            messages.error(request, f"#{claim.pk}: {said(refusal)}")
        else:
            undone += 1
    messages.success(
        request, ngettext("%(n)s claim is as before.", "%(n)s claims are as before.", undone) % {"n": undone}
    )
    return HttpResponseRedirect(reverse("admin:claims_claim_changelist"))
