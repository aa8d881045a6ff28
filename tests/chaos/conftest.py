"""Real worker processes on a database and a broker of the test's own, and a gate that holds their sources."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection

from factcheck import place, processes


class Gate:
    """Holds every request until it is opened; counts who waits."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.hold = 60.0  # seconds a search is kept at the most
        self.waiting = threading.Semaphore(0)
        gate = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                gate.waiting.release()
                gate.opened.wait(gate.hold)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"go")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"

    def wait_for(self, number: int) -> None:
        """Return when this many searches wait at the gate."""
        for _ in range(number):
            assert self.waiting.acquire(timeout=60), "no worker came to the gate"


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()
    gate.server.shutdown()
    gate.server.server_close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[redis.Redis]:
    """A Valkey of the test's own, so that it may be emptied."""
    server = valkey(tmp_path)
    client = redis.Redis(unix_socket_path=str(tmp_path / "valkey.sock"))
    until(lambda: answers(client), "the broker starts")
    yield client
    client.close()
    server.kill()
    server.wait()


@pytest.fixture
def restart_broker(broker: redis.Redis, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Takes the broker down and starts another, which knows nothing of what waited."""
    started: list[subprocess.Popen[bytes]] = []

    def restart() -> None:
        broker.shutdown(nosave=True)
        started.append(valkey(tmp_path))
        until(lambda: answers(broker), "the broker is back")

    yield restart
    for server in started:
        server.kill()
        server.wait()


def valkey(folder: Path) -> subprocess.Popen[bytes]:
    """A broker that keeps nothing, with its socket in a folder."""
    _, program = place.programs()
    command = [str(program), "--port", "0", "--unixsocket", str(folder / "valkey.sock"), "--save", ""]
    return subprocess.Popen([*command, "--dir", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


@pytest.fixture
def crew(transactional_db: None, tmp_path: Path, gate: Gate, broker: redis.Redis) -> Iterator[processes.Crew]:
    """A gathering worker, an analysis worker and a beat, as production starts them, with short leases."""
    extra = {"EXTRA_SOURCES": "tests.chaos.gated.Gated", "GATE_URL": gate.url}
    crew = processes.Crew(members(threads=4), logs=tmp_path / "logs", settings=environment(tmp_path, **extra))
    yield crew
    gate.opened.set()
    crew.stop()


def environment(tmp_path: Path, **extra: str) -> dict[str, str]:
    """The settings of processes on the test's database and on the broker in `tmp_path`."""
    socket = quote(str(tmp_path / "valkey.sock"))
    host = quote(str(connection.settings_dict["HOST"]))
    return {
        **os.environ,
        "DATABASE_URL": f"postgresql://{django_settings.APPLICATION_ROLE}@/{connection.settings_dict['NAME']}?host={host}",
        "REDIS_URL": f"unix://{socket}?db=0",
        "BROKER_URL": f"redis+socket://{socket}?virtual_host=0",
        "LEASE_SECONDS": "4",
        "STEP_MAX_ATTEMPTS": "30",
        "SWEEP_SECONDS": "1",
        "SNAPSHOT_DIR": str(tmp_path / "snapshots"),
        **extra,
    }


def members(*, threads: int) -> list[processes.Process]:
    return [
        processes.worker("gathering", queues="gathering", pool="threads", concurrency=threads),
        processes.worker("analysis", queues="analysis,upkeep", pool="prefork", concurrency=1),
        processes.beat(),
    ]


def until(
    condition: Callable[[], bool], what: str, *, seconds: float = 90, each: Callable[[], object] | None = None
) -> None:
    """Wait for something another process does; fail with words when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not happen in {seconds} s that {what}"
        if each is not None:
            each()
        threading.Event().wait(0.1)
