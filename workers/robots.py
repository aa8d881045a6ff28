"""What sites ask of machines (RFC 9309), for fetches no person has asked for.

A site's robots.txt is read once a day for all workers. Missing means allowed; unreadable means wait, not ignore.
"""

from __future__ import annotations

import functools
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from protego import Protego
from redis import ConnectionError as RedisAway
from redis import TimeoutError as RedisSlow

from workers.addresses import Address
from workers.errors import Blocked, FetchError, RobotsDenied, Throttled

AGENT = "Factcheck"
KEPT_SECONDS = 24 * 3600
AGAIN_SECONDS = 600  # while it cannot be read
MAX_BYTES = 500 * 1024
MAX_DELAY = 60.0
_UNREADABLE = "unreadable"

# What this process has just looked up: most pages come several to a site.
REMEMBERED, REMEMBERED_SECONDS, REMEMBERED_UP_TO = 1000, 60.0, 16 * 1024
_lately: dict[str, tuple[float, str]] = {}
_remembering = threading.Lock()
_asking: weakref.WeakValueDictionary[str, threading.Lock] = weakref.WeakValueDictionary()  # one thread asks a site

Fetch = Callable[[str], "tuple[int, bytes]"]


@dataclass(frozen=True, slots=True)
class Leave:
    """May be fetched; `delay` is the gap between requests the site asks for."""

    delay: float = 0.0


def ask_leave(address: Address, fetch: Fetch) -> Leave:
    """Whether a machine may fetch this address. Raises `RobotsDenied` or, while nobody knows, `Throttled`.

    `fetch` reads a robots.txt: status and body. It is called only when the answer is not known already.
    """
    text = _text(address, fetch)
    if text is None:
        raise Throttled(
            f"The robots.txt of {address.host} cannot be read, so nothing is fetched there for now.",
            retry_after=AGAIN_SECONDS,
        )
    if not text:
        return Leave()
    rules = _parsed(text)
    if not rules.can_fetch(str(address), AGENT):
        raise RobotsDenied(f"The robots.txt of {address.host} asks machines not to fetch this page.")
    return Leave(min(float(rules.crawl_delay(AGENT) or 0), MAX_DELAY))


def _text(address: Address, fetch: Fetch) -> str | None:
    site = f"{address.scheme}://{address.netloc}"
    until, known = _lately.get(site, (0.0, ""))
    if until > time.monotonic():
        return known
    with _remembering:
        asking = _asking.setdefault(site, threading.Lock())
    alone = asking.acquire(timeout=settings.FETCH_PATIENCE_SECONDS)
    try:
        until, known = _lately.get(site, (0.0, ""))
        return known if until > time.monotonic() else _remembered(site, _shared(site, fetch))
    finally:
        if alone:
            asking.release()


def _remembered(site: str, text: str | None) -> str | None:
    if text is not None and len(text) <= REMEMBERED_UP_TO:
        with _remembering:
            while len(_lately) >= REMEMBERED:
                del _lately[next(iter(_lately))]
            _lately[site] = (time.monotonic() + REMEMBERED_SECONDS, text)
    return text


def _shared(site: str, fetch: Fetch) -> str | None:
    """What all workers know of a site's rules, read from the site if they know nothing."""
    try:
        known = cache.get(f"robots:{site}")
    except (RedisAway, RedisSlow) as exc:
        raise Throttled("The rules of sites cannot be looked up, so nobody is asked.", retry_after=30) from exc
    if known is not None:
        return None if known == _UNREADABLE else str(known).removeprefix("=")
    try:
        status, body = fetch(f"{site}/robots.txt")
    except (Blocked, Throttled):
        raise
    except FetchError:
        status, body = 599, b""
    if 200 <= status < 300:
        text: str | None = body.decode("utf-8-sig", "replace").replace("\x00", "")
    else:
        text = "" if 300 <= status < 500 and status != 429 else None
    if text is None:
        cache.set(f"robots:{site}", _UNREADABLE, AGAIN_SECONDS)
    else:
        cache.set(f"robots:{site}", f"={text}", KEPT_SECONDS)
    return text


@functools.lru_cache(maxsize=256)
def _parsed(text: str) -> Protego:
    return Protego.parse(text)
