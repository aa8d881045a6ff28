"""The workbench: one claim, one screen. Reads everything a person needs to decide; deeds change it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.admin import additions, differences, exhibits, history, keys, models, onward, rules
from claims.admin.access import anywhere, person
from claims.admin.deed import Deed, Standing
from claims.admin.deeds import DEEDS
from claims.admin.forms import DeskForm
from claims.admin.refusals import said
from claims.errors import FactcheckError, InvalidInput, MoveNotAllowed, NotPermitted, StaleClaim
from claims.models import Claim, Publication, User
from claims.operations import deciding
from claims.workflow import Permission, Status

STATUS_CODES = {InvalidInput: 400, NotPermitted: 403, MoveNotAllowed: 409, StaleClaim: 409}
ON_ROWS = {
    "judge": "evidence",
    "answer": "evidence",
    "protect": "evidence",
    "find_copy": "evidence",
    "save_copy": "evidence",
    "retry": "lookup",
    "close_recheck": "recheck",
    "cut_edge": "edge",
    "add_edge": "edge",
    "restore_edge": "edge",
    "add_page": "addition",
    "add_file": "addition",
    **rules.ON_ROWS,
}


def claim_of(request: HttpRequest, pk: int) -> Claim:
    """The claim, for members of its newsroom; for everybody else it does not exist."""
    visible = Claim.objects.visible_to(request.user).select_related("newsroom", "article", "assignee", "duplicate_of")
    return get_object_or_404(visible.defer("search"), pk=pk)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbench of one claim."""
    return _page(request, claim_of(request, pk))


