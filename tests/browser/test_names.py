"""The desk's names and their import fit a desk and a phone, in German."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims.operations import aliasing
from claims.roles import Role
from tests import make
from tests.browser.conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1440, 390], ids=["desk", "phone"])
def test_names_and_their_import_fit_and_are_german(sit: Sit, width: int) -> None:
    room = make.newsroom()
    rows = [
        {
            "written": written,
            "canonical": "Wolodymyr Selenskyj",
            "kind": "person",
            "wikidata": "Q3874799",
            "language": "",
        }
        for written in ("Selenskyj", "Zelensky", "Зеленський")
    ]
    aliasing.take_in(rows, newsroom=room, by=None)
    desk = sit(make.member(room, Role.RESEARCHER, Role.ADMIN), viewport={"width": width, "height": 900}, locale="de-DE")
    for path, says in (("", "Selenskyj"), ("add/", "Schreibweise"), ("import/", "Namen einlesen")):
        page = desk.open(f"/admin/claims/alias/{path}")
        expect(page.get_by_text(says).first).to_be_visible()
        desk.picture(f"names-{path.strip('/') or 'list'}-{width}.png")
        wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= there, path
