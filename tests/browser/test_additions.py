"""A page is added by its address, a file from the disk; the page tells how far they are without being loaded anew."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from claims.models import Addition, Lookup
from claims.operations import gathering
from tests import make
from tests.browser.conftest import Sit
from tests.browser.test_pictures import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
URL = "https://union.example/report"


def test_a_page_is_added_by_keyboard_and_its_passage_read_from_the_stored_copy(sit: Sit, transactional_db: Any) -> None:
    claim = make.claim_reviewed()
    desk = sit(make.researcher(claim.newsroom))
    page = desk.open(f"/admin/claims/claim/{claim.pk}/change/")
    page.keyboard.press("u")
    card = page.locator("#additions")
    card.get_by_label("Address").fill(URL)
    card.locator("form[data-deed=add_page]").get_by_label("Note").fill("Sent by a reader")
    desk.picture("additions-form.png")
    page.keyboard.press("Control+Enter")
    expect(card.get_by_text("being fetched")).to_be_visible()

    lookup = Lookup.objects.take(Addition.objects.get().lookup_id)
    assert lookup is not None
    text = "The union of foresters counted 900 new trees in Eulenburg in March 2024."
    gathering.record(lookup, [make.draft(url=URL, text=text, title="The union counts")])
    make.assess(claim)
    expect(card.locator(".d-a-hits")).to_contain_text("read", timeout=15_000)
    card.get_by_role("link", name="Load the page again").click()
    page.wait_for_load_state()
    expect(page.get_by_text(text).first).to_be_visible()
    desk.picture("additions-read.png", full_page=True)

    card.get_by_role("link", name="stored copy").click()
    place = page.locator("[data-document]")
    place.evaluate(
        """node => {
          const text = document.createTreeWalker(node, NodeFilter.SHOW_TEXT).nextNode();
          const range = document.createRange();
          range.setStart(text, 4); range.setEnd(text, 22);
          const chosen = window.getSelection(); chosen.removeAllRanges(); chosen.addRange(range);
          document.dispatchEvent(new Event("selectionchange"));
        }"""
    )
    form = page.locator("form[data-deed=quote]")
    expect(form.get_by_label("Passage")).to_have_value("union of foresters")
    form.get_by_role("button").click()
    expect(page.get_by_text("The passage is evidence now.")).to_be_visible()
    assert claim.evidence.filter(quote="union of foresters").exists()


def test_a_file_is_added_and_an_answer_given_on_a_german_phone(sit: Sit, transactional_db: Any) -> None:
    claim = make.claim_reviewed()
    desk = sit(make.researcher(claim.newsroom), locale="de-DE", **PHONE)
    page = desk.open(f"/admin/claims/claim/{claim.pk}/change/")
    card = page.locator("#additions")
    card.get_by_text("Eine Datei hinzufügen").press("Enter")
    file = {"name": "protokoll.txt", "mimeType": "text/plain", "buffer": "900 Bäume, so der Rat.".encode()}
    card.get_by_label("Datei").set_input_files(file)
    card.get_by_label("Warum diese Quelle geschützt ist").last.fill("Aus dem Rat")
    desk.picture("additions-file-phone.png", full_page=True)
    card.get_by_role("button", name="Lesen und vergleichen").press("Enter")
    expect(card.locator("strong")).to_contain_text("protokoll.txt")
    expect(card.locator(".d-note")).to_have_count(1)  # the hidden one: no note was written
    expect(card.get_by_text("wird gelesen")).to_be_visible()

    passage = page.locator(".d-passages > li[id^=evidence]").first
    passage.get_by_text("Einschätzen").press("Enter")
    judge = passage.locator("form[data-deed=judge]")
    judge.get_by_label("Haltung").select_option("agrees")
    judge.get_by_role("button").press("Enter")
    answer = page.locator("form[data-deed=answer]").first
    answer.get_by_label("Warum sie das Urteil nicht ändert").fill("Das Amt zählte Büsche mit.")
    desk.picture("answering-phone.png", full_page=True)
    answer.get_by_role("button").press("Enter")
    expect(page.get_by_text("Das Amt zählte Büsche mit.").first).to_be_visible()
    wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= there
