"""The one door out: every request to the outside world goes through `fetch`.

Only public addresses, resolved once and pinned; every redirect hop checked again; ports, schemes and spellings
that programs read differently refused; no proxies from the environment; sizes capped after decoding; one
wall-clock deadline for everything. What can go wrong is the tree in `workers.errors`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import importlib.metadata
import re
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO, Literal

import httpcore2
from django.conf import settings

from workers import addresses, budgets, caching, robots, sniffing, wire
from workers.answers import Hop, Response, Seen, parse_retry_after
from workers.door import READ_SECONDS, Answer, Ask, Door
from workers.errors import BadResponse, Blocked, DeadlineExceeded, Unreachable

Manner = Literal["page", "visit", "service"]

MAX_REDIRECTS = 5
_UNSENDABLE = re.compile(r"[^\x20-\xff]")

__all__ = ["Door", "Manner", "Response", "Seen", "contact_missing", "fetch", "user_agent"]


def user_agent() -> str:
    """One honest string: product, version, how to reach the operator, library."""
    contact = settings.FETCH_CONTACT or "no contact given"
    return f"Factcheck/{_version()} ({contact}) httpcore2/{httpcore2.__version__}"


@functools.cache
def _version() -> str:
    try:
        return importlib.metadata.version("factcheck")
    except importlib.metadata.PackageNotFoundError:
        return "0"


def contact_missing() -> str | None:
    """Why a polite source cannot be asked here, or None."""
    if settings.FETCH_CONTACT:
        return None
    return "No contact is configured: set FETCH_CONTACT to an address or page of the desk."


_doors: dict[tuple[tuple[addresses.Network, ...], tuple[int, ...]], Door] = {}
_opening = threading.Lock()


def _door(allowed: tuple[addresses.Network, ...], ports: tuple[int, ...]) -> Door:
    """The one of this process: threads that come first together share it, too."""
    with _opening:
        if (allowed, ports) not in _doors:
            _doors[allowed, ports] = Door(allowed=allowed, ports=frozenset(ports))
        return _doors[allowed, ports]


def _usual_door() -> Door:
    return _door(tuple(settings.FETCH_ALLOWED_NETWORKS), tuple(settings.FETCH_PORTS))


def _operators_door() -> Door:
    allowed = (*settings.FETCH_ALLOWED_NETWORKS, *settings.FETCH_OPERATOR_NETWORKS)
    return _door(allowed, tuple(settings.FETCH_PORTS))


def fetch(
    url: str,
    *,
    manner: Manner = "page",
    pace: budgets.Pace | None = None,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    accept: frozenset[str] | None = sniffing.READABLE,
    max_bytes: int | None = None,
    cut: bool = False,
    deadline: float | None = None,
    silence: float = READ_SECONDS,
    conditional: Seen | None = None,
    fresh: bool = False,
    into: BinaryIO | None = None,
    trusted: bool = False,
    door: Door | None = None,
) -> Response:
    """Fetch one address through the guard, within the host's budget. Raises `FetchError`, nothing else.

    `manner` is why we ask: a "page" no person has asked for (robots.txt is obeyed), a "visit" on a person's wish,
    or a "service" that offers an interface to machines. `accept` are the sniffed media types wanted (None: any).
    `trusted` is for addresses the operator has set, never for ones from an article: it opens
    FETCH_OPERATOR_NETWORKS too. `headers` go to the first host only. `deadline` counts time on the wire, `silence`
    is how much of it may pass without a word. A kept
    answer that its server still allows is used unless `fresh`; `from_cache` says so. With `into` a good body goes
    to that file instead of memory, and `content` is empty.
    """
    try:
        address = addresses.read(url)
    except addresses.BadAddress as exc:
        raise Blocked(str(exc)) from exc
    usual = door or _usual_door()
    door = _operators_door() if trusted and door is None else usual
    ask = Ask(
        method=method,
        headers=_request_headers(headers or {}, conditional),
        body=body,
        accept=accept,
        max_bytes=settings.FETCH_MAX_BYTES if max_bytes is None else max_bytes,
        max_pdf_bytes=settings.FETCH_MAX_PDF_BYTES if max_bytes is None else max_bytes,
        cut=cut,
        into=into,
        silence=silence,
    )
    usable = method == "GET" and manner != "service" and conditional is None and not fresh and into is None
    clock = _Clock(settings.FETCH_DEADLINE_SECONDS if deadline is None else deadline)
    hops: list[Hop] = []
    while True:
        send = functools.partial(_politely, door, address, manner, pace or _usual_pace(manner), clock)
        if usable:
            answer, seen_at = caching.answer(address, ask, send)
        else:
            answer, seen_at = send(ask), None
        location = answer.headers.get("location")
        if answer.status not in (301, 302, 303, 307, 308) or not location:
            break
        if len(hops) == MAX_REDIRECTS:
            raise BadResponse(f"More than {MAX_REDIRECTS} redirects.")
        onward = _onward(address, location, method)
        if (onward.host, onward.port) != (address.host, address.port):
            ask = replace(ask, headers=_request_headers({}, None))
            door = usual  # the operator has vouched for the first host only
        hops.append(Hop(str(address), answer.status, str(onward)))
        address = onward
    kind = sniffing.sniff(answer.content, answer.headers.get("content-type"))
    if accept is not None and answer.status < 300 and answer.content and kind not in accept:
        raise BadResponse(f"The answer is {kind}, which is not read.")
    return Response(
        url=url,
        final_url=str(address),
        status=answer.status,
        headers=answer.headers,
        content=answer.content,
        content_type=kind,
        elapsed=clock.used,
        fetched_at=seen_at or dt.datetime.now(dt.UTC),
        from_cache=seen_at is not None,
        peer=answer.peer,
        method=method,
        sent=answer.sent,
        redirects=tuple(hops),
    )


class _Clock:
    """Time on the wire; waiting for a place in the budget does not count."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.used = seconds, 0.0

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        started = time.monotonic()
        try:
            with wire.deadline(self.seconds - self.used):
                yield
        finally:
            self.used += time.monotonic() - started


