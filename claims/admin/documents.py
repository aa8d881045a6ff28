"""Documents: the stored copies, as they were seen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from claims.admin import replays
from claims.admin.access import DeskAdmin, person
from claims.admin.deed import Standing
from claims.admin.deeds import DEEDS
from claims.admin.marking import Mark, marked
from claims.models import ArchiveJob, Claim, Document, Evidence, SnapshotFault


@admin.register(Document)
class DocumentAdmin(DeskAdmin):
    nothing_yet = _("No document yet. They come in when sources are asked about a claim.")
    list_display = ["name", "who", "language", "published_at", "fetched_at", "source"]
    list_filter = ["source", "language"]
    search_fields = ["title", "url"]
    search_help_text = _("Title or address")
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return super().get_queryset(request).select_related("publisher").defer("text", "facts", "links")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        ours = [
            path("<int:pk>/change/", view(show), name="claims_document_change"),
            path("<int:pk>/snapshot/", view(replays.show, cacheable=True), name="claims_document_snapshot"),
        ]
        return ours + [url for url in super().get_urls() if url.name == "claims_document_changelist"]

    @admin.display(description=_("Document"), ordering="title")
    def name(self, document: Document) -> str:
        return str(document)

    @admin.display(description=_("Publisher"))
    def who(self, document: Document) -> str:
        return document.publisher.name if document.publisher else document.publisher_name or document.domain


def _quoting(request: HttpRequest, document: Document) -> dict[str, Any] | None:
    """The form that makes a passage evidence for the claim one came from, for those who may."""
    number = request.GET.get("claim", "")
    if not number.isdigit() or len(number) > 18:
        return None
    user = person(request)
    claim = Claim.objects.visible_to(user).filter(pk=number).defer("search").first()
    deed = DEEDS["quote"]
    if claim is None or not deed.possible(Standing.of(claim, user)):
        return None
    return {"claim": claim, "deed": deed, "form": deed.form(claim=claim, user=user, initial={"document": document.pk})}


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The stored text, with the passages this newsroom's claims cite from it."""
    documents = Document.objects.visible_to(request.user).select_related("publisher")
    document = get_object_or_404(documents, pk=pk)
    cited = list(
        Evidence.objects.visible_to(request.user)
        .filter(document=document)
        .select_related("claim")
        .order_by("start")[:200]
    )
    wanted = request.GET.get("evidence", "")
    marks = [
        Mark(one.start, one.end, "d-cited d-wanted" if str(one.pk) == wanted else "d-cited", str(one.claim),
             attributes={"id": "passage"} if str(one.pk) == wanted else {})
        for one in cited
    ]  # fmt: skip
    context = {
        **admin.site.each_context(request),
        "title": str(document),
        "is_fullwidth": True,
        "document": document,
        "text": marked(document.text, marks),
        "cited": cited,
        "quoting": _quoting(request, document),
        "job": ArchiveJob.objects.visible_to(request.user).filter(document=document).first(),
        "previewable": replays.previewable(document),
        "fault": SnapshotFault.objects.filter(document=document).first(),
    }
    return TemplateResponse(request, "admin/claims/document.html", context)
