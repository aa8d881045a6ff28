"""What is followed, and where a claim was said again, fit a desk and a phone, in German."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims.models import FollowedSource
from claims.operations import following
from claims.operations.following import Entry, Sight
from tests import make
from tests.browser.conftest import Sit
from tests.operations.test_occurring import SAID, followed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1440, 390], ids=["desk", "phone"])
def test_following_and_what_was_said_again_fit_and_are_german(sit: Sit, width: int) -> None:
    room = make.newsroom()
    person = make.researcher(room)
    desk = sit(person, viewport={"width": width, "height": 900}, locale="de-DE")
    expect(desk.open("/admin/following/").get_by_text("Noch wird keiner Quelle gefolgt")).to_be_visible()
    desk.picture(f"following-empty-{width}.png")

    claim = make.claim_submitted(room, text=SAID)
    followed(room, f"{SAID} The mayor said so on Monday.", url="https://bote.example/1")
    source = FollowedSource.objects.get(newsroom=room)
    held = FollowedSource.objects.take(source.pk)
    assert held is not None
    entries = [Entry(f"https://bote.example/news/{number}", f"News number {number}") for number in range(25)]
    following.record_visit(held, Sight(entries=entries))
    broken = following.follow(room, by=person, url="https://post.example/sitemap.xml", kind="sitemap", name="Post")
    held = FollowedSource.objects.take(broken.pk)
    assert held is not None
    following.record_visit(held, Sight(reason="The server answered with status 503."))

    for path, says in (
        ("/admin/following/", "1 fehlgeschlagener Besuch"),
        ("/admin/following/new/", "Adresse"),
        (f"/admin/following/{source.pk}/", "notiert, nicht gelesen"),
        (f"/admin/following/{broken.pk}/", "Der Server hat mit Status 503 geantwortet"),
        ("/admin/claims/claim/?tab=pick", "2 Mal eingegangen 0,15"),
        (f"/admin/claims/claim/{claim.pk}/change/", "2 Mal gesagt"),
    ):
        page = desk.open(path)
        expect(page.get_by_text(says).first).to_be_visible()
        for fold in page.locator("#occurrences details").all():
            fold.evaluate("one => one.open = true")
        desk.picture(f"following{path.replace('/', '-').replace('?', '-')}{width}.png", full_page=True)
        wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= there, path
