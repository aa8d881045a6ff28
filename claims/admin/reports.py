"""Reports: the balance of a period, its audit pack, and tables to take home."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from typing import Any

from django import forms
from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from claims.admin import queue
from claims.admin.access import newsrooms_where, person
from claims.admin.choices import offer
from claims.admin.facets import FilterForm
from claims.models import Claim, Newsroom, User
from claims.operations import auditing, exporting
from claims.reports import balance, exports, periods
from claims.workflow import Permission

DAYS = 28
SHOWN = 200  # rows of a balance on the page; the CSV has all


class PeriodForm(forms.Form):
    """A newsroom and the days of a period, both included."""

    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=gettext_lazy("Newsroom"), empty_label=None)
    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date", "class": "d-input"})
    )
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date", "class": "d-input"}))

    def __init__(
        self, given: Any, *, user: User, permission: Permission, first: dt.date, last: dt.date, posted: bool = False
    ) -> None:
        """What is not asked for is taken from `first` and `last`; what is posted has to be complete."""
        ids = [pk for pk in user.newsroom_ids() if user.may(permission, pk)]
        rooms = Newsroom.objects.filter(pk__in=ids)
        standing = rooms.first()
        asked = {"newsroom": standing.pk if standing else None, "first": first.isoformat(), "last": last.isoformat()}
        asked.update({key: given.get(key) for key in asked if posted or given.get(key)})
        super().__init__(asked, label_suffix="")
        offer(self, "newsroom", rooms)
        self.fields["newsroom"].widget.attrs["class"] = "d-input"
        for name in ("first", "last"):  # the browser's own calendar wants ISO, whatever the language
            self.fields[name].widget.format = "%Y-%m-%d"
            self.fields[name].localize = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The period ends before it begins."))
        return given

    def period(self) -> periods.Period:
        given = self.cleaned_data
        return periods.of_days(given["newsroom"], given["first"], given["last"])


def urls() -> list[URLPattern]:
    view = admin.site.admin_view
    return [
        path("audit-pack/", view(audit_pack), name="desk_audit_pack"),
        path("balance/", view(show_balance), name="desk_balance"),
        path("export/<slug:kind>/", view(export), name="desk_export"),
    ]


def audit_pack(request: HttpRequest) -> HttpResponseBase:
    """One click: the audit pack of a period. Only for those who audit."""
    if not newsrooms_where(request, Permission.AUDIT):
        return HttpResponse(status=403)
    today = timezone.localdate()
    last_month = today.replace(day=1) - dt.timedelta(days=1)
    form = PeriodForm(
        request.POST if request.method == "POST" else request.GET,
        user=person(request),
        permission=Permission.AUDIT,
        first=last_month.replace(day=1),
        last=last_month,
        posted=request.method == "POST",
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        out = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
        auditing.pack(given["newsroom"], period=form.period(), by=person(request), out=out)
        out.seek(0)
        name = f"audit-{given['newsroom'].slug}-{given['first']}-{given['last']}.zip"
        return FileResponse(out, as_attachment=True, filename=name, content_type="application/zip")
    context = {
        **admin.site.each_context(request),
        "title": _("Audit pack"),
        "form": form,
    }
    return TemplateResponse(request, "admin/claims/audit_pack.html", context, status=422 if form.errors else 200)


def show_balance(request: HttpRequest) -> HttpResponseBase:
    """Whose statements were checked, left and published: by speaker, party and topic."""
    if not newsrooms_where(request, Permission.READ):
        return HttpResponse(status=403)
    today = timezone.localdate()
    form = PeriodForm(
        request.GET,
        user=person(request),
        permission=Permission.READ,
        first=today - dt.timedelta(days=DAYS - 1),
        last=today,
    )
    tables: list[dict[str, Any]] = []
    ratings: list[Any] = []
    if form.is_valid():
        room = form.cleaned_data["newsroom"]
        found, scale = balance.report(room, form.period()), balance.scale(room)
        if request.GET.get("as") == "csv":
            return _balance_csv(room, form.cleaned_data, found, [one.slug for one in scale])
        given = {slug for rows in found.values() for row in rows for slug in row.ratings}
        scale = [one for one in scale if one.active or one.slug in given]
        language = get_language() or "en"
        ratings = [{"rating": one, "label": one.label(language)} for one in scale]
        titles = {"speaker": _("By speaker"), "party": _("By party or organisation"), "topic": _("By topic")}
        tables = [
            {
                "by": by,
                "title": titles[by],
                "more": max(0, len(rows) - SHOWN),
                "rows": [
                    {"row": row, "given": [row.ratings.get(one.slug, 0) for one in scale]} for row in rows[:SHOWN]
                ],
            }
            for by, rows in found.items()
        ]
    context = {
        **admin.site.each_context(request),
        "title": _("Balance"),
        "is_fullwidth": True,
        "form": form,
        "tables": tables,
        "ratings": ratings,
        "asked": request.GET.urlencode(),
    }
    return TemplateResponse(request, "admin/claims/balance.html", context, status=422 if form.errors else 200)


def _balance_csv(
    room: Newsroom, given: dict[str, Any], found: dict[str, list[balance.Row]], slugs: list[str]
) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["by", "name", "came_in", "picked", "dismissed", "published", *slugs])
    for rows in found.values():
        for row in rows:
            figures = [row.came_in, row.picked, row.dismissed, row.published, *(row.ratings.get(s, 0) for s in slugs)]
            writer.writerow([exports.cell(value) for value in (row.by, row.name, *figures)])
    response = HttpResponse(b"\xef\xbb\xbf" + out.getvalue().encode(), content_type=exports.FORMATS["csv"])
    name = f"balance-{room.slug}-{given['first']}-{given['last']}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class SpanForm(forms.Form):
    """The days an export is narrowed to, where it is."""

    first = forms.DateField(required=False)
    last = forms.DateField(required=False)


def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The rows of one kind that belong to the claims a queue shows: `?as=` a format, a tab, the filters, the days."""
    if kind not in exports.KINDS:
        raise Http404
    user, format = person(request), request.GET.get("as", "csv")
    form, span = FilterForm(request.GET, user=user), SpanForm(request.GET)
    if format not in exports.FORMATS or not newsrooms_where(request, Permission.READ):
        raise Http404
    if not (form.is_valid() and span.is_valid()):
        return HttpResponse(_("These filters are none."), status=422, content_type="text/plain; charset=utf-8")
    tab = queue.TABS.get(request.GET.get("tab", ""), queue.TABS["all"])
    rows = form.narrow(tab.rows(Claim.objects.visible_to(user), user))
    first, last = span.cleaned_data["first"], span.cleaned_data["last"]
    made = exporting.export(
        rows,
        by=user,
        kind=kind,
        format=format,
        asked={key: request.GET.getlist(key) for key in request.GET if request.GET[key]},
        since=_midnight(first) if first else None,
        until=_midnight(last + dt.timedelta(days=1)) if last else None,
        mark=format == "csv",
    )
    response = StreamingHttpResponse(made, content_type=exports.FORMATS[format])
    response["Content-Disposition"] = f'attachment; filename="{kind}-{timezone.localdate()}.{format}"'
    return response


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
