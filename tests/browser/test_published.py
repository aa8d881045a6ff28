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


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pool_and_a_co_signed_check_fit_desk_and_phone(sit: Sit, width: int) -> None:
    publication = make.publication(make.newsroom(shares_published=True, shares_open_claims=True))
    make.claim_gathering(publication.newsroom)
    room = make.newsroom()
    editor = make.editor(room)
    desk = sit(editor, viewport={"width": width, "height": 900})
    page = desk.open("/admin/pool/")
    page.locator("summary", has_text="Co-sign").click()
    desk.picture(f"pool-{width}.png", full_page=True)
    page.locator("select[name=rating]").select_option(label="Partly right")
    page.locator("textarea[name=note]").fill("We called the union too, and count as they do.")
    page.get_by_role("button", name="Co-sign").click()
    page.locator("summary", has_text="Take our name back").click()
    desk.picture(f"pool-signed-{width}.png", full_page=True)
    addresses = ("/admin/pool/?view=claims", publication.get_absolute_url())
    for name, address in zip(("pool-claims", "check-signed"), addresses, strict=True):
        page = desk.open(address)
        desk.picture(f"{name}-{width}.png", full_page=True)
        wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= there, name
    assert room.name in page.content()


def test_a_finding_about_a_picture_is_given_where_the_verdict_is_proposed(sit: Sit) -> None:
    claim = make.claim_reviewed()
    desk = sit(make.reviewer(claim.newsroom), viewport={"width": 390, "height": 900})
    page = desk.open(f"/admin/claims/claim/{claim.pk}/change/")
    form = page.locator("form[data-deed=propose]")
    page.locator("summary", has_text="Propose").first.click()
    form.locator("summary", has_text="A picture or a recording?").click()
    form.locator("select[name=medium]").select_option("image")
    form.locator("select[name=authenticity]").select_option("TransformedContent")
    form.scroll_into_view_if_needed()
    desk.picture("media-390.png", full_page=True)
    form.locator("label", has_text="False").first.click()
    form.locator("input[name=headline]").fill("A made-up picture")
    form.locator("textarea[name=reasons]").fill("It was generated.")
    form.get_by_role("button").last.click()
    page.wait_for_load_state()
    assert "Picture: altered or generated" in page.inner_text("#decision")
