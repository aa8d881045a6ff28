"""What the clock found: cited passages that changed, with both snapshots side by side, and late evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.access import person
from claims.admin.refusals import said
from claims.analysis.beside import lay
from claims.errors import FactcheckError
from claims.models import LateFinding, Recheck
from claims.operations import rechecking
from claims.workflow import REOPEN, Permission

SHOWN = 50
TABS = {
    "open": gettext_lazy("Waiting for an answer"),
    "answered": gettext_lazy("Answered"),
    "late": gettext_lazy("Learned later"),
}


class _Words(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "class": "d-input"})
    )


def _told(request: HttpRequest) -> QuerySet[Recheck]:
    told: QuerySet[Recheck] = Recheck.objects.visible_to(request.user).filter(confirmed=True)
    return told.select_related(
        "watch__publication__verdict", "watch__publication__newsroom", "watch__evidence__document", "closed_by"
    )


def show_all(request: HttpRequest) -> HttpResponse:
    """Changes that wait for an answer, those answered, and late evidence; newest first."""
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    before = request.GET.get("before", "")
    rows: QuerySet[Any]
    if tab == "late":
        rows = LateFinding.objects.visible_to(request.user).select_related("claim", "document")
        rows = rows.defer("claim__search", "document__text", "document__facts")
    else:
        rows = _told(request).filter(closed_at__isnull=tab == "open")
        rows = rows.defer("watch__evidence__document__text", "watch__evidence__document__facts")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before[:18]))
    found = list(rows.order_by("-pk")[: SHOWN + 1])
    context = {
        **admin.site.each_context(request),
        "title": _("Changed passages"),
        "tabs": [{"name": name, "label": label, "here": name == tab} for name, label in TABS.items()],
        "tab": tab,
        "rows": found[:SHOWN],
        "older": found[SHOWN - 1].pk if len(found) > SHOWN else 0,
    }
    return TemplateResponse(request, "admin/claims/changes.html", context)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(_told(request).select_related("document"), pk=pk))


def _page(request: HttpRequest, recheck: Recheck, failed: tuple[str, _Words] | None = None) -> HttpResponse:
    """One change: what was cited, what stands there now, and the two answers."""
    publication = recheck.watch.publication
    claim, user = publication.claim, person(request)
    shown = dict([failed]) if failed else {}
    context = {
        **admin.site.each_context(request),
        "title": _("A cited passage changed: %(what)s") % {"what": recheck.get_outcome_display()},
        "is_fullwidth": True,
        "recheck": recheck,
        "publication": publication,
        "evidence": recheck.watch.evidence,
        "beside": lay(recheck.watch.evidence.document.text, recheck.document.text) if recheck.document else [],
        "answers": user.may(Permission.PUBLISH, publication.newsroom_id),
        "reopens": claim.status in REOPEN.sources and user.may(Permission.PUBLISH, publication.newsroom_id),
        "stands_form": shown.get("stands") or _Words(prefix="stands"),
        "reopen_form": shown.get("reopen") or _Words(prefix="reopen"),
    }
    return TemplateResponse(request, "admin/claims/change.html", context, status=422 if failed else 200)


def answer(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """The verdict stands, or the claim is checked anew."""
    if deed not in ("stands", "reopen"):
        raise Http404
    recheck = get_object_or_404(_told(request).select_related("document"), pk=pk)
    here = reverse("admin:desk_change", args=[pk])
    if request.method != "POST":
        return HttpResponseRedirect(here)
    form = _Words(request.POST, prefix=deed)
    if not form.is_valid():
        return _page(request, recheck, (deed, form))
    words = form.cleaned_data["words"]
    try:
        if deed == "stands":
            rechecking.close(recheck, by=person(request), note=words)
            messages.success(request, _("Closed: the verdict stands."))
        else:
            rechecking.reopen_for(recheck, by=person(request), reason=words)
            messages.success(
                request, _("A new cycle has begun; what is published stays until a new verdict replaces it.")
            )
    except FactcheckError as refusal:
        form.add_error(None, said(refusal))
        return _page(request, recheck, (deed, form))
    return HttpResponseRedirect(here)


def urls() -> list[URLPattern]:
    view = admin.site.admin_view
    return [
        path("changes/", view(show_all), name="desk_changes"),
        path("changes/<int:pk>/", view(show), name="desk_change"),
        path("changes/<int:pk>/<slug:deed>/", view(answer), name="desk_change_answer"),
    ]
