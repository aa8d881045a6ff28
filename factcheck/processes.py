"""The processes of a running Factcheck on one machine: web, two kinds of workers, beat.

A `Crew` starts them, waits until they answer, starts again what dies, and takes all of them down without leaving
anything behind: on a normal end, on Ctrl-C, on SIGTERM, and even when its own process is killed (`factcheck.leash`).
Used by `demo` and by tests with real processes; in production the container engine does this work.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60.0
STOP_SECONDS = 6.0  # then SIGKILL: rows keep what a task had in hand
FAILURES_IN_A_MINUTE = 4
LOG_BYTES = 5_000_000


class CrewError(Exception):
    """A process cannot run; the message names it, and its log."""


class PortTaken(CrewError):
    """Another program listens there already."""


# By default the C library keeps freed memory apart for up to eight threads a core, and parsed pages are large.
MEMORY = {"MALLOC_ARENA_MAX": "2"}


@dataclass(frozen=True)
class Process:
    """One program to run. It answers at `url` (web) or to a ping of `node` (worker), or is just there (beat)."""

    name: str
    command: Sequence[str]
    settings: dict[str, str] = field(default_factory=dict)
    url: str = ""
    node: str = ""


def standard(*, port: int = 8000, gathering_threads: int = 8, analysis_processes: int = 1) -> list[Process]:
    """The whole small production, sized for a laptop."""
    return [
        web(port=port),
        worker("gathering", queues="gathering", pool="threads", concurrency=gathering_threads),
        worker("analysis", queues="analysis,upkeep", pool="prefork", concurrency=analysis_processes),
        beat(),
    ]


def web(*, port: int, threads: int = 2) -> Process:
    command = [sys.executable, "-m", "gunicorn", "factcheck.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--worker-class", "gthread", "--threads", str(threads), "--graceful-timeout", "3"]
    command += ["--no-control-socket"]
    return Process("web", command, {"ROLE": "web"}, url=f"http://127.0.0.1:{port}/healthz/")


def worker(name: str, *, queues: str, pool: str, concurrency: int) -> Process:
    node = f"{name}@factcheck"
    command = [sys.executable, "-m", "celery", "-A", "factcheck", "worker", "-n", node, "-Q", queues]
    command += ["-P", pool, "-c", str(concurrency), "-l", "INFO", "--without-gossip", "--without-mingle"]
    return Process(name, command, {"ROLE": "worker"}, node=node)


def beat() -> Process:
    command = [sys.executable, "-m", "celery", "-A", "factcheck", "beat", "-l", "INFO"]
    return Process("beat", command, {"ROLE": "beat"})


def check_port(port: int) -> None:
    """Raise `PortTaken` if somebody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as exc:
            raise PortTaken(f"Port {port} needs root: choose one above 1024 with --port {port + 8000}.") from exc
        except OSError as exc:
            raise PortTaken(f"Port {port} is used by another program: choose another with --port {port + 1}.") from exc


@contextlib.contextmanager
def orderly_end() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the block like an exception, so that everything in it is taken down."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Child:
    """A started process of the crew, with its group, its log and the times it was started."""

    def __init__(self, process: Process, settings: dict[str, str], log: Path) -> None:
        self.process = process
        self.settings = {**settings, **process.settings}
        self.log = log
        self.ready = False
        self.starts: list[float] = []
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.ready = False
        self.starts = [at for at in self.starts if at > time.monotonic() - 60] + [time.monotonic()]
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(  # noqa: S603 the commands are ours
                list(self.process.command),
                cwd=ROOT,
                env=self.settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us; a group of its own to kill
            )

    @property
    def alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def send(self, number: int) -> None:
        if self.running is not None and self.alive:
            self.running.send_signal(number)

    def clear(self) -> None:
        """Kill what is left of the group and take note of the end."""
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()

    def last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = self.log.read_bytes()[-4000:].decode(errors="replace").splitlines()
            return next((line.strip() for line in reversed(lines) if line.strip()), "")[:300]
        return ""


