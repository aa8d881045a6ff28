"""A reader reports an error: no account, no script, nothing about them in public."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from claims.models import Complaint, Newsroom
from claims.operations import complaining, publishing
from claims.public import complaints
from tests import make

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert('x')</script>\u202e It was 901."


@pytest.fixture(autouse=True)
def _counters():
    cache.clear()


def report(slug: str, **given: str) -> object:
    return Client().post(reverse("public:report", args=[slug]), {"text": "It was 901 trees.", **given})


def test_a_reader_reports_an_error_and_reads_how_it_stands():
    publication = make.publication()
    page = Client().get(publication.get_absolute_url()).content.decode()
    form = reverse("public:report", args=[publication.slug])
    assert form in page
    shown = Client().get(form)
    assert "<script" not in shown.content.decode()
    assert not shown.cookies

    sent = report(publication.slug, complainant="Petra", contact="p@x.example")
    made = Complaint.objects.get()
    assert (made.door, made.complainant, made.contact) == ("page", "Petra", "p@x.example")
    assert made.acknowledged_at is not None
    mine = Client().get(sent["Location"]).content.decode()
    assert "It was 901 trees." in mine
    assert "Petra" not in mine

    editor = make.editor(publication.newsroom)
    complaining.take(made, by=editor)
    complaining.answer(made, by=editor, outcome="rejected", answer="The union counted 900.")
    assert "The union counted 900." in Client().get(sent["Location"]).content.decode()
    everywhere = [publication.get_absolute_url(), "/checks/corrections/", "/checks/", "/checks/feed.json"]
    for address in everywhere:
        text = Client().get(address).content.decode()
        assert "901" not in text
        assert "Petra" not in text


def test_a_hostile_report_is_shown_as_text():
    sent = report(make.publication().slug, text=HOSTILE)
    page = Client().get(sent["Location"]).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_program_that_fills_in_everything_is_thanked_and_nothing_is_kept():
    sent = report(make.publication().slug, website="https://spam.example")
    assert sent.status_code == 200
    assert not Complaint.objects.exists()


def test_an_empty_report_is_refused_beside_its_field():
    sent = report(make.publication().slug, text=" ")
    assert sent.status_code == 400
    assert not Complaint.objects.exists()


def test_one_address_cannot_flood_the_desk():
    slug = make.publication().slug
    answers = [report(slug).status_code for _ in range(complaints.PER_ADDRESS + 1)]
    assert answers == [302] * complaints.PER_ADDRESS + [429]
    assert Complaint.objects.count() == complaints.PER_ADDRESS


def test_a_withdrawn_check_takes_no_reports_and_a_guessed_token_finds_nothing():
    publication = make.publication()
    publishing.withdraw(publication.claim, by=make.editor(publication.newsroom), reason="Wrong.")
    assert Client().get(reverse("public:report", args=[publication.slug])).status_code == 404
    assert Client().get("/complaints/guessed/").status_code == 404


def test_figures_are_told_only_where_the_newsroom_wants_it():
    publication = make.publication()
    report(publication.slug)
    pages = [publication.get_absolute_url(), f"/checks/corrections/?newsroom={publication.newsroom.slug}"]
    for page in pages:
        assert "reported 1 error" not in Client().get(page).content.decode()
    Newsroom.objects.update(complaints_public=True)
    for page in pages:
        assert "reported 1 error: 0 upheld, 0 rejected, 1 open" in Client().get(page).content.decode()


def test_a_correction_shows_before_and_after_on_its_page_and_in_the_feeds():
    publication = make.publication()
    before = publication.content["headline"]
    publishing.correct(
        publication,
        by=make.editor(publication.newsroom),
        kind="correction",
        notice="We had the wrong year.",
        field="headline",
        after="Fewer <b>trees</b> in 2025",
    )
    for address in ("/checks/corrections/", publication.get_absolute_url()):
        page = Client().get(address).content.decode()
        assert f"<del>{before}</del>" in page
        assert "<ins>Fewer &lt;b&gt;trees&lt;/b&gt; in 2025</ins>" in page
    [item] = Client().get("/checks/corrections.json").json()["items"]
    assert item["_correction"]["type"] == "correction"
    assert item["_correction"]["before"] == before
    assert "Before: " in item["content_text"]
    assert before in Client().get("/checks/corrections.atom").content.decode()
