"""The keyboard only: from the queue to a review without touching the mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims.models import Review
from tests import make
from tests.browser.conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_reviewer_takes_judges_and_reviews_by_keyboard_only(sit: Sit):
    claim = make.claim_in_review()
    page = sit(make.reviewer(claim.newsroom)).open("/admin/claims/claim/?tab=free")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("take the next one")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".d-claim-text")).to_contain_text("1,250 trees")

    page.keyboard.press("t")
    expect(page.get_by_text("The claim is yours.")).to_be_visible()
    page.keyboard.press("e")
    page.keyboard.press("Tab")
    page.keyboard.type("Two counts stand against each other.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Judgement saved.")).to_be_visible()

    page.keyboard.press("1")
    page.keyboard.press("Tab")
    page.keyboard.type("The union counted 900.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Your review is in.")).to_be_visible()

    review = Review.objects.get()
    assert (review.rating.slug, review.reasons) == ("false", "The union counted 900.")
    assert claim.evidence.filter(note="Two counts stand against each other.").count() == 1


def test_single_keys_can_be_switched_off(sit: Sit):
    claim = make.claim_in_review()
    page = sit(make.reviewer(claim.newsroom)).open("/admin/claims/claim/?tab=free")
    page.keyboard.press("?")
    page.get_by_label("Switch single keys off in this browser").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
