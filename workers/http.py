"""The one door out: every request to the outside world goes through `fetch`.

Only public addresses, resolved once and pinned; every redirect hop checked again; ports, schemes and spellings
that programs read differently refused; no proxies from the environment; sizes capped after decoding; one
wall-clock deadline for everything. What can go wrong is the tree in `workers.errors`.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import functools
import importlib.metadata
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpcore2
from django.conf import settings

from workers import addresses, bodies, sniffing, wire
from workers.errors import BadResponse, Blocked, DeadlineExceeded, TooLarge, Unreachable

MAX_REDIRECTS = 5
READ_SECONDS = 10.0
HEADER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Seen:
    """What we hold already, for a conditional request."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way."""

    url: str
    status: int
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer as it was received, decoded, capped and timed. Any status: read `status` or `ok`."""

    url: str
    final_url: str
    status: int
    headers: Headers
    content: bytes
    content_type: str  # sniffed, not believed
    elapsed: float
    fetched_at: dt.datetime
    peer: str = ""
    method: str = "GET"
    sent: tuple[tuple[str, str], ...] = ()
    redirects: tuple[Hop, ...] = ()

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> float | None:
        """Seconds the server asks us to wait, if it does."""
        return parse_retry_after(self.headers.get("retry-after", ""), now=self.fetched_at)

    @property
    def seen(self) -> Seen:
        return Seen(self.headers.get("etag", ""), self.headers.get("last-modified", ""))


class Headers:
    """Response headers: names in any case, order and repeats kept."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[tuple[str, str], ...]) -> None:
        self.items = items

    def get(self, name: str, default: str = "") -> str:
        """The first value of this name."""
        return next((value for key, value in self.items if key.lower() == name), default)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.items if key.lower() == name]


def parse_retry_after(value: str, *, now: dt.datetime) -> float | None:
    """Seconds from a Retry-After header: a number or a date; nonsense is no answer."""
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,7}(\.[0-9]*)?", value):
        return float(value)
    try:
        until = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - now).total_seconds())


def user_agent() -> str:
    """One honest string: product, version, how to reach the operator, library."""
    try:
        version = importlib.metadata.version("factcheck")
    except importlib.metadata.PackageNotFoundError:
        version = "0"
    contact = settings.FETCH_CONTACT or "no contact given"
    return f"Factcheck/{version} ({contact}) httpcore2/{httpcore2.__version__}"


def contact_missing() -> str | None:
    """Why a polite source cannot be asked here, or None."""
    if settings.FETCH_CONTACT:
        return None
    return "No contact is configured: set FETCH_CONTACT to an address or page of the desk."


