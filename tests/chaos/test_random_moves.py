"""The short version of `long_moves.py`: people do anything to anything, and what must hold holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chaos.random_moves import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_three_hundred_random_moves_leave_nothing_illegal(settings: Any):
    settings.API_REQUESTS_PER_KEY = settings.API_REQUESTS_PER_NEWSROOM = 10**9
    World(5, claims=6).run(300)
