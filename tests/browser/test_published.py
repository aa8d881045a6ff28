"""What readers see, in a browser: the check in somebody else's page, at a desk and on a phone."""

from __future__ import annotations

import pytest

from claims.operations import publishing
from tests import make
from tests.browser.conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [600, 320])
def test_an_embedded_check_fits_its_frame(sit: Sit, width: int) -> None:
    publication = make.publication()
    desk = sit(viewport={"width": width, "height": 320})
    page = desk.open(f"{publication.get_absolute_url()}embed/")
    desk.picture(f"embed-{width}.png")
    wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= there
    assert page.evaluate("document.documentElement.scrollHeight") <= 320
    notice = "We had counted the trees of the union twice, and have put the number right. " * 4
    publishing.correct(publication, by=make.editor(publication.newsroom), kind="correction", notice=notice)
    page = desk.open(f"{publication.get_absolute_url()}embed/?anew")  # the frame is remembered for a minute
    desk.picture(f"embed-{width}-corrected.png")
    wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= there
