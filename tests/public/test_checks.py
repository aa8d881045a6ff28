"""What readers see of a check."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client

from claims.models import Claim, Publication, Rating
from claims.operations import deciding, publishing, rechecking, researching, reviewing
from claims.public.checks import check, mark, web_address
from tests import make

pytestmark = pytest.mark.django_db

NAUGHTY = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}${7*7}&amp; \u2028 \u202e"


def page(publication: Publication, suffix: str = "") -> Any:
    return Client().get(publication.get_absolute_url() + suffix)


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S))


def test_a_check_shows_verdict_reasons_and_every_source_with_its_quote() -> None:
    publication = make.publication()

    shown = page(publication)

    assert shown.status_code == 200
    for text in (
        "False",
        publication.content["headline"],
        publication.content["reasons"],
        publication.content["claim"],
    ):
        assert text in words(shown)
    for one in publication.content["evidence"]:
        assert one["quote"][:40] in words(shown)
        assert f'href="{one["url"]}"'.encode() in shown.content
    assert b'<path d="M7.8 7.8' in shown.content  # the shape says it without colour


def test_what_speaks_for_or_against_stands_open_and_what_is_beside_it_is_folded() -> None:
    publication = make.publication()
    said = {**publication.content["evidence"][0], "answered": ""}
    evidence = [{**said, "stance": ""}, {**said, "stance": "disagrees"}, {**said, "stance": ""}]
    shown = check(Publication(content={**publication.content, "evidence": evidence}))
    assert [one.stance for one in shown.spoke] == ["disagrees"]
    assert len(shown.beside) == 2
    silent = check(
        Publication(content={**publication.content, "evidence": evidence[:1]}, newsroom=publication.newsroom)
    )
    assert (len(silent.spoke), silent.beside) == (1, [])


def test_a_claim_that_is_a_quotation_gets_no_second_quotation_marks() -> None:
    publication = make.publication()
    quoted = check(Publication(content={**publication.content, "claim": "„Wir zählten 900“, sagte sie."}))
    assert quoted.speaks_in_quotes
    assert not check(Publication(content={**publication.content, "claim": "The city planted trees."})).speaks_in_quotes


def test_a_check_needs_no_script_and_nothing_from_elsewhere() -> None:
    shown = page(make.publication())

    assert re.findall(rb"<script[^>]*>", shown.content) == [b'<script type="application/ld+json">']
    assert b"style=" not in shown.content
    assert b"onclick" not in shown.content
    assert "default-src 'self'" in shown["Content-Security-Policy"]
    assert "unsafe" not in shown["Content-Security-Policy"]
    assert "Set-Cookie" not in shown


def test_unchanged_pages_are_not_sent_again() -> None:
    publication = make.publication()
    for path in ("/checks/", "/checks/feed.atom", publication.get_absolute_url()):
        first = Client().get(path)

        again = Client().get(path, headers={"If-None-Match": first["ETag"]})

        assert (again.status_code, again.content) == (304, b"")
    publishing.correct(publication, by=make.editor(publication.newsroom), kind="update", notice="One more source.")
    assert page(publication).status_code == 200


def test_corrections_stand_on_top_with_what_was_said_before() -> None:
    publication = make.publication()
    before = publication.content["reasons"]
    publishing.correct(
        publication,
        by=make.editor(publication.newsroom),
        kind="correction",
        notice="We had the number of the union wrong.",
        field="reasons",
        after="The forestry union counted 905 trees.",
    )

    text = words(page(publication))

    assert text.index("We had the number") < text.index("Our verdict")
    assert before in text
    assert "905 trees" in text


def test_a_withdrawn_check_says_why_and_vouches_for_nothing() -> None:
    publication = make.publication()
    publishing.withdraw(publication.claim, by=make.editor(publication.newsroom), reason="The letter was forged.")

    shown = page(publication)

    assert shown.status_code == 410
    assert "The letter was forged." in words(shown)
    assert publication.content["reasons"] not in words(shown)
    assert b"ld+json" not in shown.content
    assert page(publication, "claimreview.json").status_code == 410
    assert publication.content["headline"] not in words(Client().get("/checks/"))


def test_a_replaced_check_stays_readable_and_leads_to_the_present_one() -> None:
    first = make.publication()
    claim = first.claim
    editor = make.editor(claim.newsroom)
    rechecking.reopen(claim, by=editor, reason="A new source.")
    claim = Claim.objects.get(pk=claim.pk)
    make.gathered_again(claim)
    reviewing.submit(claim, by=make.reviewer(claim.newsroom), rating=make.rating(claim.newsroom, "mixed"), reasons="R")
    verdict = deciding.propose(
        claim,
        by=make.reviewer(claim.newsroom),
        rating=make.rating(claim.newsroom, "mixed"),
        headline="Somewhat fewer trees",
        reasons="A recount.",
    )
    deciding.approve(claim, by=editor, content=verdict.content_hash)
    second = publishing.publish(claim, by=editor)

    earlier, present = page(first), page(second)

    assert (earlier.status_code, present.status_code) == (200, 200)
    assert second.get_absolute_url() in earlier.content.decode()
    assert b"ld+json" not in earlier.content
    assert first.get_absolute_url() in present.content.decode()
    assert page(first, "claimreview.json").json()["successor"].endswith(second.get_absolute_url())


def test_a_protected_source_is_counted_and_not_shown() -> None:
    claim = make.claim_in_review()
    hidden = claim.evidence.first()
    assert hidden is not None
    researching.protect(hidden, by=make.researcher(claim.newsroom), reason="A whistle-blower.")
    publication = _published_from_review(claim)

    shown = page(publication)

    assert hidden.quote not in words(shown)
    assert "protected and known to the desk" in words(shown)
    assert b"whistle" not in shown.content


def _published_from_review(claim: Claim, **texts: str) -> Publication:
    room = claim.newsroom
    given = {"headline": "Fewer trees", "reasons": "They counted.", "language": "en", **texts}
    reviewing.submit(claim, by=make.reviewer(room), rating=make.rating(room), reasons="R")
    verdict = deciding.propose(claim, by=make.reviewer(room), rating=make.rating(room), **given)
    deciding.approve(claim, by=make.editor(room), content=verdict.content_hash)
    return publishing.publish(claim, by=make.editor(room))


def test_a_german_check_speaks_german_whatever_the_reader_s_browser_prefers() -> None:
    publication = _published_from_review(make.claim_in_review(), language="de", headline="Weniger Bäume")

    shown = Client().get(publication.get_absolute_url(), headers={"Accept-Language": "en"})

    assert b'<html lang="de">' in shown.content
    assert shown["Content-Language"] == "de"
    for text in ("Unser Urteil Falsch", "Quellen", "Die Gründe", "Verlauf", "Veröffentlicht"):
        assert text in words(shown)


def test_texts_from_anywhere_are_shown_and_never_run() -> None:
    claim = make.claim_in_review(text=f"Trees {NAUGHTY} 1,250.", claimant="<b>Ada</b>")
    rating = make.rating(claim.newsroom)
    Rating.objects.filter(pk=rating.pk).update(labels={"en": NAUGHTY}, colour='"><x>')
    publication = _published_from_review(claim, headline=NAUGHTY, reasons=NAUGHTY)
    publishing.correct(publication, by=make.editor(claim.newsroom), kind="update", notice=NAUGHTY)

    for path in (publication.get_absolute_url(), "/checks/"):
        shown = Client().get(path)
        assert b"<script>" not in shown.content
        assert b"<img" not in shown.content
        assert b"<x>" not in shown.content
        assert b"<b>Ada" not in shown.content
    embedded = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', page(publication).content.decode(), re.S
    )
    assert embedded
    assert json.loads(embedded[1]) == page(publication, "claimreview.json").json()
    assert json.loads(embedded[1])["claimReviewed"] == claim.text


def test_the_list_is_narrowed_by_newsroom_and_language() -> None:
    one, other = make.publication(), make.publication()

    found = words(Client().get(f"/checks/?newsroom={one.newsroom.slug}"))

    assert one.content["claim"] in found
    assert other.content["claim"] not in found
    assert one.content["claim"] not in words(Client().get("/checks/?language=de"))
    for odd in ("?newsroom=%00", "?page=-1", "?page=x", "?language=%00&page=99999"):
        assert Client().get(f"/checks/{odd}").status_code == 200


def test_drafts_are_not_public() -> None:
    claim = make.claim_decided()

    assert claim.text not in words(Client().get("/checks/"))
    assert Client().get(f"/checks/{claim.pk}/").status_code == 404


def test_a_check_is_claim_review_by_the_published_schema(shared: Path) -> None:
    schema = json.loads((shared / "samples" / "claimreview" / "claim-review-schema.json").read_text())
    del schema["definitions"]["claimReview"]["$id"]  # it would move the root its own references start from
    publication = make.publication(claimant="Ada Lindgren", appearance="https://town.example/speech")

    found = page(publication, "claimreview.json")

    assert found["Content-Type"] == "application/ld+json"
    jsonschema.validate(found.json(), schema)


def test_a_claim_review_keeps_to_what_search_engines_ask_for() -> None:
    publication = make.publication(claimant="Ada Lindgren")
    found = page(publication, "claimreview.json").json()

    assert found["url"].endswith(publication.get_absolute_url())
    rating = found["reviewRating"]
    assert rating["alternateName"] == "False"
    assert int(rating["worstRating"]) == 1 <= int(rating["ratingValue"]) < int(rating["bestRating"])
    assert found["itemReviewed"]["author"] == {"@type": "Person", "name": "Ada Lindgren"}
    assert found["itemReviewed"]["datePublished"] == "2024-04-02"
    assert found["author"]["name"] == publication.newsroom.name


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_feeds_are_well_formed_whatever_the_texts(form: str) -> None:
    from xml.etree import ElementTree

    publication = _published_from_review(make.claim_in_review(), headline="Trees \x0b & <b>birds</b>", reasons=NAUGHTY)

    feed = Client().get(f"/checks/feed.{form}")

    text = ElementTree.tostring(ElementTree.fromstring(feed.content), encoding="unicode")  # noqa: S314  our own
    assert publication.get_absolute_url() in text
    assert "False: Trees" in text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///archive/1.html", "data:text/html,x", "", "http://[", "//x"]
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_address(url) == ""


def test_a_rating_without_a_label_in_the_language_still_has_a_word() -> None:
    rating = {"labels": {"fr": "Faux"}, "colour": "red", "shape": "star", "slug": "false"}

    assert mark(rating, "de").label == "Faux"
    assert (mark(rating, "de").colour, mark(rating, "de").shape) == ("#666666", "circle")
    assert mark({**rating, "labels": {}}, "de").label == "false"
