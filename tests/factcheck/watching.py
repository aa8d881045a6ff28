"""Watching real processes: start one that talks, wait for what it does, see that nothing of it stays."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0


def eventually(happens: Callable[[], object], *, within: float = PATIENCE) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + within
    pause = threading.Event()
    while not happens():
        if time.monotonic() > deadline:
            return False
        pause.wait(0.02)
    return True


def runs(pid: int) -> bool:
    """Whether there is such a process; one that ended and was not yet collected does not count."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(told.strip()) and not told.strip().startswith("Z")


def nothing_runs_with(word: str) -> bool:
    """Whether no process has this word in its command line."""
    told = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return not [line for line in told.splitlines() if word in line and line.split()[0] != str(os.getpid())]


class Talker:
    """A Python process that runs some code, prints lines, and goes on until its input ends."""

    def __init__(self, code: str, settings: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **settings},
        )

    def hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> int:
        """Let it end by itself."""
        self.process.communicate()
        return self.process.returncode

    def kill(self) -> None:
        """End it, unless it has ended."""
        self.process.kill()
        self.process.communicate()
