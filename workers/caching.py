"""Answers kept for as long as their servers allow (RFC 9111), shared by all workers through Redis.

The rules are hishel's; here they are joined to our door. Bodies are kept decoded, small ones only, and a day at most.
Where the store is away or an entry is odd, the server is asked: a cache may cost a request, never an answer.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

import hishel
import redis
from django.conf import settings

from workers.addresses import Address
from workers.answers import Headers
from workers.door import Answer, Ask

KEPT_SECONDS = 24 * 3600
LARGEST = 256 * 1024
_SEEN_AT = "x-factcheck-seen-at"
_OF_THE_WIRE = {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "set-cookie"}
_LASTING = re.compile(r"(?:max-age|s-maxage)\s*=\s*\"?0*[1-9]", re.IGNORECASE)
_OPTIONS = hishel.CacheOptions(shared=True, supported_methods=["GET"], allow_stale=False)

Send = Callable[[Ask], Answer]


def answer(address: Address, ask: Ask, send: Send) -> tuple[Answer, dt.datetime | None]:
    """The answer for this request, and when it was seen if it comes from the cache. `send` asks the server."""
    request = hishel.Request("GET", str(address), hishel.Headers(_grouped(ask.headers)))
    store = _store(settings.REDIS_URL)
    last: list[Answer] = []

    def forward(onward: hishel.Request) -> hishel.Response:
        asked = {name.lower() for name, _ in ask.headers}
        extra = tuple((name, value) for name, value in onward.headers.items() if name.lower() not in asked)
        last.append(send(_with(ask, extra)))
        return _stored(last[-1])

    state: hishel.AnyState = hishel.IdleClient(options=_OPTIONS)
    while True:
        match state:
            case hishel.IdleClient():
                state = state.next(request, store.get_entries(str(address)))
            case hishel.CacheMiss() | hishel.NeedRevalidation():
                state = state.next(forward(state.request))
            case hishel.StoreAndUse():
                if len(last[-1].content) <= LARGEST and _of_use(last[-1].headers):
                    kept = store.create_entry(request, state.response, str(address))
                    _body(kept.response)  # reading it is what stores it
                return last[-1], None
            case hishel.CouldNotBeStored():
                return last[-1], None
            case hishel.FromCache():
                try:
                    return _replayed(state.entry.response)
                except RuntimeError:  # the entry went while it was read
                    return send(ask), None
            case hishel.NeedToBeUpdated():
                for entry in state.updating_entries:
                    store.update_headers(entry.id, entry.response.headers)
                state = state.next()
            case hishel.InvalidateEntries():
                for entry_id in state.entry_ids:
                    store.remove_entry(entry_id)
                state = state.next()


@functools.cache
def _store(url: str) -> hishel.BaseStorage:
    client = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
    return hishel.RedisStorage(
        client, default_ttl=KEPT_SECONDS, max_stream_size=LARGEST, key_prefix="factcheck:cache", soft_delete_ttl=30
    )


def _of_use(headers: Headers) -> bool:
    """Whether an answer can ever be used again: it says for how long, or by what to ask whether it has changed."""
    if headers.get("etag") or headers.get("last-modified") or headers.get("expires"):
        return True
    return any(_LASTING.search(value) for value in headers.all("cache-control"))


def _with(ask: Ask, extra: tuple[tuple[str, str], ...]) -> Ask:
    return replace(ask, headers=(*ask.headers, *extra)) if extra else ask


def _grouped(pairs: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _stored(found: Answer) -> hishel.Response:
    pairs = tuple((name, value) for name, value in found.headers.items if name.lower() not in _OF_THE_WIRE)
    seen = ((_SEEN_AT, dt.datetime.now(dt.UTC).isoformat()),)
    return hishel.Response(found.status, hishel.Headers(_grouped(pairs + seen)), iter([found.content]))


def _replayed(response: hishel.Response) -> tuple[Answer, dt.datetime]:
    pairs = tuple((name, value) for name in response.headers for value in response.headers.get_list(name) or ())
    seen_at = next((value for name, value in pairs[::-1] if name == _SEEN_AT), "")
    shown = Headers(tuple(pair for pair in pairs if pair[0] != _SEEN_AT))
    return Answer(response.status_code, shown, _body(response), ""), dt.datetime.fromisoformat(seen_at)


def _body(response: hishel.Response) -> bytes:
    return b"".join(cast("Iterator[bytes]", response.stream or iter(())))
