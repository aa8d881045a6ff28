"""Domain errors and framework errors, told in one shape: `{type, errors: [{code, detail, attr}]}`."""

from typing import Any

from drf_standardized_errors.handler import exception_handler
from rest_framework.response import Response


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    return exception_handler(exc, context)
