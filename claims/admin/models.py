"""What machine models suggested, as the desk shows it: with the model's name, never as the machine's own result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.access import DeskAdmin
from claims.models import Claim, Consultation, EarlierCheck, Evidence, Job, ModelCall
from claims.workflow import Permission

MONTHS = 12
_LABELS = {
    "entailment": gettext_lazy("entails the claim"),
    "contradiction": gettext_lazy("contradicts the claim"),
    "neutral": gettext_lazy("neither entails nor contradicts"),
}


@dataclass(slots=True)
class Line:
    """One suggestion in words, with the passage it is about."""

    words: str
    quote: str = ""
    evidence: int | None = None
    url: str = ""


@dataclass(slots=True)
class Suggested:
    """What came of one consultation."""

    consultation: Consultation
    lines: list[Line] = field(default_factory=list)


def of(claim: Claim) -> list[Suggested]:
    """What models suggested for a claim in its cycle."""
    asked = list(Consultation.objects.filter(claim=claim, cycle=claim.cycle))
    if not asked:
        return []
    passages = {one.pk: one for one in Evidence.objects.filter(claim=claim, cycle=claim.cycle).only("quote")}
    return [
        Suggested(one, [line for given in one.suggestions if (line := _line(one, given, passages))]) for one in asked
    ]


def _line(consultation: Consultation, given: Any, passages: dict[int, Evidence]) -> Line | None:
    if consultation.job == Job.QUERIES:
        return Line(str(given))
    if consultation.job == Job.SIMILAR:
        check = EarlierCheck.objects.filter(pk=given["check"]).first()
        return None if check is None else Line(f"{given['score']:.2f}", check.claim_text, url=check.url)
    passage = passages.get(given["evidence"])
    if passage is None:
        return None
    if consultation.job == Job.STANCE:
        return Line(str(Evidence.Stance(given["stance"]).label), given["quote"], passage.pk)
    return Line(f"{_LABELS[given['label']]} ({given['score']:.2f})", passage.quote[:160], passage.pk)


@admin.register(ModelCall)
class ModelCallAdmin(DeskAdmin):
    reads = Permission.ADMINISTER
    list_display = ["at", "job", "model", "outcome", "tokens_in", "tokens_out", "cost", "took", "reason", "newsroom"]
    list_display_links = ["at"]
    list_filter = ["job", "outcome"]
    list_select_related = ["newsroom"]
    ordering = ["-pk"]
    list_before_template = "admin/claims/parts/model_totals.html"
    fields = (
        "newsroom", "at", "job", "model", "server", "outcome", "reason", "tokens_in", "tokens_out", "cost", "seconds",
        "prompt_sha256", "prompt",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Of the newsrooms this person runs, not of all they belong to."""
        calls = super().get_queryset(request)
        user: Any = request.user
        if user.is_superuser:
            return calls
        return calls.filter(newsroom__in=[pk for pk in user.newsroom_ids() if user.may(Permission.ADMINISTER, pk)])

    @admin.display(description=gettext_lazy("Seconds"))
    def took(self, call: ModelCall) -> str:
        return "–" if call.seconds is None else f"{call.seconds:.1f}"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        totals = (
            self.get_queryset(request)
            .order_by()
            .annotate(month=TruncMonth("at"))
            .values("newsroom__name", "newsroom__model_budget", "month", "model")
            .annotate(calls=Count("pk"), cost=Sum("cost"), sent=Sum("tokens_in"), received=Sum("tokens_out"))
            .order_by("-month", "newsroom__name", "model")
        )
        context = {**(extra_context or {}), "totals": list(totals[: MONTHS * 4]), "title": _("Calls of machine models")}
        response: HttpResponse = super().changelist_view(request, extra_context=context)
        return response
