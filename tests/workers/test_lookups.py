"""From a claim to what its sources are asked, and from pages that fail to an honest outcome."""

import pytest

from tests import make
from workers import lookups
from workers.sources.base import Finding, Findings, SourceUnavailable

pytestmark = pytest.mark.django_db


class Dead:
    slug, name, languages, polite = "dead", "Dead ends", (), False

    def available(self):
        return None

    def search(self, query):
        return Findings((Finding(url="http://127.0.0.1:9/gone"),))


def test_archives_are_asked_about_the_appearance_and_the_article():
    claim = make.article_read(url="https://paper.example/trees").claims.first()
    claim.appearance = "https://video.example/7"

    assert lookups.query_for(claim).urls == ("https://video.example/7", "https://paper.example/trees")


def test_a_source_whose_pages_cannot_be_read_now_is_not_an_empty_source(loopback_allowed):
    loopback_allowed.SOURCES = [f"{__name__}.Dead"]
    claim = make.claim_submitted(make.newsroom(sources=["dead"]))
    (lookup,) = make.gathering.open_lookups(claim, by=make.researcher(claim.newsroom))

    with pytest.raises(SourceUnavailable, match="Dead ends found pages, but none could be read now"):
        lookups.ask(lookup)
