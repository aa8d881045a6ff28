"""My account: the second factor and the sessions of whoever is signed in."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from claims.admin.access import person
from claims.admin.agents import device
from claims.admin.refusals import said
from claims.admin.signing_in import VERIFIED, CodeForm
from claims.errors import FactcheckError
from claims.models import SignIn, User
from claims.operations import securing, signing_in


def sessions_of(user: User, *, here: str | None = None) -> list[dict[str, Any]]:
    """Where a person is signed in, the one that asks first."""
    rows = [
        {
            "pk": one.pk,
            "device": device(one.agent),
            "address": one.address,
            "began_at": one.began_at,
            "seen_at": one.seen_at,
            "here": one.session_key == here,
        }
        for one in user.sign_ins.open()[:100]
    ]
    return sorted(rows, key=lambda row: not row["here"])


def show(request: HttpRequest, form: CodeForm | None = None, codes: list[str] | None = None) -> HttpResponse:
    user = person(request)
    context = {
        **admin.site.each_context(request),
        "title": _("My account"),
        "is_on": securing.is_on(user),
        "is_required": user.needs_second_factor(),
        "codes_left": user.recovery_codes.filter(used_at__isnull=True).count(),
        "codes": codes,
        "form": form or CodeForm(),
        "sessions": sessions_of(user, here=request.session.session_key),
    }
    return TemplateResponse(request, "admin/claims/account.html", context, status=400 if form else 200)


def second_factor(request: HttpRequest) -> HttpResponse:
    """Set the second factor up: scan or type the secret, prove it with a code, keep the recovery codes."""
    user = person(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = securing.confirm(user, code=form.cleaned_data["code"])
        except FactcheckError as refusal:
            form.add_error("code", said(refusal))
        else:
            signing_in.end_others(user, keep=request.session.session_key or "")
            request.session[VERIFIED] = True
            return show(request, codes=codes)
    try:
        secret, address = securing.begin(user)
    except FactcheckError as refusal:
        if not request.session.get(VERIFIED) and user.needs_second_factor():
            logout(request)  # signed in without a code while it is on: sign in again, with one
            return HttpResponseRedirect(reverse("admin:login"))
        messages.error(request, said(refusal))
        return HttpResponseRedirect(reverse("admin:desk_account"))
    picture = segno.make(address, error="m").svg_inline(omitsize=True, border=4, light="#fff", dark="#000")
    context = {
        **admin.site.each_context(request),
        "title": _("Set up the second factor"),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": mark_safe(picture),  # noqa: S308  drawn here, from a secret of ours
        "is_required": user.needs_second_factor(),
        "form": form,
    }
    return TemplateResponse(request, "admin/claims/second_factor.html", context, status=400 if form.errors else 200)


def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, for a code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return show(request, codes=securing.renew_codes(person(request), code=form.cleaned_data["code"]))
        except FactcheckError as refusal:
            form.add_error("code", said(refusal))
    return show(request, form=form) if form.errors else HttpResponseRedirect(reverse("admin:desk_account"))


def switch_off(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            securing.switch_off(person(request), code=form.cleaned_data["code"])
        except FactcheckError as refusal:
            form.add_error("code", said(refusal))
        else:
            messages.success(request, _("The second factor is off."))
    return show(request, form=form) if form.errors else HttpResponseRedirect(reverse("admin:desk_account"))


def end_session(request: HttpRequest) -> HttpResponse:
    """Sign one browser out, or all but this one."""
    user = person(request)
    if request.method == "POST":
        if request.POST.get("session") == "others":
            signing_in.end_others(user, keep=request.session.session_key or "")
            messages.success(request, _("You are signed out everywhere else."))
        else:
            pk = request.POST.get("session", "")
            one = get_object_or_404(SignIn.objects.filter(user=user), pk=int(pk) if pk.isdecimal() else 0)
            signing_in.end(one, by=user)
            messages.success(request, _("That browser is signed out."))
    return HttpResponseRedirect(reverse("admin:desk_account"))


def change_password(request: HttpRequest) -> HttpResponse:
    """Django's page; afterwards every other browser is signed out."""
    user, was = person(request), request.session.session_key or ""
    response: HttpResponse = admin.site.password_change(request)
    if request.method == "POST" and response.status_code == 302:
        signing_in.password_changed(user, kept=request.session.session_key or "", was=was)
    return response
