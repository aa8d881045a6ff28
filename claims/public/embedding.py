"""A check in other people's pages: the oEmbed answer that describes it, and the small page their frame shows."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from claims.models import Publication
from claims.public.checks import check
from claims.public.claimreview import claim_review, public_url
from claims.public.views import FRESH, GONE, published

WIDTH, HEIGHT = 600, 320
REMEMBERED = 3600  # seconds; the frame itself is asked anew every minute
# Any page may frame it, and nothing in it may run, be sent or come from elsewhere.
EMBED_POLICY = {
    "default-src": [NONE],
    "style-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": ["*"],
}


@require_safe
@FRESH
@conditional_page
def oembed(request: HttpRequest) -> HttpResponse:
    """How to embed a check, as oEmbed 1.0. 404 for what is no check, or one nobody vouches for any more."""
    if request.GET.get("format", "json") != "json":
        return _answer({"detail": "Only format=json is spoken here."}, status=501)
    url = request.GET.get("url", "")
    if not url:
        return _answer({"detail": "Say which check: ?url=ADDRESS."}, status=400)
    publication = _at(url)
    if publication is None or claim_review(publication) is None:
        return _answer({"detail": "No published check is at this address."}, status=404)
    return _answer(
        _described(publication, _at_most(request, "maxwidth", WIDTH), _at_most(request, "maxheight", HEIGHT))
    )


# The two outermost stand outside `conditional_page`: a 304 renews the stored headers, so it must carry them too.
@xframe_options_exempt
@csp_replace(EMBED_POLICY)  # type: ignore[arg-type]  # it passes on what the address holds
@require_safe
@FRESH
@conditional_page
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The check in a frame: its verdict while it is vouched for, else what became of it."""
    publication = published(slug)
    language = publication.content["language"]
    context: dict[str, Any] = {
        "check": check(publication),
        "address": public_url(publication.get_absolute_url()),
        "corrections": publication.corrections.order_by("-at", "-pk"),
        "successor": _successor(publication),
    }
    with translation.override(language):
        status = GONE if publication.state == Publication.State.WITHDRAWN else 200
        response = render(request, "public/embed.html", context, status=status)
    response["Content-Language"] = language
    return response


def _successor(publication: Publication) -> str:
    """The address of the check that replaced this one, if one is live."""
    if publication.state != Publication.State.REPLACED:
        return ""
    found = Publication.objects.live().filter(claim=publication.claim_id).first()
    return public_url(found.get_absolute_url()) if found else ""


def _at(url: str) -> Publication | None:
    """The check at an address of ours; the address is only compared, never fetched."""
    try:
        parts, own = urlsplit(url), urlsplit(settings.PUBLIC_URL)
        path = unquote(parts.path)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != own.netloc.lower():
        return None
    try:
        match = resolve(path.removeprefix(own.path.rstrip("/")).rstrip("/") + "/")
    except Resolver404:
        return None
    if match.view_name not in ("public:check", "public:embed"):
        return None
    return Publication.objects.select_related("newsroom").filter(slug=match.kwargs["slug"]).first()


def _at_most(request: HttpRequest, name: str, usual: int) -> int:
    """The usual size, or less where the asker has less room."""
    given = request.GET.get(name, "")
    return min(usual, int(given)) if re.fullmatch(r"[1-9][0-9]{0,5}", given) else usual


def _described(publication: Publication, width: int, height: int) -> dict[str, Any]:
    one, newsroom = check(publication), publication.newsroom
    title = f"{one.mark.label}: {one.content['headline']}"
    room = public_url(f"/checks/?newsroom={newsroom.slug}")
    frame = format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" frameborder="0" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
        public_url(reverse("public:embed", args=[publication.slug])),
        title,
        width,
        height,
    )
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": newsroom.name,
        "author_url": room,
        "provider_name": newsroom.name,
        "provider_url": room,
        "cache_age": REMEMBERED,
        "html": frame,
        "width": width,
        "height": height,
    }


def _answer(data: dict[str, Any], *, status: int = 200) -> JsonResponse:
    answer = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
