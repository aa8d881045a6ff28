"""Saved views of the queue: chips above it, a form to keep what is on the screen, rename and delete."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.access import newsrooms_where, person
from claims.admin.choices import offer
from claims.admin.facets import FilterForm
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Newsroom, SavedView, User
from claims.operations import arranging
from claims.workflow import Permission

KEPT = ("tab", "sort", *FilterForm.base_fields)


class ViewForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=gettext_lazy("Newsroom"), empty_label=None)
    shared = forms.BooleanField(label=gettext_lazy("Everybody in the newsroom sees it"), required=False)
    preferred = forms.BooleanField(label=gettext_lazy("My queue opens with it"), required=False)

    def __init__(self, *args: Any, newsrooms: list[int], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        offer(self, "newsroom", Newsroom.objects.filter(pk__in=newsrooms))
        if len(newsrooms) == 1:
            self.fields["newsroom"].widget = forms.HiddenInput()
        self.initial.setdefault("newsroom", newsrooms[0] if newsrooms else None)
        for name in ("name", "newsroom"):
            self.fields[name].widget.attrs["class"] = "d-input"


def seen_by(user: User) -> QuerySet[SavedView]:
    """A person's own views, and those their newsrooms share."""
    return SavedView.objects.visible_to(user).filter(Q(owner=user) | Q(shared=True)).select_related("owner")


def address_of(asked: QueryDict) -> str:
    """What of an address makes the view: tab, order, search and filters, not the page one is on."""
    kept = [(name, value) for name in KEPT for value in asked.getlist(name) if value]
    return urlencode(kept)


def chips(request: HttpRequest) -> dict[str, Any]:
    """The views above the queue, the one that is open, and the form for what is on the screen."""
    user, newsrooms = person(request), newsrooms_where(request, Permission.READ)
    views = list(seen_by(user))
    current = next((one for one in views if str(one.pk) == request.GET.get("view")), None)
    mine = current is not None and current.owner_id == user.pk
    initial: dict[str, Any] = {}
    if current is not None and mine:
        initial = {name: getattr(current, name) for name in ("name", "newsroom", "shared", "preferred")}
    removable = current is not None and (mine or user.may(Permission.ADMINISTER, current.newsroom_id))
    return {
        "views": views,
        "view": current,
        "view_mine": mine,
        "view_removable": removable,
        "view_address": address_of(request.GET),
        "view_form": ViewForm(newsrooms=newsrooms, initial=initial, auto_id="view-%s") if newsrooms else None,
    }


def preferred(request: HttpRequest) -> SavedView | None:
    """The view a person's queue opens with, when they asked for nothing else."""
    return None if request.GET else SavedView.objects.filter(owner=person(request), preferred=True).first()


def url_of(view: SavedView) -> str:
    return f"{reverse('admin:claims_claim_changelist')}?{view.address}{'&' if view.address else ''}view={view.pk}"


def keep(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Keep what is on the screen under a name, or change one's own view (`pk`)."""
    queue = reverse("admin:claims_claim_changelist")
    if request.method != "POST":
        return HttpResponseRedirect(queue)
    user = person(request)
    view = get_object_or_404(seen_by(user), pk=pk) if pk is not None else None
    address = address_of(QueryDict(request.POST.get("address", "")[:4000]))
    back = f"{queue}?{address}" + (f"&view={pk}" if pk else "")
    if "remove" in request.POST and view is not None:
        try:
            arranging.remove(view, by=user)
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
            return HttpResponseRedirect(back)
        messages.success(request, _("The view is deleted."))
        return HttpResponseRedirect(f"{queue}?{address}" if address else f"{queue}?tab=all")
    form = ViewForm(request.POST, newsrooms=newsrooms_where(request, Permission.READ))
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
        return HttpResponseRedirect(back)
    given = dict(form.cleaned_data)
    try:
        view = arranging.keep(given.pop("newsroom"), by=user, address=address, view=view, **given)
    except FactcheckError as refusal:
        messages.error(request, said(refusal))
        return HttpResponseRedirect(back)
    messages.success(request, _("The view is saved."))
    return HttpResponseRedirect(url_of(view))
