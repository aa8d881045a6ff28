"""What bodies are read: JSON as RFC 8259 has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class JSONBody(JSONParser):
    """JSON in UTF-8, read once and whole, so that nothing a client sends becomes a server error."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return read_json(stream.read())


def read_json(raw: bytes | str) -> Any:
    """The value, or a `ParseError` that says what is wrong with the text."""
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ParseError(_("The JSON is nested too deeply.")) from None
    except ValueError as exc:
        raise ParseError(_("This is not JSON: {problem}").format(problem=exc)) from exc


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON number")