class Door:
    """Connections under one set of rules. One per process and rule set; safe to share between threads."""

    def __init__(
        self,
        *,
        resolver: wire.Resolver = wire.system_resolver,
        allowed: tuple[addresses.Network, ...] = (),
        ports: frozenset[int] = frozenset({80, 443}),
        connections: int = 200,
    ) -> None:
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpcore2.default_ssl_context(_trust_env=False),
            max_connections=connections,
            max_keepalive_connections=connections // 2,
            keepalive_expiry=15,
            network_backend=wire.GuardedBackend(resolver=resolver, allowed=allowed, ports=ports),
        )

    def hop(
        self,
        address: addresses.Address,
        *,
        method: str,
        headers: list[tuple[str, str]],
        body: bytes | None,
        accept: frozenset[str] | None,
        max_bytes: int,
        max_pdf_bytes: int,
    ) -> Answer:
        """One request, one answer, no redirects. Must run inside `wire.deadline`."""
        try:
            try:
                return self._hop(address, method, headers, body, accept, max_bytes, max_pdf_bytes)
            except _STALE:
                # A kept connection the server has just closed looks like this; one fresh try tells.
                if method not in ("GET", "HEAD"):
                    raise
                wire.remaining()
                return self._hop(address, method, headers, body, accept, max_bytes, max_pdf_bytes)
        except wire.Refused as exc:
            raise Blocked(str(exc)) from exc
        except wire.OutOfTime as exc:
            raise DeadlineExceeded(f"{address.host} did not answer in time.") from exc
        except httpcore2.TimeoutException as exc:
            raise DeadlineExceeded(f"{address.host} fell silent: {exc}") from exc
        except httpcore2.RemoteProtocolError as exc:
            if "disconnected" in str(exc) or "closed connection" in str(exc):
                raise Unreachable(f"{address.host} broke off: {exc}") from exc
            raise BadResponse(f"{address.host} does not speak proper HTTP: {exc}") from exc
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as exc:
            raise Unreachable(str(exc) or f"{address.host} cannot be reached.") from exc

    def _hop(
        self,
        address: addresses.Address,
        method: str,
        headers: list[tuple[str, str]],
        body: bytes | None,
        accept: frozenset[str] | None,
        max_bytes: int,
        max_pdf_bytes: int,
    ) -> Answer:
        sent = [("Host", address.netloc), *headers]
        if body is not None:
            sent.append(("Content-Length", str(len(body))))
        request = httpcore2.Request(
            method=method.encode(),
            url=httpcore2.URL(
                scheme=address.scheme.encode(),
                host=address.host.encode(),
                port=address.port,
                target=address.target.encode(),
            ),
            headers=[(name.encode(), value.encode("latin-1")) for name, value in sent],
            content=body,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), READ_SECONDS)},
        )
        response = self._pool.handle_request(request)
        try:
            received = Headers(tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in response.headers))
            if sum(len(name) + len(value) for name, value in received.items) > HEADER_BYTES:
                raise TooLarge("The headers of the answer are larger than 64 kB.")
            stream = response.extensions.get("network_stream")
            peer = stream.get_extra_info("server_addr") if stream is not None else None
            content = b""
            if method != "HEAD" and response.status not in (204, 304):
                declared = received.get("content-type")
                if accept is not None and response.status < 300 and sniffing.unwelcome(declared, accept):
                    raise BadResponse(f"The answer is {declared}, which is not read.")
                content = bodies.read_capped(
                    response.iter_stream(),
                    received.all("content-encoding"),
                    max_bytes=max_bytes,
                    max_pdf_bytes=max_pdf_bytes,
                )
            return Answer(response.status, received, content, str(peer[0]) if peer else "", tuple(sent))
        finally:
            response.close()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one hop brought."""

    status: int
    headers: Headers
    content: bytes
    peer: str
    sent: tuple[tuple[str, str], ...] = field(default=())


_STALE = (httpcore2.ReadError, httpcore2.WriteError, httpcore2.RemoteProtocolError)


@functools.lru_cache(maxsize=8)
def _door(allowed: tuple[addresses.Network, ...], ports: tuple[int, ...]) -> Door:
    return Door(allowed=allowed, ports=frozenset(ports))


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    accept: frozenset[str] | None = sniffing.READABLE,
    max_bytes: int | None = None,
    deadline: float | None = None,
    conditional: Seen | None = None,
    trusted: bool = False,
    door: Door | None = None,
) -> Response:
    """Fetch one address through the guard. Raises `FetchError`, nothing else.

    `accept` are the sniffed media types wanted (None: any). `trusted` is for addresses the operator has set, never
    for ones from an article: it opens FETCH_OPERATOR_NETWORKS too. `headers` go to the first host only.
    """
    try:
        address = addresses.read(url)
    except addresses.BadAddress as exc:
        raise Blocked(str(exc)) from exc
    if door is None:
        allowed = [*settings.FETCH_ALLOWED_NETWORKS, *(settings.FETCH_OPERATOR_NETWORKS if trusted else ())]
        door = _door(tuple(allowed), tuple(settings.FETCH_PORTS))
    cap = settings.FETCH_MAX_BYTES if max_bytes is None else max_bytes
    started = time.monotonic()
    hops: list[Hop] = []
    own = {} if headers is None else dict(headers)
    with wire.deadline(settings.FETCH_DEADLINE_SECONDS if deadline is None else deadline):
        while True:
            answer = door.hop(
                address,
                method=method,
                headers=_request_headers(own, conditional),
                body=body,
                accept=accept,
                max_bytes=cap,
                max_pdf_bytes=settings.FETCH_MAX_PDF_BYTES if max_bytes is None else cap,
            )
            location = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not location:
                break
            if len(hops) == MAX_REDIRECTS:
                raise BadResponse(f"More than {MAX_REDIRECTS} redirects.")
            if method not in ("GET", "HEAD"):
                raise BadResponse("The service redirects a request that must not be sent twice.")
            try:
                onward = addresses.follow(address, location)
            except addresses.BadAddress as exc:
                raise Blocked(str(exc)) from exc
            if address.scheme == "https" and onward.scheme == "http":
                raise Blocked("The page redirects from https to http.")
            if (onward.host, onward.port) != (address.host, address.port):
                own, conditional = {}, None
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
        elapsed=time.monotonic() - started,
        fetched_at=dt.datetime.now(dt.UTC),
        peer=answer.peer,
        method=method,
        sent=answer.sent,
        redirects=tuple(hops),
    )


def _request_headers(own: Mapping[str, str], conditional: Seen | None) -> list[tuple[str, str]]:
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
    if any(ord(c) < 32 or ord(c) > 255 for value in chosen.values() for c in value):
        raise Blocked("A header holds characters that cannot be sent.")
    return list(chosen.items())
