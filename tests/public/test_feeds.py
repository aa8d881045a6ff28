"""Feeds and the sitemap, read by those who really read feeds."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from django.test import Client
from django.utils import translation

from claims.operations import publishing
from claims.public import feeds
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_a_check_is_in_every_feed(form: str) -> None:
    publication = make.publication()

    answer = Client().get(f"/checks/feed.{form}")

    if form == "json":
        [item] = answer.json()["items"]
        assert answer["Content-Type"] == "application/feed+json"
        assert (item["url"], item["tags"]) == (item["id"], ["False"])
        title, address = item["title"], item["url"]
    else:
        read = feedparser.parse(answer.content)
        assert not read.bozo
        title, address = read.entries[0].title, read.entries[0].link
    assert title == f"False: {publication.content['headline']}"
    assert address.endswith(publication.get_absolute_url())


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_corrections_and_withdrawals_have_a_feed_of_their_own(form: str) -> None:
    corrected, withdrawn = make.publication(), make.publication()
    for publication in (corrected, withdrawn):
        editor = make.editor(publication.newsroom)
        publishing.correct(publication, by=editor, kind="correction", notice="A number was wrong.")
    publishing.withdraw(withdrawn.claim, by=make.editor(withdrawn.newsroom), reason="The letter was forged.")

    answer = Client().get(f"/checks/corrections.{form}")

    if form == "json":
        told = [(item["title"], item["content_text"]) for item in answer.json()["items"]]
    else:
        read = feedparser.parse(answer.content)
        assert not read.bozo
        told = [(entry.title, entry.summary) for entry in read.entries]
        assert len({entry.id for entry in read.entries}) == 2
    assert told == [
        (f"Withdrawn: {withdrawn.content['claim']}", "The letter was forged."),
        (f"Correction: {corrected.content['headline']}", "A number was wrong."),
    ]
    narrowed = Client().get(f"/checks/corrections.json?newsroom={corrected.newsroom.slug}").json()
    assert len(narrowed["items"]) == 1


def test_the_sitemap_names_live_checks_only() -> None:
    live, withdrawn = make.publication(), make.publication()
    publishing.withdraw(withdrawn.claim, by=make.editor(withdrawn.newsroom), reason="Forged.")

    answer = Client().get("/sitemap.xml")

    found = [one.text or "" for one in ElementTree.fromstring(answer.content).iter() if one.tag.endswith("loc")]  # noqa: S314
    assert [address.endswith(live.get_absolute_url()) for address in found] == [True]


def test_a_sitemap_that_would_be_too_long_is_an_index_of_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "SITEMAP_MOST", 2)
    made = [make.publication() for _ in range(3)]

    def places(address: str) -> tuple[str, list[str]]:
        root = ElementTree.fromstring(Client().get(address).content)  # noqa: S314  our own
        found = [one.text or "" for one in root.iter() if one.tag.endswith("}loc")]
        return root.tag.rpartition("}")[2], [place.removeprefix("http://localhost:8000") for place in found]

    kind, parts = places("/sitemap.xml")
    assert (kind, parts) == ("sitemapindex", ["/sitemap.xml?part=1", "/sitemap.xml?part=2"])
    assert [places(part)[0] for part in parts] == ["urlset", "urlset"]
    assert {place for part in parts for place in places(part)[1]} == {one.get_absolute_url() for one in made}
    assert places("/sitemap.xml?part=99") == ("urlset", [])
    assert Client().get("/sitemap.xml?part=%00").status_code == 200


def test_every_word_of_the_public_pages_is_known_in_german() -> None:
    root = Path(__file__).resolve().parents[2] / "claims"
    words = set()
    for place in (root / "templates" / "public").glob("*.html"):
        words |= set(re.findall(r"""{% translate ["']([^"']+)["'] %}""", place.read_text()))
    for place in (root / "public").glob("*.py"):
        words |= set(re.findall(r'gettext\("([^"]+)"\)', place.read_text()))

    with translation.override("de"):
        missing = [word for word in words if translation.gettext(word) == word]

    assert len(words) > 20
    assert missing == []
