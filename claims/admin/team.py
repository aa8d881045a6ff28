"""The team: who holds how much, who is away, what waits for somebody who is not there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.access import newsrooms_where, person
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Claim, Handback, Membership, Newsroom
from claims.operations import returning, rostering
from claims.workflow import Permission


class AvailabilityForm(forms.Form):
    """What a member can take, and when they are away."""

    away_from = forms.DateField(
        label=gettext_lazy("Away from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    away_until = forms.DateField(
        label=gettext_lazy("Away until"),
        required=False,
        help_text=gettext_lazy("The last day away."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Open claims at a time"),
        required=False,
        min_value=0,
        max_value=999,
        help_text=gettext_lazy("Up to which claims are assigned automatically; empty: any number."),
    )
    languages = forms.CharField(
        label=gettext_lazy("Languages"),
        required=False,
        help_text=gettext_lazy("Codes such as de, en; empty: every one."),
    )
    topics = forms.CharField(
        label=gettext_lazy("Topics"), required=False, help_text=gettext_lazy("With commas between; empty: every one.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "d-input")

    def clean_languages(self) -> list[str]:
        return [one.lower() for one in self.cleaned_data["languages"].replace(",", " ").split()]

    def clean_topics(self) -> list[str]:
        return [one.strip() for one in self.cleaned_data["topics"].split(",") if one.strip()]


def show(request: HttpRequest) -> HttpResponse:
    """Everybody who can review, with their load, and the claims of those who are away."""
    user = person(request)
    rooms = list(Newsroom.objects.visible_to(user)[:20])
    runs = set(newsrooms_where(request, Permission.ADMINISTER))
    context = {
        **admin.site.each_context(request),
        "title": _("Team"),
        "is_fullwidth": True,
        "rooms": [{"newsroom": room, "loads": rostering.loads(room), "runs": room.pk in runs} for room in rooms],
        "waiting": rostering.held_by_absent(rooms),
        "returned": list(returning.recent(rooms)[:20]),
        "may_review": set(newsrooms_where(request, Permission.REVIEW)),
        "mine": list(Membership.objects.visible_to(user).filter(user=user, active=True).select_related("newsroom")),
    }
    return TemplateResponse(request, "admin/claims/team.html", context)


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own availability, or that of a member of a newsroom one runs."""
    user = person(request)
    membership = get_object_or_404(
        Membership.objects.visible_to(user).filter(active=True).select_related("user", "newsroom"), pk=pk
    )
    if membership.user_id != user.pk and not user.may(Permission.ADMINISTER, membership.newsroom_id):
        raise Http404
    initial = {
        "away_from": membership.away_from,
        "away_until": membership.away_until,
        "capacity": membership.capacity,
        "languages": ", ".join(membership.languages),
        "topics": ", ".join(membership.topics),
    }
    form = AvailabilityForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            rostering.tell(membership, by=user, **form.cleaned_data)
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("admin:desk_team"))
    context = {
        **admin.site.each_context(request),
        "title": _("Absence and capacity"),
        "form": form,
        "membership": membership,
    }
    return TemplateResponse(request, "admin/claims/available.html", context, status=400 if form.errors else 200)


def give_back(request: HttpRequest) -> HttpResponse:
    """Set the chosen claims of absent people free, each for itself."""
    if request.method == "POST":
        user, done = person(request), 0
        numbers = [int(pk) for pk in request.POST.getlist("claim")[:200] if pk.isdigit() and len(pk) < 19]
        for claim in Claim.objects.visible_to(user).filter(pk__in=numbers).defer("search").order_by("pk"):
            try:
                rostering.give_back(claim, by=user)
            except FactcheckError as refusal:
                messages.error(request, f"#{claim.pk}: {said(refusal)}")
            else:
                done += 1
        if done:
            messages.success(request, _("Free for everybody: %(n)s.") % {"n": done})
    return HttpResponseRedirect(reverse("admin:desk_team"))


def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Give claims that went back to the queue because somebody is away back to that person."""
    handback = get_object_or_404(Handback.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            given = returning.undo(handback, by=person(request))
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
        else:
            messages.success(request, _("Given back: %(n)s.") % {"n": given})
    return HttpResponseRedirect(reverse("admin:desk_team"))
