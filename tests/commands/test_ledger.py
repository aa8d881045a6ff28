"""The ledger is exported and verified, with and without its database."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from claims.models import Claim, LedgerEntry
from tests import make


@pytest.fixture
def exported(tmp_path: Path, db: None) -> Path:
    claim = make.claim_published()
    place = tmp_path / "ledger.jsonl"
    call_command("export_ledger", str(place), newsroom=claim.newsroom.slug, stdout=StringIO())
    return place


def verify(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command("verify_ledger", *words, stdout=out, **options)
    return out.getvalue()


def lines(place: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in place.read_text().splitlines()]


def write(place: Path, entries: list[dict[str, Any]]) -> None:
    place.write_text("".join(json.dumps(entry) + "\n" for entry in entries))


def test_an_export_that_nobody_touched_is_whole(exported: Path) -> None:
    last = lines(exported)[-1]

    assert f"{last['sequence']} entries, head {last['hash']}" in verify(str(exported))


@pytest.mark.django_db
def test_the_database_is_verified_when_no_file_is_given() -> None:
    make.claim_decided()
    make.claim_submitted()

    assert verify().count("entries, head") == 2


@pytest.mark.parametrize("field", ["body", "at", "kind", "actor", "claim", "hash", "previous_hash"])
def test_an_entry_that_was_changed_is_named(exported: Path, field: str) -> None:
    entries = lines(exported)
    entries[4][field] = {"actor": 999, "claim": 999, "body": '{"note":"other"}', "kind": "claim.moved!"}.get(
        field, "2020-01-01T00:00:00.000000Z" if field == "at" else "f" * 64
    )
    write(exported, entries)

    with pytest.raises(CommandError, match="entry 5 ") as refused:
        verify(str(exported))
    assert refused.value.returncode == 1


def test_an_entry_that_was_taken_out_is_named(exported: Path) -> None:
    entries = lines(exported)
    write(exported, entries[:3] + entries[4:])

    with pytest.raises(CommandError, match="entry 4 missing"):
        verify(str(exported))


def test_a_tail_that_was_cut_off_shows_against_a_head_noted_elsewhere(exported: Path) -> None:
    entries = lines(exported)
    newsroom, sequence, digest = (entries[-1][key] for key in ("newsroom", "sequence", "hash"))
    write(exported, entries[:-1])

    verify(str(exported))
    with pytest.raises(CommandError, match=f"entry {sequence} the tail was cut off"):
        verify(str(exported), head=[f"{newsroom}:{sequence}:{digest}"])


def test_a_chain_rewritten_from_the_start_differs_from_the_head_noted_elsewhere(exported: Path) -> None:
    newsroom, sequence = lines(exported)[-1]["newsroom"], lines(exported)[-1]["sequence"]

    with pytest.raises(CommandError, match="differs from the anchored head"):
        verify(str(exported), head=[f"{newsroom}:{sequence}:{'0' * 64}"])


@pytest.mark.parametrize("content", ["not json\n", '{"a": 1}\n', "[]\n", '{"newsroom": "x", "sequence": 1}\n'])
def test_what_is_not_an_export_is_said_to_be_none(tmp_path: Path, content: str) -> None:
    place = tmp_path / "other.jsonl"
    place.write_text(content)

    with pytest.raises(CommandError, match="not an export") as refused:
        verify(str(place))
    assert refused.value.returncode == 2


@pytest.mark.django_db(transaction=True)
def test_whoever_gets_past_the_triggers_is_still_found_out() -> None:
    claim: Claim = make.claim_decided()
    entry = LedgerEntry.objects.filter(claim=claim)[2]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE claims_ledgerentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE claims_ledgerentry SET body = '{}' WHERE id = %s", [entry.pk])
        cursor.execute("ALTER TABLE claims_ledgerentry ENABLE TRIGGER USER")

    with pytest.raises(CommandError, match=f"entry {entry.sequence} was changed"):
        verify()
