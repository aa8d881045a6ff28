"""The long version, run by command: `python3 manage.py test tests/chaos/long_moves.py -s`.

`MOVES` is the number of steps (10,000) and `SEED` the seed of the die (5).
"""

from __future__ import annotations

import os
import time
from typing import Any

import pytest

from tests.chaos.random_moves import World

pytestmark = pytest.mark.django_db(transaction=True)

MOVES, SEED = int(os.environ.get("MOVES", "10000")), int(os.environ.get("SEED", "5"))


def test_ten_thousand_random_moves_leave_nothing_illegal(settings: Any, request: pytest.FixtureRequest) -> None:
    settings.API_REQUESTS_PER_KEY = settings.API_REQUESTS_PER_NEWSROOM = 10**9
    world, started = World(SEED, claims=60), time.monotonic()
    world.run(MOVES)
    shown = request.config.get_terminal_writer()
    shown.line(f"{MOVES} steps, seed {SEED}, {len(world.told)} claims, {time.monotonic() - started:.0f} s")
    for what, times in sorted(world.counts.items()):
        shown.line(f"  {what}: {times}")
