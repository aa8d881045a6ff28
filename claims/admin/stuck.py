"""Stuck work: background steps that were given up, with their reasons, to be tried again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin.access import anywhere, person
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import (
    ArchiveJob,
    Article,
    Assessment,
    ChatPost,
    Consultation,
    FollowedItem,
    FollowedSource,
    Lookup,
    Mail,
    Renewal,
    Schedule,
    Step,
    Watch,
)
from claims.operations import reviving
from claims.workflow import Permission

SHOWN = 100
STEPS: dict[str, tuple[Any, Any]] = {
    "article": (Article, gettext_lazy("Articles that could not be read")),
    "lookup": (Lookup, gettext_lazy("Sources that could not be asked")),
    "assessment": (Assessment, gettext_lazy("Claims that could not be assessed")),
    "watch": (Watch, gettext_lazy("Cited passages that could not be visited")),
    "renewal": (Renewal, gettext_lazy("Sources that could not be asked again")),
    "schedule": (Schedule, gettext_lazy("Verdicts that were not published at their time")),
    "consultation": (Consultation, gettext_lazy("Machine models that could not be asked")),
    "followed": (FollowedSource, gettext_lazy("Followed sources that cannot be visited")),
    "item": (FollowedItem, gettext_lazy("Items of followed sources that cannot be read")),
    "mail": (Mail, gettext_lazy("Mails that could not be sent")),
    "post": (ChatPost, gettext_lazy("Messages chats did not take")),
    "archive": (ArchiveJob, gettext_lazy("Pages the archive could not be asked about")),
}


def dead(user: Any, kind: str) -> Any:
    """The dead letters of one kind that a person may see, newest first."""
    model, _label = STEPS[kind]
    rows = model.objects.visible_to(user).filter(state=Step.State.DEAD).order_by("-settled_at", "-pk")
    return {
        "article": lambda: rows.defer("text", "search"),
        "lookup": lambda: rows.select_related("claim").defer("claim__search"),
        "assessment": lambda: rows.select_related("claim").defer("claim__search"),
        "watch": lambda: rows.select_related("publication__verdict", "evidence__document").defer(
            "evidence__document__text"
        ),
        "renewal": lambda: rows.select_related("claim").defer("claim__search"),
        "schedule": lambda: rows.filter(outcome="").select_related("verdict__claim").defer("verdict__claim__search"),
        "consultation": lambda: rows.select_related("claim", "article").defer(
            "claim__search", "article__text", "article__search"
        ),
        "followed": lambda: rows,
        "item": lambda: rows.select_related("source"),
        "mail": lambda: rows.select_related("person", "claim").defer("claim__search"),
        "post": lambda: rows.select_related("chat", "claim").defer("claim__search"),
        "archive": lambda: rows.select_related("document").defer("document__text", "document__facts"),
    }[kind]()


def show(request: HttpRequest) -> HttpResponse:
    user = person(request)
    groups = [
        {"kind": kind, "label": label, "steps": list(dead(user, kind)[:SHOWN])}
        for kind, (_model, label) in STEPS.items()
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Stuck work"),
        "groups": [group for group in groups if group["steps"]],
        "may_pick": anywhere(user, Permission.PICK),
    }
    return TemplateResponse(request, "admin/claims/stuck.html", context)


def retry_all(request: HttpRequest, kind: str) -> HttpResponse:
    """Try everything of one kind again, as after a night in which a source was down."""
    if kind not in STEPS:
        raise Http404
    if request.method == "POST":
        user, done, refused = person(request), 0, ""
        for step in dead(user, kind)[:SHOWN]:
            try:
                reviving.revive(step, by=user)
            except FactcheckError as refusal:
                refused = said(refusal)
            else:
                done += 1
        if done:
            messages.success(
                request, ngettext("%(n)s is being tried again.", "%(n)s are being tried again.", done) % {"n": done}
            )
        if refused:
            messages.error(request, refused)
    return HttpResponseRedirect(reverse("admin:desk_stuck"))


def retry(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Try one dead letter again."""
    if kind not in STEPS:
        raise Http404
    step = get_object_or_404(STEPS[kind][0].objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            reviving.revive(step, by=person(request))
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
        else:
            messages.success(request, _("It is being tried again."))
    return HttpResponseRedirect(reverse("admin:desk_stuck"))
