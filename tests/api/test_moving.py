"""All of a newsroom by API, and claims as CSV."""

from __future__ import annotations

import json

import pytest

from claims.models import Claim, LedgerEntry
from tests import make
from tests.api.client import program_of

pytestmark = pytest.mark.django_db


def test_a_key_of_the_scope_admin_takes_the_whole_newsroom(tmp_path) -> None:
    claim = make.claim_submitted()
    admin = make.member(claim.newsroom, "admin", "researcher")

    refused = program_of(admin, claim.newsroom, "read", "submit", "publish").get("exports/newsroom/")
    answer = program_of(admin, claim.newsroom, "read", "admin").get("exports/newsroom/")

    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert refused.status_code == 403
    assert (lines[0]["newsroom"], lines[-1]["model"]) == (claim.newsroom.slug, "trailer")
    assert claim.text in {line["fields"].get("text") for line in lines[1:-1]}
    assert LedgerEntry.objects.get(kind="newsroom.exported").actor == admin


def test_claims_come_in_as_csv_with_a_result_per_row() -> None:
    room = make.newsroom()
    program = program_of(make.researcher(room), room)
    sheet = 'Claim;Date;Speaker\r\n"The tower; it is\n90 metres high.";31.12.2023;Ada\r\nx;31.2.2023;\r\na;b;c;d\r\n'

    def send(body: str, query: str = ""):
        return program.client.generic(
            "POST", f"/api/v1/claims/imports/{query}", body, content_type="text/csv", headers=program.headers
        )

    tried, answer = send(sheet, "?dry_run=true").json(), send(sheet).json()

    assert (tried["created"], tried["refused"]) == (answer["created"], answer["refused"]) == (1, 2)
    assert [(row["line"], row["result"]) for row in answer["rows"]] == [(2, "created"), (4, "refused"), (5, "refused")]
    assert answer["rows"][1]["errors"][0]["attr"] == "said_on"
    assert Claim.objects.get(newsroom=room).claimant == "Ada"
    assert send("a;b\r\n1;2\r\n").status_code == 400
