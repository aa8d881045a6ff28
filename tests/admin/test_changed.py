"""Changed passages in the desk: found, compared side by side, answered by those who may publish."""

from __future__ import annotations

import pytest
from django.urls import reverse

from claims.models import LateFinding, Publication, Recheck, Watch
from claims.operations import gathering, rechecking
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db


def told(publication: Publication) -> Recheck:
    """A change two visits saw, with the snapshot of the second."""
    watch = publication.watches.order_by("pk")[:1].get()
    text = make.SOURCE.replace("1,250", "2,250")
    for _ in range(2):
        Watch.objects.filter(pk=watch.pk).update(next_attempt_at="2024-01-01T00:00Z")
        held = Watch.objects.take(watch.pk)
        assert held is not None
        draft = make.draft(text=text, url=watch.evidence.document.url)
        recheck = rechecking.record_visit(held, rechecking.Visit(text=text, draft=draft))
    assert recheck is not None and recheck.confirmed
    return recheck


def published() -> Publication:
    return make.publication(drafts=[make.draft(source="searxng")])


def test_a_change_is_listed_and_shown_with_both_snapshots(signed_in: SignIn):
    publication = published()
    recheck = told(publication)
    client = signed_in(make.reviewer(publication.newsroom))
    assert reverse("admin:desk_change", args=[recheck.pk]) in client.get(reverse("admin:desk_changes")).content.decode()
    page = client.get(reverse("admin:desk_change", args=[recheck.pk])).content.decode()
    assert "<del>1,250</del>" in page and "<ins>2,250</ins>" in page
    assert "Somebody who may publish has to answer." in page


def test_an_editor_says_that_the_verdict_stands(signed_in: SignIn):
    recheck = told(published())
    client = signed_in(make.editor(recheck.watch.publication.newsroom))
    address = reverse("admin:desk_change_answer", args=[recheck.pk, "stands"])
    assert client.post(address, {"stands-words": " "}).status_code == 422
    client.post(address, {"stands-words": "A slip of theirs."})
    recheck.refresh_from_db()
    assert recheck.closing_note == "A slip of theirs."
    assert "A slip of theirs." in words(client.get(reverse("admin:desk_changes") + "?tab=answered"))
    assert client.post(address, {"stands-words": "Again."}).status_code == 422


def test_an_editor_has_it_checked_anew(signed_in: SignIn):
    recheck = told(published())
    publication = recheck.watch.publication
    client = signed_in(make.editor(publication.newsroom))
    client.post(reverse("admin:desk_change_answer", args=[recheck.pk, "reopen"]), {"reopen-words": "Another number."})
    publication.claim.refresh_from_db()
    assert (publication.claim.status, publication.claim.cycle) == ("gathering", 2)


def test_a_reviewer_cannot_answer_and_a_stranger_does_not_find_it(signed_in: SignIn):
    recheck = told(published())
    client = signed_in(make.reviewer(recheck.watch.publication.newsroom))
    address = reverse("admin:desk_change_answer", args=[recheck.pk, "stands"])
    assert client.post(address, {"stands-words": "Fine."}).status_code == 422
    stranger = signed_in(make.editor(make.newsroom()))
    assert stranger.get(reverse("admin:desk_change", args=[recheck.pk])).status_code == 404
    assert stranger.post(address, {"stands-words": "Fine."}).status_code == 404
    recheck.refresh_from_db()
    assert recheck.closed_at is None


def test_late_evidence_is_listed_and_shown_on_the_workbench(signed_in: SignIn):
    claim = make.claim_published()
    document = gathering.keep(make.draft(text="The audit office counted 640 trees."), claim)
    LateFinding.objects.create(
        claim=claim, cycle=1, source="folder", kind="contradiction", what="1,250 → 640", fingerprint="x",
        document=document, start=0, end=5, quote="The a",
    )  # fmt: skip
    client = signed_in(make.editor(claim.newsroom))
    assert "1,250 → 640" in words(client.get(reverse("admin:desk_changes") + "?tab=late"))
    assert "1,250 → 640" in words(client.get(reverse("admin:claims_claim_change", args=[claim.pk])))
