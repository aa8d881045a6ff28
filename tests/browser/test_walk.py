"""From intake to publication with four people, each at a browser of their own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims.models import Article, Claim, Publication
from claims.operations import intake
from claims.roles import Role
from tests import make
from tests.browser import world
from tests.browser.conftest import Sit

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_people_take_an_article_from_intake_to_publication(sit: Sit):
    room = world.newsroom()
    rita = sit(world.somebody(room, "Rita", "Sommer", Role.RESEARCHER))
    ralf = sit(world.somebody(room, "Ralf", "Brandt", Role.REVIEWER))
    eva = sit(world.somebody(room, "Eva", "Lindqvist", Role.EDITOR))
    dora = sit(world.somebody(room, "Dora", "Vogt", Role.DESK_LEAD))

    # Rita hands the article in; the machine reads it; she picks a claim.
    page = rita.open("/admin/claims/article/add/")
    page.get_by_label("Text", exact=False).first.fill((world.SAMPLES / "article.de.txt").read_text())
    page.get_by_label("Title").fill("Kims Soldaten zahlen in Kursk einen hohen Preis")
    page.get_by_label("Published on").fill("2024-12-24")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("The article is in.")).to_be_visible()
    held = Article.objects.take(Article.objects.get().pk)
    assert held is not None
    intake.record_claims(held, intake.read(held))
    page.reload()
    page.locator(".d-brief .d-row-text", has_text="Dezember 2023").first.click()
    page.get_by_role("button", name="Check this claim").click()
    expect(page.get_by_text("The sources are being asked.").first).to_be_visible()
    claim = world.gathered(Claim.objects.get(status="gathering"))

    # Ralf takes the next one, reads the table, reviews, proposes.
    page = ralf.open("/admin/claims/claim/")
    page.get_by_role("button", name="Take the next one").click()
    expect(page.locator(".d-claim-text")).to_contain_text("Dezember 2023")
    expect(page.locator(".d-facts")).to_contain_text("October 2024")
    expect(page.locator(".d-facts .d-line-mismatch")).to_have_count(1)
    page.locator(".d-scale label", has_text="False").first.click()
    page.get_by_label("Reasons").first.fill("Seoul's service dates the first deployment to October 2024.")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_text("Your review is in.")).to_be_visible()
    page.locator(".d-fold summary", has_text="Propose the verdict").click()
    page.get_by_label("Headline").fill("The first troops left in October 2024, not December 2023")
    page.get_by_label("Reasons").last.fill("Two independent origins name October 2024.")
    page.get_by_role("button", name="Propose the verdict").click()
    expect(page.get_by_text("The verdict waits for approval.")).to_be_visible()

    # Eva approves what she sees; Dora publishes.
    page = eva.open("/admin/claims/claim/")
    page.locator(".d-row-text").first.click()
    expect(page.get_by_text("Proposed verdict")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()
    page = dora.open("/admin/claims/claim/?tab=publish")
    page.locator(".d-row-text").first.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published.", exact=True)).to_be_visible()

    assert Publication.objects.live().get(claim=claim).published_by.username == "dora.vogt"


def test_two_reviewers_collide_and_neither_loses_words(sit: Sit):
    claim = make.claim_reviewed()
    address = f"/admin/claims/claim/{claim.pk}/change/"
    first, second = sit(make.member(claim.newsroom, Role.EDITOR)), sit(make.member(claim.newsroom, Role.EDITOR))
    for desk in (first, second):
        page = desk.open(address)
        page.locator(".d-fold summary", has_text="Propose the verdict").click()
        page.get_by_label("Headline").fill(f"Headline of {'the first' if desk is first else 'the second'}")
        page.locator("[data-deed=propose] textarea[name=reasons]").fill("Long and careful reasons.")
    first.page.get_by_role("button", name="Propose the verdict").click()
    expect(first.page.get_by_text("The verdict waits for approval.")).to_be_visible()

    second.page.get_by_role("button", name="Propose the verdict").click()
    refused = second.page.locator(".d-homeless")
    expect(refused).to_contain_text("moved this claim meanwhile")
    expect(refused).to_contain_text("Headline of the second")
    expect(refused).to_contain_text("Long and careful reasons.")
    second.complaints.clear()  # browsers note a 409 as an error
    assert claim.verdicts.get().headline == "Headline of the first"


def test_a_passage_is_quoted_by_selecting_it(sit: Sit):
    claim = make.claim_in_review(drafts=[make.draft(text="🌳 𝔘 " + make.SOURCE)])
    document = claim.evidence.all()[0].document
    desk = sit(make.researcher(claim.newsroom))
    page = desk.open(f"/admin/claims/document/{document.pk}/change/?claim={claim.pk}")
    page.evaluate(
        """() => {
            const text = document.querySelector("[data-document]");
            const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf("counted 900 trees");
                if (at >= 0) {
                    getSelection().setBaseAndExtent(node, at, node, at + "counted 900 trees".length);
                }
            }
        }"""
    )
    expect(page.get_by_label("Passage")).to_have_value("counted 900 trees")
    page.get_by_role("button", name="Use as evidence").click()
    expect(page.get_by_text("The passage is evidence now.")).to_be_visible()
    made = claim.evidence.get(added_by__isnull=False)
    assert document.text[made.start : made.end] == made.quote == "counted 900 trees"
