"""What was found about a claim, one by one: lookups, documents, passages; and the sources that were asked."""

from __future__ import annotations

import pytest

from tests import make
from tests.api.client import program_of

pytestmark = pytest.mark.django_db


def test_what_is_listed_of_a_claim_can_be_asked_for_alone() -> None:
    claim = make.claim_in_review()
    desk = program_of(make.researcher(claim.newsroom), claim.newsroom, "read")
    elsewhere = make.newsroom()
    stranger = program_of(make.researcher(elsewhere), elsewhere, "read")

    other = make.claim_in_review(claim.newsroom, text="Adlerstadt closed 12 libraries in 2023.")
    for noun in ("lookups", "evidence"):
        [first, *_others] = desk.get(f"claims/{claim.pk}/{noun}/").json()["results"]
        assert desk.get(f"claims/{claim.pk}/{noun}/{first['id']}/").json() == first
        assert desk.get(f"claims/{other.pk}/{noun}/{first['id']}/").status_code == 404
    documents = desk.get(f"claims/{claim.pk}/documents/").json()["results"]
    assert {one["id"] for one in documents} == {one.document_id for one in claim.evidence.all()}
    assert "text" not in documents[0] and desk.get(f"documents/{documents[0]['id']}/").json()["text"]
    assert stranger.get(f"claims/{claim.pk}/documents/").status_code == 404


def test_the_sources_tell_how_they_answered_in_this_newsroom_alone() -> None:
    claim = make.claim_in_review()
    room = claim.newsroom
    make.claim_in_review()
    desk = program_of(make.researcher(room), room, "read")

    told = desk.get("sources/").json()

    assert told["newsroom"] == room.slug
    assert [one["slug"] for one in told["results"] if one["chosen"]] == room.sources
    by_name = {one["slug"]: one for one in told["results"]}
    assert sum(one["asked"] for one in by_name.values()) == claim.lookups.count()
    assert sum(one["found"] for one in by_name.values()) == claim.lookups.filter(outcome="hits").count() > 0
    assert desk.get("sources/?newsroom=elsewhere").status_code == 400
