"""One request through the guarded socket: sent once, answered once, no redirects followed.

There is no URL parser below `workers.addresses`: host, port and target go to the transport in parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import httpcore2

from workers import addresses, bodies, sniffing, wire
from workers.answers import Headers
from workers.connections import Connections
from workers.errors import BadResponse, Blocked, DeadlineExceeded, TooLarge, Unreachable

READ_SECONDS = 10.0
HEADER_BYTES = 64 * 1024
_STALE = (httpcore2.ReadError, httpcore2.WriteError, httpcore2.RemoteProtocolError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request, without its address."""

    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    accept: frozenset[str] | None = None
    max_bytes: int
    max_pdf_bytes: int
    cut: bool = False
    into: BinaryIO | None = None  # a body too large for memory is written there
    silence: float = READ_SECONDS  # how long the server may say nothing


@dataclass(frozen=True, slots=True)
class Answer:
    """What one hop brought."""

    status: int
    headers: Headers
    content: bytes
    peer: str
    sent: tuple[tuple[str, str], ...] = field(default=())


def _write(pieces: Iterator[bytes], file: BinaryIO) -> None:
    file.seek(0)
    file.truncate()
    for piece in pieces:
        file.write(piece)


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
        self._connections = Connections(
            wire.GuardedBackend(resolver=resolver, allowed=allowed, ports=ports),
            at_most=connections,
            ssl_context=httpcore2.default_ssl_context(_trust_env=False),
        )

    def close(self) -> None:
        """Let go of kept connections."""
        self._connections.close()

    def hop(self, address: addresses.Address, ask: Ask) -> Answer:
        """One request, one answer, no redirects. Must run inside `wire.deadline`."""
        try:
            try:
                return self._hop(address, ask)
            except _STALE:
                # A kept connection the server has just closed looks like this; one fresh try tells.
                if ask.method not in ("GET", "HEAD"):
                    raise
                wire.remaining()
                return self._hop(address, ask)
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

    def _hop(self, address: addresses.Address, ask: Ask) -> Answer:
        sent = [("Host", address.netloc), *ask.headers]
        if ask.body is not None:
            sent.append(("Content-Length", str(len(ask.body))))
        request = httpcore2.Request(
            method=ask.method.encode(),
            url=httpcore2.URL(
                scheme=address.scheme.encode(),
                host=address.host.encode(),
                port=address.port,
                target=address.target.encode(),
            ),
            headers=[(name.encode(), value.encode("latin-1")) for name, value in sent],
            content=ask.body,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), ask.silence)},
        )
        with self._connections.answer(request, patience=wire.remaining(ask.silence)) as response:
            return self._read(response, ask, tuple(sent))

    def _read(self, response: httpcore2.Response, ask: Ask, sent: tuple[tuple[str, str], ...]) -> Answer:
        received = Headers(tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in response.headers))
        if sum(len(name) + len(value) for name, value in received.items) > HEADER_BYTES:
            raise TooLarge("The headers of the answer are larger than 64 kB.")
        stream = response.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        content = b""
        if ask.method != "HEAD" and response.status not in (204, 304):
            declared = received.get("content-type")
            if ask.accept is not None and response.status < 300 and sniffing.unwelcome(declared, ask.accept):
                raise BadResponse(f"The answer is {declared}, which is not read.")
            pieces = bodies.capped(
                response.iter_stream(),
                received.all("content-encoding"),
                max_bytes=ask.max_bytes,
                max_pdf_bytes=ask.max_pdf_bytes,
                cut=ask.cut,
            )
            if ask.into is not None and response.status == 200:
                _write(pieces, ask.into)
            else:
                content = b"".join(pieces)
        return Answer(response.status, received, content, str(peer[0]) if peer else "", sent)
