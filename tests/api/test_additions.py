"""Programs bring pages and files to a claim, and follow how far they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Addition, Claim, Lookup
from claims.operations import gathering
from tests import make
from tests.api.client import Program, only, program_of

pytestmark = pytest.mark.django_db
URL = "https://union.example/report"


def by(claim: Claim) -> Program:
    return program_of(make.researcher(claim.newsroom), claim.newsroom)


def send(program: Program, claim: Claim, content: bytes, **given: Any) -> Any:
    file = SimpleUploadedFile("minutes.txt", content)
    address = f"/api/v1/claims/{claim.pk}/additions/"
    return program.client.post(address, {"file": file, **given}, headers=program.headers)


@pytest.mark.parametrize("noun", ["evidence", "additions"])
def test_a_page_is_brought_by_its_address_and_followed_until_it_is_read(noun: str) -> None:
    claim = make.claim_in_review()
    program = by(claim)

    taken = program.post(f"claims/{claim.pk}/{noun}/", {"url": URL, "note": "From a reader"})
    assert taken.status_code == 202
    assert (taken.json()["state"], taken.json()["document"]) == ("waiting", None)

    lookup = Lookup.objects.take(taken.json()["lookup"])
    assert lookup is not None
    (document,) = gathering.record(lookup, [make.draft(url=URL)])
    (one,) = program.get(f"claims/{claim.pk}/additions/").json()["results"]
    assert (one["state"], one["document"], one["note"]) == ("read", document.pk, "From a reader")


def test_a_failure_carries_its_reason_and_is_tried_again_by_its_lookup() -> None:
    claim = make.claim_in_review()
    program = by(claim)
    number = program.post(f"claims/{claim.pk}/additions/", {"url": URL}).json()["lookup"]
    lookup = Lookup.objects.take(number)
    assert lookup is not None
    gathering.abandon(lookup, reason="The server answered with status 404.")

    (one,) = program.get(f"claims/{claim.pk}/additions/").json()["results"]
    assert (one["state"], one["reason"]) == ("given_up", "The server answered with status 404.")
    assert program.post(f"claims/{claim.pk}/lookups/{number}/retries/", {}).status_code == 201
    (one,) = program.get(f"claims/{claim.pk}/additions/").json()["results"]
    assert one["next_try"]


def test_a_file_is_sent_as_multipart() -> None:
    claim = make.claim_in_review()

    taken = send(
        by(claim), claim, b"The council noted 900 trees.", published_on="2024-04-01", protected_reason="Inside"
    )

    assert taken.status_code == 202
    assert taken.json()["name"] == "minutes.txt"
    assert taken.json()["protected"] is True
    assert bytes(Addition.objects.get().content or b"") == b"The council noted 900 trees."


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "blank"), (b"\x89PNG\r\n\x1a\n\x00", "unreadable"), (b"a" * 2000, "too_large")]
)
def test_what_is_no_readable_file_is_refused(content: bytes, code: str, settings: Any) -> None:
    settings.FETCH_MAX_BYTES = 1000
    claim = make.claim_in_review()

    refused = send(by(claim), claim, content)

    assert refused.status_code == 400
    assert (only(refused)["attr"], only(refused)["code"]) == ("file", code)


def test_a_repeated_address_is_refused_unless_the_key_says_it_is_the_same_request() -> None:
    claim = make.claim_in_review()
    program = by(claim)
    first = program.post(f"claims/{claim.pk}/evidence/", {"url": URL}, Idempotency_Key="one")
    again = program.post(f"claims/{claim.pk}/evidence/", {"url": URL}, Idempotency_Key="one")
    other = program.post(f"claims/{claim.pk}/evidence/", {"url": URL})

    assert (first.status_code, again.json()) == (202, first.json())
    assert other.status_code == 422
    assert only(other)["code"] == "added_already"


@pytest.mark.parametrize("body", [{"url": "ftp://x.example/"}, {"url": ""}, {"url": URL, "stance": "agrees"}, {}])
def test_what_is_no_page_is_refused(body: dict[str, str]) -> None:
    claim = make.claim_in_review()

    assert by(claim).post(f"claims/{claim.pk}/additions/", body).status_code == 400
    assert not Addition.objects.exists()


def test_claims_of_others_are_not_there_and_a_key_that_reads_brings_nothing() -> None:
    claim = make.claim_in_review()
    reads = program_of(make.researcher(claim.newsroom), claim.newsroom, "read")

    assert by(make.claim_in_review()).post(f"claims/{claim.pk}/additions/", {"url": URL}).status_code == 404
    assert reads.post(f"claims/{claim.pk}/additions/", {"url": URL}).status_code == 403


def test_evidence_says_when_it_was_known_and_whether_it_needs_an_answer() -> None:
    later = make.draft(published_at=dt.datetime(2024, 5, 1, tzinfo=dt.UTC), text="Eulenburg planted 900 trees in 2024.")
    claim = make.claim_reviewed(drafts=[make.draft(), later])
    program = by(claim)

    found = program.get(f"claims/{claim.pk}/evidence/").json()["results"]
    assert {one["known"] for one in found} == {"when_said", "later"}
    assert not any(one["needs_answer"] for one in found)
    at = f"claims/{claim.pk}/evidence/{found[0]['id']}/judgement/"
    assert program.put(at, {"stance": "agrees"}).json()["needs_answer"] is True
