"""10,000 events for a receiver that fails 30 % of the time and is killed ten times, by command:

python3 manage.py test tests/chaos/long_deliveries.py -s
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.deliveries import deliver_all

pytestmark = pytest.mark.django_db(transaction=True)

EVENTS = int(os.environ.get("EVENTS", "10000"))


def test_ten_thousand_events_arrive_in_order(settings: Any, tmp_path: Path, request: pytest.FixtureRequest):
    began = time.monotonic()
    found = deliver_all(EVENTS, 500, restarts=10, allowed=settings, tmp_path=tmp_path)
    shown = request.config.get_terminal_writer()
    shown.line(f"{found}, {time.monotonic() - began:.0f} s")
    assert found["events"] >= EVENTS
