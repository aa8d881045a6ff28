"""MediaReview: what was found about a picture or recording, for machines and readers."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import extruct
import jsonschema
import pytest
from django.test import Client

from claims.errors import InvalidInput, StaleClaim
from claims.models import Claim, Publication, Verdict
from claims.operations import deciding, publishing, reviewing
from tests import make
from tests.api.client import only, program_of

pytestmark = pytest.mark.django_db
FOUND = {
    "media": "image",
    "authenticity": "DecontextualizedContent",
    "original_url": "https://photos.example/2011/trees",
    "original_context": "Trees planted in Norway in 2011.",
}


def reviewed(**fields: Any) -> Claim:
    claim = make.claim_in_review(**fields)
    reviewing.submit(claim, by=make.reviewer(claim.newsroom), rating=make.rating(claim.newsroom), reasons="R")
    return Claim.objects.get(pk=claim.pk)


def proposed(claim: Claim, **given: str) -> Verdict:
    texts = {"headline": "An old picture", "reasons": "It shows Norway.", "language": "en"}
    room = claim.newsroom
    return deciding.propose(claim, by=make.reviewer(room), rating=make.rating(room), **{**texts, **given})


def published(claim: Claim, **given: str) -> Publication:
    verdict = proposed(claim, **given)
    deciding.approve(claim, by=make.editor(claim.newsroom), content=verdict.content_hash)
    return publishing.publish(claim, by=make.editor(claim.newsroom))


def at(publication: Publication, suffix: str = "") -> Any:
    return Client().get(publication.get_absolute_url() + suffix)


def media_schema(shared: Path) -> Any:
    """The published schema, with the reference it writes as an id made one, so that it is followed."""
    place = shared / "samples" / "claimreview"
    schema = json.loads((place / "media-review-schema.json").read_text())
    claims = json.loads((place / "claim-review-schema.json").read_text())
    review = copy.deepcopy(claims["definitions"]["claimReview"])
    review.pop("$id", None)
    review["required"] = [name for name in review.get("required", []) if name != "@context"]
    schema["definitions"] = {**claims["definitions"], **schema["definitions"], "associatedClaimReview": review}
    schema["definitions"]["mediaReview"]["properties"]["associatedClaimReview"] = {
        "$ref": "#/definitions/associatedClaimReview"
    }
    return schema


def test_a_check_of_a_picture_is_a_media_review_by_the_published_schema(shared: Path) -> None:
    plain = reviewed()
    spoken = reviewed(claimant="Ada Lindgren", appearance="https://town.example/speech")
    for claim in (plain, spoken):
        found = at(published(claim, **FOUND), "mediareview.json")

        assert found["Content-Type"] == "application/ld+json"
        jsonschema.validate(found.json(), media_schema(shared))


def test_a_media_review_says_what_was_found() -> None:
    publication = published(reviewed(claimant="Ada Lindgren", appearance="https://town.example/speech"), **FOUND)

    found = at(publication, "mediareview.json").json()

    assert found["mediaAuthenticityCategory"] == "DecontextualizedContent"
    assert found["originalMediaLink"] == FOUND["original_url"]
    assert found["originalMediaContextDescription"] == FOUND["original_context"]
    item = found["itemReviewed"]
    assert item["creator"] == {"@type": "Person", "name": "Ada Lindgren"}
    assert item["mediaItemAppearance"][0]["@type"] == "ImageObjectSnapshot"
    assert item["mediaItemAppearance"][0]["accessedOnUrl"] == "https://town.example/speech"
    assert found["associatedClaimReview"]["claimReviewed"] == publication.content["claim"]


def test_the_page_says_it_in_words_and_to_machines() -> None:
    publication = published(reviewed(), **FOUND)
    page = at(publication).content.decode()

    read = extruct.extract(page, base_url="http://localhost:8000", syntaxes=["json-ld", "opengraph"])

    assert "Picture: shown out of context" in page
    assert FOUND["original_context"] in page
    assert f'href="{FOUND["original_url"]}"' in page
    claim_review, media_review = read["json-ld"]
    assert claim_review == at(publication, "claimreview.json").json()
    assert media_review == at(publication, "mediareview.json").json()
    assert dict(read["opengraph"][0]["properties"])["og:type"] == "article"
    [item] = json.loads(Client().get("/checks/datafeed.json").getvalue())["dataFeedElement"]
    assert item["item"] == [claim_review, media_review]


def test_a_german_check_names_the_finding_in_german() -> None:
    publication = published(reviewed(), **{**FOUND, "language": "de"})

    page = at(publication).content.decode()

    assert "Bild: aus dem Zusammenhang gerissen" in page
    assert at(publication, "mediareview.json").json()["itemReviewed"]["creator"]["name"] == "unbekannt"


def test_a_check_of_words_has_no_media_review() -> None:
    publication = make.publication()

    assert at(publication, "mediareview.json").status_code == 404
    assert b"MediaReview" not in at(publication).content


def test_a_withdrawn_check_gives_no_media_review() -> None:
    publication = published(reviewed(), **FOUND)
    publishing.withdraw(publication.claim, by=make.editor(publication.newsroom), reason="The picture was new.")

    assert at(publication, "mediareview.json").status_code == 410
    assert b"MediaReview" not in at(publication).content
    assert FOUND["original_context"].encode() not in at(publication).content


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"media": "image"}, "authenticity"),
        ({"authenticity": "StagedContent"}, "media"),
        ({"original_context": "Norway"}, "media"),
        ({"media": "painting", "authenticity": "StagedContent"}, "media"),
        ({"media": "image", "authenticity": "False"}, "authenticity"),
        ({**FOUND, "original_url": "javascript:alert(1)"}, "original_url"),
    ],
)
def test_half_a_finding_or_an_unknown_one_is_refused(given: dict[str, str], field: str) -> None:
    claim = reviewed()

    with pytest.raises(InvalidInput) as refused:
        proposed(claim, **given)

    assert refused.value.field == field


def test_the_finding_is_part_of_what_is_approved() -> None:
    claim = reviewed()
    verdict = proposed(claim, **FOUND)
    Verdict.objects.filter(pk=verdict.pk).update(authenticity="StagedContent")

    with pytest.raises(StaleClaim):
        deciding.approve(claim, by=make.editor(claim.newsroom), content=verdict.content_hash)


def test_programs_give_and_read_the_finding() -> None:
    claim = reviewed()
    program = program_of(make.reviewer(claim.newsroom), claim.newsroom)
    given = {"rating": "false", "headline": "An old picture", "reasons": "It shows Norway."}

    half = program.put(f"claims/{claim.pk}/verdict/", {**given, "media": "image"})
    whole = program.put(f"claims/{claim.pk}/verdict/", {**given, **FOUND})

    assert (half.status_code, only(half)["attr"]) == (400, "authenticity")
    assert whole.status_code in (200, 201)
    assert {name: whole.json()[name] for name in FOUND} == FOUND
