"""`python3 manage.py test`: every test, against real servers and a real browser.

Words after `test` go to pytest. The servers are the local ones (or those the environment names); the tests make
databases of their own on them.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from factcheck import chromium, local

ROOT = Path(__file__).resolve().parent.parent
TEST_REDIS_DB = 1
LANES = 4  # each has databases of its own, in PostgreSQL and in Redis (tests/lanes.py)
ALONE = {"-s", "--pdb", "-x", "--lf", "--sw"}  # asked for by somebody who looks at one test after the other


def run(arguments: list[str]) -> int:
    """Run pytest with these arguments and return its exit code."""
    if needs_browser(arguments):
        try:
            os.environ["FACTCHECK_CHROMIUM"] = chromium.ensure()
        except chromium.NoBrowser as exc:
            sys.stderr.write(f"{exc}\n")
            return 2
    settings = {**os.environ, **local.environment(redis_db=TEST_REDIS_DB), "ROLE": "command"}
    command = [sys.executable, "-m", "pytest", *lanes(arguments), *arguments]
    suite = subprocess.Popen(command, cwd=ROOT, env=settings)  # noqa: S603
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: suite.send_signal(number))
    while True:
        try:
            return suite.wait()
        except KeyboardInterrupt:  # pytest got it as well and tells what it did until then
            continue


def lanes(arguments: list[str]) -> list[str]:
    """The whole suite runs in as many processes as there are cores, up to `LANES`; part of it in one, as it is told."""
    cores = min(os.cpu_count() or 1, LANES)
    if cores == 1 or any(word in ALONE or word.startswith(("tests/", "-n", "--dist")) for word in arguments):
        return []
    return ["-n", str(cores), "--dist", "worksteal"]


def needs_browser(arguments: list[str]) -> bool:
    """False only when the arguments name test files or folders, none of which holds browser tests."""
    named = [ROOT / word.split("::")[0] for word in arguments if word == "tests" or word.startswith("tests/")]
    browser = ROOT / "tests" / "browser"
    return not named or any(path in (browser, *browser.parents) or browser in path.parents for path in named)