class Crew:
    """Processes that run together. A context manager: on leaving, all of them are down.

    `settings` is their whole environment; without it they get this process's own.
    """

    def __init__(
        self, processes: Sequence[Process], *, logs: Path | None = None, settings: dict[str, str] | None = None
    ) -> None:
        folder = logs or ROOT / ".local" / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        self.settings = dict(os.environ if settings is None else settings)
        self.settings = {**MEMORY, **self.settings}
        self.settings["PYTHONUNBUFFERED"] = "1"
        self.children = {each.name: Child(each, self.settings, folder / f"{each.name}.log") for each in processes}
        self.leash: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        leash = Path(__file__).with_name("leash.py")
        self.leash = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", str(leash)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
        for child in self.children.values():
            with contextlib.suppress(OSError):
                if child.log.stat().st_size > LOG_BYTES:
                    child.log.replace(child.log.with_suffix(".log.1"))
            self._start(child)

    def pid(self, name: str) -> int:
        """The process number of a member now; another one after a restart."""
        running = self.children[name].running
        if running is None:
            raise CrewError(f"{name} was never started.")
        return running.pid

    def tend(self) -> list[str]:
        """Start again what has died, and name it. Call this every second or so.

        A worker may end itself after a fault of the broker, so one end is no reason to give up; several within
        a minute are.
        """
        again = []
        for name, child in self.children.items():
            if child.alive:
                continue
            self._clear(child)
            if len(child.starts) >= FAILURES_IN_A_MINUTE:
                raise CrewError(f"{name} keeps ending ({child.last_words()}): see {child.log}.")
            if len(child.starts) > 1 and time.monotonic() < child.starts[-1] + len(child.starts):
                continue
            self._start(child)
            again.append(name)
        return again

    def wait_ready(
        self, timeout: float = READY_SECONDS, *, meanwhile: Callable[[list[str]], None] | None = None
    ) -> None:
        """Return when every member answers; `meanwhile` is called now and then with the names still awaited."""
        deadline = time.monotonic() + timeout
        while waiting := [name for name, child in self.children.items() if not child.ready]:
            if meanwhile is not None:
                meanwhile(waiting)
            self.tend()
            self._ask([self.children[name] for name in waiting])
            if all(self.children[name].ready for name in waiting):
                return
            if time.monotonic() > deadline:
                silent = self.children[waiting[0]]
                raise CrewError(f"{waiting[0]} does not answer ({silent.last_words()}): see {silent.log}.")
            time.sleep(0.1)

    def stop(self) -> None:
        """Take all of them down: politely first, for a few seconds. Not to be cut short by a second Ctrl-C."""
        in_main = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGINT, signal.SIG_IGN) if in_main else None
        try:
            for child in self.children.values():
                child.send(signal.SIGTERM)
                child.send(signal.SIGCONT)  # a stopped process would never hear it
            deadline = time.monotonic() + STOP_SECONDS
            while any(child.alive for child in self.children.values()) and time.monotonic() < deadline:
                time.sleep(0.02)
            for child in self.children.values():
                self._clear(child)
            if self.leash is not None and self.leash.stdin is not None:
                self.leash.stdin.close()
                self.leash.wait()
        finally:
            if in_main:
                signal.signal(signal.SIGINT, before)

    def _start(self, child: Child) -> None:
        child.start()
        self._note("+", child)

    def _clear(self, child: Child) -> None:
        child.clear()
        self._note("-", child)

    def _note(self, sign: str, child: Child) -> None:
        """Keep the leash informed; the crew works without one."""
        if self.leash is not None and self.leash.stdin is not None and child.running is not None:
            with contextlib.suppress(BrokenPipeError, ValueError):
                self.leash.stdin.write(f"{sign}{child.running.pid}\n".encode())
                self.leash.stdin.flush()

    def _ask(self, waiting: list[Child]) -> None:
        nodes = []
        for child in waiting:
            if not child.alive:
                continue
            if child.process.node:
                nodes.append(child.process.node)
            elif not child.process.url or _answers(child.process.url):
                child.ready = True
        if nodes:
            heard = _ping(nodes, self.settings)
            for child in waiting:
                child.ready = child.ready or child.process.node in heard


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=2)
    try:
        line.request("GET", parts.path)
        return line.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _ping(nodes: list[str], settings: dict[str, str]) -> set[str]:
    broker = settings.get("BROKER_URL") or settings["REDIS_URL"].replace("unix://", "redis+socket://")
    return ping(nodes, broker=broker, prefix=settings.get("BROKER_PREFIX", ""))


def ping(nodes: list[str], *, broker: str, prefix: str = "", timeout: float = 0.5) -> set[str]:
    """The workers among `nodes` that answer through this broker."""
    from celery import Celery
    from kombu.exceptions import KombuError
    from redis.exceptions import RedisError

    asking = Celery("asking", broker=broker, set_as_current=False)
    asking.conf.broker_transport_options = {"global_keyprefix": prefix}
    try:
        replies = asking.control.ping(destination=nodes, timeout=timeout) or []
    except (OSError, KombuError, RedisError):
        return set()
    finally:
        asking.close()
    return {name for reply in replies for name in reply}
