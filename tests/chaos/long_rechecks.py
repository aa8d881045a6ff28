"""The long version, run by command: `python3 manage.py test tests/chaos/long_rechecks.py -s`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from factcheck import processes
from tests.chaos.test_rechecks import Site, crew, hints, site, visits_survive

__all__ = ["crew", "hints", "site"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_five_hundred_visits_survive_restarts_of_everything(
    crew: processes.Crew, site: Site, restart_broker: Callable[[], None]
):
    visits_survive(crew, site, restart_broker, passages=500, crash=True)
