"""A raw server on loopback for answers no honest web server would give."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

Script = Callable[[socket.socket, bytes], None]


class RawServer:
    """Reads one request per connection, hands it to the script, closes. `requests` holds what came in."""

    def __init__(self, script: Script, address: str = "127.0.0.1") -> None:
        self.script = script
        self.requests: list[bytes] = []
        self._sock = socket.create_server((address, 0))
        self.port: int = self._sock.getsockname()[1]
        self._stop = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def wait(self, seconds: float) -> bool:
        """Wait as a slow server does; True when the test is over."""
        return self._stop.wait(seconds)

    def close(self) -> None:
        self._stop.set()
        self._sock.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                peer, _ = self._sock.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(peer,), daemon=True).start()

    def _answer(self, peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                piece = peer.recv(65536)
                if not piece:
                    return
                request += piece
            self.requests.append(request)
            self.script(peer, request)


@contextlib.contextmanager
def serving(script: Script) -> Iterator[RawServer]:
    server = RawServer(script)
    try:
        yield server
    finally:
        server.close()


def saying(answer: bytes) -> Script:
    def script(peer: socket.socket, request: bytes) -> None:
        peer.sendall(answer)

    return script


def http(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body) if length is None else length}", "", ""]
    return "\r\n".join(lines).encode() + body


def shared_folder() -> Path | None:
    """The folder of recorded answers, where somebody has it; it is not part of the repository."""
    import os

    named = os.environ.get("FACTCHECK_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared"
    return folder if (folder / "samples").is_dir() else None
