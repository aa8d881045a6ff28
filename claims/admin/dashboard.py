"""The overview: what waits, what was done, where the work sticks. Bounded queries, whatever the size of the desk."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.admin import paging, stuck
from claims.admin.access import person
from claims.admin.paging import SORTS, up_to_many
from claims.admin.queue import TABS
from claims.models import Claim, Lookup, Publication, Recheck, SnapshotFault, User, Verdict
from claims.models.claim import ClaimQuerySet

WEEKS = 8
SAMPLE = 500  # decisions that times and ratings are read from
DAYS = 28
LOOKUPS = 3000  # newest ones that the health of sources is read from

admin.site.index_template = "admin/claims/dashboard.html"
admin.site.index_title = _("Overview")


def context(request: HttpRequest, given: dict[str, Any]) -> dict[str, Any]:
    """What the overview shows, for the newsrooms this person belongs to."""
    user, now = person(request), timezone.now()
    claims = Claim.objects.visible_to(user)
    verdicts = list(
        Verdict.objects.visible_to(user)
        .filter(approved_at__gte=now - dt.timedelta(weeks=WEEKS))
        .select_related("rating", "claim")
        .only("approved_at", "rating", "claim__submitted_at", "claim__cycle", "cycle")
        .order_by("-approved_at")[:SAMPLE]
    )
    hours = sorted(
        (one.approved_at - one.claim.submitted_at).total_seconds() / 3600
        for one in verdicts
        if one.cycle == 1 and one.approved_at
    )
    publications = Publication.objects.visible_to(user)
    given.update(
        title=_("Overview"),
        is_fullwidth=True,
        waiting=[
            {"tab": tab, "count": up_to_many(tab.rows(claims, user))}
            for tab in TABS.values()
            if tab.name in ("mine", "free", "pick", "approve", "publish")
        ],
        late=_late(claims, user, now),
        median=_duration(statistics.median(hours)) if hours else "",
        slowest=_duration(hours[int(len(hours) * 0.9)] if len(hours) > 1 else hours[0]) if hours else "",
        decided=len(verdicts),
        decided_more=len(verdicts) == SAMPLE,
        weeks=_by_week(verdicts, now),
        ratings=_by_rating(verdicts),
        sources=_sources(user, now),
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
        live=len(publications.live().values_list("pk")[:1001]),
    )
    given["dead_total"] = sum(one["count"] for one in given["dead"])
    return given


def _late(claims: ClaimQuerySet, user: User, now: dt.datetime) -> list[Claim]:
    """The claims that are late longest."""
    newsrooms = [] if user.is_superuser else user.newsroom_ids()
    shown, _older, _newer = paging.page(claims.late(now), SORTS["due"], "", "", size=8, newsrooms=newsrooms)
    late = claims.filter(pk__in=shown).select_related("assignee").defer("search", "facts", "reasons")
    return sorted(late, key=lambda claim: shown.index(claim.pk))


def _duration(hours: float) -> str:
    if hours < 1:
        return _("%(n)s min") % {"n": round(hours * 60)}
    if hours < 48:
        return _("%(n)s h") % {"n": formats.number_format(hours, 1 if hours < 10 else 0)}
    return _("%(n)s days") % {"n": formats.number_format(hours / 24, 1)}


def _by_week(verdicts: list[Verdict], now: dt.datetime) -> list[dict[str, Any]]:
    """Approved verdicts per week, the oldest first, as bars in percent of the tallest."""
    monday = now.date() - dt.timedelta(days=now.weekday())
    counted = Counter(
        one.approved_at.date() - dt.timedelta(days=one.approved_at.weekday()) for one in verdicts if one.approved_at
    )
    weeks = [monday - dt.timedelta(weeks=back) for back in reversed(range(WEEKS))]
    tallest = max([counted[week] for week in weeks] or [1]) or 1
    return [{"week": week, "count": counted[week], "height": round(100 * counted[week] / tallest)} for week in weeks]


def _by_rating(verdicts: list[Verdict]) -> list[dict[str, Any]]:
    counted = Counter(one.rating for one in verdicts)
    language = get_language() or "en"
    return [
        {"rating": rating, "label": rating.label(language), "count": count, "share": round(100 * count / len(verdicts))}
        for rating, count in sorted(counted.items(), key=lambda pair: pair[0].order)
    ]


def _sources(user: User, now: dt.datetime) -> list[dict[str, Any]]:
    """How the sources answered of late: the newest lookups, no more of them than can be read at once."""
    newest = (
        Lookup.objects.visible_to(user)
        .filter(opened_at__gte=now - dt.timedelta(days=DAYS))
        .order_by("-opened_at")
        .values_list("source", "outcome")[:LOOKUPS]
    )
    answers: dict[str, Counter[str]] = {}
    for source, outcome in newest:
        answers.setdefault(source, Counter())[outcome] += 1
    names = {"found": "hits", "empty": "empty", "unavailable": "unavailable", "asking": ""}
    return [
        {
            "slug": source,
            "asked": counted.total(),
            **{name: counted[outcome] for name, outcome in names.items()},
            **{f"{name}_share": 100 * counted[outcome] / counted.total() for name, outcome in names.items()},
        }
        for source, counted in sorted(answers.items())
    ]
