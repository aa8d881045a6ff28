"""Asking a JSON service: one GET through the door, with every way of not answering named.

What a service says with HTTP 200 but means as an error stays with its connector; this is what they all share.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from workers import http
from workers.answers import Response
from workers.budgets import Pace
from workers.errors import FetchError
from workers.sources.base import SourceError, SourceUnavailable

SERIAL = Pace(per_second=2.0)  # what a service is asked where its own rules say nothing
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


def get_json(url: str, *, name: str, **options: Any) -> Any:
    """The JSON of a good answer."""
    response = get(url, name=name, **options)
    refuse_bad_status(response, name)
    return parsed(response, name)


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


def instant(value: object) -> dt.datetime | None:
    """A point in time from a service's field, or None."""
    from workers.reading import moment

    return moment(value)
