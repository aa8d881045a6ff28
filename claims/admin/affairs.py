"""The newsroom's affairs: settings, rating scale, publishers. Saved by the operation that tells the ledger."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from claims.admin.access import DeskAdmin, person
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Newsroom, Publisher, Rating
from claims.operations import governing
from claims.templatetags.desk import rating
from claims.workflow import Permission


class AffairForm(ModelForm):
    """Keeps the row through the operation while the form is checked, so that a refusal stands beside its field."""

    by: Any = None

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors or self.by is None:
            return
        try:
            governing.keep(self.instance, by=self.by)
        except FactcheckError as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, said(refusal))


class AffairAdmin(DeskAdmin):
    """Rows only a newsroom's admins change."""

    writes = Permission.ADMINISTER
    form = AffairForm

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": person(request)})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the operation has kept the row already."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing: the ledger tells it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing: the ledger tells it."""


class RatingForm(AffairForm):
    """Labels in a field per language instead of raw JSON."""

    label_en = forms.CharField(label=_("Label in English"), max_length=60, widget=UnfoldAdminTextInputWidget)
    label_de = forms.CharField(
        label=_("Label in German"), max_length=60, required=False, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Rating
        fields = ("newsroom", "slug", "order", "shared", "value", "colour", "shape", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = self.instance.labels or {}
        for language in ("en", "de"):
            self.fields[f"label_{language}"].initial = labels.get(language, "")

    def _post_clean(self) -> None:
        given = {
            language: self.cleaned_data[f"label_{language}"]
            for language in ("en", "de")
            if self.cleaned_data.get(f"label_{language}")
        }
        self.instance.labels = {**(self.instance.labels or {}), **given}
        super()._post_clean()


@admin.register(Rating)
class RatingAdmin(AffairAdmin):
    list_display = ["shown", "slug", "shared", "value", "order", "active", "newsroom"]
    list_filter = ["active"]
    list_select_related = ["newsroom"]
    ordering = ["newsroom", "order", "pk"]
    adds = True
    form = RatingForm
    fields = (
        "newsroom",
        ("label_en", "label_de"),
        "slug",
        ("colour", "shape"),
        ("shared", "value"),
        ("order", "active"),
    )

    @admin.display(description=_("Rating"))
    def shown(self, given: Rating) -> SafeString:
        return rating(given)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("newsroom",) if obj else ()


@admin.register(Publisher)
class PublisherAdmin(AffairAdmin):
    list_display = ["name", "domain", "kind", "owner", "country", "whose"]
    list_filter = ["kind"]
    list_select_related = ["newsroom"]
    search_fields = ["name", "domain", "owner"]
    search_help_text = _("Name, domain or owner")
    ordering = ["name", "pk"]
    adds = True
    fields = ("newsroom", ("name", "domain"), ("kind", "owner"), "country", "interests", "credit_codes")

    @admin.display(description=_("Newsroom"))
    def whose(self, publisher: Publisher) -> str:
        return str(publisher.newsroom or _("all newsrooms"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("newsroom",) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "newsroom":
            field.required = True
        return field


@admin.register(Newsroom)
class NewsroomAdmin(AffairAdmin):
    reads = Permission.READ
    list_display = ["name", "slug", "reviews_required", "origins_required", "contact"]
    ordering = ["name", "pk"]
    readonly_fields = ("slug", "created_at")
