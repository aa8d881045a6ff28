"""What bodies are read: JSON as RFC 8259 has it, of a bounded size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class TooLarge(APIException):
    status_code = 413
    default_detail = _("The body is too large. Send it in parts.")
    default_code = "too_large"


class JSONBody(JSONParser):
    """JSON in UTF-8, read once and whole, so that nothing a client sends becomes a server error."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = read_bounded(stream)
        try:
            return json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except ValueError as exc:
            raise ParseError(_("This is not JSON: {problem}").format(problem=exc)) from exc


def read_bounded(stream: IO[Any]) -> bytes:
    """The whole body, or `TooLarge` as soon as it is longer than this server takes."""
    longest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    raw: bytes = stream.read(longest + 1)
    if len(raw) > longest:
        raise TooLarge
    return raw


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON number")
