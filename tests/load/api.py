"""The API beside bare DRF views on the same models, over a million claims, asked by 50 clients at once.

    export FACTCHECK_LOCAL=../load
    python3 manage.py migrate
    python3 manage.py shell -c "from tests.load import api; api.run()"

The claims are those of `queue.py`, made at the first run and kept. Ours and the peer (`bare.py`) answer from the same
gunicorn, in turns, so that both meet the same machine; the clients are one process of keep-alive connections beside it.
Create is durable: each request has an `Idempotency-Key`, its ledger entry and its outbox in one transaction; what it
made stays in the database. `run(flat=100_000)` asks for so many lists more and prints the memory of the web process.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from claims.models import Newsroom, User
from claims.operations import keying
from claims.roles import Scope
from tests.load import queue

PORT = 8973
CLIENTS = 50
ROUNDS = 3


class Asked(NamedTuple):
    """One run: requests per second, and how long they took in ms."""

    rate: float
    median: float
    p99: float


def run(lists: int = 1500, creates: int = 1000, flat: int = 0) -> None:
    """Prints requests per second and p99 of list and create, ours and bare, and their ratios."""
    if not Newsroom.objects.filter(slug=queue.SLUGS[0]).exists():
        queue.build(1_000_000)
    room = Newsroom.objects.get(slug=queue.SLUGS[0])
    person = User.objects.get(username="load-single")
    _, secret = keying.issue(room, user=person, by=None, label="load", scopes=[Scope.READ, Scope.SUBMIT])
    ours = {"Authorization": f"Bearer {secret}"}
    with _served() as pid:
        asyncio.run(_ask("/api/v1/claims/", 100, ours))
        asyncio.run(_ask("/bare/", 100, {}))
        asyncio.run(_ask("/api/v1/claims/", 50, ours, body=_claim, idempotent=True))  # loads the tables of the reading
        asyncio.run(_ask("/bare/", 50, {}, body=lambda: _bare(room.pk)))
        listed = _in_turns(
            lambda: _ask("/api/v1/claims/", lists, ours),
            lambda: _ask("/bare/", lists, {}),
        )
        _told("list of 50", *listed)
        made = _in_turns(
            lambda: _ask("/api/v1/claims/", creates, ours, body=_claim, idempotent=True),
            lambda: _ask("/bare/", creates, {}, body=lambda: _bare(room.pk)),
        )
        _told("create", *made)
        if flat:
            _flat(pid, flat, ours)


def _in_turns(ours: Callable, bare: Callable) -> tuple[list[Asked], list[Asked]]:  # type: ignore[type-arg]
    mine, theirs = [], []
    for _ in range(ROUNDS):
        mine.append(asyncio.run(ours()))
        theirs.append(asyncio.run(bare()))
    return mine, theirs


def _told(name: str, ours: list[Asked], bare: list[Asked]) -> None:
    mine, theirs = (Asked(*(statistics.median(column) for column in zip(*runs, strict=True))) for runs in (ours, bare))
    sys.stdout.write(
        f"{name}: ours {mine.rate:.0f}/s (median {mine.median:.0f} ms, p99 {mine.p99:.0f} ms), "
        f"bare {theirs.rate:.0f}/s ({theirs.median:.0f} ms, {theirs.p99:.0f} ms), "
        f"ratio {mine.rate / theirs.rate:.2f}, p99 {mine.p99 / theirs.p99:.2f} times, load {os.getloadavg()[0]:.1f}\n"
    )


def _flat(pid: int, requests: int, headers: dict[str, str]) -> None:
    sizes = [_megabytes(pid)]
    for _ in range(10):
        asyncio.run(_ask("/api/v1/claims/?limit=5", requests // 10, headers))
        sizes.append(_megabytes(pid))
    sys.stdout.write(f"memory of the web process over {requests} requests, MB: {' '.join(map(str, sizes))}\n")


def _megabytes(parent: int) -> int:
    """Of the worker processes of gunicorn."""
    children = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True, check=True).stdout.split()
    total = 0
    for child in children:
        with open(f"/proc/{child}/status") as lines:
            total += sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return total // 1024


def _claim() -> dict[str, str]:
    return {"text": f"The city counted {uuid.uuid4().int % 10**9} bicycles in 2025.", "language": "en"}


def _bare(newsroom: int) -> dict[str, object]:
    return {"newsroom": newsroom, "claimant": "", **_claim()}


@contextmanager
def _served() -> Iterator[int]:
    """gunicorn as in production, with limits out of the way."""
    command = [sys.executable, "-m", "gunicorn", "tests.load.bare", "--bind", f"127.0.0.1:{PORT}", "--workers", "1"]
    command += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--keep-alive", "30"]
    limits = {"API_REQUESTS_PER_KEY": "100000000", "API_REQUESTS_PER_NEWSROOM": "100000000"}
    process = subprocess.Popen(command, env={**os.environ, "ROLE": "web", **limits})
    try:
        asyncio.run(_until_it_answers())
        yield process.pid
    finally:
        process.terminate()
        process.wait()


async def _until_it_answers() -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", PORT)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise SystemExit("gunicorn did not come up.")


async def _ask(
    path: str,
    requests: int,
    headers: dict[str, str],
    *,
    body: Callable[[], dict[str, object] | dict[str, str]] | None = None,
    idempotent: bool = False,
) -> Asked:
    """So many requests by 50 connections; every answer must be a good one."""
    took: list[float] = []
    left = iter(range(requests))

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        for _ in left:
            own = dict(headers)
            if idempotent:
                own["Idempotency-Key"] = str(uuid.uuid4())
            began = time.perf_counter()
            writer.write(_request(path, own, json.dumps(body()).encode() if body else b""))
            status = await _answer(reader)
            took.append((time.perf_counter() - began) * 1000)
            if status >= 300:
                raise SystemExit(f"{path} answered {status}")
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    seconds = time.perf_counter() - began
    return Asked(requests / seconds, statistics.median(took), statistics.quantiles(took, n=100)[98])


def _request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, *lines = head.split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    if fields.get("transfer-encoding") == "chunked":
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        await reader.readexactly(int(fields.get("content-length", 0)))
    return int(status.split()[1])
