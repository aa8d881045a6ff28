"""A newsroom goes out by one command and comes in by another, as the roles that really work."""

from __future__ import annotations

import gzip
import json
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from claims.models import Claim, Newsroom, User
from claims.operations import moving
from tests import make
from tests.conftest import LEDGER_GUARD

pytestmark = pytest.mark.django_db(transaction=True)


def empty_the_house() -> None:
    tables = ", ".join(model._meta.db_table for model in apps.get_app_config("claims").get_models())
    with pgtrigger.ignore(LEDGER_GUARD), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


def said(command: str, *words: Any, **options: Any) -> str:
    out = StringIO()
    call_command(command, *map(str, words), stdout=out, **options)
    return out.getvalue()


def test_a_newsroom_goes_out_and_comes_in_and_its_ledger_verifies(tmp_path: Path) -> None:
    claim = make.claim_published()
    slug, place = claim.newsroom.slug, tmp_path / "room.jsonl.gz"
    said("export_newsroom", slug, to=place)
    lines = gzip.decompress(place.read_bytes()).splitlines()
    with pytest.raises(CommandError, match="empty instance"):
        call_command("import_newsroom", str(place))
    empty_the_house()

    assert "nothing was kept" in said("import_newsroom", place, dry_run=True)
    assert not Newsroom.objects.exists()
    told = said("import_newsroom", place, person="emil")

    password = told.split("Password of emil: ")[1].split(".")[0]
    assert f"{len(lines) - 2} rows came in" in told
    emil = User.objects.get(username="emil")
    assert emil.check_password(password)
    assert Claim.objects.get(pk=claim.pk).status == "published"
    said("export_ledger", tmp_path / "ledger.jsonl", newsroom=slug)
    head = json.loads(lines[0])["ledger"]
    said("verify_ledger", tmp_path / "ledger.jsonl", head=[f"{claim.newsroom_id}:{head['sequence']}:{head['hash']}"])
    said("export_newsroom", slug, to=tmp_path / "again.jsonl")
    again = (tmp_path / "again.jsonl").read_bytes().splitlines()
    assert [line for line in lines[1:-1] if line not in set(again)] == []


@pytest.mark.parametrize("content", [b"", b"no parcel\n", gzip.compress(b"x" * 1000)[:50]])
def test_a_file_that_is_no_parcel_is_refused(content: bytes, tmp_path: Path) -> None:
    place = tmp_path / "room.jsonl"
    place.write_bytes(content)

    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_newsroom", str(place))
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("import_newsroom", str(tmp_path / "nowhere"))


def test_an_export_shows_one_moment_whatever_happens_meanwhile() -> None:
    claim = make.claim_submitted()
    lines = moving.pack(claim.newsroom, by=None)
    header = json.loads(next(lines))

    def hand_in() -> None:
        make.claim_submitted(claim.newsroom)
        connection.close()

    other = Thread(target=hand_in)
    other.start()
    other.join()
    rows = [json.loads(line) for line in lines][:-1]

    assert Claim.objects.count() == 2
    assert [row["id"] for row in rows if row["model"] == "claims.claim"] == [claim.pk]
    assert len(rows) == sum(header["counts"].values())
