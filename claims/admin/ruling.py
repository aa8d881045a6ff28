"""The newsroom's own rules: its policy by severity, and the interests its people declared."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from claims.admin.access import DeskAdmin, newsrooms_where, person
from claims.admin.affairs import AffairAdmin, AffairForm
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Interest, Policy
from claims.operations import conflicts
from claims.workflow import Permission


class Lines(forms.CharField):
    """One entry per line."""

    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (" ".join(line.split()) for line in str(value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class PolicyForm(AffairForm):
    checklist = Lines(label=_("Checklist"), required=False, help_text=Policy._meta.get_field("checklist").help_text)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Policy
        fields = (
            "newsroom",
            "severity",
            "reviews_required",
            "agreeing_required",
            "approver",
            "origins_required",
            "blind",
            "conflicts",
            "reply_required",
            "reply_public",
            "checklist",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.version

    def _post_clean(self) -> None:
        stored = self.instance.version
        self.instance.version = self.cleaned_data.get("seen") or stored
        super()._post_clean()
        if self.errors and stored != self.instance.version:  # seen now: what was typed can be saved over it
            self.data = {**self.data.dict(), self.add_prefix("seen"): str(stored)}  # type: ignore[attr-defined]


@admin.register(Policy)
class PolicyAdmin(AffairAdmin):
    nothing_yet = _("No severity has rules of its own: what stands under Settings holds for every claim.")
    list_display = ["severity", "reviews", "approver", "origins_required", "reply_required", "blind", "newsroom"]
    list_display_links = ["severity"]
    list_select_related = ["newsroom"]
    ordering = ["newsroom", "-severity"]
    adds = True
    removes = False
    form = PolicyForm
    fields = (
        "newsroom",
        "severity",
        ("reviews_required", "agreeing_required"),
        "blind",
        ("approver", "conflicts"),
        "origins_required",
        ("reply_required", "reply_public"),
        "checklist",
        "seen",
    )

    @admin.display(description=_("Reviews"))
    def reviews(self, policy: Policy) -> str:
        if not policy.agreeing_required:
            return str(policy.reviews_required)
        return str(
            _("%(agreeing)s of %(reviews)s agree")
            % {"agreeing": policy.agreeing_required, "reviews": policy.reviews_required}
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("newsroom", "severity") if obj else ()


class InterestForm(ModelForm):
    """Declares, or ends, through the operation, so that a refusal stands beside its field."""

    by: Any = None

    class Meta:
        model = Interest
        fields = ("newsroom", "user", "words", "note", "active")

    def _post_clean(self) -> None:
        if self.errors or self.by is None:
            return
        given = self.cleaned_data
        try:
            if self.instance.pk is None:
                self.instance = conflicts.declare(
                    given["newsroom"], user=given["user"], words=given["words"], note=given["note"], by=self.by
                )
            elif not given["active"]:
                conflicts.end(self.instance, by=self.by)
        except FactcheckError as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, said(refusal))


@admin.register(Interest)
class InterestAdmin(DeskAdmin):
    """Everybody declares their own; the newsroom's admin sees and declares for all."""

    nothing_yet = _(
        "Nobody has declared an interest yet. Whoever does is kept off claims that name it, as the policy says."
    )
    writes = Permission.READ
    adds = True
    form = InterestForm
    list_display = ["words", "user", "note", "active", "declared_at", "newsroom"]
    list_select_related = ["user", "newsroom"]
    list_filter = ["active"]
    ordering = ["-active", "user", "words", "pk"]
    fields = ("newsroom", "user", "words", "note", "active")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """One's own, and everybody's where one administers or audits."""
        declared = super().get_queryset(request)
        user = person(request)
        if user.is_superuser:
            return declared
        rooms = {*newsrooms_where(request, Permission.ADMINISTER), *newsrooms_where(request, Permission.AUDIT)}
        return declared.filter(newsroom__in=rooms) | declared.filter(user=user)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": person(request)})

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        return {
            "user": person(request).pk,
            "active": True,
            "newsroom": next(iter(person(request).newsroom_ids()), None),
        }

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("newsroom", "user", "words", "note") if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the operation has kept the row already."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing: the ledger tells it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing: the ledger tells it."""
