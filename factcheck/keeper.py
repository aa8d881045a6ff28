"""The keeper: one small process that runs the local servers for as long as somebody uses them.

Every process that uses the servers holds a shared lock on one file. The keeper waits for the exclusive lock on
it: the kernel grants that when the last user is gone, however it went (end, Ctrl-C, closed terminal, SIGKILL).
Then the keeper stops the servers and ends. It restarts a server that dies meanwhile.

Run by `factcheck.local` as a script, standard library only, so that it starts at once and stays small.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

START_SECONDS = 30.0
STOP_SECONDS = 15.0
RESTARTS_PER_MINUTE = 6
PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """A server did not come up; the message ends with what it last logged."""


class Server:
    """One server program: how to start it, to tell that it answers, and to stop it."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.name: str = plan["name"]
        self.command: list[str] = plan["command"]
        self.uid: int | None = plan["uid"]
        self.gid: int | None = plan["gid"]
        self.data = Path(plan["data"])
        self.socket: str = plan["socket"]
        self.log = Path(plan["log"])
        self.stop_signal: int = plan["stop_signal"]
        self.process: subprocess.Popen[bytes] | None = None
        self.starts: list[float] = []

    def start(self) -> None:
        """Start and wait until it answers. A data folder still locked by a dying server is tried again."""
        deadline = time.monotonic() + START_SECONDS
        self.starts = [at for at in self.starts if at > time.monotonic() - 60] + [time.monotonic()]
        while True:
            self._clear_the_way()
            self._launch()
            while self.process is not None and self.process.poll() is None and time.monotonic() < deadline:
                if self.answers():
                    return
                time.sleep(0.01)
            last = self._last_words()
            busy = "pre-existing shared memory" in last or "postmaster.pid" in last
            if not busy or time.monotonic() > deadline:
                self.kill()
                raise CannotStart(f"{self.name} did not start: {last or 'it logged nothing'}")
            time.sleep(0.2)

    def answers(self) -> bool:
        if self.name == "postgres":
            with contextlib.suppress(OSError):
                lines = (self.data / "postmaster.pid").read_text().splitlines()
                return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"
            return False
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(self.socket)
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
        return False

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            self.process.send_signal(signal.SIGCONT)  # a stopped process would never hear it

    def wait_stopped(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _launch(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 the command is ours
                self.command,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                user=self.uid,
                group=self.gid,
                extra_groups=None if self.uid is None else [],
            )

    def _clear_the_way(self) -> None:
        """Stop a server that a killed keeper left on this data, and remove what would keep a new one from starting.

        PostgreSQL heeds its lock files for as long as their process number is in use, be it by a stranger or by
        a dead process that nobody collected (containers have no init). The keeper's own lock makes sure that no
        other keeper owns that server.
        """
        file = self.data / "postmaster.pid" if self.name == "postgres" else self.data / "valkey.pid"
        pid = 0
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int(file.read_text().split()[0])
        if pid > 0 and pid != self.pid and str(self.data) in command_of(pid):
            for number in (self.stop_signal, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
                for _ in range(500):
                    if str(self.data) not in command_of(pid):
                        break
                    time.sleep(0.01)
        for left in (file, Path(self.socket + ".lock"), Path(self.socket)):
            with contextlib.suppress(OSError):
                left.unlink()

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = [line.strip() for line in self.log.read_bytes()[-4000:].decode(errors="replace").splitlines()]
            told = [line for line in lines if "FATAL" in line or "PANIC" in line or "rror" in line or "#" in line]
            return (told or lines or [""])[-1][-300:]
        return ""


def command_of(pid: int) -> str:
    """The command line of a process, or nothing when there is no such process (a zombie has none either)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    shown = subprocess.run(  # noqa: S603
        ["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout


def die_with_parent(number: int) -> Any:
    """For `preexec_fn`: let the kernel send `number` to the child when this process dies (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died before the request was made
            os._exit(1)

    return before_exec


class Keeper:
    """Starts the servers, watches them, stops them when the last user is gone or when told to (SIGTERM)."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.servers = [Server(each) for each in plan["servers"]]
        self.users = os.open(plan["users"], os.O_RDWR | os.O_CLOEXEC)
        self.state = Path(plan["state"])
        self.wake, waker = os.pipe()
        os.set_blocking(waker, False)
        os.set_blocking(self.wake, False)
        self.waker = waker
        self.told_to_stop = False

    def run(self) -> None:
        self._listen()
        try:
            for server in self.servers:
                server.start()
            self._write_state()
            say({"ready": True})
            threading.Thread(target=self._wait_for_the_last_user, daemon=True).start()
            while not self.told_to_stop:
                select.select([self.wake], [], [])
                with contextlib.suppress(BlockingIOError):
                    os.read(self.wake, 4096)
                self._restart_the_dead()
        finally:
            self._stop()

    def _listen(self) -> None:
        """Signals end a select: a stop request, or a child's end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop_asked)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker, warn_on_full_buffer=False)

    def _stop_asked(self, *_: object) -> None:
        self.told_to_stop = True

    def _wait_for_the_last_user(self) -> None:
        fcntl.flock(self.users, fcntl.LOCK_EX)
        self.told_to_stop = True
        os.write(self.waker, b"x")

    def _restart_the_dead(self) -> None:
        for server in self.servers:
            if self.told_to_stop or server.process is None or server.process.poll() is None:
                continue
            if len(server.starts) > RESTARTS_PER_MINUTE:
                raise CannotStart(f"{server.name} died {len(server.starts)} times within a minute")
            server.start()
            self._write_state()

    def _stop(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        for server in self.servers:
            server.ask_to_stop()
        for server in self.servers:
            server.wait_stopped(deadline)
        with contextlib.suppress(OSError):
            self.state.unlink()

    def _write_state(self) -> None:
        new = self.state.with_suffix(".new")
        new.write_text(json.dumps({"keeper": os.getpid(), **{each.name: each.pid for each in self.servers}}))
        new.replace(self.state)


def say(message: dict[str, Any]) -> None:
    """Tell the starter how it went; it hears one line, after which nobody listens."""
    with contextlib.suppress(OSError):
        os.write(1, json.dumps(message).encode() + b"\n")
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)


def main() -> int:
    plan = json.loads(sys.argv[1])
    alive = os.open(plan["alive"], os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say({"error": "another keeper is at work"})
        return 1
    try:
        Keeper(plan).run()
    except (CannotStart, OSError) as exc:
        say({"error": str(exc)})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
