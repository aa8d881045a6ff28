"""Webhooks: addresses that are told what happens, with every delivery to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin.access import newsrooms_where, person
from claims.admin.choices import offer
from claims.admin.programs import PlainForm, fresh_secret, keep_secret, readable
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.events import KINDS
from claims.models import Delivery, Newsroom, Step, Webhook
from claims.operations import telling
from claims.workflow import Permission

SHOWN = 100


class WebhookForm(PlainForm):
    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=2000, help_text=gettext_lazy("Begins with https://.")
    )
    label = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Told of (nothing chosen: everything)"),
        choices=[(kind, kind) for kind in sorted(KINDS)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class MakeForm(WebhookForm):
    field_order = ("newsroom", "label", "url", "types")
    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=gettext_lazy("Newsroom"), empty_label=None)

    def __init__(self, *args: Any, newsrooms: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "newsroom", Newsroom.objects.filter(pk__in=newsrooms))


class ReplayForm(PlainForm):
    since = forms.IntegerField(label=gettext_lazy("From event"), min_value=1)
    until = forms.IntegerField(label=gettext_lazy("to event"), min_value=1)


def _webhooks(request: HttpRequest) -> Any:
    return Webhook.objects.visible_to(request.user).filter(newsroom__in=readable(request)).select_related("newsroom")


def show_all(request: HttpRequest) -> HttpResponse:
    waiting = Count("deliveries", filter=Q(deliveries__state=Step.State.OPEN))
    context = {
        **admin.site.each_context(request),
        "title": _("Webhooks"),
        "webhooks": list(_webhooks(request).whole().annotate(waiting=waiting)),
        "may_make": bool(newsrooms_where(request, Permission.ADMINISTER)),
    }
    return TemplateResponse(request, "admin/claims/webhooks.html", context)


def make(request: HttpRequest) -> HttpResponse:
    newsrooms = newsrooms_where(request, Permission.ADMINISTER)
    if not newsrooms:
        raise PermissionDenied
    form = MakeForm(request.POST or None, newsrooms=newsrooms, initial={"newsroom": newsrooms[0]})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            webhook, secret = telling.register(given.pop("newsroom"), by=person(request), **given)
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            keep_secret(request, secret)
            return HttpResponseRedirect(reverse("admin:desk_webhook", args=[webhook.pk]))
    context = {**admin.site.each_context(request), "title": _("Add a webhook"), "form": form}
    return TemplateResponse(request, "admin/claims/program_form.html", context, status=400 if form.errors else 200)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook: its settings, its buttons and the log of its deliveries."""
    webhook = get_object_or_404(_webhooks(request), pk=pk)
    initial = {"url": webhook.url, "label": webhook.label, "types": webhook.types}
    form = WebhookForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            telling.change(webhook, by=person(request), **form.cleaned_data)
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(request.path)
    state = request.GET.get("state", "")
    log = Delivery.objects.filter(webhook=webhook).select_related("entry").order_by("-entry")
    if state in Step.State.values:
        log = log.filter(state=state)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal():
        log = log.filter(entry__sequence__lt=int(before[:18]))
    rows = list(log[: SHOWN + 1])
    for one in rows:
        one.told = [{**made, "at": parse_datetime(made["at"])} for made in reversed(one.tries)]  # type: ignore[attr-defined]
    context = {
        **admin.site.each_context(request),
        "title": str(webhook),
        "webhook": webhook,
        "secret": fresh_secret(request),
        "form": form,
        "replay": ReplayForm(),
        "deliveries": rows[:SHOWN],
        "earlier": rows[SHOWN - 1].entry.sequence if len(rows) > SHOWN else None,
        "state": state,
        "states": Step.State.choices,
        "may_write": person(request).may(Permission.ADMINISTER, webhook.newsroom_id),
    }
    return TemplateResponse(request, "admin/claims/webhook.html", context, status=400 if form.errors else 200)


def do(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """A button of a webhook's page."""
    webhook, by = get_object_or_404(_webhooks(request), pk=pk), person(request)
    if deed not in ("test", "rotate", "disable", "enable", "replay"):
        raise Http404
    if request.method == "POST":
        try:
            if deed == "test":
                telling.test(webhook, by=by)
                messages.success(request, _("A test event is on its way. Reload to see whether it arrived."))
            elif deed == "rotate":
                keep_secret(request, telling.rotate_secret(webhook, by=by))
            elif deed == "disable":
                telling.disable(webhook, by=by, reason=request.POST.get("reason", ""))
                messages.success(request, _("The webhook is disabled. What happens meanwhile is told later."))
            elif deed == "enable":
                telling.enable(webhook, by=by)
                messages.success(request, _("The webhook is told again, beginning with what it missed."))
            else:
                form = ReplayForm(request.POST)
                if form.is_valid():
                    told = telling.replay(webhook, by=by, **form.cleaned_data)
                    messages.success(
                        request,
                        ngettext("%(n)d event is told again.", "%(n)d events are told again.", told) % {"n": told},
                    )
                else:
                    messages.error(request, _("Give two numbers of events."))
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
    return HttpResponseRedirect(reverse("admin:desk_webhook", args=[webhook.pk]))
