"""How fast pages are gathered, beside a bare Scrapy crawl of the same addresses that stores nothing.

    FETCH_ALLOWED_NETWORKS=127.0.0.0/8 python3 manage.py shell -c "from tests.load import gathering; gathering.run()"

1,000 addresses over 50 hosts of a loopback server that answers after 200 ms. Ours: leave of robots.txt, budget per
host, the guarded fetch, a WARC record on the disk, a Document row; then the same with extraction of a real-sized page.
Needs Scrapy (`uv sync --group load`). The rows made are taken away again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import queue
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from claims.models import Claim, Document
from claims.operations import gathering
from claims.operations.gathering import DocumentDraft
from claims.ownership import as_owner
from factcheck import processes
from tests.load.pages import HOSTS
from workers import archive, documents, http, warming

ROOT = Path(__file__).resolve().parents[2]
URLS, PROCESSES, THREADS = 1000, 2, 100
IN_ONE_TRANSACTION = 12  # as a lookup keeps what it found
REAL_SIZE = 80_000
_MINE = "http://127.0.1."


class Gathered(NamedTuple):
    """What one run came to: pages per second, MB of the larger process, ms of processor time per page."""

    rate: float
    memory: int
    processor: float


def run(urls: int = URLS, crews: int = PROCESSES) -> None:
    """Prints pages per second of both, their ratio, and the memory of one of our processes."""
    for name, size in (("extraction off", 0), (f"extraction of {REAL_SIZE // 1000} kB pages", REAL_SIZE)):
        with _program("tests.load.pages", str(size)) as server:
            port = int(_line(server))
            ours = _ours(port, urls, crews, extract=bool(size))
            with _program("tests.load.spider", str(port), str(urls), str(HOSTS)) as scrapy:
                pages, seconds = _line(scrapy).split()
        theirs = int(pages) / float(seconds)
        sys.stdout.write(
            f"{name}: {ours.rate:.0f} pages/s by {crews} processes of up to {ours.memory} MB "
            f"and {ours.processor:.1f} ms of processor time a page, bare Scrapy {theirs:.0f} pages/s ({pages} pages), "
            f"ratio {ours.rate / theirs:.2f}, load {os.getloadavg()[0]:.1f}\n"
        )
        sys.stdout.flush()


def _ours(port: int, urls: int, parts: int, *, extract: bool) -> Gathered:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        shell = (str(ROOT / "manage.py"), "shell", "-v", "0", "-c")
        crews = [
            stack.enter_context(
                _running(
                    [
                        sys.executable,
                        *shell,
                        f"from tests.load import gathering as g; g.work{(port, urls, part, parts, extract)}",
                    ],
                    **processes.MEMORY,
                    SNAPSHOT_DIR=folder,
                    FETCH_PACE_PERCENT="1000000",
                    FETCH_PAGES_AT_ONCE="8",
                    FETCH_PATIENCE_SECONDS="60",
                )
            )
            for part in range(parts)
        ]
        for crew in crews:
            assert _line(crew) == "ready"
        started = time.monotonic()
        for crew in crews:
            assert crew.stdin is not None
            crew.stdin.write("go\n")
            crew.stdin.flush()
        results = [json.loads(_line(crew)) for crew in crews]
        took = time.monotonic() - started
    rows = Document.objects.filter(url__startswith=_MINE, url__contains=f":{port}/")
    kept = rows.count()
    with as_owner():
        rows.delete()
    if kept != urls or any(result["failures"] for result in results):
        raise SystemExit(f"{kept} of {urls} documents were kept: {results}")
    processor = sum(result["processor"] for result in results) / kept
    return Gathered(kept / took, max(result["memory"] for result in results), processor * 1000)


def work(port: int, urls: int, part: int, parts: int, extract: bool) -> None:
    """One process of ours: its share of the addresses, in threads; says "ready", waits, and tells what came of it."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for number in range(part, urls, parts):
        waiting.put(f"{_MINE}{1 + number % HOSTS}:{port}/{number}")
    done: queue.SimpleQueue[DocumentDraft | None] = queue.SimpleQueue()
    failures: list[str] = []

    def gather() -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                url = waiting.get_nowait()
                try:
                    response = http.fetch(url)
                    done.put(documents.of_response(response, source="load") if extract else _unread(response))
                except Exception as exc:  # noqa: BLE001 counted, and the run fails for it
                    failures.append(f"{type(exc).__name__}: {exc}")
        done.put(None)

    connection.ensure_connection()
    warming.warm(["gathering"])  # as every worker does before its first task
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    started = time.process_time()
    for _ in range(THREADS):
        threading.Thread(target=gather, daemon=True).start()
    _keep_all(done)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(
        json.dumps({"memory": memory, "failures": failures[:3], "processor": time.process_time() - started}) + "\n"
    )
    sys.stdout.flush()


def _keep_all(done: queue.SimpleQueue[DocumentDraft | None]) -> None:
    at_work, batch, nobody = THREADS, [], Claim(newsroom_id=0)
    while at_work or batch:
        draft = done.get() if at_work else None
        if draft is not None:
            batch.append(draft)
        elif at_work:
            at_work -= 1
        if len(batch) >= IN_ONE_TRANSACTION or not at_work:
            with transaction.atomic():
                gathering.keep_all(batch, nobody)
            batch = []


def _unread(response: http.Response) -> DocumentDraft:
    """The document without its text: what fetching, checking and storing cost alone."""
    snapshot = archive.keep(response)
    return DocumentDraft(
        url=response.url,
        text="",
        sha256=hashlib.sha256(response.content).hexdigest(),
        fetched_at=response.fetched_at,
        source="load",
        content_type=response.content_type,
        http_status=response.status,
        warc_file=snapshot.file,
        warc_offset=snapshot.offset,
        warc_length=snapshot.length,
        payload_digest=snapshot.digest,
    )


@contextlib.contextmanager
def _running(command: list[str], **settings: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings}, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _program(module: str, *args: str) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
    return _running([sys.executable, "-m", module, *args])


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    if not (line := process.stdout.readline().strip()):
        raise SystemExit("A process of the load ended early.")
    return line
