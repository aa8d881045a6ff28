"""A kept page in the desk's frame, and the public copy beside its passage: harmless and reachable, on a phone too."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from claims.models import ArchiveJob
from claims.operations import preserving
from tests import make
from tests.browser.conftest import Sit
from tests.operations.test_proving import document_kept

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
EVIL = (
    b'<html><head><meta http-equiv="refresh" content="0;url=https://evil.example/"></head><body><h1>Trees</h1>'
    b"<script>parent.document.title = 'taken over'</script><p>Seen as it was.</p>"
    b'<img src="https://evil.example/x.png"></body></html>'
)


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_a_kept_page_is_seen_and_asks_nobody_outside(sit: Sit, transactional_db: Any, screen: dict[str, Any]):
    document, claim = document_kept(EVIL), make.claim_published()
    job = ArchiveJob.objects.take(ArchiveJob.objects.filter(newsroom=claim.newsroom).order_by("pk")[0].pk)
    assert job is not None
    preserving.put_off(job, reason="The Wayback Machine asks for a pause (status 429).", seconds=600)
    desk = sit(make.reviewer(claim.newsroom), **screen)

    page = desk.open(f"/admin/claims/document/{document.pk}/change/")
    page.locator("details.d-replay summary").click()
    expect(page.frame_locator("iframe.d-replayed").get_by_text("Seen as it was.")).to_be_visible()
    desk.picture(f"replay-{len(screen)}.png")
    assert "taken over" not in page.title()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # The browser says what it refused; anything else is a fault of ours.
    refused = ("evil.example", "sandboxed", "Content Security Policy")
    assert any("script" in complaint for complaint in desk.complaints)
    desk.complaints = [one for one in desk.complaints if not any(word in one for word in refused)]

    page = desk.open(f"/admin/claims/claim/{claim.pk}/change/")
    page.locator("details.d-copy-deeds summary").first.click()
    expect(page.get_by_text("The Wayback Machine asks for a pause (status 429).").first).to_be_visible()
    expect(page.get_by_role("button", name="Save a public copy").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.picture(f"copy-{len(screen)}.png")
