"""The guarded socket under every connection: resolved once, checked, pinned, and on the clock.

A connection is made to the very address that was checked, and the peer is looked at again afterwards. Every read,
write and handshake is bounded by the deadline of the fetch it serves, so a server that drips cannot hold a worker.
"""

from __future__ import annotations

import contextlib
import ipaddress
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any

import httpcore2

from workers import addresses

Resolver = Callable[[str, int], list[str]]

_deadline: ContextVar[float] = ContextVar("deadline")

CONNECT_SECONDS = 10.0


class Refused(Exception):
    """Our own rules forbid this connection. The text says why."""


class OutOfTime(Exception):
    """The deadline of the fetch has passed."""


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Bound everything this thread does on guarded sockets inside the block."""
    token = _deadline.set(min(time.monotonic() + seconds, _deadline.get(float("inf"))))
    try:
        yield
    finally:
        _deadline.reset(token)


def left() -> float:
    """Seconds until the deadline around this, negative when it has passed, infinite when there is none."""
    return _deadline.get(float("inf")) - time.monotonic()


def remaining(at_most: float | None = None) -> float:
    """Seconds left, never more than `at_most`. Raises `OutOfTime` when there are none."""
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise OutOfTime
    return left if at_most is None else min(left, at_most)


def system_resolver(host: str, port: int) -> list[str]:
    """All addresses of a name, as the operating system gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def _resolve(resolver: Resolver, host: str, port: int) -> list[str]:
    """`resolver`, on the clock: getaddrinfo knows no timeout, so a thread of its own does the waiting."""
    answer: list[list[str] | Exception] = []

    def ask() -> None:
        try:
            answer.append(resolver(host, port))
        except (OSError, UnicodeError) as exc:
            answer.append(exc)

    asking = threading.Thread(target=ask, daemon=True, name=f"resolve {host}")
    asking.start()
    asking.join(remaining())
    if not answer:
        raise OutOfTime
    if isinstance(answer[0], Exception):
        raise httpcore2.ConnectError(f"The name {host} is not known.") from answer[0]
    return answer[0]


class GuardedBackend(httpcore2.NetworkBackend):
    """Opens sockets to public addresses only, or to networks the operator has allowed."""

    def __init__(self, *, resolver: Resolver, allowed: tuple[addresses.Network, ...], ports: frozenset[int]) -> None:
        self._resolver = resolver
        self._allowed = allowed
        self._ports = ports

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        if not self._allowed:
            if port not in self._ports:
                raise Refused(f"Port {port} is not fetched from.")
            if addresses.private_name(host):
                raise Refused(f"{host} is a name of an internal network.")
        checked = self._checked(host, port)
        failed: OSError | None = None
        for address in checked:
            try:
                return self._connect(address, port)
            except OSError as exc:
                failed = exc
        raise httpcore2.ConnectError(f"No connection to {host}: {failed}") from failed

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore2.NetworkStream:
        raise Refused("Unix sockets are not fetched from.")

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, remaining()))

    def _checked(self, host: str, port: int) -> list[str]:
        """The addresses of a host, all of them acceptable: one bad answer refuses the name."""
        try:
            found = [str(ipaddress.ip_address(host))]
        except ValueError:
            found = _resolve(self._resolver, host, port)
        if not found:
            raise httpcore2.ConnectError(f"The name {host} has no address.")
        if all(addresses.allowed(address, self._allowed) for address in found):
            return found
        if port not in self._ports:
            raise Refused(f"Port {port} is not fetched from.")
        if addresses.private_name(host):
            raise Refused(f"{host} is a name of an internal network.")
        for address in found:
            if not addresses.public(address):
                raise Refused(f"{host} leads to {address}, which is not a public address.")
        return found[:4]

    def _connect(self, address: str, port: int) -> GuardedStream:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(remaining(CONNECT_SECONDS))
            sock.connect((address, port))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if ipaddress.ip_address(sock.getpeername()[0]) != ipaddress.ip_address(address):
                raise Refused("The connection led to another address than the one that was checked.")
        except BaseException:
            sock.close()
            raise
        return GuardedStream(sock, address)


class GuardedStream(httpcore2.NetworkStream):
    """A socket whose every wait ends at the deadline of the fetch it serves."""

    def __init__(self, sock: socket.socket, peer: str) -> None:
        self._sock = sock
        self._peer = peer  # asked once: a closed connection no longer tells

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._sock.settimeout(remaining(timeout))
        try:
            return self._sock.recv(max_bytes)
        except TimeoutError as exc:
            remaining()
            raise httpcore2.ReadTimeout("The server stopped sending.") from exc
        except OSError as exc:
            raise httpcore2.ReadError(f"The connection broke: {exc}") from exc

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._sock.settimeout(remaining(timeout))
        try:
            self._sock.sendall(buffer)
        except TimeoutError as exc:
            remaining()
            raise httpcore2.WriteTimeout("The server stopped listening.") from exc
        except OSError as exc:
            raise httpcore2.WriteError(f"The connection broke: {exc}") from exc

    def close(self) -> None:
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        try:
            self._sock.settimeout(remaining(CONNECT_SECONDS))
            return GuardedStream(ssl_context.wrap_socket(self._sock, server_hostname=server_hostname), self._peer)
        except OutOfTime:
            self.close()
            raise
        except (OSError, ValueError) as exc:
            self.close()
            raise httpcore2.ConnectError(f"No secure connection: {_words(exc)}") from exc

    def get_extra_info(self, info: str) -> Any:
        match info:
            case "ssl_object":
                return self._sock if isinstance(self._sock, ssl.SSLSocket) else None
            case "server_addr":
                return (self._peer,)
            case "socket":
                return self._sock
            case "is_readable":
                return self._is_readable()
            case _:
                return None

    def _is_readable(self) -> bool:
        if self._sock.fileno() < 0:
            return True
        waiting = select.poll()
        waiting.register(self._sock, select.POLLIN)
        return bool(waiting.poll(0))


def _words(exc: Exception) -> str:
    if isinstance(exc, ssl.SSLCertVerificationError):
        return f"the certificate is not valid ({exc.verify_message})"
    return str(exc) or type(exc).__name__
