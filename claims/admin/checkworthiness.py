"""What the machine learned from the desk's decisions: how it compares, what weighs, and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.admin.access import DeskAdmin, person
from claims.admin.refusals import said
from claims.analysis.weights import heaviest
from claims.errors import FactcheckError
from claims.models import CheckworthinessModel
from claims.operations import training
from claims.workflow import Permission


@admin.register(CheckworthinessModel)
class CheckworthinessModelAdmin(DeskAdmin):
    list_display = ["trained_at", "language", "used", "outcome", "decisions", "by_hand", "learned", "newsroom"]
    list_filter = ["used", "language"]
    list_select_related = ["newsroom"]
    ordering = ["-trained_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("weights")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        ours = [
            path("<int:pk>/change/", view(show), name="claims_checkworthinessmodel_change"),
            path("<int:pk>/set-aside/", view(set_aside), name="claims_checkworthinessmodel_set_aside"),
        ]
        return ours + [url for url in super().get_urls() if url.name == "claims_checkworthinessmodel_changelist"]

    @admin.display(description=gettext_lazy("Hand weights: F1, AUC"))
    def by_hand(self, model: CheckworthinessModel) -> str:
        return _figures(model.hand_f1, model.hand_auc)

    @admin.display(description=gettext_lazy("Model: F1, AUC"))
    def learned(self, model: CheckworthinessModel) -> str:
        return _figures(model.model_f1, model.model_auc)


def _figures(f1: float | None, auc: float | None) -> str:
    return "-" if f1 is None or auc is None else f"{number_format(f1, 3)} · {number_format(auc, 3)}"


def _model(request: HttpRequest, pk: int) -> CheckworthinessModel:
    rows: QuerySet[CheckworthinessModel] = CheckworthinessModel.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("newsroom", "trained_by"), pk=pk)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One training: how many decisions, how it compares, what weighs most, what happened with it."""
    model = _model(request, pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Check-worthiness learned on %(day)s") % {"day": f"{model.trained_at:%Y-%m-%d}"},
        "model": model,
        "dismissed": model.decisions - model.worth,
        "heaviest": heaviest(training.weights_of(model), 20) if model.weights is not None else [],
        "enough": training.ENOUGH,
        "enough_of_each": training.ENOUGH_OF_EACH,
        "may_set_aside": model.used and person(request).may(Permission.ADMINISTER, model.newsroom_id),
    }
    return TemplateResponse(request, "admin/claims/checkworthiness.html", context)


@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Go back to the hand weights."""
    model = _model(request, pk)
    try:
        training.set_aside(model, by=person(request))
    except FactcheckError as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("The hand weights score again, from the next article on."))
    return HttpResponseRedirect(reverse("admin:claims_checkworthinessmodel_change", args=[pk]))
