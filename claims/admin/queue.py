"""The queue: what is mine, what is free, what waits for whom. No counting of everything; pages go by key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import paging
from claims.admin import bulk, facets, keys, views
from claims.admin.access import anywhere, newsrooms_where, person
from claims.admin.facets import FilterForm
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Assessment, Claim, Newsroom, User
from claims.models.claim import AT_WORK, ClaimQuerySet
from claims.operations import reviewing
from claims.paging import SORTS, up_to_many
from claims.workflow import Permission, Status

PAGE = 50
SEVERAL = paging.MERGED + 1


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: Any
    symbol: str
    rows: Callable[[ClaimQuerySet, User], ClaimQuerySet]
    sort: str = "score"
    empty: Any = ""


TABS = {
    tab.name: tab
    for tab in (
        Tab(
            "mine",
            gettext_lazy("Mine"),
            "person",
            lambda rows, user: rows.filter(assignee=user, status__in=AT_WORK),
            empty=gettext_lazy("Nothing is assigned to you. Take the next free claim."),
        ),
        Tab(
            "free",
            gettext_lazy("Free for review"),
            "front_hand",
            lambda rows, user: rows.filter(status=Status.IN_REVIEW, assignee__isnull=True),
            empty=gettext_lazy("No claim waits for a reviewer."),
        ),
        Tab(
            "pick",
            gettext_lazy("To pick"),
            "checklist",
            lambda rows, user: rows.filter(status=Status.SUBMITTED),
            sort="priority",
            empty=gettext_lazy("Nothing new came in. Hand in an article or a claim."),
        ),
        Tab(
            "late",
            gettext_lazy("Late"),
            "alarm",
            lambda rows, user: rows.late(timezone.now()),
            sort="due",
            empty=gettext_lazy("Nothing is late."),
        ),
        Tab(
            "approve",
            gettext_lazy("To approve"),
            "verified",
            lambda rows, user: rows.filter(status=Status.IN_APPROVAL),
            sort="waiting",
            empty=gettext_lazy("No verdict waits for approval."),
        ),
        Tab(
            "publish",
            gettext_lazy("To publish"),
            "campaign",
            lambda rows, user: rows.filter(status=Status.DECIDED),
            sort="waiting",
            empty=gettext_lazy("No approved verdict waits to be published."),
        ),
        Tab(
            "running",
            gettext_lazy("Being gathered"),
            "travel_explore",
            lambda rows, user: rows.filter(status__in=[Status.GATHERING, Status.ASSESSING]),
            sort="waiting",
            empty=gettext_lazy("No source is being asked at the moment."),
        ),
        Tab(
            "all",
            gettext_lazy("Everything"),
            "inventory_2",
            lambda rows, user: rows,
            sort="newest",
            empty=gettext_lazy("There are no claims yet. Hand in an article or a claim."),
        ),
    )
}


def show(request: HttpRequest) -> HttpResponse:
    """The queue page."""
    user = person(request)
    opening = views.preferred(request)
    if opening is not None:
        return HttpResponseRedirect(views.url_of(opening))
    mine = Claim.objects.visible_to(user)
    form = FilterForm(request.GET, user=user)
    asked = form.is_valid()
    tab = TABS.get(request.GET.get("tab", "")) or (TABS["all"] if form.data.get("q") else _first_tab(user))
    rows = tab.rows(mine, user)
    if asked:
        rows = form.narrow(rows)
    sort = SORTS.get(request.GET.get("sort", ""), SORTS[tab.sort])
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    newsrooms = (
        list(Newsroom.objects.values_list("pk", flat=True)[:SEVERAL]) if user.is_superuser else user.newsroom_ids()
    )
    shown, older, newer = paging.page(rows, sort, after, before, size=PAGE, newsrooms=newsrooms)
    page = sorted(_dressed(mine.filter(pk__in=shown)), key=lambda claim: shown.index(claim.pk))
    asked_for = {key: request.GET.getlist(key) for key in request.GET if key not in ("after", "before", "tab", "view")}
    filters = form.in_use() if asked else {}
    context = {
        **admin.site.each_context(request),
        **views.chips(request),
        "title": _("Queue"),
        "is_fullwidth": True,
        "form": form,
        "tab": tab,
        "tabs": [(one, up_to_many(one.rows(mine, user))) for one in TABS.values()],
        "claims": page,
        "narrowed": bool(filters or (asked and form.cleaned_data.get("q"))),
        "filters": filters,
        "offered": facets.offered(mine),
        "sort": next(name for name, one in SORTS.items() if one is sort),
        "sorts": SORTS,
        "keys": keys.QUEUE,
        "bulks": bulk.BULKS,
        "may_pick": anywhere(user, Permission.PICK),
        "undo": request.session.get(bulk.UNDO),
        "older": _link(asked_for, tab, after=older),
        "newer": _link(asked_for, tab, before=newer),
        "plain": urlencode(asked_for, doseq=True),
        "may_submit": anywhere(user, Permission.SUBMIT),
        "may_review": anywhere(user, Permission.REVIEW),
        "several_newsrooms": len(user.newsroom_ids()) > 1 or user.is_superuser,
        "has_member": bool(user.newsroom_ids()) or user.is_superuser,
    }
    return TemplateResponse(request, "admin/claims/queue.html", context)


def _first_tab(user: User) -> Tab:
    """Where a person begins: what they hold, else what their role waits for."""
    mine = Claim.objects.visible_to(user)
    wanted = ["mine"]
    if anywhere(user, Permission.APPROVE):
        wanted += ["approve", "publish"]
    if anywhere(user, Permission.REVIEW):
        wanted.append("free")
    if anywhere(user, Permission.PICK):
        wanted.append("pick")
    return next((TABS[name] for name in wanted if TABS[name].rows(mine, user).exists()), TABS["all"])


def _dressed(rows: ClaimQuerySet) -> ClaimQuerySet:
    """With what a line of the queue shows, in two queries, without the long texts."""
    latest = Assessment.objects.order_by("claim", "-cycle").only(
        "claim", "cycle", "documents_count", "origins_count", "table", "made_at"
    )
    return (
        rows.select_related("article", "assignee", "newsroom")
        .defer(
            "article__text",
            "article__search",
            "article__notes",
            "article__flags",
            "facts",
            "reasons",
            "search",
            "match_keys",
        )
        .prefetch_related(Prefetch("assessments", latest))
    )


def _link(asked_for: dict[str, list[str]], tab: Tab, **key: str) -> str:
    if not any(key.values()):
        return ""
    return "?" + urlencode({"tab": tab.name, **asked_for, **key}, doseq=True)


def take_next(request: HttpRequest) -> HttpResponse:
    """Take the next free claim: no two people get the same."""
    if request.method == "POST":
        try:
            claim = reviewing.take(newsrooms_where(request, Permission.REVIEW), by=person(request))
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
        else:
            if claim is not None:
                messages.success(request, _("This claim is yours now."))
                return HttpResponseRedirect(reverse("admin:claims_claim_change", args=[claim.pk]))
            messages.info(request, _("No claim waits for a reviewer."))
    return HttpResponseRedirect(reverse("admin:claims_claim_changelist"))
