"""Kept pages at the desk: shown as they were seen, unable to do anything, and only to those who may."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.models import Document, SnapshotFault
from claims.operations import proving
from tests import make
from tests.admin.pages import words
from tests.operations.test_proving import document_kept, spoil

pytestmark = pytest.mark.django_db
EVIL = b"<html><body><script>parent.document.title='x'</script><p>Seen.</p></body></html>"


def at(document, what="snapshot"):
    return f"/admin/claims/document/{document.pk}/{what}/"


@pytest.fixture
def desk(signed_in):
    return signed_in(make.reviewer(make.newsroom()))


def test_a_kept_page_comes_byte_for_byte_and_can_do_nothing(desk):
    page = desk.get(at(document_kept(EVIL)))

    assert page.content == EVIL
    policy = page["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-scripts" not in policy and "script-src" not in policy and "unsafe-eval" not in policy
    assert (page["X-Content-Type-Options"], page["X-Frame-Options"]) == ("nosniff", "SAMEORIGIN")


@pytest.mark.parametrize(
    ("kind", "served", "attached"),
    [
        ("application/json", "text/plain", False),
        ("image/png", "image/png", False),
        ("image/svg+xml", "application/octet-stream", True),
        ("application/pdf", "application/octet-stream", True),
        ("text/javascript", "application/octet-stream", True),
    ],
)
def test_what_could_do_harm_is_only_a_file_to_take_away(desk, kind, served, attached):
    page = desk.get(at(document_kept(b"content", kind)))
    assert page["Content-Type"].startswith(served)
    assert page.get("Content-Disposition", "").startswith("attachment") == attached


def test_a_page_seen_before_is_not_read_again(desk, settings):
    document = document_kept()
    etag = desk.get(at(document))["ETag"]
    (Path(settings.SNAPSHOT_DIR) / document.warc_file).unlink()
    again = desk.get(at(document), headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"
    assert again["Content-Security-Policy"].startswith("sandbox")


def test_the_document_page_frames_it_and_tells_of_a_spoilt_one(desk, settings):
    document = document_kept()
    page = desk.get(at(document, "change")).content.decode()
    assert f'sandbox src="{at(document)}"' in page
    spoil(document, settings)
    proving.prove(10)
    assert SnapshotFault.objects.get().reason in words(desk.get(at(document, "change")))
    assert SnapshotFault.objects.get().reason in words(desk.get("/admin/"))
    assert desk.get(at(document)).status_code == 410


def test_strangers_and_what_was_never_kept_are_not_found(desk, client):
    assert client.get(at(document_kept())).status_code == 302
    private = make.claim_assessing(drafts=[make.draft(private=True, url="https://desk.example/own")])
    foreign = Document.objects.get(hits__lookup__claim=private)
    assert foreign.newsroom_id is not None
    assert desk.get(at(foreign)).status_code == 404
    nothing = make.claim_assessing(drafts=[make.draft()])
    assert desk.get(at(Document.objects.get(hits__lookup__claim=nothing))).status_code == 404
