"""A connection is cut with the keyboard, in German, on a phone; the count follows and it can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from claims.models import OriginEdge
from tests import make
from tests.browser.conftest import Sit
from tests.browser.test_pictures import PHONE
from tests.operations.test_overriding import two_origins

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_connection_is_cut_and_taken_back_with_the_keyboard_on_a_german_phone(sit: Sit, transactional_db: Any):
    claim, _ = two_origins()
    desk = sit(make.researcher(claim.newsroom), locale="de-DE", **PHONE)
    page = desk.open(f"/admin/claims/claim/{claim.pk}/change/")
    card = page.locator("#origins")
    card.locator(".d-origins > li > details > summary").first.press("Enter")
    card.locator(".d-edge details summary").first.press("Enter")
    form = card.locator("form[data-deed=cut_edge]").first
    form.get_by_label("Warum das keine Verbindung ist").fill("Sie hat selbst gezählt.")
    desk.picture("origins-cutting-phone.png", full_page=True)
    form.get_by_role("button").press("Enter")
    expect(page.get_by_text("Sie hat selbst gezählt.").first).to_be_visible()
    wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= there
    desk.picture("origins-cut-phone.png", full_page=True)
    card.get_by_role("button", name="Zurücknehmen").press("Enter")
    expect(card.get_by_role("button", name="Zurücknehmen")).to_have_count(0)
    assert OriginEdge.objects.get().withdrawn_at is not None
