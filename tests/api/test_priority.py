"""What a program sees of a claim's priority, and the orders of the desk's queue."""

from __future__ import annotations

from typing import Any

import pytest

from claims import priority
from claims.models import Claim
from claims.paging import SORTS
from tests import make
from tests.api.client import Program, only, program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Any:
    return make.newsroom()


@pytest.fixture
def desk(room: Any) -> Program:
    return program_of(make.researcher(room), room, "read")


def claims_with_demand(room: Any, *demands: int) -> list[int]:
    made = []
    for number, demand in enumerate(demands):
        claim = make.claim_submitted(room, text=f"The tower {number} is 90 metres high.")
        Claim.objects.filter(pk=claim.pk).update(demand=demand)
        made.append(claim.pk)
    return made


def test_the_priority_is_told_as_a_number_and_with_its_reasons(room: Any, desk: Program) -> None:
    [pk] = claims_with_demand(room, 8)
    claim = Claim.objects.get(pk=pk)

    [row], shown = desk.get("claims/").json()["results"], desk.get(f"claims/{pk}/").json()

    assert row["priority"] == pytest.approx(priority.of(claim)) == pytest.approx(claim.score + 3 * 0.15)
    assert shown["priority"] == pytest.approx(row["priority"])
    assert {one["kind"]: one["value"] for one in shown["priority_reasons"]} == {"score": claim.score, "demand": 8}
    assert sum(one["counts"] for one in shown["priority_reasons"]) == pytest.approx(shown["priority"])
    assert (row["demand"], row["reach"]) == (8, 0)
    assert desk.get("claims/?fields=priority").json()["results"] == [{"priority": row["priority"]}]


def test_claims_come_in_the_order_of_the_queue_page_by_page(room: Any, desk: Program) -> None:
    first, second, third, fourth, fifth = claims_with_demand(room, 3, 1, 9, 1, 1)
    claims_with_demand(make.newsroom(), 99)

    def walk(at: str, link: str) -> list[list[int]]:
        pages = []
        while at:
            page = desk.get(at).json()
            pages.append([one["id"] for one in page["results"]])
            at = page[link]
            last.append(page)
        return pages

    last: list[Any] = []
    assert walk("claims/?sort=priority&status=submitted&limit=2", "next") == [[third, first], [fifth, fourth], [second]]
    assert walk(last[-1]["previous"], "previous") == [[fifth, fourth], [third, first]]
    assert walk("claims/?sort=oldest&limit=3", "next") == [[first, second, third], [fourth, fifth]]
    assert walk("claims/?sort=demand", "next") == [[third, first]]
    assert walk("claims/?sort=priority&min_demand=3&fields=id", "next") == [[third, first]]
    assert walk("claims/?sort=newest&limit=4", "next") == walk("claims/?limit=4", "next")
    for name in SORTS:
        assert desk.get(f"claims/?sort={name}&expand=article").status_code == 200


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "cD0z", "YSBiIGM=", "cHJpb3JpdHkgYWZ0ZXIgeA==", "cHJpb3JpdHkgYWZ0ZXIgbmFufjE="]
)
def test_a_made_up_cursor_of_an_order_is_not_found(room: Any, desk: Program, cursor: str) -> None:
    claims_with_demand(room, 1)

    assert desk.get(f"claims/?sort=priority&cursor={cursor}").status_code in (200, 404)


def test_an_order_nobody_knows_is_refused(desk: Program) -> None:
    refused = only(desk.get("claims/?sort=beauty"))

    assert (refused["attr"], refused["code"]) == ("sort", "unknown")
    assert "priority" in refused["detail"]


def test_an_order_costs_two_questions_however_many_rows(
    room: Any, desk: Program, django_assert_max_num_queries: Any
) -> None:
    claims_with_demand(room, *range(1, 8))
    desk.get("claims/")

    with django_assert_max_num_queries(8):
        assert len(desk.get("claims/?sort=priority").json()["results"]) == 7
