"""The queue: what is mine, what is free, what waits for whom. No counting of everything; pages go by key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.search import SearchQuery
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin import bulk, keys
from claims.admin.access import anywhere, newsrooms_where, person
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Assessment, Claim, Membership, Newsroom, User
from claims.models.claim import ClaimQuerySet
from claims.operations import reviewing
from claims.workflow import Permission, Status

PAGE = 50
MANY = 100  # a tab counts no further
SEARCH_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: Any
    symbol: str
    rows: Callable[[ClaimQuerySet, User], ClaimQuerySet]
    sort: str = "score"
    empty: Any = ""


_AT_WORK = [Status.SUBMITTED, Status.GATHERING, Status.ASSESSING, Status.IN_REVIEW, Status.IN_APPROVAL, Status.DECIDED]

TABS = {
    tab.name: tab
    for tab in (
        Tab(
            "mine",
            gettext_lazy("Mine"),
            "person",
            lambda rows, user: rows.filter(assignee=user, status__in=_AT_WORK),
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
            empty=gettext_lazy("Nothing new came in. Hand in an article or a claim."),
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


@dataclass(frozen=True, slots=True)
class Sort:
    """An order that never ties: the last key is the primary key."""

    label: Any
    keys: tuple[str, ...]
    read: Callable[[str], Any] = str


SORTS = {
    "score": Sort(gettext_lazy("Worth checking"), ("-score", "-pk"), float),
    "newest": Sort(gettext_lazy("Newest first"), ("-pk",)),
    "oldest": Sort(gettext_lazy("Oldest first"), ("pk",)),
    "waiting": Sort(gettext_lazy("Waiting longest"), ("moved_at", "pk"), parse_datetime),
}


class FilterForm(forms.Form):
    """Everything a queue can be narrowed by. A value nobody knows is said, not ignored."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=SEARCH_LONGEST)
    status = forms.MultipleChoiceField(label=gettext_lazy("Status"), choices=Status.choices, required=False)
    kind = forms.MultipleChoiceField(label=gettext_lazy("Kind"), choices=Claim.Kind.choices, required=False)
    suggestion = forms.ChoiceField(
        label=gettext_lazy("Suggested as"), choices=[("", ""), *Claim.Suggestion.choices], required=False
    )
    severity = forms.MultipleChoiceField(
        label=gettext_lazy("Severity"), choices=[(str(k), v) for k, v in Claim.Severity.choices], required=False
    )
    language = forms.CharField(label=gettext_lazy("Language"), max_length=8, required=False)
    topic = forms.CharField(label=gettext_lazy("Topic"), max_length=60, required=False)
    claimant = forms.CharField(label=gettext_lazy("Claimant"), max_length=200, required=False)
    assignee = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Assigned to"), required=False)
    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=gettext_lazy("Newsroom"), required=False)
    article = forms.IntegerField(label=gettext_lazy("Article"), required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"), choices=[(name, sort.label) for name, sort in SORTS.items()], required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        rooms = Newsroom.objects.visible_to(user)
        members = Membership.objects.visible_to(user).filter(active=True)
        self.fields["newsroom"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["assignee"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            pk__in=members.values("user")
        ).order_by("first_name", "username")
        self.fields["assignee"].label_from_instance = lambda one: (  # type: ignore[attr-defined]
            one.get_full_name() or one.get_username()
        )
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "d-input d-small")

    def narrow(self, rows: ClaimQuerySet) -> ClaimQuerySet:
        given = self.cleaned_data
        query = given.get("q", "").strip()
        if query.lstrip("#").isdigit():
            rows = rows.filter(
                Q(pk=int(query.lstrip("#")[:18])) | Q(search=SearchQuery(query.lstrip("#"), config="simple"))
            )
        elif query:
            rows = rows.filter(
                Q(search=SearchQuery(query.replace("\x00", ""), config="simple", search_type="websearch"))
                | Q(claimant__icontains=query)
            )
        for name in ("status", "kind", "severity"):
            if given.get(name):
                rows = rows.filter(**{f"{name}__in": given[name]})
        for name in ("suggestion", "language", "topic", "assignee", "newsroom", "article"):
            if given.get(name):
                rows = rows.filter(**{name: given[name]})
        if given.get("claimant"):
            rows = rows.filter(claimant__icontains=given["claimant"])
        return rows


def narrowing(form: FilterForm) -> dict[str, Any]:
    """The filters in use, without order and search."""
    return {name: value for name, value in form.cleaned_data.items() if value and name not in ("sort", "q")}


def show(request: HttpRequest) -> HttpResponse:
    """The queue page."""
    user = person(request)
    mine = Claim.objects.visible_to(user)
    form = FilterForm(request.GET, user=user)
    asked = form.is_valid()
    tab = TABS.get(request.GET.get("tab", "")) or (TABS["all"] if form.data.get("q") else _first_tab(user))
    rows = tab.rows(mine, user)
    if asked:
        rows = form.narrow(rows)
    sort = SORTS.get(request.GET.get("sort", ""), SORTS[tab.sort])
    page, older, newer = _page(rows, sort, request.GET.get("after", ""), request.GET.get("before", ""))
    asked_for = {key: request.GET.getlist(key) for key in request.GET if key not in ("after", "before", "tab")}
    filters = narrowing(form) if asked else {}
    context = {
        **admin.site.each_context(request),
        "title": _("Queue"),
        "is_fullwidth": True,
        "form": form,
        "tab": tab,
        "tabs": [(one, up_to_many(one.rows(mine, user))) for one in TABS.values()],
        "claims": page,
        "narrowed": bool(filters or (asked and form.cleaned_data.get("q"))),
        "filters": filters,
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


def up_to_many(rows: ClaimQuerySet) -> str:
    """How many there are, counted no further than to MANY: a full count would read the whole table."""
    found = len(rows.order_by().values_list("pk", flat=True)[: MANY + 1])
    return f"{MANY}+" if found > MANY else str(found)


def _page(rows: ClaimQuerySet, sort: Sort, after: str, before: str) -> tuple[list[Claim], str, str]:
    """One page by key, with the keys of the pages around it ('' where there is none)."""
    key = _read_key(sort, after or before)
    backwards = bool(before and key)
    order = [_turned(name) for name in sort.keys] if backwards else list(sort.keys)
    if key:
        rows = rows.filter(_beyond(order, key))
    found = list(_dressed(rows.order_by(*order))[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    older = _write_key(sort, found[-1]) if found and (backwards or more) else ""
    newer = _write_key(sort, found[0]) if found and (more if backwards else bool(key)) else ""
    return found, older, newer


def _dressed(rows: ClaimQuerySet) -> ClaimQuerySet:
    """With what a line of the queue shows, in two queries, without the long texts."""
    latest = Assessment.objects.order_by("claim", "-cycle").only(
        "claim", "cycle", "documents_count", "origins_count", "table", "made_at"
    )
    return (
        rows.select_related("article", "assignee", "newsroom")
        .defer("article__text", "article__notes", "article__flags", "facts", "reasons", "search", "match_keys")
        .prefetch_related(Prefetch("assessments", latest))
    )


def _turned(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def _beyond(order: list[str], key: list[Any]) -> Q:
    """Rows that come after a key in this order."""
    wanted, same = Q(), Q()
    for name, value in zip(order, key, strict=True):
        field, compare = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        wanted |= same & Q(**{f"{field}__{compare}": value})
        same &= Q(**{field: value})
    return wanted


def _write_key(sort: Sort, claim: Claim) -> str:
    values = [getattr(claim, name.removeprefix("-")) for name in sort.keys]
    return "~".join(value.isoformat() if isinstance(value, datetime) else repr(value) for value in values)


def _read_key(sort: Sort, text: str) -> list[Any] | None:
    """The key in an address; None when it is not one (somebody edited it), which shows the first page."""
    parts = text.split("~")
    if not text or len(parts) != len(sort.keys):
        return None
    try:
        key = [*(sort.read(part) for part in parts[:-1]), int(parts[-1])]
    except ValueError:
        return None
    return None if any(part is None for part in key) else key


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
