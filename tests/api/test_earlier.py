"""Earlier checks for programs: ranked, with what differs, and never past a newsroom's walls."""

from __future__ import annotations

import pytest

from claims import earlier
from claims.models import Newsroom
from claims.operations import remembering
from claims.operations.remembering import CheckDraft
from claims.roles import Role
from tests import make
from tests.api.client import Program, only, program_of

pytestmark = pytest.mark.django_db
TREES = "Eulenburg planted 1,250 trees in March 2024."


@pytest.fixture
def room() -> Newsroom:
    earlier.forget_statistics()
    return make.newsroom()


def reader(room: Newsroom, *scopes: str) -> Program:
    return program_of(make.member(room, *Role.values), room, *(scopes or ("read",)))


def remember(text: str = TREES, newsroom: Newsroom | None = None, **fields: str) -> None:
    given = {"identifier": text, "language": "en", "rating": "False", **fields}
    remembering.remember([CheckDraft(claim_text=text, **given)], newsroom=newsroom)


def ask(program: Program, **fields: object) -> list[dict[str, object]]:
    answer = program.post("checks/match/", {"text": TREES, "language": "en", "said_on": "2024-04-02", **fields})
    assert answer.status_code == 200, answer.content
    found: list[dict[str, object]] = answer.json()["results"]
    return found


def test_a_statement_finds_the_same_claim_and_is_told_what_differs_in_another(room: Newsroom) -> None:
    remember()
    remember("Eulenburg planted 3,000 trees in March 2024.")
    same, other = ask(reader(room))
    assert (same["relation"], same["differences"]) == ("same", [])
    assert other["relation"] == "different"
    assert other["differences"] == [{"kind": "number", "here": "1,250", "there": "3,000"}]
    assert [0, 9] in same["highlights"]  # type: ignore[operator]


def test_a_claim_has_the_same_answer_at_its_own_address(room: Newsroom) -> None:
    remember(shared="false")
    remember("The town of Eulenburg planted 1,250 trees in March 2024.", shared="true")
    claim = make.claim_submitted(room, text=TREES)
    answer = reader(room).get(f"claims/{claim.pk}/earlier-checks/").json()
    assert [one["relation"] for one in answer["results"]] == ["same", "same"]
    assert answer["ratings_disagree"] is True


def test_another_newsrooms_own_checks_are_not_there(room: Newsroom) -> None:
    other = make.newsroom()
    remember(newsroom=other)
    assert ask(reader(room)) == []
    assert len(ask(reader(other))) == 1
    refused = reader(room).post("checks/match/", {"text": TREES, "language": "en", "newsroom": other.slug})
    assert only(refused)["attr"] == "newsroom"


def test_a_key_that_may_not_read_is_refused(room: Newsroom) -> None:
    refused = reader(room, "submit").post("checks/match/", {"text": TREES, "language": "en"})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"language": "en"}, "text"),
        ({"text": TREES, "language": "English!"}, "language"),
        ({"text": TREES, "language": "en", "said_on": "soon"}, "said_on"),
        ({"text": "x" * 5_001, "language": "en"}, "text"),
        ({"text": TREES, "language": "en", "colour": 5}, "colour"),
    ],
    ids=["no text", "language", "date", "long", "unknown"],
)
def test_a_wrong_field_is_named(room: Newsroom, body: dict[str, object], attr: str) -> None:
    refused = reader(room).post("checks/match/", body)
    assert refused.status_code == 400
    assert only(refused)["attr"] == attr


def test_a_caller_says_how_many_are_wanted(room: Newsroom) -> None:
    for number in range(3):
        remember(f"{TREES} Report {number}.")
    claim = make.claim_submitted(room, text=TREES)
    program = reader(room)

    assert len(ask(program, limit=2)) == 2
    assert len(program.get(f"claims/{claim.pk}/earlier-checks/?limit=1").json()["results"]) == 1
    for wrong in (0, 51, "x"):
        assert program.get(f"claims/{claim.pk}/earlier-checks/?limit={wrong}").status_code == 400
