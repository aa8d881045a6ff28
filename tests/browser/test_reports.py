"""The overview, the balance and the audit pack in a real browser, at a desk and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from claims.roles import Role
from tests import make
from tests.browser import world
from tests.browser.conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_reports_fit_the_screen_and_the_chart_is_drawn(sit: Sit, screen: dict[str, Any]) -> None:
    room = world.newsroom()
    make.claim_published(room, claimant="Ada Lindgren")
    make.claim_submitted(room)
    desk = sit(world.somebody(room, "Dora", "Vogt", Role.DESK_LEAD), **screen)

    for name, address in (("overview", ""), ("balance", "balance/"), ("audit", "audit-pack/")):
        desk.open(f"/admin/{address}")
        wide, there = desk.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        desk.picture(f"{name}-{'phone' if screen else 'desk'}.png", full_page=True)
        assert wide <= there, f"{name} is {wide} wide on a screen of {there}"
        if name == "overview":
            expect(desk.page.locator("canvas.chart")).to_be_visible()
            pixels = "document.querySelector('canvas.chart').getContext('2d').getImageData(0, 0, 900, 180)"
            assert desk.page.evaluate(f"{pixels}.data.some(Boolean)"), "the chart is empty"
