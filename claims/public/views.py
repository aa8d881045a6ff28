"""The pages readers see. Plain HTML that needs no script, cacheable, in the language of the check."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from claims.models import Complaint, CoSignature, Newsroom, Publication
from claims.public.checks import check, signatures
from claims.public.claimreview import as_script, claim_review, oembed_address, public_url
from claims.public.mediareview import media_review

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
    review, media = claim_review(publication), media_review(publication)
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
        "media_review": mark_safe(as_script(media)) if media else "",  # noqa: S308  escaped by as_script
        "signatures": signatures(publication),
        "oembed": oembed_address(publication),
    }
    language = publication.content["language"]
    with translation.override(language):
        status = GONE if publication.state == Publication.State.WITHDRAWN else 200
        response = render(request, "public/check.html", context, status=status)
    response["Content-Language"] = language
    return response


@require_safe
@FRESH
@conditional_page
def one_claim_review(request: HttpRequest, slug: str) -> HttpResponse:
    """The check as ClaimReview alone. 410 when it was withdrawn or replaced, with where to go."""
    publication = published(slug)
    review = claim_review(publication)
    return gone(publication) if review is None else linked_data(review)


@require_safe
@FRESH
@conditional_page
def one_media_review(request: HttpRequest, slug: str) -> HttpResponse:
    """What was found about a picture or recording, as MediaReview. 404 where the claim is about neither."""
    publication = published(slug)
    if not publication.content.get("media"):
        raise Http404
    review = media_review(publication)
    return gone(publication) if review is None else linked_data(review)


@require_safe
@FRESH
@conditional_page
def cosignatures(request: HttpRequest, slug: str) -> HttpResponse:
    """Who stands by the check: its publisher and those who co-signed, each on its own scale, with the shared word."""
    publication = published(slug)
    if publication.state not in (Publication.State.LIVE, Publication.State.UNDER_REVIEW):
        return gone(publication)
    standing = CoSignature.objects.standing().filter(publication=publication).select_related("newsroom")
    answer = JsonResponse(
        {
            "check": public_url(publication.get_absolute_url()),
            "newsroom": _newsroom(publication.newsroom),
            "rating": _scale(publication.content["rating"]),
            "cosignatures": [
                {
                    "newsroom": _newsroom(one.newsroom),
                    "rating": _scale(one.given),
                    "note": one.note,
                    "signed_at": one.signed_at.isoformat(),
                }
                for one in standing
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _newsroom(newsroom: Newsroom) -> dict[str, str]:
    return {"name": newsroom.name, "url": public_url(f"/checks/?newsroom={newsroom.slug}")}


def _scale(rating: dict[str, Any]) -> dict[str, Any]:
    return {name: rating[name] for name in ("slug", "labels", "shared", "value")}


def linked_data(found: dict[str, Any]) -> HttpResponse:
    answer = HttpResponse(as_script(found), content_type="application/ld+json")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def gone(publication: Publication) -> JsonResponse:
    """Nobody vouches for it any more: why, and what stands in its place."""
    successor = Publication.objects.live().filter(claim=publication.claim_id).first()
    return JsonResponse(
        {
            "state": publication.state,
            "reason": publication.withdrawn_reason,
            "successor": public_url(successor.get_absolute_url()) if successor else None,
        },
        status=GONE,
    )


def complaints_of(publication: Publication) -> dict[str, int] | None:
    """How many complaints there were, where the newsroom wants it told."""
    if not publication.newsroom.complaints_public:
        return None
    return Complaint.objects.filter(publication=publication).told()


def published(slug: str) -> Publication:
    return get_object_or_404(Publication.objects.select_related("newsroom", "verdict"), slug=slug)
