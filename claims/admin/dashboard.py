"""The overview: what waits, what was done, where the work sticks. Bounded queries, whatever the size of the desk."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from claims import paging
from claims.admin import stuck
from claims.admin.access import person
from claims.admin.queue import TABS
from claims.models import Claim, Publication, Rating, Recheck, SnapshotFault, User
from claims.models.claim import ClaimQuerySet
from claims.paging import SORTS, up_to_many
from claims.reports.figures import Figures

DAYS = 28
LONGEST = 366  # days of a period
SHOWN = ("mine", "free", "pick", "late", "approve", "publish", "running")
PERIODS = {
    7: gettext_lazy("7 days"),
    28: gettext_lazy("4 weeks"),
    91: gettext_lazy("13 weeks"),
    365: gettext_lazy("a year"),
}

admin.site.index_template = "admin/claims/dashboard.html"
admin.site.index_title = _("Overview")


class DaysForm(forms.Form):
    """How far back the figures go: a number of days, or two days."""

    days = forms.TypedChoiceField(choices=list(PERIODS.items()), coerce=int, required=False)
    first = forms.DateField(label=gettext_lazy("From"), required=False)
    last = forms.DateField(label=gettext_lazy("To"), required=False)

    def span(self) -> tuple[dt.date, dt.date]:
        """The first and the last day; four weeks up to today where nothing sensible was asked for."""
        today, given = timezone.localdate(), self.cleaned_data if self.is_valid() else {}
        first, last = given.get("first"), given.get("last")
        if first and last and first <= last <= today + dt.timedelta(days=1):
            return max(first, last - dt.timedelta(days=LONGEST - 1)), last
        return today - dt.timedelta(days=(given.get("days") or DAYS) - 1), today


def context(request: HttpRequest, given: dict[str, Any]) -> dict[str, Any]:
    """What the overview shows, for the newsrooms this person belongs to."""
    user, now = person(request), timezone.now()
    form = DaysForm(request.GET)
    first, last = form.span()
    figures = Figures(user, first, last, timezone.get_current_timezone())
    claims = Claim.objects.visible_to(user)
    volume, times, language = figures.volume(), figures.times(), get_language() or "en"
    given.update(
        title=_("Overview"),
        is_fullwidth=True,
        waiting=[
            {"tab": tab, "count": up_to_many(tab.rows(claims, user))} for tab in TABS.values() if tab.name in SHOWN
        ],
        late=_late(claims, user, now),
        first=first,
        last=last,
        days=(last - first).days + 1 if last == timezone.localdate() and not form.data.get("first") else 0,
        periods=PERIODS,
        median=_duration(times["median"]) if times["median"] is not None else "",
        slowest=_duration(times["slowest"]) if times["slowest"] is not None else "",
        totals={name: sum(step[name] for step in volume) for name in ("came_in", "decided", "published")},
        weekly=figures.weekly,
        volume=volume,
        volume_chart=_chart(
            [_day(step["day"]) for step in volume],
            (_("Came in"), "var(--color-base-400)", [step["came_in"] for step in volume]),
            (_("Verdicts"), "var(--color-primary-600)", [step["decided"] for step in volume]),
            (_("Published"), "#14866d", [step["published"] for step in volume]),
        ),
        ratings=_ratings(figures, language),
        topics=_shares(figures.topics()),
        sources=[{**row, "median": _duration(row["median"]) if row["median"] else "–"} for row in figures.sources()],
        dead=[
            {"kind": kind, "label": label, "count": len(stuck.dead(user, kind)[: stuck.SHOWN])}
            for kind, (_model, label) in stuck.STEPS.items()
        ],
        alarms=list(
            Recheck.objects.visible_to(user)
            .filter(confirmed=True, closed_at__isnull=True)
            .select_related("watch__publication__verdict", "watch__publication__claim")
            .order_by("-at")[:8]
        ),
        faults=list(SnapshotFault.objects.visible_to(user).select_related("document").defer("document__text")[:8]),
        live=len(Publication.objects.visible_to(user).live().values_list("pk")[:1001]),
    )
    given["dead_total"] = sum(one["count"] for one in given["dead"])
    return given


def _late(claims: ClaimQuerySet, user: User, now: dt.datetime) -> list[Claim]:
    """The claims that are late longest."""
    newsrooms = [] if user.is_superuser else user.newsroom_ids()
    shown, _older, _newer = paging.page(claims.late(now), SORTS["due"], "", "", size=8, newsrooms=newsrooms)
    late = claims.filter(pk__in=shown).select_related("assignee").defer("search", "facts", "reasons")
    return sorted(late, key=lambda claim: shown.index(claim.pk))


def _duration(took: dt.timedelta) -> str:
    hours = took.total_seconds() / 3600
    if hours < 1 / 60:
        return _("%(n)s s") % {"n": formats.number_format(took.total_seconds(), 1)}
    if hours < 1:
        return _("%(n)s min") % {"n": round(hours * 60)}
    if hours < 48:
        return _("%(n)s h") % {"n": formats.number_format(hours, 1 if hours < 10 else 0)}
    return _("%(n)s days") % {"n": formats.number_format(hours / 24, 1)}


def _day(day: dt.date) -> str:
    return formats.date_format(day, "j.n." if (get_language() or "").startswith("de") else "j M")


def _chart(labels: list[str], *lines: tuple[str, str, list[int]]) -> str:
    """What Unfold's chart component draws."""
    sets = [
        {"label": label, "borderColor": colour, "backgroundColor": colour, "data": data}
        for label, colour, data in lines
    ]
    return json.dumps({"labels": labels, "datasets": sets})


def _ratings(figures: Figures, language: str) -> list[dict[str, Any]]:
    counted = figures.ratings()
    known = Rating.objects.in_bulk([pk for pk, _many in counted])
    total = sum(many for _pk, many in counted)
    return [
        {"rating": known[pk], "label": known[pk].label(language), "count": many, "share": round(100 * many / total)}
        for pk, many in counted
    ]


def _shares(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    most = max((row["many"] for row in rows), default=1)
    return [{**row, "share": round(100 * row["many"] / most)} for row in rows]
