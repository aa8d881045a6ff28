"""Escalation: who else is told when a verdict is late, and after how many office hours."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from claims.admin.access import newsrooms_where, person
from claims.admin.affairs import AffairAdmin
from claims.models import Escalation
from claims.operations import governing, noticing
from claims.workflow import Permission


@admin.register(Escalation)
class EscalationAdmin(AffairAdmin):
    nothing_yet = _(
        "Nobody further is told of a verdict that is late. A rule names a role, and after how many office hours."
    )
    list_display = ["role", "after_hours", "people", "newsroom"]
    list_select_related = ["newsroom"]
    ordering = ["newsroom", "after_hours", "pk"]
    adds = True
    removes = True
    fields = ("newsroom", ("role", "after_hours"))

    @admin.display(description=_("People"))
    def people(self, rung: Escalation) -> str:
        held = len(noticing.with_roles([rung.role], rung.newsroom_id))
        return str(held) if held else str(_("nobody: the newsroom's admins are told"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("newsroom",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Whoever runs one newsroom need not choose it."""
        given = super().get_changeform_initial_data(request)
        mine = newsrooms_where(request, Permission.ADMINISTER)
        return {"newsroom": mine[0], **given} if len(mine) == 1 else given

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        governing.drop(obj, by=person(request))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """Nothing: the ledger tells it."""
