"""Comments and tasks on the workbench, and each person's own page: their tasks, and what they were told."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.admin.access import person
from claims.admin.refusals import said
from claims.admin.talkforms import CommentForm, ErrandForm
from claims.admin.workbench import claim_of, url_of
from claims.errors import FactcheckError
from claims.models import Claim, Comment, Errand, Notice, User
from claims.operations import noticing, talking

SHOWN = 100


def do(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Say something about a claim, or note, give, finish a task; then back to where it stands."""
    claim = claim_of(request, pk)
    if name not in ("comment", "withdraw", "task", "done", "undone", "read"):
        raise Http404
    back = HttpResponseRedirect(f"{url_of(claim)}#talk")
    if request.method != "POST":
        return back
    user = person(request)
    try:
        _do(request, claim, user, name)
    except FactcheckError as refusal:
        messages.error(request, said(refusal))
    return back


def _do(request: HttpRequest, claim: Claim, user: User, name: str) -> None:
    row = request.POST.get("row", "")
    number = int(row[:18]) if row.isdecimal() else 0
    if name == "comment":
        form: forms.Form = CommentForm(request.POST)
        if _filled(request, form):
            talking.comment(claim, by=user, **form.cleaned_data)
    elif name == "task":
        form = ErrandForm(request.POST, claim=claim)
        if _filled(request, form):
            talking.give(claim, by=user, **form.cleaned_data)
    elif name == "withdraw":
        talking.withdraw(get_object_or_404(Comment.objects.readable_by(user), claim=claim, pk=number), by=user)
    elif name == "read":
        noticing.read_claim(claim, by=user)
    else:
        errand = get_object_or_404(Errand.objects.visible_to(user), claim=claim, pk=number)
        (talking.finish if name == "done" else talking.undo)(errand, by=user)


def _filled(request: HttpRequest, form: forms.Form) -> bool:
    for field, errors in form.errors.items():
        messages.error(request, f"{form.fields[field].label if field in form.fields else ''}: {errors[0]}")
    return form.is_valid()


def unread(request: HttpRequest) -> int:
    """How much a person was told that they have not read; at most a hundred are counted, and once per page."""
    found: int | None = getattr(request, "_unread_notices", None)
    if found is None:
        found = len(Notice.objects.of(person(request)).unread().values_list("pk")[:SHOWN])
        request._unread_notices = found  # type: ignore[attr-defined]
    return found


def bell(request: HttpRequest) -> list[str] | None:
    """The number of unread notices in the head of every page: on a phone the navigation is folded away."""
    number = unread(request) if request.user.is_authenticated else 0
    if not number:
        return None
    said = ngettext("%(n)s unread notice", "%(n)s unread notices", number) % {"n": number}
    symbol = format_html('<span class="material-symbols-outlined" aria-hidden="true">{}</span>', "notifications")
    link = '<a href="{}" class="d-bell" aria-label="{}">{}{}</a>'
    return [format_html(link, reverse("admin:desk_mine"), said, symbol, number), "info"]


def mine(request: HttpRequest) -> HttpResponse:
    """A person's own page: tasks with the late ones first, and notices with the unread ones first."""
    user = person(request)
    notices: QuerySet[Notice] = Notice.objects.of(user)
    if request.method == "POST":
        noticing.read(notices, by=user)
        return HttpResponseRedirect(reverse("admin:desk_mine"))
    errands: QuerySet[Errand] = Errand.objects.visible_to(user).select_related("claim", "made_by")
    errands = errands.filter(assignee=user, done_at__isnull=True).defer("claim__search")
    told = notices.select_related("claim", "actor").defer("claim__search")
    context = {
        **admin.site.each_context(request),
        "title": _("Tasks and notices"),
        "errands": list(errands.order_by(F("due_on").asc(nulls_last=True), "pk")[:SHOWN]),
        "notices": list(told.order_by(F("read_at").desc(nulls_first=True), "-pk")[:SHOWN]),
        "today": timezone.localdate(),
        "unread": unread(request),
    }
    return TemplateResponse(request, "admin/claims/mine.html", context)


def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where a notice points; it is read from then on."""
    user = person(request)
    notice = get_object_or_404(Notice.objects.of(user).select_related("claim"), pk=pk)
    noticing.read(Notice.objects.filter(pk=notice.pk), by=user)
    kind, _colon, number = notice.subject.partition(":")
    if kind == "complaint" and number.isdecimal():
        return HttpResponseRedirect(reverse("admin:claims_complaint_change", args=[int(number)]))
    if kind == "recheck" and number.isdecimal():
        return HttpResponseRedirect(reverse("admin:desk_change", args=[int(number)]))
    if kind == "late":
        return HttpResponseRedirect(f"{reverse('admin:desk_changes')}?tab=late")
    if kind == "handback":
        return HttpResponseRedirect(reverse("admin:desk_team"))
    if kind == "address":
        return HttpResponseRedirect(reverse("admin:desk_my_notices"))
    if kind == "chat":
        return HttpResponseRedirect(reverse("admin:desk_chat", args=[int(number.partition(":")[0])]))
    if kind == "source":
        return HttpResponseRedirect(reverse("admin:desk_followed", args=[int(number.partition(":")[0])]))
    if notice.claim is None:
        return HttpResponseRedirect(reverse("admin:desk_mine"))
    return HttpResponseRedirect(f"{url_of(notice.claim)}#{kind}-{number}")
