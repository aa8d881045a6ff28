"""Reports at the desk: the audit pack, the balance of a period, and tables to take home."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from claims.audit import proof as audit_proof
from claims.models import Alias, Evidence, LedgerEntry, Newsroom, Policy
from claims.operations import deciding, researching, reviewing
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db
TODAY = dt.datetime.now(dt.UTC).date()
SPAN = {"first": (TODAY - dt.timedelta(days=1)).isoformat(), "last": (TODAY + dt.timedelta(days=1)).isoformat()}


def taken(client: Any, kind: str, **asked: Any) -> bytes:
    answer: Any = client.get(reverse("admin:desk_export", args=[kind]), asked)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def table(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))


def test_an_auditor_takes_an_audit_pack_with_one_click(signed_in: SignIn, tmp_path: Path) -> None:
    room = make.publication().newsroom
    client = signed_in(make.member(room, Role.AUDITOR))
    assert "Make the audit pack" in words(client.get("/admin/audit-pack/"))

    answer: Any = client.post("/admin/audit-pack/", {"newsroom": room.pk, **SPAN})

    place = tmp_path / "pack.zip"
    place.write_bytes(b"".join(answer.streaming_content))
    assert audit_proof.verify(place).manifest["files"]["checks.jsonl"]["rows"] == 1
    assert answer["Content-Disposition"].startswith(f'attachment; filename="audit-{room.slug}-')
    assert LedgerEntry.objects.filter(newsroom=room, kind="audit.packed").count() == 1


def test_whoever_does_not_audit_makes_no_pack(signed_in: SignIn) -> None:
    room, elsewhere = make.newsroom(), make.newsroom()
    assert signed_in(make.reviewer(room)).get("/admin/audit-pack/").status_code == 403
    stranger = signed_in(make.member(elsewhere, Role.AUDITOR))
    assert stranger.post("/admin/audit-pack/", {"newsroom": room.pk, **SPAN}).status_code == 422
    assert not LedgerEntry.objects.filter(kind="audit.packed").exists()


def test_a_period_that_ends_before_it_begins_is_refused(signed_in: SignIn) -> None:
    room = make.newsroom()
    client = signed_in(make.member(room, Role.AUDITOR))
    answer: Any = client.post("/admin/audit-pack/", {"newsroom": room.pk, "first": "2026-02-01", "last": "2026-01-01"})
    assert answer.status_code == 422
    assert "The period ends before it begins." in words(answer)


@pytest.fixture
def balanced() -> Newsroom:
    """Two claims of Ada of the Greens, one published and one dismissed; one of nobody known, that waits."""
    room = make.newsroom()
    for written, canonical, kind in (
        ("A. Lindgren", "Ada Lindgren", Alias.Kind.PERSON),
        ("Grüne", "Bündnis 90/Die Grünen", Alias.Kind.ORGANISATION),
    ):
        Alias.objects.create(newsroom=room, written=written, canonical=canonical, kind=kind)
    make.claim_published(room, claimant="A. Lindgren (Grüne)")
    deciding.dismiss(make.claim_submitted(room, claimant="Ada Lindgren"), by=make.researcher(room), reason="Opinion.")
    make.claim_submitted(room)
    return room


def test_the_balance_tells_what_was_picked_left_and_published_by_speaker_party_and_topic(
    signed_in: SignIn, balanced: Newsroom
) -> None:
    client = signed_in(make.reviewer(balanced))

    text = words(client.get("/admin/balance/"))
    rows = table(client.get("/admin/balance/", {**SPAN, "as": "csv"}).content)

    assert "How to read this" in text
    found = {(row["by"], row["name"]): row for row in rows}
    ada = found["speaker", "Ada Lindgren"]
    figures = [ada[key] for key in ("came_in", "picked", "dismissed", "published", "false")]
    assert figures == ["2", "1", "1", "1", "1"]
    party = found["party", "Bündnis 90/Die Grünen"]
    assert (party["came_in"], party["published"]) == ("1", "1")
    assert found["speaker", ""]["came_in"] == "1"
    assert found["topic", ""]["came_in"] == "3"


def test_the_balance_is_of_the_chosen_days_and_of_the_own_newsroom(signed_in: SignIn, balanced: Newsroom) -> None:
    client = signed_in(make.reviewer(balanced))
    assert "Lindgren" not in words(client.get("/admin/balance/", {"first": "2020-01-01", "last": "2020-01-31"}))
    stranger = signed_in(make.reviewer(make.newsroom()))
    assert "Lindgren" not in words(stranger.get("/admin/balance/"))
    assert stranger.get("/admin/balance/", {"newsroom": balanced.pk}).status_code == 422


@pytest.mark.parametrize("kind", ["claims", "checks", "evidence", "reviews"])
def test_every_table_comes_in_every_format_with_the_same_rows(signed_in: SignIn, kind: str) -> None:
    room = make.publication().newsroom
    client = signed_in(make.reviewer(room))

    rows = table(taken(client, kind))
    lines = [json.loads(line) for line in taken(client, kind, **{"as": "jsonl"}).splitlines()]

    assert rows
    assert json.loads(taken(client, kind, **{"as": "json"})) == lines
    assert [set(row) for row in lines] == [set(row) for row in rows]
    assert {row["claim"] for row in rows} == {str(row["claim"]) for row in lines}
    assert LedgerEntry.objects.filter(newsroom=room, kind="export.made").count() == 3


def test_an_export_holds_what_the_queue_shows_and_nothing_of_another_newsroom(signed_in: SignIn) -> None:
    room = make.newsroom()
    wanted, _ = make.claim_submitted(room, claimant="Ada"), make.claim_submitted(room, claimant="Bert")
    make.claim_published(room, claimant="Ada")
    make.claim_submitted(claimant="Ada")
    client = signed_in(make.reviewer(room))

    rows = table(taken(client, "claims", tab="pick", claimant="Ada"))

    assert [row["claim"] for row in rows] == [str(wanted.pk)]
    entry = LedgerEntry.objects.get(newsroom=room, kind="export.made")
    assert entry.payload["asked"] == {"tab": ["pick"], "claimant": ["Ada"]}
    page = client.get("/admin/claims/claim/", {"tab": "pick", "claimant": "Ada"}).content.decode()
    assert "/admin/export/claims/?as=csv&amp;tab=pick&amp;claimant=Ada" in page
    assert taken(client, "claims", tab="approve", **{"as": "json"}) == b"[]\n"


def test_days_narrow_an_export(signed_in: SignIn) -> None:
    room = make.publication().newsroom
    client = signed_in(make.reviewer(room))
    assert len(table(taken(client, "checks", **SPAN))) == 1
    assert table(taken(client, "checks", first="2020-01-01", last="2020-01-31")) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_is_given_no_formula(signed_in: SignIn, start: str) -> None:
    room = make.newsroom()
    claim = make.claim_submitted(room)
    type(claim).objects.filter(pk=claim.pk).update(claimant=f'{start}HYPERLINK("https://evil.example")')
    client = signed_in(make.reviewer(room))

    [row] = table(taken(client, "claims"))
    [plain] = json.loads(taken(client, "claims", **{"as": "json"}))

    assert row["claimant"].startswith(f"'{start}")
    assert plain["claimant"].startswith(start)


def test_protected_sources_stay_at_home(signed_in: SignIn) -> None:
    claim = make.claim_in_review()
    evidence = Evidence.objects.filter(claim=claim).select_related("document").first()
    assert evidence is not None
    researching.protect(evidence, by=make.researcher(claim.newsroom), reason="Would lose her job.")

    raw = taken(signed_in(make.reviewer(claim.newsroom)), "evidence").decode()

    assert evidence.document.url not in raw
    assert evidence.document.sha256 not in raw
    assert "[…]" in raw


def test_a_blind_review_is_not_read_by_way_of_an_export(signed_in: SignIn) -> None:
    room = make.newsroom()
    claim = make.claim_in_review(room)
    Policy.objects.create(newsroom=room, severity=claim.severity, reviews_required=2, blind=True)
    first, second = make.member(room, Role.REVIEWER), make.member(room, Role.REVIEWER)
    reviewing.submit(claim, by=first, rating=make.rating(room), reasons="They counted 900.")

    assert b"They counted 900." not in taken(signed_in(second), "reviews")
    assert b"They counted 900." in taken(signed_in(first), "reviews")
    assert b"They counted 900." in taken(signed_in(make.member(room, Role.AUDITOR)), "reviews")


def test_an_export_takes_the_same_memory_and_queries_however_many_rows_there_are(
    signed_in: SignIn, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make.newsroom()
    for _ in range(5):
        make.claim_submitted(room)
    client = signed_in(make.reviewer(room))
    monkeypatch.setattr("claims.reports.exports.AT_ONCE", 2)

    answer: Any = client.get("/admin/export/claims/")

    assert answer.streaming
    with django_assert_num_queries(3):  # a savepoint around one cursor
        assert len(table(b"".join(answer.streaming_content))) == 5


def test_the_publications_offer_their_checks(signed_in: SignIn) -> None:
    page = signed_in(make.reviewer(make.newsroom())).get("/admin/claims/publication/").content.decode()
    assert "/admin/export/checks/?as=csv" in page