def _usual_pace(manner: Manner) -> budgets.Pace:
    if manner == "page":
        return budgets.Pace(settings.FETCH_PAGES_PER_SECOND, at_once=settings.FETCH_PAGES_AT_ONCE)
    return budgets.Pace(max(2.0, settings.FETCH_PAGES_PER_SECOND), 4, max(2, settings.FETCH_PAGES_AT_ONCE))


def _politely(
    door: Door, address: addresses.Address, manner: Manner, pace: budgets.Pace, clock: _Clock, ask: Ask
) -> Answer:
    """One hop with leave of the site and a place in its budget; what the host says about pauses is remembered."""
    if manner == "page":

        def rules(url: str) -> tuple[int, bytes]:
            found = fetch(
                url, manner="service", pace=pace, accept=None, max_bytes=robots.MAX_BYTES, cut=True, door=door
            )
            return found.status, found.content

        leave = robots.ask_leave(address, rules)
        if leave.delay:
            pace = budgets.Pace(min(pace.per_second, 1 / leave.delay))
    host = address.netloc
    left = wire.left()
    if left <= 0:
        raise DeadlineExceeded(f"{host} was not asked: the time for this question is over.")
    with budgets.place(host, pace, patience=min(left, settings.FETCH_PATIENCE_SECONDS)) as failing:
        try:
            with clock.running():
                answer = door.hop(address, ask)
        except (Unreachable, DeadlineExceeded):
            if wire.left() > 0:  # else we have hung up: the host may have been given a moment only
                budgets.failed(host)
            raise
    if answer.status in (429, 503) and not answer.headers.get("memento-datetime"):
        asked = parse_retry_after(answer.headers.get("retry-after"), now=dt.datetime.now(dt.UTC))
        budgets.rest(host, budgets.REST_SECONDS if asked is None else asked, "it asked for a pause.")
    elif answer.status >= 500:
        budgets.failed(host)
    elif failing:
        budgets.answered(host)
    return answer


def _onward(here: addresses.Address, location: str, method: str) -> addresses.Address:
    if method not in ("GET", "HEAD"):
        raise BadResponse("The service redirects a request that must not be sent twice.")
    try:
        onward = addresses.follow(here, location)
    except addresses.BadAddress as exc:
        raise Blocked(str(exc)) from exc
    if here.scheme == "https" and onward.scheme == "http":
        raise Blocked("The page redirects from https to http.")
    return onward


def _request_headers(own: Mapping[str, str], conditional: Seen | None) -> tuple[tuple[str, str], ...]:
    chosen = {
        "User-Agent": user_agent(),
        "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.5",
        **own,
        "Accept-Encoding": "gzip",
    }
    if conditional is not None and conditional.etag:
        chosen["If-None-Match"] = conditional.etag
    if conditional is not None and conditional.last_modified:
        chosen["If-Modified-Since"] = conditional.last_modified
    if any(map(_UNSENDABLE.search, chosen.values())):
        raise Blocked("A header holds characters that cannot be sent.")
    return tuple(chosen.items())
