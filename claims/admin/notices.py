"""My notices: how often a person is mailed of each kind of thing they are told. Everybody's own page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.admin.access import person
from claims.admin.programs import PlainForm
from claims.models import Notice, RefusedAddress, Rhythm, User
from claims.operations import mailing, noticing


class PreferencesForm(PlainForm):
    """A choice per kind of notice."""

    def __init__(self, *args: Any, now: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(Notice.Kind.choices)
        for kind, rhythm in now.items():
            self.fields[kind] = forms.ChoiceField(
                label=words[Notice.Kind(kind)],
                choices=Rhythm.choices,
                initial=rhythm,
                required=False,  # what is left out stays as it is
                widget=forms.Select(attrs={"class": "d-input"}),
            )


def show(request: HttpRequest) -> HttpResponse:
    """One's preferences, where the mail goes, and why it does not where it does not."""
    user = User.objects.get(pk=person(request).pk)
    form = PreferencesForm(request.POST or None, now=noticing.preferences_of(user))
    if request.method == "POST" and form.is_valid():
        noticing.prefer(user, {kind: rhythm for kind, rhythm in form.cleaned_data.items() if rhythm}, by=user)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("admin:desk_my_notices"))
    context = {
        **admin.site.each_context(request),
        "title": _("My notices"),
        "form": form,
        "mail_is_on": noticing.mail_is_on(),
        "address": user.email,
        "refused": RefusedAddress.objects.filter(person=user, address=user.email).first(),
    }
    return TemplateResponse(request, "admin/claims/my_notices.html", context, status=400 if form.errors else 200)


def accept_again(request: HttpRequest) -> HttpResponse:
    """Have mail sent again to an address that refused it."""
    if request.method == "POST":
        mailing.accept_again(person(request), by=person(request))
        messages.success(request, _("Mail is sent there again."))
    return HttpResponseRedirect(reverse("admin:desk_my_notices"))
