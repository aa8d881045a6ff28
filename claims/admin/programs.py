"""Keys: what a newsroom's programs sign in with. Made, watched, rotated and revoked here; the secret is shown once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.access import newsrooms_where, person
from claims.admin.choices import offer
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import ApiKey, KeyUsage, Newsroom, User
from claims.operations import keying, metering
from claims.roles import Scope
from claims.sealing import seal, unseal
from claims.workflow import Permission

DAYS = 30
FRESH = "fresh_secret"  # in the session, sealed: a secret on its way to the one page that shows it
OVERLAPS = (
    ("0", gettext_lazy("none: the old key ends now")),
    ("1", gettext_lazy("an hour")),
    ("24", gettext_lazy("a day")),
    ("168", gettext_lazy("a week")),
)


class PlainForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", "d-input")


class ChangeForm(PlainForm):
    label = forms.CharField(
        label=gettext_lazy("Program"), max_length=80, help_text=gettext_lazy("Which program uses it, such as: CMS.")
    )
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Expires"),
        required=False,
        help_text=gettext_lazy("Empty: never."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    allowed_networks = forms.CharField(
        label=gettext_lazy("Allowed networks"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One per line, such as 203.0.113.0/24. Empty: from anywhere."),
    )

    def clean_allowed_networks(self) -> list[str]:
        return [one for one in self.cleaned_data["allowed_networks"].replace(",", " ").split() if one]


class MakeForm(ChangeForm):
    field_order = ("newsroom", "label", "user", "expires_at", "allowed_networks", "scopes")
    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=gettext_lazy("Newsroom"), empty_label=None)
    user = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Acts as"),
        help_text=gettext_lazy("The key may do what this member may, and no more than its scopes."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, newsrooms: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "newsroom", Newsroom.objects.filter(pk__in=newsrooms))
        offer(
            self,
            "user",
            User.objects.filter(memberships__newsroom__in=newsrooms, memberships__active=True, is_active=True)
            .distinct()
            .order_by("username"),
        )


class RotateForm(PlainForm):
    overlap = forms.ChoiceField(label=gettext_lazy("Both work for"), choices=OVERLAPS, initial="24")


def readable(request: HttpRequest) -> list[int]:
    """Newsrooms whose programs this person may look at: admins' and auditors'."""
    found = set(newsrooms_where(request, Permission.ADMINISTER)) | set(newsrooms_where(request, Permission.AUDIT))
    if not found:
        raise PermissionDenied
    return sorted(found)


def keep_secret(request: HttpRequest, secret: str) -> None:
    request.session[FRESH] = seal(secret)


def fresh_secret(request: HttpRequest) -> str:
    """Shown once, on the next page."""
    sealed = request.session.pop(FRESH, "")
    return unseal(sealed) if sealed else ""


def state_of(key: ApiKey) -> tuple[str, str]:
    """What a key is worth now, in words, and how loudly to say it."""
    if key.revoked_at:
        return _("revoked"), "d-hot"
    if key.expiry and key.expiry <= timezone.now():
        return _("expired"), "d-hot"
    if key.replaced_by_id:
        return _("being replaced"), ""
    return _("active"), ""


def _keys(request: HttpRequest) -> Any:
    return ApiKey.objects.visible_to(request.user).filter(newsroom__in=readable(request))


def show_all(request: HttpRequest) -> HttpResponse:
    """Every key with what it may do, its last use and its requests of a month."""
    used = Q(usage__day__gte=metering.since(DAYS))
    keys = list(
        _keys(request)
        .select_related("newsroom", "user")
        .annotate(asked=Sum("usage__requests", filter=used), told_to_wait=Sum("usage__throttled", filter=used))
    )
    per_day = (
        KeyUsage.objects.filter(key__in=[key.pk for key in keys], day__gte=metering.since(DAYS))
        .values("day")
        .annotate(asked=Sum("requests"), waited=Sum("throttled"))
        .order_by("-day")
    )
    context = {
        **admin.site.each_context(request),
        "title": _("Keys"),
        "keys": [(key, *state_of(key)) for key in keys],
        "days": list(per_day),
        "most": max((one["asked"] for one in per_day), default=0),
        "may_make": bool(newsrooms_where(request, Permission.ADMINISTER)),
    }
    return TemplateResponse(request, "admin/claims/program_keys.html", context)


def make(request: HttpRequest) -> HttpResponse:
    newsrooms = newsrooms_where(request, Permission.ADMINISTER)
    if not newsrooms:
        raise PermissionDenied
    form = MakeForm(request.POST or None, newsrooms=newsrooms, initial={"newsroom": newsrooms[0], "scopes": ["read"]})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            key, secret = keying.issue(given.pop("newsroom"), by=person(request), **given)
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            keep_secret(request, secret)
            return HttpResponseRedirect(reverse("admin:desk_key", args=[key.token_key]))
    context = {**admin.site.each_context(request), "title": _("Make a key"), "form": form}
    return TemplateResponse(request, "admin/claims/program_form.html", context, status=400 if form.errors else 200)


def show(request: HttpRequest, prefix: str) -> HttpResponse:
    """One key: its days, and what can be changed of it."""
    key = get_object_or_404(_keys(request).select_related("newsroom", "user", "created_by"), token_key=prefix)
    may = person(request).may(Permission.ADMINISTER, key.newsroom_id)
    form = ChangeForm(
        request.POST or None,
        initial={"label": key.label, "expires_at": key.expiry, "allowed_networks": "\n".join(key.allowed_networks)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            keying.change(key, by=person(request), **form.cleaned_data)
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(request.path)
    days = list(KeyUsage.objects.filter(key=key, day__gte=metering.since(DAYS)).values("day", "requests", "throttled"))
    context = {
        **admin.site.each_context(request),
        "title": key.label,
        "key": key,
        "state": state_of(key),
        "scopes": [Scope(one).label for one in key.scopes],
        "secret": fresh_secret(request),
        "form": form,
        "rotate": RotateForm(),
        "may_write": may and not key.revoked_at,
        "days": [{"day": one["day"], "asked": one["requests"], "waited": one["throttled"]} for one in days],
        "most": max((one["requests"] for one in days), default=0),
    }
    return TemplateResponse(request, "admin/claims/program_key.html", context, status=400 if form.errors else 200)


def do(request: HttpRequest, prefix: str, deed: str) -> HttpResponse:
    """Rotate or revoke."""
    key = get_object_or_404(_keys(request).select_related("newsroom", "user"), token_key=prefix)
    if deed not in ("rotate", "revoke"):
        raise Http404
    target = key.token_key
    if request.method == "POST":
        form = RotateForm(request.POST)
        try:
            if deed == "revoke":
                keying.revoke(key, by=person(request))
                messages.success(request, _("The key is revoked."))
            elif form.is_valid():
                overlap = dt.timedelta(hours=int(form.cleaned_data["overlap"]))
                fresh, secret = keying.rotate(key, by=person(request), overlap=overlap)
                keep_secret(request, secret)
                target = fresh.token_key
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
    return HttpResponseRedirect(reverse("admin:desk_key", args=[target]))
