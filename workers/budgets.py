"""How often and how many at once: budgets per host, shared by all workers through Redis.

A host has a pace (requests per second, in a row, at once), may ask for a pause (Retry-After), and is left alone for a
growing while after failing several times in a row. All decisions are made in Redis with its own clock, so any
number of processes keeps one budget. Without Redis nobody is asked: politeness is not guessed.
"""

from __future__ import annotations

import contextlib
import functools
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import redis
from django.conf import settings

from workers.errors import Resting, Throttled

FAILURES = 5  # in a row before a host is left alone
REST_SECONDS = 60.0  # the first time; doubled each further failure
REST_AT_MOST = 3600.0
LEASE_SECONDS = 180  # a killed worker's place is free again after this
POLL_SECONDS = 0.05
_FAILURES_KEPT = 24 * 3600
_STORE_AWAY = 30.0

# Takes a place and books a time. Returns {wait in ms, reason, failures?}: 0 = go; > 0 with "pace" = go after waiting;
# -1 = no place free; < -1 = not now, come back after so many ms.
_TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local rest = redis.call('PTTL', KEYS[3])
if rest > 0 then return {-rest - 1, redis.call('GET', KEYS[3])} end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return {-1, 'places'} end
local gap, ahead, patience = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local due = math.max(now, tonumber(redis.call('GET', KEYS[2]) or '0'))
local wait = math.ceil(math.max(0, due - now - ahead))
if wait > patience then return {-wait - 1, 'pace'} end
redis.call('SET', KEYS[2], string.format('%.3f', due + gap), 'PX', math.ceil(due + gap - now + ahead + 1000))
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[5]) + wait, ARGV[6])
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[5]) + wait)
return {wait, 'pace', redis.call('EXISTS', KEYS[4])}
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a host is asked at most."""

    per_second: float = 1.0
    in_a_row: int = 1  # requests that may follow each other at once before the pace counts
    at_once: int = 1


@functools.cache
def _store(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)


@contextlib.contextmanager
def place(host: str, pace: Pace, *, patience: float | None = None) -> Iterator[bool]:
    """Hold a place at a host for one request, waiting up to `patience` seconds for it. Raises `Throttled`.

    Gives whether the host has failed lately: only then an answer has something to forgive (`answered`).
    """
    ticket = uuid.uuid4().hex
    left = settings.FETCH_PATIENCE_SECONDS if patience is None else patience
    give_up = time.monotonic() + left
    while True:
        wait, reason, failing = _take(host, pace, ticket, max(0.0, give_up - time.monotonic()))
        if wait >= 0:
            break
        if wait == -1:
            if time.monotonic() >= give_up:
                raise Throttled(f"Too many requests to {host} are under way.", retry_after=5.0)
            time.sleep(POLL_SECONDS)
            continue
        seconds = (-wait - 1) / 1000
        if reason == "pace":
            raise Throttled(f"The budget for {host} is used up for {seconds:.0f} s.", retry_after=seconds)
        raise Resting(f"{host} is left alone for {seconds:.0f} s: {reason}", retry_after=seconds)
    try:
        if wait:
            time.sleep(wait / 1000)
        yield failing
    finally:
        with contextlib.suppress(redis.RedisError):  # the lease ends by itself
            _store(settings.REDIS_URL).zrem(_key(host, "places"), ticket)


def _take(host: str, pace: Pace, ticket: str, patience: float) -> tuple[int, str, bool]:
    gap = 1000 / (pace.per_second * settings.FETCH_PACE_PERCENT / 100)
    try:
        wait, reason, *failures = _store(settings.REDIS_URL).eval(
            _TAKE,
            4,
            _key(host, "places"),
            _key(host, "due"),
            _key(host, "rest"),
            _key(host, "failures"),
            gap,
            gap * (pace.in_a_row - 1),
            pace.at_once,
            patience * 1000,
            LEASE_SECONDS * 1000,
            ticket,
        )
    except (redis.ConnectionError, redis.TimeoutError) as exc:
        raise Throttled("The budgets cannot be read, so nobody is asked.", retry_after=_STORE_AWAY) from exc
    return int(wait), reason.decode(), any(failures)


# Books one visit within the last hour, or says after how many ms there is room. An hour that slides, so that no full
# hour before the stroke meets another after it. The caller's clock: for an hour the workers' clocks agree well enough.
_SPEND = """
local now, hour = tonumber(ARGV[1]), 3600000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - hour)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
    local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
    return math.max(1, math.ceil(tonumber(first[2]) + hour - now))
end
redis.call('ZADD', KEYS[1], now, ARGV[3])
redis.call('PEXPIRE', KEYS[1], hour)
return 0
"""


def spend(host: str, per_hour: int) -> None:
    """Book one visit of the clock to a host. Raises `Throttled` when the last hour had as many as it may have."""
    now = time.time() * 1000
    try:
        wait = _store(settings.REDIS_URL).eval(_SPEND, 1, _key(host, "hour"), now, per_hour, uuid.uuid4().hex)
    except (redis.ConnectionError, redis.TimeoutError) as exc:
        raise Throttled("The budgets cannot be read, so nobody is asked.", retry_after=_STORE_AWAY) from exc
    if int(wait) > 0:
        raise Throttled(f"{host} was visited {per_hour} times within the hour.", retry_after=int(wait) / 1000)


def rest(host: str, seconds: float, reason: str) -> None:
    """Leave a host alone for a while, all workers of us."""
    if seconds <= 0:
        return
    with contextlib.suppress(redis.RedisError):
        _store(settings.REDIS_URL).set(_key(host, "rest"), reason, px=int(min(seconds, REST_AT_MOST) * 1000))


def failed(host: str) -> None:
    """A request got no usable answer. After several in a row the host is left alone, each time for longer."""
    with contextlib.suppress(redis.RedisError):
        store = _store(settings.REDIS_URL)
        pipe = store.pipeline()
        pipe.incr(_key(host, "failures"))
        pipe.expire(_key(host, "failures"), _FAILURES_KEPT)
        failures = int(pipe.execute()[0])
        if failures >= FAILURES:
            seconds = min(REST_SECONDS * 2.0 ** min(failures - FAILURES, 10), REST_AT_MOST)
            rest(host, seconds, f"it failed {failures} times in a row.")


def answered(host: str) -> None:
    """A request was answered: earlier failures are forgotten."""
    with contextlib.suppress(redis.RedisError):
        _store(settings.REDIS_URL).delete(_key(host, "failures"))


def _key(host: str, what: str) -> str:
    return f"factcheck:fetch:{{{host}}}:{what}"
