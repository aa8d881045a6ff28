"""A clock that both Python and PostgreSQL go by, so that a year passes in a test.

The code under test reads two clocks, each where it belongs: leases and due times go by the database's
(`Now()`, which is `statement_timestamp()`), the rest by Python's. Neither is asked to look elsewhere: Python's is moved
by time-machine, and the database finds a function of that name in a schema that this connection searches first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import time_machine
from django.db import connection

FUNCTIONS = ("statement_timestamp", "transaction_timestamp", "clock_timestamp", "now")


class Clock:
    """The moment it is, for both. It stands still until it is moved."""

    def __init__(self, traveller: time_machine.Traveller, moment: dt.datetime) -> None:
        self._traveller = traveller
        self.now = moment
        self.move_to(moment)

    def move_to(self, moment: dt.datetime) -> None:
        self.now = moment
        self._traveller.move_to(moment)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('simulated.now', %s, false)", [moment.isoformat()])

    def pass_by(self, **time: float) -> None:
        self.move_to(self.now + dt.timedelta(**time))


@contextmanager
def starting_at(moment: dt.datetime) -> Iterator[Clock]:
    """Within this block time passes only when it is told to, for this process and this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        (searched,) = cursor.fetchone()
        cursor.execute("CREATE SCHEMA IF NOT EXISTS simulated")
        for name in FUNCTIONS:
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION simulated.{name}() RETURNS timestamptz LANGUAGE sql STABLE"
                " AS $$ SELECT pg_catalog.current_setting('simulated.now')::timestamptz $$"
            )
        cursor.execute("SET search_path TO simulated, public, pg_catalog")
    try:
        with time_machine.travel(moment, tick=False) as traveller:
            yield Clock(traveller, moment)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('search_path', %s, false)", [searched])
