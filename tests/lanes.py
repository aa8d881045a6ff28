"""Tests in several processes at once: each gets a database of its own from pytest-django, and here a Redis database.

A plugin (`-p tests.lanes`), because it must speak before Django reads its settings.
"""

import os
import re
import signal

_NUMBER = re.compile(r"(?<=[?&]db=)\d+|(?<=virtual_host=)\d+|(?<=\d/)\d+$")


def lane() -> int:
    """The number of this process among those of pytest-xdist: 0 when there is one only."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def moved(address: str, lanes: int) -> str:
    """The address of Redis with its database moved on by so many."""
    return _NUMBER.sub(lambda number: str(int(number.group()) + lanes), address)


if "PYTEST_XDIST_WORKER" in os.environ:  # it ignores Ctrl-C, and so would every program a test starts
    signal.signal(signal.SIGINT, signal.default_int_handler)
if lane():
    for name in ("REDIS_URL", "BROKER_URL"):
        if os.environ.get(name):
            os.environ[name] = moved(os.environ[name], lane())
