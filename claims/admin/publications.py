"""Publications and complaints: what readers see, what changed since, who objects."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from claims.admin.access import DeskAdmin
from claims.models import Complaint, Publication


@admin.register(Publication)
class PublicationAdmin(DeskAdmin):
    list_display = ["headline", "state", "published_at", "changed_at"]
    list_filter = ["state"]
    search_fields = ["slug"]
    list_select_related = ["verdict"]
    ordering = ["-pk"]

    @admin.display(description=_("Headline"))
    def headline(self, publication: Publication) -> str:
        return str(publication.content.get("headline") or publication.verdict.headline)


@admin.register(Complaint)
class ComplaintAdmin(DeskAdmin):
    list_display = ["complainant", "publication", "received_at", "due_at", "outcome"]
    list_filter = ["outcome"]
    ordering = ["due_at", "pk"]