def do(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one deed: run its operation, or show the page again with the refusal beside the form as it was filled in."""
    claim = claim_of(request, pk)
    deed = DEEDS.get(name)
    if deed is None:
        raise Http404
    if request.method != "POST":
        return HttpResponseRedirect(url_of(claim))
    user = person(request)
    row = request.POST.get(ON_ROWS.get(name, ""), "")
    form = deed.form(request.POST, request.FILES, claim=claim, user=user, key=row)
    code = 400
    if form.is_valid():
        try:
            _same_step(claim, form)
            deed.do(claim, user, form.cleaned_data)
        except FactcheckError as refusal:
            code = next((code for kind, code in STATUS_CODES.items() if isinstance(refusal, kind)), 422)
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
            if isinstance(refusal, StaleClaim):
                fresh = claim_of(request, pk)
                form.differences = differences.of(name, form, fresh)
                differences.renewed(form, fresh)
        else:
            messages.success(request, str(deed.done))
            anchor = f"#{ON_ROWS[name]}-{row}" if name in ON_ROWS and row.isdigit() else ""
            return HttpResponseRedirect(url_of(claim) + anchor)
    response = _page(request, claim_of(request, pk), failed=(deed, form, row))
    response.status_code = code
    return response


def progress(request: HttpRequest, pk: int) -> TemplateResponse:
    """How far the additions of a claim are: the part of the workbench that asks again while it waits."""
    claim = claim_of(request, pk)
    retry = DEEDS["retry"]
    context = {
        "claim": claim,
        "additions": additions.of(claim),
        "row_deeds": {"retry": retry} if retry.possible(Standing.of(claim, person(request))) else {},
        "failed_name": "",
        "failed_row": "",
        "failed_form": None,
    }
    return TemplateResponse(request, "admin/claims/parts/brought.html", context)


def url_of(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk])


def _same_step(claim: Claim, form: DeskForm) -> None:
    seen = form.cleaned_data.get("step")
    if seen is not None and seen != claim.step:
        last = claim.history.filter(kind="claim.moved").select_related("actor").order_by("-sequence").first()
        who = history.name_of(last.actor) if last else _("Somebody")
        raise StaleClaim(
            _("%(who)s moved this claim meanwhile: it is %(status)s now. Nothing was done; your words are still here.")
            % {"who": who, "status": claim.get_status_display().lower()}
        )


def _page(request: HttpRequest, claim: Claim, failed: tuple[Deed, DeskForm, str] | None = None) -> TemplateResponse:
    user = person(request)
    standing = Standing.of(claim, user)
    ruled = rules.of(claim, user)
    exhibit = exhibits.gather(claim)
    verdict = claim.verdicts.filter(cycle=claim.cycle).select_related("rating", "proposed_by", "approved_by").first()
    publications = list(
        Publication.objects.filter(claim=claim).prefetch_related("corrections__by").select_related("verdict__rating")
    )
    live = next((one for one in publications if one.state in ("live", "under_review")), None)
    initial = {
        "approve": {"content": verdict.content_hash if verdict else ""},
        "correct": {"publication": live.pk if live else None},
        "propose": _proposal(verdict, ruled, user),
    }
    forms: dict[str, dict[str, Any]] = {}
    for deed in DEEDS.values():
        if deed.place == "row" or not deed.possible(standing) or (deed.name == "correct" and live is None):
            continue
        form = failed[1] if failed and failed[0] is deed else deed.form(
            claim=claim, user=user, initial=initial.get(deed.name)
        )  # fmt: skip
        forms[deed.name] = {
            "deed": deed,
            "form": form,
            "obstacle": "" if failed and failed[0] is deed else deed.in_the_way(standing),
        }
    rows = {name: DEEDS[name] for name in ON_ROWS if DEEDS[name].possible(standing)}
    homeless = failed if failed and failed[0].name not in forms and failed[0].name not in rows else None
    decision = [one for one in forms.values() if one["deed"].place == "decision"]
    context = {
        **admin.site.each_context(request),
        "title": _("Claim %(number)s") % {"number": claim.pk},
        "is_fullwidth": True,
        "claim": claim,
        "status": Status(claim.status),
        "exhibit": exhibit,
        "additions": additions.of(claim),
        "suggested": models.of(claim),
        "standing": standing,
        "bar": [one for one in forms.values() if one["deed"].place == "bar" and not _hidden(one)],
        "more": [one for one in forms.values() if one["deed"].place == "more"],
        "decision": decision,
        "onward": onward.of(request, standing, decision),
        "row_deeds": rows,
        "failed_name": failed[0].name if failed else "",
        "failed_form": failed[1] if failed else None,
        "failed_row": failed[2] if failed else "",
        "homeless": homeless,
        "typed": typed(homeless[1]) if homeless else [],
        "rules": ruled,
        "reviews": ruled.reviews,
        "verdict": verdict,
        "stale_verdict": _changed_since(verdict, claim),
        "publications": publications,
        "live": live,
        "alarms": exhibits.alarms(live) if live else [],
        "history": history.of(claim, blind=bool(ruled.hidden_reviews)),
        "waits_for": _waits_for(claim),
        "neighbours": neighbours(claim),
        "keys": keys.WORKBENCH,
        "may_read_ledger": anywhere(user, Permission.AUDIT),
    }
    return TemplateResponse(request, "admin/claims/workbench.html", context)


def typed(form: DeskForm) -> list[tuple[str, str]]:
    """What a person filled in, label by label, for a form that has no place on the page any more."""
    lines = []
    for bound in form.visible_fields():
        value = bound.value()
        if isinstance(bound.field, ModelChoiceField) and bound.name in form.cleaned_data:
            chosen = form.cleaned_data[bound.name]
            value = bound.field.label_from_instance(chosen) if chosen else ""
        if value:
            lines.append((str(bound.label), str(value)))
    return lines


def _hidden(one: dict[str, Any]) -> bool:
    return one["deed"].name == "take" and bool(one["obstacle"])


def _proposal(verdict: Any, ruled: rules.Rules, user: User) -> dict[str, Any]:
    """What the proposal form begins with: the one that was sent back, else the last rating and one's own words."""
    if verdict is not None:
        return {"rating": verdict.rating_id, "headline": verdict.headline, "reasons": verdict.reasons}
    own = next((one.reasons for one in ruled.reviews if one.reviewer_id == user.pk), "")
    return {"rating": ruled.reviews[-1].rating_id if ruled.reviews else None, "reasons": own}


def _changed_since(verdict: Any, claim: Claim) -> bool:
    """Whether the evidence changed after the verdict was proposed, so that its hash no longer holds."""
    if verdict is None or claim.status not in (Status.IN_APPROVAL, Status.DECIDED):
        return False
    return bool(deciding.content_hash(verdict) != verdict.content_hash)


def _waits_for(claim: Claim) -> str:
    return {
        Status.SUBMITTED.value: _("waits for somebody to pick it"),
        Status.GATHERING.value: _("the sources are being asked"),
        Status.ASSESSING.value: _("the machine compares"),
        Status.IN_REVIEW.value: _("waits for reviews and a proposal"),
        Status.IN_APPROVAL.value: _("waits for a second person to approve"),
        Status.DECIDED.value: _("waits to be published"),
        Status.PUBLISHED.value: _("its cited passages are watched"),
        Status.WITHDRAWN.value: _("taken offline"),
        Status.DISMISSED.value: _("not to be checked"),
        Status.DUPLICATE.value: _("checked elsewhere"),
    }[claim.status]


def neighbours(claim: Claim) -> dict[str, Claim | None]:
    """The claims before and after this one in its article, to walk an article from top to bottom."""
    if claim.article_id is None or claim.start is None:
        return {}
    same = Claim.objects.filter(article=claim.article_id).only("pk", "text")
    return {
        "before": same.filter(start__lt=claim.start).order_by("-start").first(),
        "after": same.filter(start__gt=claim.start).order_by("start").first(),
    }
