"""Moving: all of a newsroom to take home, and claims and checks that come in from elsewhere, looked at before."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims import sheets
from claims.admin.access import newsrooms_where, person
from claims.admin.choices import offer
from claims.admin.refusals import in_words, said
from claims.errors import FactcheckError, InvalidInput
from claims.models import Door, Newsroom
from claims.operations import importing, inheriting, moving
from claims.reports import exports
from claims.workflow import Permission

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 1000  # more take longer than a page may; the commands take any number
KEPT_SECONDS = 3600
SHOWN = 200

FIELDS = {
    "text": gettext_lazy("Claim"),
    "claimant": gettext_lazy("Said by"),
    "said_on": gettext_lazy("Said on"),
    "appearance": gettext_lazy("Address"),
    "language": gettext_lazy("Language"),
    "external_id": gettext_lazy("Own number"),
}
ORDERS = {"": gettext_lazy("as the column tells"), "dmy": gettext_lazy("day first"), "mdy": gettext_lazy("month first")}


class _Form(forms.Form):
    newsroom = forms.ModelChoiceField(Newsroom.objects.none(), label=gettext_lazy("Newsroom"), empty_label=None)

    def __init__(self, *args: Any, newsrooms: list[int], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        offer(self, "newsroom", Newsroom.objects.filter(pk__in=newsrooms))
        self.fields["newsroom"].initial = newsrooms[0]
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs.setdefault("class", "d-input")


class WholeForm(_Form):
    snapshots = forms.BooleanField(label=gettext_lazy("with the bytes of fetched pages"), required=False)


class UploadForm(_Form):
    file = forms.FileField(label=gettext_lazy("File"))

    def clean_file(self) -> bytes:
        given = self.cleaned_data["file"]
        if given.size > LARGEST:
            raise forms.ValidationError(_("The file is too large."))
        return bytes(given.read())


class LayoutForm(_Form):
    """Which column holds what, beside the file that was uploaded before."""

    kept = forms.CharField(widget=forms.HiddenInput())
    dates = forms.ChoiceField(label=gettext_lazy("Days are written"), choices=ORDERS, required=False)

    def __init__(self, *args: Any, sheet: sheets.Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [("", "–"), *((name, name) for name in sheet.columns)]
        for name, label in FIELDS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=label, choices=columns, required=name == "text", widget=forms.Select(attrs={"class": "d-input"})
            )

    def layout(self) -> importing.Layout:
        given = self.cleaned_data
        columns = {name: given[f"column_{name}"] for name in FIELDS if given[f"column_{name}"]}
        return importing.Layout(columns, given["dates"])


def urls() -> list[URLPattern]:
    view = admin.site.admin_view
    return [
        path("moving/", view(show), name="desk_moving"),
        path("moving/newsroom/", view(take_home), name="desk_moving_newsroom"),
        path("moving/claims/", view(claims_in), name="desk_moving_claims"),
        path("moving/checks/", view(checks_in), name="desk_moving_checks"),
    ]


def _page(request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, f"admin/claims/{template}.html", {**frame, **context}, status=status)


def _rooms(request: HttpRequest, permission: Permission) -> list[int]:
    rooms = newsrooms_where(request, permission)
    if not rooms:
        raise PermissionDenied
    return rooms


def show(request: HttpRequest) -> HttpResponse:
    """What can leave and what can come in."""
    runs, submits = newsrooms_where(request, Permission.ADMINISTER), newsrooms_where(request, Permission.SUBMIT)
    if not runs and not submits:
        raise PermissionDenied
    whole = WholeForm(newsrooms=runs) if runs else None
    return _page(request, "moving", _("Import and export"), whole=whole, submits=bool(submits))


def take_home(request: HttpRequest) -> HttpResponseBase:
    """All of a newsroom, as a stream."""
    form = WholeForm(request.POST or None, newsrooms=_rooms(request, Permission.ADMINISTER))
    if request.method != "POST" or not form.is_valid():
        return HttpResponseRedirect(reverse("admin:desk_moving"))
    newsroom = form.cleaned_data["newsroom"]
    made = moving.pack(newsroom, by=person(request), with_snapshots=form.cleaned_data["snapshots"])
    response = StreamingHttpResponse(made, content_type=exports.FORMATS["jsonl"])
    response["Content-Disposition"] = f'attachment; filename="{newsroom.slug}.jsonl"'
    return response


def _keep(request: HttpRequest, content: bytes) -> str:
    """What was uploaded, until it is confirmed. Returns the name under which this person finds it again."""
    name = secrets.token_urlsafe(16)
    cache.set(f"moving:{person(request).pk}:{name}", content, KEPT_SECONDS)
    return name


def _kept(request: HttpRequest) -> bytes | None:
    found: bytes | None = cache.get(f"moving:{person(request).pk}:{request.POST.get('kept', '')}")
    if found is None and request.POST.get("kept"):
        messages.error(request, _("The file is not kept any longer. Upload it again."))
    return found


def claims_in(request: HttpRequest) -> HttpResponse:
    """Claims from a sheet: upload, see what every row would become, hand in."""
    rooms = _rooms(request, Permission.SUBMIT)
    content = _kept(request)
    if content is not None:
        return _lay_out(request, rooms, sheets.read(content))
    form = UploadForm(request.POST or None, request.FILES or None, newsrooms=rooms)
    if request.method == "POST" and form.is_valid():
        try:
            sheet = _small_enough(sheets.read(form.cleaned_data["file"]))
        except InvalidInput as refusal:
            form.add_error("file", said(refusal))
        else:
            layout = importing.guessed(sheet)
            first = {
                "newsroom": form.cleaned_data["newsroom"].pk,
                "kept": _keep(request, form.cleaned_data["file"]),
                "dates": layout.dates,
                **{f"column_{name}": column for name, column in layout.columns.items()},
            }
            return _lay_out(request, rooms, sheet, first)
    return _page(request, "moving_claims", _("Import claims"), 422 if form.errors else 200, form=form)


def _small_enough(sheet: sheets.Sheet) -> sheets.Sheet:
    if len(sheet.rows) > MOST_ROWS:
        raise InvalidInput(f"There are more than {MOST_ROWS:,} rows.", field="file", code="too_many")
    return sheet


def _lay_out(
    request: HttpRequest, rooms: list[int], sheet: sheets.Sheet, first: dict[str, Any] | None = None
) -> HttpResponse:
    form = LayoutForm(first or request.POST, newsrooms=rooms, sheet=sheet)
    report, confirmed = importing.Report(), "hand_in" in request.POST and first is None
    if form.is_valid():
        try:
            report = importing.take_in(
                form.cleaned_data["newsroom"], sheet, form.layout(), by=person(request), door=Door.ADMIN,
                dry_run=not confirmed,
            )  # fmt: skip
        except FactcheckError as refusal:
            form.add_error(None, said(refusal))
    if confirmed and form.is_valid():
        cache.delete(f"moving:{person(request).pk}:{form.cleaned_data['kept']}")
        number = report.counts["created"]
        told = ngettext("%(number)d claim was handed in.", "%(number)d claims were handed in.", number)
        messages.success(request, told % {"number": number})
    rows = sorted(report.results, key=lambda one: (one.refusal is None, one.line))
    return _page(
        request,
        "moving_claims",
        _("Import claims"),
        422 if form.errors and first is None else 200,
        form=form,
        sheet=sheet,
        done=confirmed and form.is_valid(),
        counts=report.counts,
        rows=[(one, said(one.refusal) if one.refusal else "") for one in rows[:SHOWN]],
        more=max(0, len(rows) - SHOWN),
    )


def checks_in(request: HttpRequest) -> HttpResponse:
    """Checks published elsewhere: upload, see what would be kept, keep them."""
    rooms = _rooms(request, Permission.ADMINISTER)
    content = _kept(request)
    kept, confirmed = request.POST.get("kept", ""), content is not None
    if confirmed:
        form: _Form = _Form(request.POST, newsrooms=rooms)
    else:
        form = UploadForm(request.POST or None, request.FILES or None, newsrooms=rooms)
    done: inheriting.Inherited | None = None
    if request.method == "POST" and form.is_valid():
        if content is None:
            content = form.cleaned_data["file"]
            kept = _keep(request, content)
        try:
            done = _inherit(request, form.cleaned_data["newsroom"], content, dry_run=not confirmed)
        except FactcheckError as refusal:
            form.add_error(None, said(refusal))
    if done is not None and confirmed:
        cache.delete(f"moving:{person(request).pk}:{kept}")
        told = ngettext("%(number)d earlier check is new.", "%(number)d earlier checks are new.", done.new)
        messages.success(request, told % {"number": done.new})
    return _page(
        request,
        "moving_checks",
        _("Import earlier checks"),
        422 if form.errors else 200,
        form=form if done is None else None,
        newsroom=form.cleaned_data["newsroom"] if done is not None else None,
        kept=kept,
        report=done,
        done=confirmed,
        reasons=[(one.line, in_words(one.reason)) for one in done.reasons] if done else [],
    )


def _inherit(request: HttpRequest, newsroom: Newsroom, content: bytes, *, dry_run: bool) -> inheriting.Inherited:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        found = list(inheriting.read(Path(file.name), newsroom=newsroom))
    if len(found) > MOST_ROWS:
        raise InvalidInput(f"There are more than {MOST_ROWS:,} rows.", field="file", code="too_many")
    return inheriting.inherit(newsroom, found, by=person(request), dry_run=dry_run)
