"""Import and export in the desk."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.models import Claim, EarlierCheck, LedgerEntry
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db

SHEET = 'Behauptung;Wann\r\n"Der Turm ist\n90 Meter hoch.";1/2/2024\r\n=1+1;\r\n;\r\nZu viel;;;x\r\n'.encode("cp1252")
CHECKS = b"Claim,Item page URL,Status\nThe tower is 90 metres high.,https://check.example/1,False\nx,,\n"


def url(name: str = "") -> str:
    return reverse(f"admin:desk_moving{name}")


def upload(content: bytes, room: Any, name: str = "file.csv") -> dict[str, Any]:
    return {"newsroom": room.pk, "file": SimpleUploadedFile(name, content)}


def test_an_admin_takes_the_whole_newsroom_home(signed_in: SignIn) -> None:
    claim = make.claim_submitted()
    client = signed_in(make.member(claim.newsroom, "admin"))

    assert "Protected sources" in words(client.get(url()))
    answer = client.post(url("_newsroom"), {"newsroom": claim.newsroom_id})

    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert answer["Content-Disposition"] == f'attachment; filename="{claim.newsroom.slug}.jsonl"'
    assert (lines[0]["model"], lines[-1]["model"]) == ("header", "trailer")
    assert LedgerEntry.objects.get(kind="newsroom.exported").actor_id == int(client.session["_auth_user_id"])


@pytest.mark.parametrize("role", ["editor", "desk_lead", "auditor", "reviewer"])
def test_nobody_else_does(role: str, signed_in: SignIn) -> None:
    room = make.newsroom()
    client = signed_in(make.member(room, role))

    assert client.post(url("_newsroom"), {"newsroom": room.pk}).status_code == 403
    assert client.post(url("_checks"), upload(CHECKS, room)).status_code == 403
    assert not room.ledger.exists()


def test_an_admin_of_one_newsroom_takes_no_other(signed_in: SignIn) -> None:
    other = make.newsroom()
    client = signed_in(make.member(make.newsroom(), "admin"))

    assert client.post(url("_newsroom"), {"newsroom": other.pk}).status_code == 302
    assert client.post(url("_checks"), upload(CHECKS, other)).status_code == 422
    assert not other.ledger.exists()


def test_claims_are_looked_at_then_handed_in(signed_in: SignIn) -> None:
    room = make.newsroom()
    client = signed_in(make.member(room, "researcher"))

    looked = client.post(url("_claims"), upload(SHEET, room))

    assert "which is the day" in words(looked)
    assert "There are more cells than columns." in words(looked)
    assert not Claim.objects.exists()
    given = dict(looked.context["form"].data) | {"dates": "dmy"}
    again = client.post(url("_claims"), given)
    assert "2 new" in words(again)
    assert not Claim.objects.exists()

    done = client.post(url("_claims"), given | {"hand_in": "1"})

    assert "2 claims were handed in." in words(done)
    assert set(Claim.objects.values_list("text", flat=True)) == {"Der Turm ist\n90 Meter hoch.", "=1+1"}
    assert "not kept any longer" in words(client.post(url("_claims"), given | {"hand_in": "1"}))
    assert Claim.objects.count() == 2


def test_what_somebody_else_uploaded_cannot_be_handed_in(signed_in: SignIn) -> None:
    room = make.newsroom()
    uploaded = signed_in(make.member(room, "researcher")).post(url("_claims"), upload(SHEET, room))
    given = dict(uploaded.context["form"].data)

    answer = signed_in(make.member(room, "editor")).post(url("_claims"), given | {"hand_in": "1"})

    assert "not kept any longer" in words(answer)
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00PK", "not a text file"),
        (b"a;b\n" + b"1;2\n" * 1001, "more than 1,000 rows"),
        (b"x" * (5 * 1024 * 1024 + 1), "too large"),
    ],
    ids=["no text", "too many rows", "too large"],
)
def test_a_file_that_cannot_be_taken_is_refused(content: bytes, said: str, signed_in: SignIn) -> None:
    room = make.newsroom()

    answer = signed_in(make.member(room, "researcher")).post(url("_claims"), upload(content, room))

    assert answer.status_code == 422
    assert said in words(answer)


def test_checks_are_looked_at_then_kept(signed_in: SignIn) -> None:
    room = make.newsroom()
    client = signed_in(make.member(room, "admin"))

    looked = client.post(url("_checks"), upload(CHECKS, room))

    assert "1 new" in words(looked)
    assert "Line 3: There is no claim." in words(looked)
    assert not EarlierCheck.objects.exists()
    client.post(url("_checks"), {"newsroom": room.pk, "kept": looked.context["kept"]})
    assert EarlierCheck.objects.get(newsroom=room).claim_text == "The tower is 90 metres high."


@pytest.mark.parametrize("content", [b"<html><body>Nothing</body></html>", b'{"a": 1', b"", b"a,b\n1,2\n"])
def test_a_file_without_checks_is_refused_with_a_reason(content: bytes, signed_in: SignIn) -> None:
    room = make.newsroom()

    answer = signed_in(make.member(room, "admin")).post(url("_checks"), upload(content, room))

    assert answer.status_code == 422
    assert "d-refusal" in answer.content.decode()
    assert not EarlierCheck.objects.exists()
