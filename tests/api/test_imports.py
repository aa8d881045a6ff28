"""Many claims at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claims.audit import ledger_export
from claims.audit.ledger_proof import verify
from claims.models import Claim, Contribution
from tests import make
from tests.api.client import Program, only, program_of
from tests.api.test_idempotency import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def cms() -> Program:
    room = make.newsroom()
    return program_of(make.researcher(room), room)


def send(program: Program, lines: list[Any], query: str = "", **headers: str) -> Any:
    body = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return program.client.generic(
        "POST",
        f"/api/v1/claims/imports/{query}",
        body,
        content_type="application/jsonl",
        headers={**program.headers, **{name.replace("_", "-"): value for name, value in headers.items()}},
    )


LINES = [
    {"text": "The bridge was opened in 2019.", "language": "en", "external_id": "a"},
    "not json",
    "",
    {"text": "The bridge was opened in 2019."},
    {"text": "", "language": "en"},
    {"text": "Another claim.", "external_id": "a"},
    {"text": "A third claim.", "newsroom": "x"},
    "[1]",
    '{"text": "half \\ud800"}',
    "[" * 50_000,
    {"text": "The tower is 90 metres high.", "said_on": "2024-01-01"},
]


def test_every_line_has_its_own_result(cms: Program) -> None:
    answer = send(cms, LINES)

    assert answer.status_code == 200
    rows = answer.json()["rows"]
    assert [(row["line"], row["result"]) for row in rows] == [
        (1, "created"), (2, "refused"), (4, "existing"), (5, "refused"), (6, "refused"),
        (7, "refused"), (8, "refused"), (9, "refused"), (10, "refused"), (11, "created"),
    ]  # fmt: skip
    attrs = {row["line"]: row["errors"][0]["attr"] for row in rows if row["errors"]}
    assert attrs[5] == "text" and attrs[6] == "external_id" and attrs[7] == "newsroom"
    assert (answer.json()["created"], answer.json()["existing"], answer.json()["refused"]) == (2, 1, 7)
    assert set(Claim.objects.values_list("pk", flat=True)) == {row["id"] for row in rows if row["result"] == "created"}


def test_a_dry_run_says_the_same_and_saves_nothing(cms: Program) -> None:
    dry = send(cms, LINES, "?dry_run=true").json()

    assert not Claim.objects.exists()
    real = send(cms, LINES).json()
    assert [(row["line"], row["result"], row["errors"]) for row in dry["rows"]] == [
        (row["line"], row["result"], row["errors"]) for row in real["rows"]
    ]


def test_more_lines_than_are_taken_at_once_are_refused(cms: Program) -> None:
    answer = send(cms, [{"text": f"Claim {n}."} for n in range(1001)])

    assert (answer.status_code, only(answer)["code"]) == (400, "too_many")


def test_an_import_repeated_with_its_key_is_one(cms: Program) -> None:
    first = send(cms, LINES, Idempotency_Key="k")

    assert send(cms, LINES, Idempotency_Key="k").content == first.content


def test_a_reader_imports_nothing() -> None:
    room = make.newsroom()

    answer = send(program_of(make.researcher(room), room, "read"), LINES, "?dry_run=true")

    assert answer.status_code == 403


def test_what_is_not_utf_8_is_refused_as_a_whole(cms: Program) -> None:
    answer = cms.client.generic(
        "POST", "/api/v1/claims/imports/", b"\xff\xfe", content_type="application/x-ndjson", headers=cms.headers
    )

    assert answer.status_code == 400


def test_an_import_writes_the_ledger_contributions_and_its_chain_at_once_and_as_one_by_one(
    cms: Program, django_assert_max_num_queries: Any
) -> None:
    lines = [{"text": f"The tower was {n} metres high in 2019.", "language": "en"} for n in range(150)]
    send(cms, lines[:1])
    with django_assert_max_num_queries(60):  # one by one they were 13 each
        answer = send(cms, lines).json()

    assert (answer["created"], answer["existing"]) == (149, 1)
    room = Claim.objects.all()[0].newsroom
    told = room.ledger.filter(kind="claim.submitted").order_by("sequence")
    assert [one.claim_id for one in told] == [row["id"] for row in answer["rows"]]
    assert Contribution.objects.filter(claim__in=[one.claim_id for one in told], part="author").count() == 150
    assert verify(ledger_export.entries(newsroom=room))[1] is None


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_lines_at_once_make_every_claim_once() -> None:
    room = make.newsroom()
    programs = [program_of(make.researcher(room), room) for _ in range(2)]
    lines = [{"text": f"The tower was {n} metres high.", "language": "en", "external_id": str(n)} for n in range(8)]

    answers = at_once(2, lambda index: send(programs[index], lines).json())

    assert [sum(one[result] for one in answers) for result in ("created", "existing", "refused")] == [8, 8, 0]
    assert Claim.objects.count() == 8
