"""Documents kept as they were seen: WARC files, written once, never changed, replayable by reference.

Each process writes files of its own, so a killed worker spoils nobody else's; a reference is handed out only
after the bytes are on the disk. Bodies are kept decoded, as they were read; what the server said about their encoding
and length stands in `X-Archive-Orig-…` headers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import secrets
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from workers.answers import Response

ROTATE_BYTES = 256 * 1024 * 1024
_CHANGED_BY_US = {"content-encoding", "content-length", "transfer-encoding"}


class SnapshotMissing(LookupError):
    """The snapshot is not where its reference says, or no longer what it was."""


@dataclass(frozen=True, slots=True)
class SnapshotRef:
    """Where a document's bytes stand."""

    file: str  # relative to SNAPSHOT_DIR
    offset: int
    length: int
    digest: str  # "sha256:…" of the body


class _Volume:
    """One open WARC file of this process, shared by its threads."""

    def __init__(self, folder: Path, day: dt.date) -> None:
        self.folder, self.day, self.pid = folder, day, os.getpid()
        name = f"{day:%Y/%m}/factcheck-{day:%Y%m%d}-{self.pid}-{secrets.token_hex(4)}.warc.gz"
        self.name = name
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file: BinaryIO = path.open("xb", buffering=0)
        weakref.finalize(self, self.file.close)  # when the last thread writing to a full volume lets go
        self._writer = WARCWriter(self.file, gzip=True)
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        self._written = self._synced = 0
        _sync_folder(path.parent)

    def append(self, record: Any) -> tuple[int, int]:
        """Write one record; its offset and length once it is safely on the disk."""
        with self._writing:
            offset = self.file.tell()
            self._writer.write_record(record)
            end = self._written = self.file.tell()
        with self._syncing:
            if self._synced < end:  # else the sync of another thread has covered ours
                reached = self._written
                os.fsync(self.file.fileno())
                self._synced = reached
        return offset, end - offset

    def fits(self, folder: Path, day: dt.date) -> bool:
        same = (self.folder, self.day, self.pid) == (folder, day, os.getpid())
        return same and self._written < ROTATE_BYTES


_volume: _Volume | None = None
_choosing = threading.Lock()


def _current() -> _Volume:
    global _volume
    folder, day = Path(settings.SNAPSHOT_DIR), dt.datetime.now(dt.UTC).date()
    with _choosing:
        if _volume is None or not _volume.fits(folder, day):
            _volume = _Volume(folder, day)
        return _volume


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep(response: Response) -> SnapshotRef:
    """Keep a fetched answer with its headers, its way there and the request that brought it."""
    digest = _digest(response.content)
    headers = [
        (f"X-Archive-Orig-{name}" if name.lower() in _CHANGED_BY_US else name, _printable(value))
        for name, value in response.headers.items
    ]
    headers.append(("Content-Length", str(len(response.content))))
    about = {
        "WARC-Date": _stamp(response.fetched_at),
        "WARC-Payload-Digest": digest,
        "WARC-Identified-Payload-Type": response.content_type,
    }
    if response.peer:
        about["WARC-IP-Address"] = response.peer
    for number, hop in enumerate(response.redirects, start=1):
        about[f"X-Redirect-{number}"] = f"{hop.status} {hop.url}"
    for name, value in response.sent:
        if name.lower() not in ("authorization", "x-goog-api-key", "x-subscription-token", "x-api-key", "password"):
            about[f"X-Request-{name}"] = _printable(value)
    return _write("response", response.final_url, response.content, digest, about, f"{response.status}", headers)


def keep_content(url: str, content: bytes, *, content_type: str, seen_at: dt.datetime) -> SnapshotRef:
    """Keep bytes that were not fetched, such as a file of a newsroom's own archive."""
    digest = _digest(content)
    about = {"WARC-Date": _stamp(seen_at), "WARC-Payload-Digest": digest}
    return _write("resource", url, content, digest, about | {"Content-Type": content_type}, "", [])


def replay(ref: SnapshotRef) -> tuple[dict[str, str], bytes]:
    """Headers (names in lower case) and body of a snapshot, proved to be what was kept."""
    folder = Path(settings.SNAPSHOT_DIR).resolve()
    path = (folder / ref.file).resolve()
    if not path.is_relative_to(folder):
        raise SnapshotMissing("The reference leads out of the archive.")
    try:
        with path.open("rb") as file:
            file.seek(ref.offset)
            piece = file.read(ref.length)
    except OSError as exc:
        raise SnapshotMissing(f"The archive file {ref.file} cannot be read: {exc.strerror}.") from exc
    for record in ArchiveIterator(io.BytesIO(piece)):
        body = record.content_stream().read()
        if _digest(body) != ref.digest:
            raise SnapshotMissing(f"The snapshot in {ref.file} has changed since it was taken.")
        kept = record.http_headers or record.rec_headers
        return {name.lower(): value for name, value in kept.headers}, body
    raise SnapshotMissing(f"There is no snapshot in {ref.file} at {ref.offset}.")


def _write(
    kind: str,
    url: str,
    content: bytes,
    digest: str,
    about: dict[str, str],
    status: str,
    headers: list[tuple[str, str]],
) -> SnapshotRef:
    volume = _current()
    record = WARCWriter(io.BytesIO(), gzip=True).create_warc_record(
        url,
        kind,
        payload=io.BytesIO(content),
        length=len(content),
        warc_content_type=about.pop("Content-Type", ""),
        warc_headers_dict=about,
        http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1") if status else None,
    )
    offset, length = volume.append(record)
    return SnapshotRef(volume.name, offset, length, digest)


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _printable(value: str) -> str:
    return "".join(c if c.isprintable() else " " for c in value)
