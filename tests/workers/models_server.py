"""A server on loopback that speaks as OpenAI-compatible ones do, with payloads of our own."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

from tests.workers.loopback import RawServer, http, serving


class Model:
    """What the server answers next, and what it was asked (`asked`: the JSON bodies)."""

    def __init__(self) -> None:
        self.answers: list[bytes | Callable[[dict[str, Any]], bytes]] = []
        self.asked: list[dict[str, Any]] = []
        self.heads: list[bytes] = []
        self.silent = False
        self.server: RawServer | None = None

    def __call__(self, peer: socket.socket, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if b"content-length" in line.lower())
        while len(body) < length:
            body += peer.recv(65536)
        self.heads.append(head)
        self.asked.append(json.loads(body))
        if self.silent and self.server is not None:
            self.server.wait(10)
            return
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        peer.sendall(answer(self.asked[-1]) if callable(answer) else answer)


def says(content: Any, *, tokens: tuple[int, int] | None = (1000, 200)) -> bytes:
    """A chat completion whose message is this text, or this as JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    told: dict[str, Any] = {
        "id": "cmpl-1",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
    }
    if tokens:
        told["usage"] = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}
    return json_answer(told)


def json_answer(told: Any, *headers: str, status: str = "200 OK") -> bytes:
    return http(
        json.dumps(told).encode(), "Content-Type: application/json", "Connection: close", *headers, status=status
    )


@contextlib.contextmanager
def model_server() -> Iterator[Model]:
    model = Model()
    with serving(model) as server:
        model.server = server
        yield model
