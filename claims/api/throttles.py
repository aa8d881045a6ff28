"""How much a key, and a newsroom with all its keys, may ask per minute. Counted in Redis, told in every answer."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import redis
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from claims.models import ApiKey, User
from claims.operations import metering

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds


@functools.cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)


class PerKeyAndNewsroom(BaseThrottle):
    """Two counters per minute. When Redis is away everybody passes: a limit is no reason to stand still."""

    reset = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User):
            return True
        now = int(time.time())
        minute, self.reset = now // WINDOW, WINDOW - now % WINDOW
        counters = [(f"throttle:{caller_of(request)}:{minute}", settings.API_REQUESTS_PER_KEY)]
        if request.user.confined_to is not None:
            counters.append(
                (f"throttle:newsroom:{request.user.confined_to}:{minute}", settings.API_REQUESTS_PER_NEWSROOM)
            )
        try:
            counted = count([name for name, _ in counters], key=_key_of(request))
        except RedisError as exc:
            logger.warning("requests are not counted: %s", exc)
            return True
        if any(made > limit for made, (_, limit) in zip(counted, counters, strict=True)):
            _note_throttled(_key_of(request))
        left, limit = min((limit - made, limit) for made, (_, limit) in zip(counted, counters, strict=True))
        request._request.rate_limit = (limit, max(0, left), self.reset)  # type: ignore[attr-defined]
        return left >= 0

    def wait(self) -> float:
        return float(self.reset)


def count(names: list[str], *, key: str | None = None) -> list[int]:
    """Add one to every counter and tell what they stand at; they vanish by themselves. A key's usage counts along."""
    with _redis(settings.REDIS_URL).pipeline(transaction=False) as pipe:
        for name in names:
            pipe.incr(name)
            pipe.expire(name, 2 * WINDOW)
        if key is not None:
            pipe.hincrby(metering.WAITING, metering.field(key, "requests"), 1)
        return [int(value) for value in pipe.execute()[: 2 * len(names) : 2]]


def _key_of(request: Request) -> str | None:
    return str(request.auth.pk) if isinstance(request.auth, ApiKey) else None


def _note_throttled(key: str | None) -> None:
    if key is not None:
        with suppress(RedisError):
            _redis(settings.REDIS_URL).hincrby(metering.WAITING, metering.field(key, "throttled"), 1)


def caller_of(request: Request) -> str:
    return f"key:{request.auth.pk[:40]}" if isinstance(request.auth, ApiKey) else f"person:{request.user.pk}"


def with_limits(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Tell in every answer how much is left."""

    @functools.wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        limit = getattr(request, "rate_limit", None)
        if limit is not None:
            for name, value in zip(("Limit", "Remaining", "Reset"), limit, strict=True):
                response[f"RateLimit-{name}"] = str(value)
        return response

    return told
