"""Articles: handed in, read, and shown with their claims underlined."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.admin import exhibits, intake
from claims.admin.access import DeskAdmin, person
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Article, Claim
from claims.operations import intake as operations
from claims.workflow import Permission


@admin.register(Article)
class ArticleAdmin(DeskAdmin):
    nothing_yet = gettext_lazy("No article yet. Hand one in, or follow a feed.")
    list_display = ["name", "language", "published_on", "received_at", "reading"]
    list_filter = ["language", "door", "state"]
    search_fields = ["title", "url", "external_id"]
    search_help_text = gettext_lazy("Title, address or outside id")
    ordering = ["-pk"]
    writes = Permission.SUBMIT
    adds = True

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        ours = [
            path("add/", view(intake.article), name="claims_article_add"),
            path("<int:pk>/change/", view(show), name="claims_article_change"),
            path("<int:pk>/read-again/", view(read_again), name="claims_article_read_again"),
        ]
        return ours + [url for url in super().get_urls() if url.name == "claims_article_changelist"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # as received: nobody edits an article

    @admin.display(description=gettext_lazy("Article"), ordering="title")
    def name(self, article: Article) -> str:
        return str(article)

    @admin.display(description=gettext_lazy("Reading"))
    def reading(self, article: Article) -> str:
        if article.state == Article.State.DEAD:
            return article.get_problem_display() or _("failed")
        if article.awaits_fetching:
            return _("being fetched")
        return _("read") if article.read_at else _("being read")


def _visible(request: HttpRequest, pk: int) -> Article:
    articles = Article.objects.visible_to(request.user).select_related("newsroom", "received_by")
    return get_object_or_404(articles, pk=pk)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One article: its text with claims underlined, the claims as a list, what the desk should look at."""
    article = _visible(request, pk)
    claims = list(
        Claim.objects.filter(article=article).select_related("assignee").defer("search", "facts").order_by("start")
    )
    context = {
        **admin.site.each_context(request),
        "title": str(article),
        "is_fullwidth": True,
        "article": article,
        "text": exhibits.article_text(article),
        "claims": claims,
        "consultations": list(article.consultations.all()),
        "found": ngettext("%(n)s claim", "%(n)s claims", len(claims)) % {"n": len(claims)},
        "may_pick": person(request).may(Permission.PICK, article.newsroom_id),
    }
    return TemplateResponse(request, "admin/claims/article.html", context)


def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read an article anew whose reading had failed."""
    article = _visible(request, pk)
    if request.method == "POST":
        try:
            operations.revive(article, by=person(request))
        except FactcheckError as refusal:
            messages.error(request, said(refusal))
        else:
            messages.success(request, _("The article is being read again."))
    return HttpResponseRedirect(reverse("admin:claims_article_change", args=[article.pk]))
