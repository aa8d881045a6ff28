"""Publications: what readers see, and what changed since."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.admin import exhibits
from claims.admin.access import DeskAdmin
from claims.admin.pool import step
from claims.models import Publication
from claims.templatetags.desk import rating


@admin.register(Publication)
class PublicationAdmin(DeskAdmin):
    nothing_yet = _("Nothing is published yet. A claim is published on its workbench, once its verdict is approved.")
    list_display = ["headline", "rated", "state", "published_at", "changed_at"]
    list_filter = ["state"]
    search_fields = ["slug"]
    search_help_text = _("Words of the headline")
    list_select_related = ["verdict__rating"]
    ordering = ["-pk"]
    list_before_template = "admin/claims/parts/checks_bar.html"

    def get_urls(self) -> list[URLPattern]:
        ours = [path("<int:pk>/change/", self.admin_site.admin_view(show), name="claims_publication_change")]
        return ours + [url for url in super().get_urls() if url.name == "claims_publication_changelist"]

    @admin.display(description=_("Headline"))
    def headline(self, publication: Publication) -> str:
        return str(publication.content.get("headline") or publication.verdict.headline)

    @admin.display(description=_("Rating"))
    def rated(self, publication: Publication) -> SafeString:
        return rating(publication.verdict.rating)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One publication: as readers see it, its corrections, and how its cited passages fared since."""
    publications: QuerySet[Publication] = Publication.objects.visible_to(request.user)
    publication = get_object_or_404(
        publications.select_related("claim", "verdict__rating", "verdict__approved_by", "published_by").defer(
            "claim__search"
        ),
        pk=pk,
    )
    watches = (
        publication.watches.select_related("evidence__document__publisher")
        .defer(*(f"evidence__document__{name}" for name in exhibits.LIGHT))
        .order_by("next_attempt_at")
    )
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": publication.content.get("headline") or str(publication),
        "is_fullwidth": True,
        "publication": publication,
        "content": publication.content,
        "corrections": publication.corrections.select_related("by"),
        "watches": list(watches),
        "cosignatures": [(one, step(one.given)) for one in publication.cosignatures.select_related("newsroom")],
        "alarms": exhibits.alarms(publication),
        "complaints": list(publication.complaints.all()),
    }
    return TemplateResponse(request, "admin/claims/publication.html", context)
