"""Connections kept open between requests, for any number of threads.

A connection is one thread's from the request until the answer is read, then lies idle at its origin for a while. Taking
one costs the same however many others are open: only those of the same origin and the oldest are looked at.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
import weakref
from collections.abc import Iterable, Iterator

import httpcore2

KEPT_SECONDS = 15.0

_Place = tuple[bytes, bytes, int]  # scheme, host, port


class Connections:
    """Opens, keeps and lets go of connections through one guarded backend."""

    def __init__(self, backend: httpcore2.NetworkBackend, *, at_most: int, ssl_context: ssl.SSLContext) -> None:
        self._backend = backend
        self._ssl_context = ssl_context
        self._keep = at_most // 2
        self._free = threading.BoundedSemaphore(at_most)
        self._lock = threading.Lock()
        self._idle: dict[httpcore2.HTTPConnection, tuple[_Place, float]] = {}  # the longest idle first
        self._at: dict[_Place, list[httpcore2.HTTPConnection]] = {}
        weakref.finalize(self, _close, self._idle)

    @contextlib.contextmanager
    def answer(self, request: httpcore2.Request, *, patience: float) -> Iterator[httpcore2.Response]:
        """The answer to a request, over a kept connection or a new one; its body is read inside the block.

        Waits up to `patience` seconds for a connection where too many are in use.
        """
        if not self._free.acquire(timeout=max(0.0, patience)):
            raise httpcore2.PoolTimeout("All connections are in use.")
        try:
            url = request.url
            place = (url.scheme, url.host, url.origin.port)
            connection = self._take(place) or httpcore2.HTTPConnection(
                url.origin,
                ssl_context=self._ssl_context,
                keepalive_expiry=KEPT_SECONDS,
                network_backend=self._backend,
            )
            try:
                response = connection.handle_request(request)
                try:
                    yield response
                finally:
                    response.close()
            finally:
                self._give_back(place, connection)
        finally:
            self._free.release()

    def _take(self, place: _Place) -> httpcore2.HTTPConnection | None:
        """The connection of this origin that was used last, if it is still good."""
        while True:
            with self._lock:
                kept = self._at.get(place)
                if not kept:
                    return None
                connection = kept.pop()
                if not kept:
                    del self._at[place]
                del self._idle[connection]
            if not connection.has_expired():  # looks at the socket, too: the server may have hung up
                return connection
            connection.close()

    def _give_back(self, place: _Place, connection: httpcore2.HTTPConnection) -> None:
        if not connection.is_available():  # never opened, broken, closing, or its answer not read to the end
            connection.close()
            return
        now = time.monotonic()
        with self._lock:
            self._idle[connection] = (place, now)
            self._at.setdefault(place, []).append(connection)
            gone: list[tuple[httpcore2.HTTPConnection, _Place]] = []
            for old, (where, since) in self._idle.items():
                if len(self._idle) - len(gone) <= self._keep and now - since < KEPT_SECONDS:
                    break
                gone.append((old, where))
            for old, where in gone:
                self._forget(old, where)
        for old, _ in gone:
            old.close()

    def _forget(self, connection: httpcore2.HTTPConnection, place: _Place) -> None:
        del self._idle[connection]
        self._at[place].remove(connection)
        if not self._at[place]:
            del self._at[place]

    def close(self) -> None:
        """Let go of all idle connections."""
        with self._lock:
            gone = dict(self._idle)
            self._idle.clear()
            self._at.clear()
        _close(gone)


def _close(connections: Iterable[httpcore2.HTTPConnection]) -> None:
    for connection in connections:
        connection.close()
