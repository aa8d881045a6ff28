"""What stands in place of a page that is missing or broke: a page for people, the one shape of errors for programs."""

from __future__ import annotations

import sys
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework.exceptions import APIException

from claims import storage


def rejected(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that Django itself turns away, such as one for a host that is not ours."""
    if _of_a_program(request):
        return _told(400, "bad_request", _("This request cannot be read."))
    return defaults.bad_request(request, exception)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: an address that belongs to nothing."""
    if _of_a_program(request):
        return _told(404, "not_found", _("There is nothing at this address; /api/v1/docs/ lists what there is."))
    return defaults.page_not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """503 when nothing can be saved or the database is away, else what it was, a 500."""
    exc = sys.exc_info()[1]
    reason = storage.refusal(exc)
    if not reason and isinstance(exc, OperationalError):
        reason = _("The database does not answer. Nothing of this was saved; try again shortly.")
    if _of_a_program(request):
        if not reason:
            return _told(500, "error", str(APIException.default_detail))
        return _told(503, "unavailable", reason, headers={"Retry-After": "5"})
    if not reason:
        return defaults.server_error(request)
    page = render_to_string("503.html", {"reason": reason, "user": None}, request)
    return HttpResponse(page, status=503, headers={"Retry-After": "5"})


def _of_a_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _told(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    kind = "server_error" if status >= 500 else "client_error"
    return JsonResponse(
        {"type": kind, "errors": [{"code": code, "detail": detail, "attr": None}]}, status=status, **more
    )
