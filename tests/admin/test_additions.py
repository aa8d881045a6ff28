"""Pages and files are added on the workbench; how far they are is said there, and failures can be tried again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.models import Addition, Evidence, Lookup
from claims.operations import gathering
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, buttons, do, words

pytestmark = pytest.mark.django_db
URL = "https://union.example/report"


def test_a_pasted_address_is_fetched_and_its_passages_appear(signed_in: SignIn):
    claim = make.claim_in_review()
    client = signed_in(make.researcher(claim.newsroom))
    assert {"add_page", "add_file"} <= buttons(client.get(bench(claim)))

    assert do(client, claim, "add_page", url=URL, note="Sent by a reader").status_code == 302
    text = words(client.get(bench(claim)))
    assert "being fetched" in text
    assert "Sent by a reader" in text

    lookup = Lookup.objects.take(Addition.objects.get().lookup_id)
    assert lookup is not None
    gathering.record(lookup, [make.draft(url=URL, title="The union counts", text="Foresters counted 900 new trees.")])
    make.assess(claim)
    text = words(client.get(bench(claim)))
    assert "The union counts" in text
    assert "Foresters counted 900 new trees." in text


def test_a_failure_is_said_and_can_be_tried_again(signed_in: SignIn):
    claim = make.claim_in_review()
    client = signed_in(make.researcher(claim.newsroom))
    do(client, claim, "add_page", url=URL)
    lookup = Lookup.objects.take(Addition.objects.get().lookup_id)
    assert lookup is not None
    gathering.abandon(lookup, reason="The server answered with status 404.")

    page = client.get(bench(claim))
    assert "not read" in words(page)
    assert "The server answered with status 404." in words(page)
    client.cookies["django_language"] = "de"
    assert "Der Server hat mit Status 404 geantwortet." in words(client.get(bench(claim)))

    do(client, claim, "retry", lookup=lookup.pk)
    lookup.refresh_from_db()
    assert lookup.state == "open"


def test_a_file_is_uploaded_and_waits_to_be_read(signed_in: SignIn):
    claim = make.claim_in_review()
    client = signed_in(make.researcher(claim.newsroom))

    file = SimpleUploadedFile("minutes.txt", b"The council noted 900 trees.", content_type="image/png")
    assert do(client, claim, "add_file", file=file, protected_reason="From inside the council").status_code == 302

    addition = Addition.objects.get()
    assert (addition.name, addition.private) == ("minutes.txt", True)
    text = words(client.get(bench(claim)))
    assert "minutes.txt" in text
    assert "being read" in text
    assert "this newsroom only" in text


def test_a_picture_is_refused_beside_the_form(signed_in: SignIn):
    claim = make.claim_in_review()
    client = signed_in(make.researcher(claim.newsroom))

    page = do(client, claim, "add_file", addition="new", file=SimpleUploadedFile("scan.txt", b"\x89PNG\r\n\x1a\n\x00"))

    assert page.status_code == 400
    assert "Give a PDF, a text or an HTML page." in words(page)


def test_an_address_that_was_added_already_is_refused_with_what_was_typed(signed_in: SignIn):
    claim = make.claim_in_review()
    client = signed_in(make.researcher(claim.newsroom))
    do(client, claim, "add_page", url=URL)

    page = do(client, claim, "add_page", addition="new", url=URL, note="Again")

    assert page.status_code == 422
    assert "This was added to the claim already." in words(page)
    assert "Again</textarea>" in page.content.decode()


def test_how_far_the_additions_are_can_be_asked_for_alone_by_members_only(signed_in: SignIn):
    claim = make.claim_in_review()
    client = signed_in(make.researcher(claim.newsroom))
    do(client, claim, "add_page", url=URL)
    address = reverse("admin:claims_claim_additions", args=[claim.pk])

    assert "being fetched" in words(client.get(address))
    assert signed_in(make.researcher(make.newsroom())).get(address).status_code == 404


def test_an_auditor_sees_what_was_added_and_is_offered_nothing(signed_in: SignIn):
    claim = make.claim_in_review()
    do(signed_in(make.researcher(claim.newsroom)), claim, "add_page", url=URL)

    page = signed_in(make.person(claim.newsroom, Role.AUDITOR)).get(bench(claim))

    assert "being fetched" in words(page)
    assert not {"add_page", "add_file"} & buttons(page)
    assert not Evidence.objects.filter(added_by__isnull=False).exists()


def test_passages_are_grouped_by_what_was_known_when_the_claim_was_made(signed_in: SignIn):
    later = make.draft(
        published_at=dt.datetime(2024, 5, 1, tzinfo=dt.UTC), text="In March 2024 Eulenburg planted 900 trees."
    )
    undated = make.draft(published_at=None, text="Eulenburg planted 1,250 trees in March 2024, they say.")
    claim = make.claim_in_review(drafts=[later, undated, make.draft()])

    text = words(signed_in(make.researcher(claim.newsroom)).get(bench(claim)))

    at = [text.index(words) for words in ("Known when it was said (2 Apr 2024)", "Learned later", "Without a date")]
    assert at == sorted(at)


def test_a_passage_against_the_rating_has_an_answer_box(signed_in: SignIn):
    claim = make.claim_reviewed()
    client = signed_in(make.researcher(claim.newsroom))
    evidence = claim.evidence.all()[0]
    assert "answer" not in buttons(client.get(bench(claim)))
    do(client, claim, "judge", evidence=evidence.pk, stance="agrees", included="on", version=claim.version)

    page = client.get(bench(claim))
    assert "answer" in buttons(page)
    assert "Speaks against the rating: answer it" in words(page)

    claim.refresh_from_db()
    do(client, claim, "answer", evidence=evidence.pk, answered="The office counted bushes.", version=claim.version)
    page = words(client.get(bench(claim)))
    assert "The office counted bushes." in page
    assert "Change the answer" in page
