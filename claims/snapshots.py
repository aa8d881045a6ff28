"""Kept snapshots, read back: WARC records by reference, from the folder they were written to or from object storage.

A record is fetched by its own bytes and proved by its digest, so that what is shown is what was kept or nothing.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from claims.models import Document

STORE = "snapshots"  # the alias in STORAGES, where there is a store apart from the folder


class SnapshotMissing(LookupError):
    """The snapshot is not where its reference says, or no longer what it was."""


@dataclass(frozen=True, slots=True)
class SnapshotRef:
    """Where a document's bytes stand."""

    file: str  # relative to SNAPSHOT_DIR, and the name in the store
    offset: int
    length: int
    digest: str  # "sha256:…" of the body


def ref_of(document: Document) -> SnapshotRef | None:
    """The document's reference; None when nothing was kept of it, as for what people typed in."""
    if not document.warc_file or document.warc_offset is None or document.warc_length is None:
        return None
    return SnapshotRef(document.warc_file, document.warc_offset, document.warc_length, document.payload_digest)


def store() -> Any:
    """The object storage closed files are shipped to; None when the folder is all there is."""
    return storages[STORE] if STORE in settings.STORAGES else None


def digest_of(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def replay(ref: SnapshotRef) -> tuple[dict[str, str], bytes]:
    """Headers (names in lower case) and body of a snapshot, proved to be what was kept."""
    piece = _bytes_of(ref)
    try:
        for record in ArchiveIterator(io.BytesIO(piece)):
            body = record.content_stream().read()
            if digest_of(body) != ref.digest:
                raise SnapshotMissing(f"The snapshot in {ref.file} has changed since it was taken.")
            kept = record.http_headers or record.rec_headers
            return {name.lower(): value for name, value in kept.headers}, body
    except (ArchiveLoadFailed, ValueError, EOFError, OSError) as exc:
        raise SnapshotMissing(f"What stands in {ref.file} at {ref.offset} is no snapshot.") from exc
    raise SnapshotMissing(f"There is no snapshot in {ref.file} at {ref.offset}.")


def record(ref: SnapshotRef) -> bytes:
    """The whole record as it stands in its file, proved like what `replay` gives."""
    replay(ref)
    return _bytes_of(ref)


def _bytes_of(ref: SnapshotRef) -> bytes:
    folder = Path(settings.SNAPSHOT_DIR).resolve()
    path = (folder / ref.file).resolve()
    if not path.is_relative_to(folder):
        raise SnapshotMissing("The reference leads out of the archive.")
    try:
        with path.open("rb") as file:
            file.seek(ref.offset)
            return file.read(ref.length)
    except FileNotFoundError as exc:
        elsewhere = store()
        if elsewhere is None:
            raise SnapshotMissing(f"The archive file {ref.file} cannot be read: {exc.strerror}.") from exc
    except OSError as exc:
        raise SnapshotMissing(f"The archive file {ref.file} cannot be read: {exc.strerror}.") from exc
    return _from_store(elsewhere, ref)


def _from_store(elsewhere: Any, ref: SnapshotRef) -> bytes:
    """Only the record's bytes: by a range where the store speaks S3, else by seeking."""
    try:
        if hasattr(elsewhere, "bucket"):
            span = f"bytes={ref.offset}-{ref.offset + ref.length - 1}"
            answer = elsewhere.bucket.Object(_key(elsewhere, ref.file)).get(Range=span)
            piece: bytes = answer["Body"].read()
        else:
            with elsewhere.open(ref.file, "rb") as file:
                file.seek(ref.offset)
                piece = file.read(ref.length)
    except Exception as exc:  # every storage has errors of its own; the reader needs one
        raise SnapshotMissing(
            f"{ref.file} cannot be read from the store ({exc}). Until it is shipped it is only where it was written."
        ) from exc
    return piece


def _key(elsewhere: Any, name: str) -> str:
    location = str(getattr(elsewhere, "location", "")).strip("/")
    return f"{location}/{name}" if location else name
