"""The scheduler of beat, on the entries of the schedule: what was missed it sends once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
import time_machine
from celery import current_app

from factcheck.beat import Scheduler
from factcheck.celery import app

pytestmark = pytest.mark.django_db(transaction=True)  # the scheduler closes connections as it goes

BEGIN = dt.datetime(2031, 3, 3, 12, tzinfo=dt.UTC)
MONTHLY = "learn what the desks check"


class Beat(Scheduler):
    """Writes down what it would send."""

    producer = None

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        super().__init__(app=app)
        self._finalize.cancel()  # it would write down once more when this process ends

    def apply_async(self, entry: Any, *args: Any, **kwargs: Any) -> None:
        self.sent[entry.name] += entry.name in current_app.conf.beat_schedule

    def send_due(self) -> Counter[str]:
        """Send all that is due now, as the process does before it sleeps; what that was."""
        self.sent.clear()
        while self.tick() == 0:
            pass
        return +self.sent


def test_after_three_days_every_entry_is_sent_once_whatever_its_hour_and_then_goes_on_as_ever():
    names = set(current_app.conf.beat_schedule)
    with time_machine.travel(BEGIN, tick=False) as clock:
        first = Beat()
        first.send_due()
        clock.shift(dt.timedelta(hours=25))  # every entry but the monthly one has had its turn
        first.send_due()
        first.sync()  # and is killed: nothing more is written down

        clock.shift(dt.timedelta(days=3))
        again = Beat()
        assert again.send_due() == dict.fromkeys(names - {MONTHLY}, 1)
        assert again.send_due() == {}

        sent: Counter[str] = Counter()
        for _ in range(60):
            clock.shift(dt.timedelta(minutes=1))
            sent += again.send_due()
        assert sent["recheck cited passages"] == 60
        assert sent["ask sources again"] == 12
        assert sent["verify and anchor the ledger"] == 0
