"""The panel of earlier checks comes after the workbench and fits a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims import earlier
from claims.operations import remembering
from claims.operations.remembering import CheckDraft
from claims.roles import Role
from tests import make
from tests.browser.conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)
TREES = "Eulenburg planted 1,250 trees in March 2024."


@pytest.mark.parametrize("width", [1440, 390], ids=["desk", "phone"])
def test_the_panel_is_filled_after_the_page_and_fits(sit: Sit, width: int) -> None:
    earlier.forget_statistics()
    claim = make.claim_in_review(text=TREES)
    texts = (TREES, "Eulenburg planted 3,000 trees in March 2024.")
    remembering.remember(
        [
            CheckDraft(
                identifier=text,
                claim_text=text,
                language="en",
                publisher="Checkers",
                rating="Wrong",
                url="https://c.example/",
            )
            for text in texts
        ],
        newsroom=None,
    )
    desk = sit(make.member(claim.newsroom, Role.RESEARCHER), viewport={"width": width, "height": 900})
    page = desk.open(f"/admin/claims/claim/{claim.pk}/change/")
    panel = page.locator("#earlier")
    expect(panel.get_by_text("same claim")).to_be_visible()
    expect(panel.get_by_text("another number: 1,250 against 3,000")).to_be_visible()
    panel.scroll_into_view_if_needed()
    desk.picture(f"earlier-{width}.png")
    wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= there
