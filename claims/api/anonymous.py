"""How much may be asked without a key, per address: the schema, its docs, feeds and the JSON of published checks.

Keys that do not hold are counted too. Who has a key that holds, or is signed in, is counted in `throttles`.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from claims.addresses import address_of
from claims.api import throttles

logger = logging.getLogger(__name__)
_API = "/api/v1/"
_FOR_PROGRAMS = re.compile(r"/checks/(?:.*\.(?:json|rss|atom)|oembed)|/sitemap\.xml")


class AnonymousLimit:
    """Middleware. When Redis is away everybody passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        in_api = request.path.startswith(_API)
        if not in_api and not _FOR_PROGRAMS.fullmatch(request.path):
            return self.get_response(request)
        with_key = in_api and "Authorization" in request.headers
        if with_key or settings.SESSION_COOKIE_NAME in request.COOKIES:
            response = self.get_response(request)
            if with_key and response.status_code == 401:
                left = _count(request, "failed", settings.API_FAILED_KEYS)
                return _refuse(left) if left < 0 else response
            return response
        left = _count(request, "anonymous", settings.API_REQUESTS_ANONYMOUS)
        response = _refuse(left) if left < 0 else self.get_response(request)
        response["RateLimit-Limit"] = str(settings.API_REQUESTS_ANONYMOUS)
        response["RateLimit-Remaining"] = str(max(0, left))
        response["RateLimit-Reset"] = str(_reset())
        return response


def _reset() -> int:
    return throttles.WINDOW - int(time.time()) % throttles.WINDOW


def _count(request: HttpRequest, what: str, limit: int) -> int:
    """How many are left to this address in this minute; negative when it asked too much."""
    minute = int(time.time()) // throttles.WINDOW
    try:
        [made] = throttles.count([f"throttle:{what}:{address_of(request) or '?'}:{minute}"])
    except RedisError as exc:
        logger.warning("requests are not counted: %s", exc)
        return limit
    return limit - made


def _refuse(left: int) -> JsonResponse:
    wait = _reset()
    detail = _("Too many requests from this address. Try again in {wait} seconds.").format(wait=wait)
    body = {"type": "client_error", "errors": [{"code": "throttled", "detail": detail, "attr": None}]}
    return JsonResponse(body, status=429, headers={"Retry-After": str(wait)})
