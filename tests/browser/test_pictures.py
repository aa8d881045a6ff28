"""The pages as pictures: filled, empty, refusing, in German, dark and on a phone. Nothing may overflow."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from claims.models import Claim, Newsroom, User
from claims.operations import deciding, publishing, reviewing
from claims.roles import Role
from tests import make
from tests.browser import world
from tests.browser.conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def desk(transactional_db: Any) -> dict[str, Any]:
    """A newsroom in the middle of its day."""
    room = world.newsroom()
    article = world.article(room)
    rita = User.objects.get(username="rita.sommer")
    ralf = world.somebody(room, "Ralf", "Brandt", Role.REVIEWER)
    ines = world.somebody(room, "Ines", "Oduya", Role.REVIEWER)
    eva = world.somebody(room, "Eva", "Lindqvist", Role.EDITOR)
    dora = world.somebody(room, "Dora", "Vogt", Role.DESK_LEAD)
    wrong_year = world.check(world.claim_about(article, "Dezember 2023"), by=rita)
    casualties = world.check(world.claim_about(article, "Rund 1.100"), by=rita)
    balloons = world.check(world.claim_about(article, "7.000"), by=rita)
    reviewing.assign(wrong_year, to=ralf, by=ralf)
    _decide(room, casualties, ralf, "mostly-true", "Die Zahl 1.100 stammt vom südkoreanischen Generalstab")
    verdict = _decide(room, balloons, ines, "true", "Mehr als 7.000 Müllballons seit Mai")
    deciding.approve(balloons, by=eva, content=verdict.content_hash)
    publishing.publish(balloons, by=dora)
    return {
        "room": room,
        "article": article,
        "wrong_year": wrong_year,
        "approve": casualties,
        "dora": dora,
        "ralf": ralf,
    }


def _decide(room: Newsroom, claim: Claim, reviewer: User, rating: str, headline: str) -> Any:
    words = "Gefallene und Verwundete zusammen, nach der Erklärung des Generalstabs vom 23. Dezember 2024."
    reviewing.submit(claim, by=reviewer, rating=make.rating(room, rating), reasons=words)
    return deciding.propose(claim, by=reviewer, rating=make.rating(room, rating), headline=headline, reasons=words)


def _fits(page: Page) -> None:
    wide, there = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= there, f"{page.url} is {wide} wide on a screen of {there}"


def _pages(desk: dict[str, Any]) -> dict[str, str]:
    article, claim = desk["article"], desk["wrong_year"]
    published = Claim.objects.get(status="published")
    return {
        "dashboard": "/admin/",
        "queue": "/admin/claims/claim/?tab=all&sort=score",
        "workbench": f"/admin/claims/claim/{claim.pk}/change/",
        "approval": f"/admin/claims/claim/{desk['approve'].pk}/change/",
        "published": f"/admin/claims/claim/{published.pk}/change/",
        "article": f"/admin/claims/article/{article.pk}/change/",
        "document": f"/admin/claims/document/{claim.evidence.all()[0].document_id}/change/",
        "publication": f"/admin/claims/publication/{published.publications.get().pk}/change/",
        "hand_in": "/admin/claims/article/add/",
        "articles": "/admin/claims/article/",
        "ratings": "/admin/claims/rating/",
        "ledger": "/admin/claims/ledgerentry/",
        "stuck": "/admin/stuck/",
    }


def test_every_page_fits_a_laptop_a_phone_german_words_and_the_dark(sit: Sit, desk: dict[str, Any]):
    pages = _pages(desk)
    laptop, phone = sit(desk["dora"]), sit(desk["dora"], **PHONE)
    german, dark = sit(desk["dora"], locale="de-DE"), sit(desk["dora"], color_scheme="dark")
    for name, path in pages.items():
        _fits(laptop.open(path))
        _fits(phone.open(path))
        phone.picture(f"phone-{name}.png", full_page=True)
        if name in ("dashboard", "queue"):
            laptop.picture(f"{name}.png", documented=True)
        if name in ("dashboard", "queue", "workbench", "approval", "published"):
            _fits(german.open(path))
            german.picture(f"de-{name}.png", full_page=True)
        if name in ("queue", "workbench"):
            _fits(dark.open(path))
            dark.picture(f"dark-{name}.png")
    expect(german.open(pages["queue"]).get_by_role("heading", name="Warteschlange")).to_be_visible()

    reviewer = sit(desk["ralf"])
    expect(reviewer.open(pages["workbench"]).locator(".d-facts")).to_contain_text("October 2024")
    reviewer.picture("workbench.png", documented=True)

    page = sit(desk["ralf"], **PHONE).open(pages["workbench"])
    page.get_by_role("link", name="Decision").tap()
    page.locator(".d-scale label", has_text="False").first.tap()
    page.get_by_label("Reasons").first.fill("October 2024.")
    page.get_by_role("button", name="Submit review").tap()
    expect(page.get_by_text("Your review is in.")).to_be_visible()
