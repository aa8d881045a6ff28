"""The short version of `long_moves.py`: people do anything to anything, and what must hold holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chaos.random_moves import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_hundred_random_moves_leave_nothing_illegal(settings: Any):
    settings.API_REQUESTS_PER_KEY = settings.API_REQUESTS_PER_NEWSROOM = 10**9
    world = World(5, claims=3)
    world.run(110)
    for what in ("approve done", "approve 409", "publish done", "→ reopen", "→ withdraw", "sql refused"):
        assert world.counts.get(what), f"this seed does not meet: {what}"
