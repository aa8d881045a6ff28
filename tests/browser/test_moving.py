"""Import and export fit a desk and a phone, in German: upload, look, hand in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims.models import Claim
from claims.roles import Role
from tests import make
from tests.browser.conftest import Desk, Sit

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = (
    "Nr;Behauptung;Sprecher;Datum\n"
    "1;Der Rathausturm von Eulenburg ist 90 Meter hoch und damit der höchste des Landes.;Ada Lindgren;31.12.2023\n"
    "2;Die neue Brücke hat 12 Millionen Euro gekostet.;;32.12.2023\n"
)


def fits(desk: Desk) -> None:
    wide, there = desk.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= there, desk.page.url


@pytest.mark.parametrize("width", [1440, 390], ids=["desk", "phone"])
def test_a_sheet_is_looked_at_and_handed_in(sit: Sit, width: int) -> None:
    room = make.newsroom()
    desk = sit(make.member(room, Role.RESEARCHER, Role.ADMIN), viewport={"width": width, "height": 900}, locale="de-DE")
    page = desk.open("/admin/moving/")
    expect(page.get_by_role("button", name="Alles ausgeben")).to_be_visible()
    desk.picture(f"moving-{width}.png", full_page=True)
    fits(desk)

    page.get_by_role("link", name="Behauptungen einlesen").click()
    page.set_input_files("input[type=file]", {"name": "b.csv", "mimeType": "text/csv", "buffer": SHEET.encode()})
    page.get_by_role("button", name="Zeilen ansehen").click()
    expect(page.get_by_text("kein Tag im Kalender")).to_be_visible()
    desk.picture(f"moving-claims-{width}.png", full_page=True)
    fits(desk)
    page.get_by_role("button", name="1 Behauptung einreichen").click()

    expect(page.get_by_text("1 Behauptung wurde eingereicht.")).to_be_visible()
    desk.picture(f"moving-done-{width}.png", full_page=True)
    fits(desk)
    assert Claim.objects.get(newsroom=room).claimant == "Ada Lindgren"
