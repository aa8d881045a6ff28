"""Exports over the API: a stream with the filters of the claims, for keys that read."""

from __future__ import annotations

import json

import pytest

from claims.models import LedgerEntry
from tests import make
from tests.api.client import only, program_of

pytestmark = pytest.mark.django_db


def test_a_key_that_reads_takes_claims_with_their_filters() -> None:
    room = make.newsroom()
    wanted, _ = make.claim_submitted(room), make.claim_published(room)
    make.claim_submitted()

    answer = program_of(make.reviewer(room), room, "read").get("exports/claims/?status=submitted")

    assert answer.streaming
    assert answer["Content-Type"] == "application/x-ndjson"
    assert [json.loads(line)["claim"] for line in b"".join(answer.streaming_content).splitlines()] == [wanted.pk]
    assert LedgerEntry.objects.get(newsroom=room, kind="export.made").payload["asked"] == {"status": ["submitted"]}


@pytest.mark.parametrize("kind", ["claims", "checks", "evidence", "reviews"])
def test_every_table_is_there_in_every_format(kind: str) -> None:
    room = make.publication().newsroom
    program = program_of(make.reviewer(room), room, "read")

    rows = json.loads(b"".join(program.get(f"exports/{kind}/?as=json").streaming_content))
    lines = b"".join(program.get(f"exports/{kind}/?as=csv").streaming_content).splitlines()

    assert rows
    assert lines[0].decode().split(",") == list(rows[0])


def test_a_key_that_does_not_read_is_refused_and_an_unknown_format_is_named() -> None:
    room = make.newsroom()

    assert program_of(make.reviewer(room), room, "submit").get("exports/claims/").status_code == 403
    answer = program_of(make.reviewer(room), room, "read").get("exports/claims/?as=xlsx")

    assert answer.status_code == 400
    assert only(answer)["attr"] == "as"
    assert not LedgerEntry.objects.filter(kind="export.made").exists()
