"""Claims in the admin: the list is the queue, the page of one is the workbench. Nothing is edited past an operation."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from claims.admin import bulk, intake, precedents, queue, views, workbench
from claims.admin.access import DeskAdmin
from claims.models import Claim


@admin.register(Claim)
class ClaimAdmin(DeskAdmin):
    search_fields = ["text", "claimant"]
    ordering = ["-pk"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(queue.show), name="claims_claim_changelist"),
            path("next/", view(queue.take_next), name="claims_claim_next"),
            path("bulk/", view(bulk.show), name="claims_claim_bulk"),
            path("bulk/undo/", view(bulk.undo), name="claims_claim_undo"),
            path("views/", view(views.keep), name="claims_claim_views"),
            path("views/<int:pk>/", view(views.keep), name="claims_claim_view"),
            path("add/", view(intake.claim), name="claims_claim_add"),
            path("<int:pk>/", view(workbench.show), name="claims_claim_detail"),
            path("<int:pk>/change/", view(workbench.show), name="claims_claim_change"),
            path("<int:pk>/additions/", view(workbench.progress), name="claims_claim_additions"),
            path("<int:pk>/earlier/", view(precedents.show), name="claims_claim_earlier"),
            path("<int:pk>/do/<slug:name>/", view(workbench.do), name="claims_claim_do"),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return queue.show(request)
