"""The pages readers see. Plain HTML that needs no script, cacheable, in the language of the check."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from claims.models import Complaint, Newsroom, Publication
from claims.public.checks import check
from claims.public.claimreview import as_script, claim_review, oembed_address, public_url

PER_PAGE = 20
FRESH = cache_control(public=True, max_age=60)  # a correction is seen everywhere within a minute
GONE = 410


def live(request: HttpRequest) -> QuerySet[Publication]:
    """What is published now, newest first, narrowed by `?newsroom=` and `?language=`."""
    found = Publication.objects.live().select_related("newsroom", "verdict")
    newsroom, language = request.GET.get("newsroom", ""), request.GET.get("language", "")
    if newsroom:
        found = found.filter(newsroom__slug=newsroom.replace("\x00", ""))
    if language:
        found = found.filter(content__language=language.replace("\x00", ""))
    return found.order_by("-published_at", "-pk")


@require_safe
@FRESH
@conditional_page
def checks(request: HttpRequest) -> HttpResponse:
    """Every published check."""
    page = Paginator(live(request), PER_PAGE).get_page(request.GET.get("page"))
    newsroom = Newsroom.objects.filter(slug=request.GET.get("newsroom", "").replace("\x00", "")).first()
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "public/checks.html",
        {"page": page, "checks": [check(one) for one in page], "newsroom": newsroom, "query": query.urlencode()},
    )


@require_safe
@FRESH
@conditional_page
def one_check(request: HttpRequest, slug: str) -> HttpResponse:
    """One check: corrections on top, the verdict, its reasons, and every source with its quote."""
    publication = published(slug)
    review = claim_review(publication)
    successor = Publication.objects.live().filter(claim=publication.claim_id).exclude(pk=publication.pk).first()
    context: dict[str, Any] = {
        "check": check(publication, with_copies=True),
        "corrections": publication.corrections.order_by("-at", "-pk"),
        "successor": successor,
        "earlier": Publication.objects.filter(
            claim=publication.claim_id, state=Publication.State.REPLACED, published_at__lt=publication.published_at
        ),
        "complaints": complaints_of(publication),
        "address": public_url(publication.get_absolute_url()),
        "claim_review": mark_safe(as_script(review)) if review else "",  # noqa: S308  escaped by as_script
        "oembed": oembed_address(publication),
    }
    with translation.override(publication.content["language"]):
        status = GONE if publication.state == Publication.State.WITHDRAWN else 200
        return render(request, "public/check.html", context, status=status)


@require_safe
@FRESH
@conditional_page
def one_claim_review(request: HttpRequest, slug: str) -> HttpResponse:
    """The check as ClaimReview alone. 410 when it was withdrawn or replaced, with where to go."""
    publication = published(slug)
    review = claim_review(publication)
    if review is None:
        successor = Publication.objects.live().filter(claim=publication.claim_id).first()
        return JsonResponse(
            {
                "state": publication.state,
                "reason": publication.withdrawn_reason,
                "successor": public_url(successor.get_absolute_url()) if successor else None,
            },
            status=GONE,
        )
    answer = HttpResponse(as_script(review), content_type="application/ld+json")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def complaints_of(publication: Publication) -> dict[str, int] | None:
    """How many complaints there were, where the newsroom wants it told."""
    if not publication.newsroom.complaints_public:
        return None
    return Complaint.objects.filter(publication=publication).told()


def published(slug: str) -> Publication:
    return get_object_or_404(Publication.objects.select_related("newsroom", "verdict"), slug=slug)
