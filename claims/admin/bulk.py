"""The same deed on many claims: shown beforehand claim by claim, done one by one, undone where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin.access import person
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Claim, User
from claims.models.claim import BEFORE_THE_VERDICT
from claims.operations import deciding, gathering, reviewing, rostering, triaging
from claims.workflow import Permission, Status

MOST = 200
UNDO = "bulk_undo"


@dataclass(frozen=True, slots=True)
class Bulk:
    label: Any
    symbol: str
    permission: Permission
    statuses: frozenset[str]
    do: Callable[[Claim, User, dict[str, Any]], object]
    undo: Callable[[Claim, User, dict[str, Any]], object] | None = None
    form: type[forms.Form] | None = None


class BulkForm(forms.Form):
    """What is asked once for all chosen claims."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "d-input")


class ReasonForm(BulkForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Give a reason.")},
    )


class TopicForm(BulkForm):
    topic = forms.CharField(
        label=gettext_lazy("Topic"), max_length=60, required=False, help_text=gettext_lazy("Empty: no topic.")
    )


class DueForm(BulkForm):
    due_at = forms.DateTimeField(
        label=gettext_lazy("Due"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Empty: no deadline."),
    )


def _give_back(claim: Claim, by: User, before: dict[str, Any]) -> object:
    earlier = User.objects.filter(pk=before.get("assignee") or 0).first()
    return reviewing.assign(claim, to=earlier, by=by)


def _standing(claim: Claim) -> dict[str, Any]:
    """What deeds on many claims change, in a form that a session can keep."""
    return {
        "assignee": claim.assignee_id,
        "topic": claim.topic,
        "due_at": claim.due_at.isoformat() if claim.due_at else "",
        "step": claim.step,
    }


BULKS: dict[str, Bulk] = {
    "gather": Bulk(
        label=gettext_lazy("Check these claims"),
        symbol="travel_explore",
        permission=Permission.PICK,
        statuses=frozenset({Status.SUBMITTED.value}),
        do=lambda claim, by, given: gathering.open_lookups(claim, by=by),
    ),
    "take": Bulk(
        label=gettext_lazy("Take these claims"),
        symbol="front_hand",
        permission=Permission.REVIEW,
        statuses=frozenset({Status.SUBMITTED.value, Status.IN_REVIEW.value}),
        do=lambda claim, by, given: reviewing.assign(claim, to=by, by=by),
        undo=_give_back,
    ),
    "dismiss": Bulk(
        label=gettext_lazy("Dismiss these claims"),
        symbol="block",
        permission=Permission.PICK,
        statuses=frozenset({Status.SUBMITTED.value}),
        do=lambda claim, by, given: deciding.dismiss(claim, by=by, reason=given["reason"]),
        undo=lambda claim, by, before: deciding.restore(claim, by=by),
        form=ReasonForm,
    ),
    "spread": Bulk(
        label=gettext_lazy("Assign automatically"),
        symbol="shuffle",
        permission=Permission.REVIEW,
        statuses=frozenset(BEFORE_THE_VERDICT),
        do=lambda claim, by, given: rostering.assign_by_load(claim, by=by),
        undo=_give_back,
    ),
    "free": Bulk(
        label=gettext_lazy("Set these claims free"),
        symbol="person_off",
        permission=Permission.REVIEW,
        statuses=frozenset(BEFORE_THE_VERDICT),
        do=lambda claim, by, given: reviewing.assign(claim, to=None, by=by),
        undo=_give_back,
    ),
    "topic": Bulk(
        label=gettext_lazy("Set the topic"),
        symbol="label",
        permission=Permission.PICK,
        statuses=frozenset(Status.values),
        do=lambda claim, by, given: triaging.classify(claim, by=by, topic=given["topic"]),
        undo=lambda claim, by, before: triaging.classify(claim, by=by, topic=before["topic"]),
        form=TopicForm,
    ),
    "due": Bulk(
        label=gettext_lazy("Set the deadline"),
        symbol="event",
        permission=Permission.PICK,
        statuses=frozenset(BEFORE_THE_VERDICT),
        do=lambda claim, by, given: triaging.schedule(claim, by=by, due_at=given["due_at"]),
        undo=lambda claim, by, before: triaging.schedule(claim, by=by, due_at=parse_datetime(before["due_at"])),
        form=DueForm,
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
    lines: list[dict[str, Any]] = [{"claim": claim, "obstacle": _obstacle(bulk, claim, user)} for claim in claims]
    confirmed = "confirm" in request.POST
    form = bulk.form(request.POST if confirmed else None) if bulk.form else None
    if confirmed and (form is None or form.is_valid()):
        able = [line["claim"] for line in lines if not line["obstacle"]]
        return _carry_out(request, bulk, able, form.cleaned_data if form else {})
    context = {
        **admin.site.each_context(request),
        "title": str(bulk.label),
        "bulk": bulk,
        "name": request.POST["bulk"],
        "lines": lines,
        "able": sum(not line["obstacle"] for line in lines),
        "form": form,
    }
    return TemplateResponse(request, "admin/claims/bulk.html", context, status=400 if confirmed else 200)


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


def _carry_out(request: HttpRequest, bulk: Bulk, claims: list[Claim], given: dict[str, Any]) -> HttpResponse:
    """One operation per claim, each for itself: a refusal stops no other."""
    user, done = person(request), []
    for claim in claims:
        before = _standing(claim)
        try:
            bulk.do(claim, user, given)
        except FactcheckError as refusal:
            messages.error(request, f"#{claim.pk}: {said(refusal)}")
        else:
            after = Claim.objects.only("assignee", "topic", "due_at", "step").get(pk=claim.pk)
            done.append({"claim": claim.pk, "before": before, "after": _standing(after)})
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
    for one in last["done"]:
        claim = Claim.objects.visible_to(user).filter(pk=one["claim"]).first()
        if claim is None or bulk.undo is None:
            continue
        if _standing(claim) != one["after"]:
            messages.warning(request, _("#%(n)s stays: somebody went on with it.") % {"n": claim.pk})
            continue
        try:
            bulk.undo(claim, user, one["before"])
        except FactcheckError as refusal:
            messages.error(request, f"#{claim.pk}: {said(refusal)}")
        else:
            undone += 1
    messages.success(
        request, ngettext("%(n)s claim is as before.", "%(n)s claims are as before.", undone) % {"n": undone}
    )
    return HttpResponseRedirect(reverse("admin:claims_claim_changelist"))
