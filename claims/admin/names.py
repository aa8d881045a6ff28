"""The desk's own names: a table with its import and export. Every change goes through an operation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldBooleanSwitchWidget

from claims.admin.access import newsrooms_where, person
from claims.admin.affairs import AffairAdmin, AffairForm
from claims.admin.choices import offer
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Alias, Newsroom
from claims.operations import aliasing
from claims.workflow import Permission


class AliasForm(AffairForm):
    fetch = forms.BooleanField(
        label=gettext_lazy("Fetch names from Wikidata"),
        required=False,
        help_text=gettext_lazy("Other spellings of this name are fetched in the background; needs the Wikidata id."),
        widget=UnfoldBooleanSwitchWidget,
    )

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors or self.by is None or not self.cleaned_data.get("fetch"):
            return
        try:
            aliasing.want_names(self.instance, by=self.by)
        except FactcheckError as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, said(refusal))


@admin.register(Alias)
class AliasAdmin(AffairAdmin):
    nothing_yet = gettext_lazy(
        "No name yet. Enter how people, places and offices are called in your texts, and the machine knows them."
    )
    writes = Permission.RESEARCH
    adds = True
    removes = True
    form = AliasForm
    list_display = ["written", "language", "canonical", "kind", "wikidata", "source", "newsroom"]
    list_filter = ["kind", "source", "language"]
    list_select_related = ["newsroom"]
    list_before_template = "admin/claims/parts/names_bar.html"
    search_fields = ["written", "canonical", "wikidata"]
    search_help_text = gettext_lazy("Spelling, name or Wikidata id")
    ordering = ["canonical", "written", "pk"]
    readonly_fields = ("source", "wanted_at", "note")
    fields = ("newsroom", ("written", "language"), ("canonical", "kind"), "wikidata", "fetch", *readonly_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "newsroom") if obj else self.readonly_fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The newsroom is filled in for whoever has but one."""
        rooms = list(newsrooms_where(request, Permission.RESEARCH))
        return {"newsroom": rooms[0]} if len(rooms) == 1 else {}

    def delete_model(self, request: HttpRequest, obj: Alias) -> None:
        aliasing.forget(obj, by=person(request))

    def log_deletion(self, request: HttpRequest, obj: Any, object_repr: str) -> None:
        """Nothing: the ledger tells it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """Nothing: the ledger tells it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("import/", view(take_in), name="claims_alias_import"),
            path("export/", view(export), name="claims_alias_export"),
            *super().get_urls(),
        ]


class ImportForm(forms.Form):
    newsroom = forms.ModelChoiceField(label=gettext_lazy("Newsroom"), queryset=Newsroom.objects.none())
    file = forms.FileField(label=gettext_lazy("CSV file"))

    def __init__(self, *args: Any, rooms: QuerySet[Newsroom], **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        offer(self, "newsroom", rooms)
        self.fields["newsroom"].initial = rooms.first()
        for field in self.fields.values():
            field.widget.attrs["class"] = "d-input"

    def clean_file(self) -> str:
        given = self.cleaned_data["file"]
        if given.size > 4 * aliasing.LONGEST:
            raise forms.ValidationError(_("The file is too large."))
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError as wrong:
            raise forms.ValidationError(_("This is not UTF-8 text.")) from wrong


def take_in(request: HttpRequest) -> HttpResponse:
    """Names from a CSV file: all rows, or none and what is wrong with which line."""
    rooms: QuerySet[Newsroom] = Newsroom.objects.filter(pk__in=newsrooms_where(request, Permission.RESEARCH))
    if not rooms:
        return HttpResponse(status=403)
    form = ImportForm(request.POST or None, request.FILES or None, rooms=rooms)
    errors: list[tuple[int, str]] = []
    if request.method == "POST" and form.is_valid():
        table = aliasing.read_table(form.cleaned_data["file"])
        errors = table.errors
        if not errors:
            number = aliasing.take_in(table.rows, newsroom=form.cleaned_data["newsroom"], by=person(request))
            told = ngettext("%(number)d name is in the table.", "%(number)d names are in the table.", number)
            messages.success(request, told % {"number": number})
            return HttpResponseRedirect(reverse("admin:claims_alias_changelist"))
    context = {
        **admin.site.each_context(request),
        "title": _("Import names"),
        "form": form,
        "errors": errors[:100],
        "wrong": len(errors),
        "columns": ", ".join(aliasing.COLUMNS),
    }
    return TemplateResponse(request, "admin/claims/names_import.html", context, status=422 if errors else 200)


def export(request: HttpRequest) -> HttpResponse:
    """All names this person may see, as the CSV that the import takes."""
    rows: QuerySet[Alias] = Alias.objects.visible_to(request.user)
    response = HttpResponse(aliasing.as_table(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="names.csv"'
    return response
