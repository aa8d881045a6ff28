"""Origins by API: people's edges are made, listed and taken back; foreign claims are not there."""

from __future__ import annotations

import pytest

from claims.models import OriginEdge
from claims.roles import PERMISSIONS, Role, Scope
from claims.workflow import Permission
from tests import make
from tests.api.client import only, program_of
from tests.operations.test_overriding import two_origins

pytestmark = pytest.mark.django_db


def test_an_edge_is_added_counted_and_taken_back() -> None:
    claim, documents = two_origins()
    program = program_of(make.researcher(claim.newsroom), claim.newsroom)
    at = f"claims/{claim.pk}/origins/"
    body = {"action": "add", "document": documents[0].pk, "other": documents[1].pk, "reason": "One press release."}

    made = program.post(at, {**body, "version": claim.version})
    assert (made.status_code, made.json()["in_force"]) == (201, True)
    found = program.get(f"claims/{claim.pk}/assessment/").json()
    assert found["origins_count"] == 1
    assert [edge["reason"] for edge in found["origins"]["edges"] if edge["kind"] == "human"] == ["One press release."]

    back = program.call("DELETE", f"{at}{made.json()['id']}/")
    assert (back.status_code, back.json()["in_force"]) == (200, False)
    assert program.get(f"claims/{claim.pk}/assessment/").json()["origins_count"] == 2
    assert len(program.get(at).json()["results"]) == 1


@pytest.mark.parametrize(
    ("change", "status", "attr"),
    [({"reason": " "}, 400, "reason"), ({"other": None}, 400, "target"), ({"version": 1}, 409, None)],
)
def test_what_an_edge_needs_is_said(change: dict[str, object], status: int, attr: str | None) -> None:
    claim, documents = two_origins()
    claim.refresh_from_db()
    claim.version = 2
    claim.save(update_fields=["version"])
    body = {"action": "add", "document": documents[0].pk, "other": documents[1].pk, "reason": "One release.", **change}
    answer = program_of(make.researcher(claim.newsroom), claim.newsroom).post(f"claims/{claim.pk}/origins/", body)
    assert (answer.status_code, only(answer)["attr"]) == (status, attr)
    assert not OriginEdge.objects.exists()


def test_only_those_who_research_edit_origins_and_strangers_see_nothing() -> None:
    for role in Role:
        claim, documents = two_origins()
        body = {"action": "add", "document": documents[0].pk, "origin_name": "The union", "reason": "It says so."}
        program = program_of(make.member(claim.newsroom, role), claim.newsroom)
        expected = 201 if Permission.RESEARCH in PERMISSIONS[role] else 403
        assert program.post(f"claims/{claim.pk}/origins/", body).status_code == expected, role
    reading = program_of(make.researcher(claim.newsroom), claim.newsroom, Scope.READ)
    assert reading.post(f"claims/{claim.pk}/origins/", body).status_code == 403
    stranger = make.newsroom()
    assert program_of(make.researcher(stranger), stranger).get(f"claims/{claim.pk}/origins/").status_code == 404
