"""Following: the feeds and pages a desk follows, what came of each visit, and where a claim was said again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.access import newsrooms_where, person
from claims.admin.choices import offer
from claims.admin.programs import PlainForm
from claims.admin.refusals import said
from claims.admin.workbench import url_of
from claims.errors import FactcheckError
from claims.models import FollowedItem, FollowedSource, Newsroom, Occurrence, Reach
from claims.models.following import LONGEST, SHORTEST
from claims.operations import following, occurring
from claims.workflow import Permission

SHOWN = 100
INTERVALS = (
    (15, gettext_lazy("every 15 minutes")),
    (30, gettext_lazy("every half hour")),
    (60, gettext_lazy("every hour")),
    (180, gettext_lazy("every three hours")),
    (720, gettext_lazy("twice a day")),
    (1440, gettext_lazy("once a day")),
    (10080, gettext_lazy("once a week")),
)
DONE = {
    "visit": gettext_lazy("It is being visited. Reload in a moment."),
    "pause": gettext_lazy("Paused: it is not visited any more."),
    "unfollow": gettext_lazy("It is not followed any more. What came from it stays."),
}


class SourceForm(PlainForm):
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=FollowedSource.Kind.choices)
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        help_text=gettext_lazy("Of the feed, the sitemap or the page. Begins with https://."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("How articles say where they were found. Empty: the site's."),
    )
    every_minutes = forms.TypedChoiceField(
        label=gettext_lazy("Visited"), choices=INTERVALS, coerce=int, initial=60
    )  # fmt: skip
    topic = forms.CharField(
        label=gettext_lazy("Topic"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Given to the claims found there."),
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        max_length=8,
        required=False,
        help_text=gettext_lazy("Code such as de; empty: recognised."),
    )
    reach = forms.TypedChoiceField(
        label=gettext_lazy("Heard"),
        choices=Reach.choices,
        coerce=int,
        initial=0,
        help_text=gettext_lazy("How far it is heard; part of a claim's priority."),
    )

    def __init__(self, *args: Any, source: FollowedSource | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [minutes for minutes, _label in INTERVALS]
        if source is not None and source.every_minutes not in known and SHORTEST <= source.every_minutes <= LONGEST:
            own = (source.every_minutes, _("every %(n)d minutes") % {"n": source.every_minutes})
            self.fields["every_minutes"].choices = [own, *INTERVALS]  # type: ignore[attr-defined]


class FollowForm(SourceForm):
    field_order = ("newsroom", "kind", "url", "name", "every_minutes", "topic", "language", "reach")
    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=gettext_lazy("Newsroom"), empty_label=None)

    def __init__(self, *args: Any, newsrooms: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "newsroom", Newsroom.objects.filter(pk__in=newsrooms))


def urls(view: Any) -> list[URLPattern]:
    return [
        path("following/", view(show_all), name="desk_following"),
        path("following/new/", view(make), name="desk_follow"),
        path("following/<int:pk>/", view(show), name="desk_followed"),
        path("following/<int:pk>/<slug:deed>/", view(do), name="desk_followed_do"),
        path("following/items/<int:pk>/read/", view(read_item), name="desk_followed_item"),
        path("occurrences/<int:pk>/part/", view(part), name="desk_occurrence_part"),
    ]


def _visible(request: HttpRequest) -> QuerySet[FollowedSource]:
    rows: QuerySet[FollowedSource] = FollowedSource.objects.visible_to(request.user)
    return rows.filter(removed_at__isnull=True).select_related("newsroom")


def show_all(request: HttpRequest) -> HttpResponse:
    """The followed sources: those that cannot be visited first."""
    rows = list(_visible(request).order_by("name", "pk"))
    rows.sort(key=lambda source: not source.failures)
    context = {
        **admin.site.each_context(request),
        "title": _("Following"),
        "sources": rows,
        "may": newsrooms_where(request, Permission.PICK),
        "several_newsrooms": len({source.newsroom_id for source in rows}) > 1,
        "now": timezone.now(),
    }
    return TemplateResponse(request, "admin/claims/following.html", context)


def make(request: HttpRequest) -> HttpResponse:
    newsrooms = newsrooms_where(request, Permission.PICK)
    if not newsrooms:
        raise PermissionDenied
    form = FollowForm(request.POST or None, newsrooms=newsrooms, initial={"newsroom": newsrooms[0]})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            source = following.follow(given.pop("newsroom"), by=person(request), **given)
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            messages.success(request, _("It is followed from now on. The first visit is on its way."))
            return HttpResponseRedirect(reverse("admin:desk_followed", args=[source.pk]))
    context = {**admin.site.each_context(request), "title": _("Follow a feed or page"), "form": form}
    return TemplateResponse(request, "admin/claims/program_form.html", context, status=400 if form.errors else 200)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One followed source: how its visits went, what it found, its settings."""
    source = get_object_or_404(_visible(request), pk=pk)
    form = SourceForm(
        request.POST or None, source=source, initial={name: getattr(source, name) for name in following.SETTABLE}
    )
    if request.method == "POST" and form.is_valid():
        try:
            following.change(source, by=person(request), **form.cleaned_data)
        except FactcheckError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(request.path)
    items = (
        FollowedItem.objects.filter(source=source).select_related("article").defer("article__text", "article__search")
    )
    if request.GET.get("noted"):
        items = items.filter(outcome=FollowedItem.Outcome.NOTED)
    context = {
        **admin.site.each_context(request),
        "title": source.name,
        "source": source,
        "form": form,
        "items": list(items.order_by("-pk")[:SHOWN]),
        "noted": bool(request.GET.get("noted")),
        "may_write": person(request).may(Permission.PICK, source.newsroom_id),
        "now": timezone.now(),
    }
    return TemplateResponse(request, "admin/claims/followed.html", context, status=400 if form.errors else 200)


def do(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """A button of a followed source: visit it now, pause it, follow it no more."""
    source, by = get_object_or_404(_visible(request), pk=pk), person(request)
    if deed not in DONE:
        raise Http404
    back = reverse("admin:desk_following")
    if request.method == "POST":
        try:
            if deed == "visit":
                following.visit_now(source, by=by)
            elif deed == "pause":
                following.pause(source, by=by)
            else:
                following.unfollow(source, by=by)
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
        else:
            messages.success(request, str(DONE[deed]))
            if deed != "unfollow" and request.POST.get("back") == "one":
                back = reverse("admin:desk_followed", args=[source.pk])
    return HttpResponseRedirect(back)


def read_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Read an item that was only noted."""
    rows: QuerySet[FollowedItem] = FollowedItem.objects.visible_to(request.user)
    item = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        try:
            following.read_now(item, by=person(request))
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
        else:
            messages.success(request, _("It is being read. Reload in a moment."))
    return HttpResponseRedirect(reverse("admin:desk_followed", args=[item.source_id]))


def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that what was taken for the same claim is another one."""
    rows: QuerySet[Occurrence] = Occurrence.objects.visible_to(request.user).select_related("claim")
    occurrence = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        try:
            claim = occurring.part(occurrence, by=person(request))
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
        else:
            told = (
                _("Taken back. It stands in the queue as claim %(n)d.") % {"n": claim.pk} if claim else _("Taken back.")
            )
            messages.success(request, told)
    return HttpResponseRedirect(f"{url_of(occurrence.claim)}#occurrences")
