"""Serializers that stand ready: making one costs more than asking it, so each thread makes its own once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer

_of_thread = threading.local()


def shown(kind: type[Serializer[Any]], thing: Any, context: Mapping[str, Any]) -> dict[str, Any]:
    """The thing as a serializer of this kind shows it."""
    serializer = _ready(kind, context)
    try:
        found: dict[str, Any] = serializer.to_representation(thing)
        return found
    finally:
        serializer._context = {}


def checked(kind: type[Serializer[Any]], data: Any, context: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, as a serializer of this kind reads it. Raises `ValidationError` as it would."""
    serializer = _ready(kind, context)
    try:
        return dict(serializer.run_validation(data))
    except ValidationError:
        fresh = kind(data=data, context=context)
        fresh.is_valid(raise_exception=True)
        return dict(fresh.validated_data)
    finally:
        serializer._context = {}


def _ready(kind: type[Serializer[Any]], context: Mapping[str, Any]) -> Any:
    kept: dict[type[Serializer[Any]], Any] = _of_thread.__dict__.setdefault("kept", {})
    if kind not in kept:
        kept[kind] = kind()
    kept[kind]._context = context
    return kept[kind]
