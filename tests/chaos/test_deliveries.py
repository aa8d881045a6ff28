"""The short version of `long_deliveries.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.chaos.deliveries import deliver_all

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_receiver_that_fails_and_is_restarted_gets_every_event_in_order(settings: Any, tmp_path: Path):
    found = deliver_all(120, 12, restarts=1, allowed=settings, tmp_path=tmp_path)
    assert found["requests taken"] >= found["events"] >= 120
