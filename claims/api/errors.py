"""Domain errors and framework errors, told in one shape: `{type, errors: [{code, detail, attr}]}`.

| domain | HTTP |
|---|---|
| InvalidInput | 400 with `attr`, the field |
| NotPermitted | 403 |
| MoveNotAllowed, StaleClaim | 409; every 409 has `allowed_moves`: what can be done with the claim now |
| RuleBroken | 422 |

A database that is away or takes nothing in is 503, with the seconds after which to try again.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, OperationalError
from django.utils.translation import gettext_lazy as _
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from claims import storage
from claims.conditions import Unmet
from claims.errors import FactcheckError, InvalidInput, MoveNotAllowed, NotPermitted, RuleBroken, StaleClaim
from claims.models import Claim


class Conflict(exceptions.APIException):
    status_code = 409
    default_detail = _("This cannot be done now.")
    default_code = "conflict"


class Unprocessable(exceptions.APIException):
    status_code = 422
    default_detail = _("A rule of the desk says no.")
    default_code = "rule_broken"


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = _("The body is too large. Send it in parts.")
    default_code = "too_large"


class Unavailable(exceptions.APIException):
    status_code = 503
    default_detail = _("The database does not answer. Try again shortly.")
    default_code = "unavailable"
    wait = 5


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    return Handler(exc, context).run()  # type: ignore[arg-type]


class Handler(ExceptionHandler):
    """Maps domain errors once, so that views have no try."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, FactcheckError):
            return as_http(exc)
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, DatabaseError | OSError) and (reason := storage.refusal(exc)):
            return Unavailable(reason)
        if isinstance(exc, OperationalError):
            return Unavailable()
        return super().convert_known_exceptions(exc)

    def format_exception(self, exc: exceptions.APIException) -> dict[str, Any]:
        data: dict[str, Any] = super().format_exception(exc)
        if exc.status_code == Conflict.status_code:
            data["allowed_moves"] = self._allowed_moves(self.exc)
        return data

    def _allowed_moves(self, exc: Exception) -> list[str]:
        claim = getattr(self.context.get("view"), "claim", None)
        now = Claim.objects.filter(pk=claim.pk).first() if claim else None
        if now is not None:
            return [move.name for move in now.allowed_moves()]
        return list(getattr(exc, "allowed", ()))


def as_http(exc: FactcheckError) -> exceptions.APIException:
    """The HTTP error that stands for a domain error."""
    if isinstance(exc, InvalidInput):
        return exceptions.ValidationError({exc.field or api_settings.NON_FIELD_ERRORS_KEY: [exc.message]}, exc.code)
    if isinstance(exc, NotPermitted):
        return exceptions.PermissionDenied(exc.message, exc.code)
    if isinstance(exc, MoveNotAllowed | StaleClaim):
        return Conflict(exc.message, exc.code)
    if isinstance(exc, Unmet):
        return Unprocessable([exceptions.ErrorDetail(part.message, part.code) for part in exc.parts])
    if isinstance(exc, RuleBroken):
        return Unprocessable({exc.field: [exc.message]} if exc.field else exc.message, exc.code)
    return Unprocessable(exc.message, exc.code)
