"""After publication, on a phone: the register, the workbench's talk, one's own page."""

from __future__ import annotations

import pytest

from claims.operations import complaining, talking
from tests import make
from tests.browser.conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_pages_fit_a_phone(sit: Sit) -> None:
    publication = make.publication()
    claim, room = publication.claim, publication.newsroom
    editor, author = make.editor(room), make.researcher(room)
    made = complaining.receive(publication, by=None, text="It was 901 trees. " * 12, door="page", contact="p@x.example")
    talking.comment(claim, by=author, text=f"@{editor.username} please look at page 3.")
    talking.give(claim, by=author, text="Call the forestry union", to=editor)
    desk = sit(editor, viewport={"width": 390, "height": 900})
    for name, address in {
        "complaint": f"/admin/claims/complaint/{made.pk}/change/",
        "complaints": "/admin/claims/complaint/",
        "mine": "/admin/mine/",
        "talk": f"/admin/claims/claim/{claim.pk}/change/",
        "report": f"/checks/{publication.slug}/report/",
    }.items():
        page = desk.open(address)
        if name == "talk":
            page.locator("#talk").scroll_into_view_if_needed()
        desk.picture(f"after-{name}-390.png")
        wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= there, name
