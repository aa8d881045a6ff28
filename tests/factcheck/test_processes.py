"""The crew with small real processes: what it starts it also takes down, however it ends."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from factcheck import processes
from factcheck.processes import Crew, CrewError, Process
from tests.factcheck.watching import ROOT, Talker, eventually, nothing_runs_with, runs

SLEEPER = [sys.executable, "-c", "import signal; signal.pause()"]
SITE = """
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"ok")
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""
DEAF_FAMILY = """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork(): print("deaf", flush=True)
signal.pause()
"""
CREW_OF_ITS_OWN = f"""
import threading
from pathlib import Path
from factcheck import processes
sleeper = processes.Process("sleeper", {SLEEPER!r})
with processes.orderly_end(), processes.Crew([sleeper], logs=Path("LOGS")) as crew:
    print(crew.pid("sleeper"), flush=True)
    threading.Event().wait()
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
    return found


@pytest.fixture
def talkers() -> Iterator[list[Talker]]:
    started: list[Talker] = []
    yield started
    for talker in started:
        talker.kill()


def test_it_is_ready_when_every_member_answers_and_nothing_runs_afterwards(tmp_path: Path, port: int) -> None:
    site = Process("site", [sys.executable, "-c", SITE, str(port)], url=f"http://127.0.0.1:{port}/")
    awaited: list[list[str]] = []

    with Crew([site, Process("sleeper", SLEEPER)], logs=tmp_path) as crew:
        crew.wait_ready(meanwhile=awaited.append)
        pids = [crew.pid("site"), crew.pid("sleeper")]
        assert all(runs(pid) for pid in pids)

    assert awaited[0] == ["site", "sleeper"]
    assert not any(runs(pid) for pid in pids)


def test_a_member_that_died_is_started_again(tmp_path: Path) -> None:
    with Crew([Process("sleeper", SLEEPER)], logs=tmp_path) as crew:
        first = crew.pid("sleeper")
        os.kill(first, signal.SIGKILL)

        assert eventually(lambda: crew.tend() == ["sleeper"])
        assert crew.pid("sleeper") != first
        assert crew.tend() == []


def test_a_member_that_keeps_ending_is_named_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "FAILURES_IN_A_MINUTE", 2)
    broken = Process("broken", [sys.executable, "-c", "raise SystemExit('no such desk')"], url="http://127.0.0.1:1/")

    with Crew([broken], logs=tmp_path) as crew, pytest.raises(CrewError, match=r"broken keeps ending \(no such desk\)"):
        crew.wait_ready()


def test_a_member_that_never_answers_is_named(tmp_path: Path, port: int) -> None:
    silent = Process("silent", SLEEPER, url=f"http://127.0.0.1:{port}/")

    with Crew([silent], logs=tmp_path) as crew, pytest.raises(CrewError, match="silent does not answer"):
        crew.wait_ready(0.2)


def test_a_family_that_ignores_the_request_to_stop_is_killed_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.2)
    mark = f"deaf-{tmp_path.name}"
    with Crew([Process("deaf", [sys.executable, "-c", DEAF_FAMILY, mark])], logs=tmp_path):
        assert eventually(lambda: "deaf" in (tmp_path / "deaf.log").read_text())

    assert eventually(lambda: nothing_runs_with(mark))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_whatever_ends_the_process_of_the_crew_leaves_no_member_behind(
    tmp_path: Path, talkers: list[Talker], number: signal.Signals
) -> None:
    talker = Talker(CREW_OF_ITS_OWN.replace("LOGS", str(tmp_path)), {})
    talkers.append(talker)
    sleeper = int(talker.hear())
    assert runs(sleeper)

    talker.process.send_signal(number)
    talker.process.wait()

    assert eventually(lambda: not runs(sleeper))


def test_a_family_that_ignores_the_request_to_stop_does_not_outlive_a_killed_crew(
    tmp_path: Path, talkers: list[Talker]
) -> None:
    mark = f"deaf-{tmp_path.name}"
    family = [sys.executable, "-c", DEAF_FAMILY, mark]
    talker = Talker(CREW_OF_ITS_OWN.replace("LOGS", str(tmp_path)).replace(repr(SLEEPER), repr(family)), {})
    talkers.append(talker)
    talker.hear()
    assert eventually(lambda: "deaf" in (tmp_path / "sleeper.log").read_text())

    talker.process.kill()

    assert eventually(lambda: nothing_runs_with(mark))


def test_a_taken_port_is_told_with_what_to_do(port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        with pytest.raises(processes.PortTaken, match=f"Port {port} is used by another program: .* --port {port + 1}"):
            processes.check_port(port)

    processes.check_port(port)


def test_a_log_grown_large_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "sleeper.log").write_bytes(b"x" * (processes.LOG_BYTES + 1))

    with Crew([Process("sleeper", SLEEPER)], logs=tmp_path):
        assert (tmp_path / "sleeper.log").stat().st_size == 0

    assert (tmp_path / "sleeper.log.1").exists()


def test_the_standard_crew_serves_every_queue_that_tasks_are_sent_to() -> None:
    from django.conf import settings

    served = {
        queue
        for process in processes.standard()
        if "-Q" in process.command
        for queue in process.command[list(process.command).index("-Q") + 1].split(",")
    }

    assert served == {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {
        settings.CELERY_TASK_DEFAULT_QUEUE
    }
    assert (ROOT / "factcheck" / "wsgi.py").exists()
