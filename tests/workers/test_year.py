"""Two months of the clock on sites that change by script; the year itself is tests/load/year.py."""

from __future__ import annotations

from typing import Any

import pytest

from tests.load import year

pytestmark = pytest.mark.django_db(transaction=True)


def test_in_two_months_every_change_is_found_once_and_no_site_is_asked_too_often(
    monkeypatch: pytest.MonkeyPatch, settings: Any
):
    world = year.simulate(monkeypatch, settings, publications=15, passages=4, hosts=3, days=60, changing=0.5)
    year.holds(world.figures)
    assert world.figures.changes > 5
