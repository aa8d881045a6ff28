"""Checks in other people's pages: the oEmbed answer, and the page their frame shows."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from claims.models import Claim, Publication, Rating
from claims.operations import publishing, rechecking
from tests import make

pytestmark = pytest.mark.django_db
HOME = "http://localhost:8000"
FRAMED = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"

ELSEWHERE = (
    "https://elsewhere.example/checks/{slug}/",
    "http://localhost:8000@elsewhere.example/checks/{slug}/",
    "http://localhost:8000.elsewhere.example/checks/{slug}/",
    "http://localhost/checks/{slug}/",
    "//localhost:8000/checks/{slug}/",
    "/checks/{slug}/",
    "javascript://localhost:8000/checks/{slug}/",
    "file:///checks/{slug}/",
    "http://localhost:8000/admin/",
    "http://localhost:8000/checks/",
    "http://localhost:8000/checks/{slug}/report/",
    "http://localhost:8000/checks/{slug}/../../admin/",
    "http://localhost:8000/checks/none-1-1/",
    "http://[",
    "http://localhost:99999999/checks/{slug}/",
    "http://localhost:8000/checks/%00/",
    "\x00",
    "x" * 5000,
)


def asked(url: str, **given: str) -> Any:
    return Client().get(f"/checks/oembed?{urlencode({'url': url, **given})}")


def framed(publication: Publication, **headers: str) -> Any:
    return Client().get(f"{publication.get_absolute_url()}embed/", headers=headers)


def replaced() -> tuple[Publication, Publication]:
    first = make.publication()
    rechecking.reopen(first.claim, by=make.editor(first.newsroom), reason="Counted anew.")
    second = make.walk_to_publication(Claim.objects.get(pk=first.claim_id))
    first.refresh_from_db()
    return first, second


def withdrawn() -> Publication:
    publication = make.publication()
    publishing.withdraw(publication.claim, by=make.editor(publication.newsroom), reason="The letter was forged.")
    publication.refresh_from_db()
    return publication


def test_a_check_names_where_programs_learn_to_embed_it() -> None:
    publication = make.publication()
    page = Client().get(publication.get_absolute_url()).content.decode()

    found = re.search(r'<link rel="alternate" type="application/json\+oembed"[^>]* href="([^"]+)"', page)

    assert found
    address = urlsplit(found[1].replace("&amp;", "&"))
    answer = Client().get(f"{address.path}?{address.query}")
    assert answer.status_code == 200
    assert answer.json()["html"].startswith(f'<iframe src="{HOME}{publication.get_absolute_url()}embed/"')


def test_an_answer_has_what_the_protocol_asks_of_a_rich_one() -> None:
    publication = make.publication()

    answer = asked(HOME + publication.get_absolute_url())

    told = answer.json()
    assert (told["version"], told["type"], told["provider_name"]) == ("1.0", "rich", publication.newsroom.name)
    assert told["title"] == f"False: {publication.content['headline']}"
    assert (told["width"], told["height"]) == (600, 320)
    assert answer["Access-Control-Allow-Origin"] == "*"
    narrow = asked(HOME + publication.get_absolute_url(), maxwidth="300", maxheight="9999").json()
    assert (narrow["width"], narrow["height"]) == (300, 320)
    assert 'width="300"' in narrow["html"]
    for odd in ("0", "-1", "1e3", "", "x", "٣", "9" * 40):
        assert asked(HOME + publication.get_absolute_url(), maxwidth=odd).json()["width"] == 600


def test_an_unchanged_answer_is_not_sent_again() -> None:
    publication = make.publication()
    address = f"/checks/oembed?{urlencode({'url': HOME + publication.get_absolute_url()})}"
    first = Client().get(address)

    again = Client().get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_the_address_may_be_written_as_people_do() -> None:
    publication = make.publication()
    path = publication.get_absolute_url()
    for url in (
        f"https://localhost:8000{path}",
        f"http://LOCALHOST:8000{path}",
        f"{HOME}{path.rstrip('/')}",
        f"{HOME}{path}?utm_source=x#top",
        f"{HOME}{path}embed/",
    ):
        assert asked(url).status_code == 200, url


def test_no_other_address_is_answered() -> None:
    slug = make.publication().slug
    for url in ELSEWHERE:
        assert asked(url.format(slug=slug)).status_code == 404, url


def test_questions_that_make_no_sense_are_refused() -> None:
    address = HOME + make.publication().get_absolute_url()

    assert Client().get("/checks/oembed").status_code == 400
    assert asked(address, format="xml").status_code == 501
    assert Client().post("/checks/oembed").status_code == 405


def test_what_nobody_vouches_for_any_more_is_not_embedded_anew() -> None:
    gone, (first, second) = withdrawn(), replaced()

    assert asked(HOME + gone.get_absolute_url()).status_code == 404
    assert asked(HOME + first.get_absolute_url()).status_code == 404
    assert asked(HOME + second.get_absolute_url()).status_code == 200


def test_any_page_may_frame_the_small_page_and_nothing_runs_in_it() -> None:
    publication = make.publication()

    shown = framed(publication)

    assert shown.status_code == 200
    policy = shown["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in shown
    assert "Set-Cookie" not in shown
    page = shown.content.decode()
    assert "<script" not in page
    assert "False" in page
    assert publication.content["headline"] in page
    # whole addresses only: a frame of a sandboxed page has no place of its own
    own = HOME + publication.get_absolute_url()
    assert set(re.findall(r' href="([^"]+)"', page)) == {own, "/static/public/public.css", "data:,"}
    assert set(re.findall(r'src="([^"]+)"', page)) == set()


def test_only_the_small_page_may_be_framed() -> None:
    publication = make.publication()
    for path in (publication.get_absolute_url(), "/checks/", f"{publication.get_absolute_url()}report/"):
        shown = Client().get(path)
        assert shown["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in shown["Content-Security-Policy"]


def test_an_unchanged_frame_stays_frameable_when_it_is_not_sent_again() -> None:
    publication = make.publication()
    first = framed(publication)

    again = framed(publication, **{"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert "X-Frame-Options" not in again
    assert "frame-ancestors *" in again["Content-Security-Policy"]
    assert "max-age=60" in again["Cache-Control"]


def test_the_newest_correction_and_a_running_re_review_show_in_the_frame() -> None:
    publication = make.publication()
    editor = make.editor(publication.newsroom)
    publishing.correct(publication, by=editor, kind="update", notice="First notice.")
    publishing.correct(publication, by=editor, kind="correction", notice="Second notice.")
    Publication.objects.filter(pk=publication.pk).update(state=Publication.State.UNDER_REVIEW)

    page = framed(publication).content.decode()

    assert "Second notice." in page
    assert "First notice." not in page
    assert "Under re-review" in page


def test_a_frame_of_a_withdrawn_check_says_so_and_gives_no_verdict() -> None:
    gone = withdrawn()

    shown = framed(gone)

    assert shown.status_code == 410
    assert "The letter was forged." in shown.content.decode()
    assert gone.content["headline"] not in shown.content.decode()
    assert "frame-ancestors *" in shown["Content-Security-Policy"]


def test_a_frame_of_an_earlier_version_leads_to_the_present_one() -> None:
    first, second = replaced()

    page = framed(first).content.decode()

    assert f'href="{HOME}{second.get_absolute_url()}"' in page
    assert first.content["headline"] not in page


def test_the_frame_and_its_title_speak_the_language_of_the_check() -> None:
    publication = make.publication()
    Publication.objects.filter(pk=publication.pk).update(content={**publication.content, "language": "de"})

    shown = framed(publication, **{"Accept-Language": "en"})

    assert b'<html lang="de">' in shown.content
    assert shown["Content-Language"] == "de"
    assert "Unser Urteil" in shown.content.decode()
    assert "Den ganzen Faktencheck lesen" in shown.content.decode()
    assert asked(HOME + publication.get_absolute_url()).json()["title"].startswith("Falsch: ")


def test_hostile_texts_are_shown_and_never_run() -> None:
    publication = make.publication()
    Rating.objects.filter(newsroom=publication.newsroom).update(labels={"en": FRAMED})
    rating = {**publication.content["rating"], "labels": {"en": FRAMED}, "colour": '"><x>'}
    content = {**publication.content, "headline": FRAMED, "rating": rating}
    Publication.objects.filter(pk=publication.pk).update(content=content)

    page = framed(publication).content.decode()
    html = asked(HOME + publication.get_absolute_url()).json()["html"]

    for text in (page, html):
        assert "<script" not in text
        assert "<img" not in text
    assert html.count("<") == 2
    assert re.fullmatch(r"<iframe( [a-z]+=\"[^\"<>]*\")+></iframe>", html)


def test_drafts_have_no_frame() -> None:
    claim = make.claim_decided()

    assert Client().get(f"/checks/{claim.pk}/embed/").status_code == 404
