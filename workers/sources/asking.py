"""Asking a JSON service: one GET through the door, with every way of not answering named.

What a service says with HTTP 200 but means as an error stays with its connector; this is what they all share.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import redis
from django.conf import settings
from django.core.cache import cache

from workers import http
from workers.answers import Response
from workers.budgets import Pace
from workers.errors import FetchError
from workers.pagetext import moment as instant
from workers.pagetext import plain as word
from workers.sources.base import SourceError, SourceUnavailable

__all__ = [
    "PAUSE_SECONDS",
    "excerpt",
    "get",
    "get_json",
    "instant",
    "mail_address",
    "parsed",
    "refuse_bad_status",
    "rows",
    "shaped",
    "url_with",
    "word",
]

SERIAL = Pace(per_second=2.0)  # what a service is asked where its own rules say nothing
KEPT_SECONDS = 6 * 3600.0  # how long a sound answer to the same question is remembered
KEPT_AT_MOST = 256 * 1024
Check = Callable[[Any], None]
PAUSE_SECONDS = 60.0  # where a service asks for a pause but does not say how long


def url_with(base: str, params: Mapping[str, object]) -> str:
    """The address with its parameters; those without a value are left out."""
    given = {name: str(value) for name, value in params.items() if value not in (None, "")}
    return f"{base}{'&' if '?' in base else '?'}{urlencode(given)}" if given else base


def get(url: str, *, name: str, pace: Pace = SERIAL, **options: Any) -> Response:
    """One request to a service. Refusals and failures are source errors that name the service."""
    try:
        response = http.fetch(url, manner="service", pace=pace, trusted=True, accept=None, **options)
    except FetchError as exc:
        if exc.retriable:
            raise SourceUnavailable(f"{name}: {exc}", retry_after=exc.retry_after) from exc
        raise SourceError(f"{name}: {exc}") from exc
    if response.status in (429, 503):
        pause = response.retry_after
        raise SourceUnavailable(
            f"{name} asks for a pause (status {response.status}).",
            retry_after=PAUSE_SECONDS if pause is None else pause,
        )
    if response.status in (408, 425, 500, 502, 504) or response.status >= 520:
        raise SourceUnavailable(f"{name} has a fault of its own (status {response.status}).")
    return response


def get_json(url: str, *, name: str, check: Check | None = None, kept_for: float = KEPT_SECONDS, **options: Any) -> Any:
    """The JSON of a good answer. `check` raises a `SourceError` for errors that come with HTTP 200.

    A sound answer is remembered for a while, so that the same question from another claim asks nobody.
    """
    key = "asked:" + hashlib.sha256(f"{name} {url}".encode()).hexdigest()
    if kept_for:
        with contextlib.suppress(redis.RedisError):
            known = cache.get(key)
            if known is not None:
                return json.loads(known)
    response = get(url, name=name, **options)
    refuse_bad_status(response, name)
    found = parsed(response, name)
    if check is not None:
        check(found)
    if kept_for and len(response.content) <= KEPT_AT_MOST:
        with contextlib.suppress(redis.RedisError):
            cache.set(key, json.dumps(found), kept_for)
    return found


def refuse_bad_status(response: Response, name: str) -> None:
    if response.status in (401, 403):
        raise SourceError(f"{name} refuses us (status {response.status}): {excerpt(response)}")
    if not response.ok:
        raise SourceError(f"{name} answered with status {response.status}: {excerpt(response)}")


def parsed(response: Response, name: str) -> Any:
    """The body as JSON. A body that is not JSON is a service that could not answer, never an empty one."""
    try:
        return json.loads(response.content.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError) as exc:
        raise SourceUnavailable(f"{name} sent something that is not JSON: {excerpt(response)}") from exc


def excerpt(response: Response) -> str:
    """The beginning of an answer, for a reason people read."""
    text = " ".join(response.content[:400].decode("utf-8", "replace").split())
    return text[:200] or "(empty)"


def shaped(value: object, *path: str | int) -> Any:
    """The value at a path of keys and positions; None wherever the answer has another shape."""
    for step in path:
        if isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        elif isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value


def rows(value: object) -> list[dict[str, Any]]:
    """The objects of a list; nothing of anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def mail_address() -> str:
    """The operator's mail address, for services that ask for one; empty if the contact is a page."""
    found = re.search(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", settings.FETCH_CONTACT)
    return found[0] if found else ""
