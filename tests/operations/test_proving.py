"""Kept snapshots are proved against the documents' rows; a failure is an alarm until it is mended."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from claims.models import Document, SnapshotFault
from claims.operations import proving
from tests import make
from workers import archive
from workers.tasks.archiving import prove_snapshots

pytestmark = pytest.mark.django_db


def document_kept(content: bytes = b"<p>Seen.</p>", content_type: str = "text/html") -> Document:
    """A document of the open web whose bytes are kept."""
    ref = archive.keep_content(
        "https://courier.example/kept", content, content_type=content_type, seen_at=timezone.now() - dt.timedelta(1)
    )
    draft = make.draft(
        warc_file=ref.file, warc_offset=ref.offset, warc_length=ref.length, payload_digest=ref.digest,
        content_type=content_type,
    )  # fmt: skip
    claim = make.claim_assessing(drafts=[draft])
    return Document.objects.get(hits__lookup__claim=claim)


def spoil(document: Document, settings) -> bytes:
    path = Path(settings.SNAPSHOT_DIR) / document.warc_file
    whole = path.read_bytes()
    path.write_bytes(whole[:-40] + b"x" * 40)
    return whole


def test_whole_snapshots_are_no_news():
    document_kept()
    out = StringIO()
    call_command("verify_archive", sample=5, stdout=out)
    assert "1 snapshots replayed" in out.getvalue()
    assert not SnapshotFault.objects.exists()


def test_a_spoilt_snapshot_is_an_alarm_until_it_is_mended(settings, client):
    document = document_kept()
    whole = spoil(document, settings)
    assert prove_snapshots() == 1
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("verify_archive", stderr=StringIO())
    fault = SnapshotFault.objects.get()
    assert fault.document == document
    assert client.get("/readyz/").json()["snapshot_faults"] == 1

    (Path(settings.SNAPSHOT_DIR) / document.warc_file).write_bytes(whole)
    assert proving.prove(0).faults == []  # what failed before is proved again whatever the sample
    assert "snapshot_faults" not in client.get("/readyz/").json()


def test_a_sample_of_a_large_table_is_drawn_without_sorting_it(monkeypatch):
    monkeypatch.setattr(proving, "FEW", 0)
    document_kept(), document_kept(b"<p>Another.</p>")
    assert 1 <= proving.prove(20).replayed <= 2
