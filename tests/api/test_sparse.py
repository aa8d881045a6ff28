"""Less of every thing with `?fields=`, more of what it points at with `?expand=`."""

from __future__ import annotations

from typing import Any

import pytest

from tests import make
from tests.api.client import Program, only, program_of

pytestmark = pytest.mark.django_db


def of(room: Any) -> Program:
    return program_of(make.member(room, "desk_lead"), room)


def test_only_the_fields_that_are_asked_for_are_there() -> None:
    claim = make.claim_submitted()
    desk = of(claim.newsroom)

    [row] = desk.get("claims/?fields=id,status").json()["results"]
    assert row == {"id": claim.pk, "status": "submitted"}
    assert set(desk.get(f"claims/{claim.pk}/?fields=text&fields=cycle").json()) == {"text", "cycle"}
    article = make.article_read(claim.newsroom)
    assert set(desk.get(f"articles/{article.pk}/?fields=claims_found").json()) == {"claims_found"}


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ("claims/?fields=id,password", "fields"),
        ("claims/?expand=newsroom", "expand"),
        ("articles/?expand=claim", "expand"),
        ("articles/?fields=callback_secret_", "fields"),
        ("publications/?expand=claims", "expand"),
        ("claims/?fields=id%00", "fields"),
    ],
)
def test_unknown_names_are_refused_with_those_that_are_known(query: str, attr: str) -> None:
    claim = make.claim_submitted()

    refused = only(of(claim.newsroom).get(query))

    assert (refused["attr"], refused["code"], refused["type"]) == (attr, "unknown", "validation_error")
    assert "Known are" in refused["detail"]


def test_what_an_id_points_at_can_stand_in_its_place() -> None:
    claim = make.claim_published()
    room = claim.newsroom
    article = make.article_read(room)
    desk = of(room)

    [row] = desk.get("claims/?status=published&fields=id&expand=verdict,publication").json()["results"]
    assert set(row) == {"id", "verdict", "publication"}
    assert row["verdict"]["rating"] == "false" and row["publication"]["claim"] == claim.pk
    [published] = desk.get("publications/?expand=claim").json()["results"]
    assert published["claim"]["text"] == claim.text
    [shown] = desk.get("articles/?expand=claims").json()["results"]
    assert [one["article"] for one in shown["claims"]] == [article.pk] * len(shown["claims"]) and shown["claims"]
    found = desk.get(f"claims/?article={article.pk}&expand=article").json()["results"]
    assert {one["article"]["id"] for one in found} == {article.pk}
    assert desk.get(f"claims/{claim.pk}/?expand=publication,article").json()["article"] is None


def test_expanding_costs_a_query_each_and_not_one_per_row(django_assert_max_num_queries: Any) -> None:
    room = make.newsroom()
    article = make.article_read(room)
    for number in range(5):
        make.claim_submitted(room, text=f"The tower {number} is 90 metres high.")
    desk = of(room)
    desk.get("claims/")
    with django_assert_max_num_queries(16):
        desk.get(f"claims/?article={article.pk}&expand=article,duplicate_of,verdict,publication")


def test_publications_are_found_by_the_words_of_their_claim() -> None:
    claim = make.claim_published()
    desk = of(claim.newsroom)
    word = claim.text.split()[1]

    assert len(desk.get(f"publications/?q={word}").json()["results"]) == 1
    assert desk.get("publications/?q=nowheretobefound").json()["results"] == []
