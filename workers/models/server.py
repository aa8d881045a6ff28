"""Asking a model's server: one POST through the guarded door, no redirects, everything that comes back distrusted."""

from __future__ import annotations

import functools
import ipaddress
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from workers import addresses, http
from workers.answers import Response
from workers.budgets import Pace
from workers.door import Door
from workers.errors import DeadlineExceeded, FetchError
from workers.sources.asking import excerpt, shaped

PACE = Pace(per_second=5.0, in_a_row=5, at_once=2)
ANSWER_BYTES = 4_000_000  # 200 embeddings with 1,000 dimensions fit
TOKENS_BELIEVED = 10_000_000
# The operator's own server may stand on this machine or in the house's network; addresses of articles never may.
HOUSE = tuple(
    ipaddress.ip_network(block)
    for block in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)


class ModelFailed(Exception):
    """No usable answer. `retry_in` where asking again may help; `free` where the server cannot have counted it."""

    def __init__(self, reason: str, *, retry_in: float | None = None, free: bool = False, usage: Usage = (None, None)):
        super().__init__(reason)
        self.retry_in, self.free, self.usage = retry_in, free, usage


class Unusable(ModelFailed):
    """An answer of another shape than the one asked for."""


Usage = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said, by the shape it was asked for, and the tokens its server counted."""

    value: Any
    usage: Usage = (None, None)


def post(url: str, payload: dict[str, Any], *, key: str = "", check: Callable[[Response], None] | None = None) -> Any:
    """The JSON a model's server answers with. Raises `ModelFailed`."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        response = http.fetch(
            url,
            manner="service",
            pace=PACE,
            method="POST",
            headers=headers,
            body=json.dumps(payload).encode(),
            accept=None,
            max_bytes=ANSWER_BYTES,
            deadline=settings.MODEL_SECONDS,
            silence=settings.MODEL_SECONDS,
            door=_door_to(url),
        )
    except DeadlineExceeded as exc:
        raise ModelFailed(f"It took longer than {settings.MODEL_SECONDS} seconds.") from exc
    except FetchError as exc:
        pause = (exc.retry_after or 60.0) if exc.retriable else None
        raise ModelFailed(str(exc), retry_in=pause, free=True) from exc
    if response.status in (429, 503):
        pause = response.retry_after
        reason = f"Its server asks for a pause (status {response.status})."
        raise ModelFailed(reason, retry_in=60.0 if pause is None else pause, free=True)
    if response.status >= 500:
        raise ModelFailed(f"Its server has a fault (status {response.status}).", retry_in=60.0, free=True)
    if not response.ok:
        raise Refused(f"Its server refuses (status {response.status}): {excerpt(response)}", free=True)
    return parsed(response.content)


class Refused(ModelFailed):
    """The server does not take the request as it is."""


def parsed(body: bytes | str) -> Any:
    """JSON, or `Unusable`: too deep, cut off, not JSON at all."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise Unusable("The answer is not complete JSON.") from exc


def usage_of(answer: Any) -> Usage:
    """The tokens a server says it counted; nonsense is no count."""
    return _count(shaped(answer, "usage", "prompt_tokens")), _count(shaped(answer, "usage", "completion_tokens"))


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= TOKENS_BELIEVED else None


def host_of(url: str) -> str:
    """Where a request goes, for the log of calls: never the path or a key."""
    try:
        return addresses.read(url).netloc
    except addresses.BadAddress:
        return ""


def _door_to(url: str) -> Door:
    try:
        port = addresses.read(url).port
    except addresses.BadAddress as exc:
        raise ModelFailed(f"The address in the settings cannot be used: {exc}", free=True) from exc
    return _door(port, tuple(settings.FETCH_ALLOWED_NETWORKS), tuple(settings.FETCH_OPERATOR_NETWORKS))


@functools.lru_cache(maxsize=8)
def _door(port: int, *allowed: tuple[addresses.Network, ...]) -> Door:
    return Door(allowed=(*HOUSE, *(network for group in allowed for network in group)), ports=frozenset({port}))
