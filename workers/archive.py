"""Documents kept as they were seen: WARC files, written once, never changed, replayable by reference.

Each process writes files of its own, so a killed worker spoils nobody else's; a reference is handed out only
after the bytes are on the disk. A file is closed off when it is full or old, and then shipped to object storage where
there is one. Bodies are kept decoded, as they were read; what the server said about their encoding
and length stands in `X-Archive-Orig-…` headers.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import io
import logging
import os
import re
import secrets
import threading
import time
import weakref
import zlib
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files import File
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from claims.snapshots import SnapshotMissing, SnapshotRef, digest_of, replay, store
from workers.answers import Response

__all__ = ["SnapshotMissing", "SnapshotRef", "keep", "keep_content", "replay", "ship"]

logger = logging.getLogger(__name__)

ROTATE_BYTES = 256 * 1024 * 1024
COMPRESSION = 4  # of nine: a page is 7 % larger than with the last, for half of the work
_GZIP = 31  # what zlib calls its window with the header of gzip: each record is a member of its own
GRACE_SECONDS = 60  # a file is shipped this long after no writer takes it any more: one may still finish
_CHANGED_BY_US = {"content-encoding", "content-length", "transfer-encoding"}


class _Volume:
    """One open WARC file of this process, shared by its threads."""

    def __init__(self, folder: Path, day: dt.date) -> None:
        self.folder, self.day, self.pid = folder, day, os.getpid()
        self.opened = time.monotonic()
        name = f"{day:%Y/%m}/factcheck-{day:%Y%m%d}-{self.pid}-{secrets.token_hex(4)}.warc.gz"
        self.name = name
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file: BinaryIO = path.open("xb", buffering=0)
        weakref.finalize(self, self.file.close)  # when the last thread writing to a full volume lets go
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        self._written = self._synced = 0
        self.broken = False
        _sync_folder(path.parent)

    def append(self, record: bytes) -> tuple[int, int] | None:
        """Write one packed record; its offset and length once it is safely on the disk. None: shipped meanwhile.

        What a failed write leaves behind is cut off, so that every later record can still be reached by reading on.
        """
        with self._writing:
            fcntl.flock(self.file, fcntl.LOCK_EX)  # against `ship`
            try:
                if self.broken or not os.fstat(self.file.fileno()).st_nlink:
                    return None
                offset = self.file.tell()
                try:
                    rest = memoryview(record)
                    while rest:
                        rest = rest[self.file.write(rest) :]
                except BaseException:
                    self.broken = True
                    self.file.truncate(offset)
                    raise
                end = self._written = self.file.tell()
            finally:
                fcntl.flock(self.file, fcntl.LOCK_UN)
        with self._syncing:
            if self._synced < end:  # else the sync of another thread has covered ours
                reached = self._written
                os.fsync(self.file.fileno())
                self._synced = reached
        return offset, end - offset

    def fits(self, folder: Path, day: dt.date) -> bool:
        same = (self.folder, self.day, self.pid) == (folder, day, os.getpid())
        young = time.monotonic() - self.opened < settings.SNAPSHOT_ROTATE_SECONDS
        return same and young and not self.broken and self._written < ROTATE_BYTES


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
    digest = digest_of(response.content)
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
    digest = digest_of(content)
    about = {"WARC-Date": _stamp(seen_at), "WARC-Payload-Digest": digest}
    return _write("resource", url, content, digest, about | {"Content-Type": content_type}, "", [])


def _write(
    kind: str,
    url: str,
    content: bytes,
    digest: str,
    about: dict[str, str],
    status: str,
    headers: list[tuple[str, str]],
) -> SnapshotRef:
    plain = io.BytesIO()
    writer = WARCWriter(plain, gzip=False)
    record = writer.create_warc_record(
        url,
        kind,
        payload=io.BytesIO(content),
        length=len(content),
        warc_content_type=about.pop("Content-Type", ""),
        warc_headers_dict=about,
        http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1") if status else None,
    )
    writer.write_record(record)
    packed = zlib.compress(plain.getbuffer(), COMPRESSION, _GZIP)
    while True:
        volume = _current()
        place = volume.append(packed)
        if place is not None:
            return SnapshotRef(volume.name, *place, digest)
        volume.broken = True


def ship() -> int:
    """Bring closed files to the store, then let go of them here; how many. Safe at any time and from many machines.

    A file goes when it is older than any writer would still take it. Its lock keeps writers away meanwhile, and who
    comes late finds it gone and opens another. What is shipped is compared by size before it is deleted here.
    """
    elsewhere, folder = store(), Path(settings.SNAPSHOT_DIR)
    if elsewhere is None:
        return 0
    old = time.time() - settings.SNAPSHOT_ROTATE_SECONDS - GRACE_SECONDS
    shipped = 0
    for path in sorted(folder.glob("*/*/factcheck-*.warc.gz")):
        if re.fullmatch(r"factcheck-\d{8}-\d+-[0-9a-f]{8}\.warc\.gz", path.name) and _ship_one(path, folder, old):
            shipped += 1
    return shipped


def _ship_one(path: Path, folder: Path, old: float) -> bool:
    name = path.relative_to(folder).as_posix()
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            seen = os.fstat(file.fileno())
            if not seen.st_nlink or seen.st_mtime > old:
                return False
            elsewhere = store()
            if not elsewhere.exists(name):
                elsewhere.save(name, File(file, name=name))
            if elsewhere.size(name) != seen.st_size:
                elsewhere.delete(name)  # half of a try that was broken off
                logger.warning("%s arrived incomplete; it is shipped again", name)
                return False
            path.unlink()
            return True
    except (BlockingIOError, FileNotFoundError):
        return False


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _printable(value: str) -> str:
    return "".join(c if c.isprintable() else " " for c in value)
