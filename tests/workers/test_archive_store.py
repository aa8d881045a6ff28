"""WARC files in object storage: shipped when closed, read back by the record's bytes alone."""

from __future__ import annotations

import os
import re
import time

import pytest
from django.core.files.storage import storages
from warcio.archiveiterator import ArchiveIterator
from werkzeug import Request, Response

from tests.workers.test_archive import _response
from workers import archive

storages_s3 = pytest.importorskip("storages.backends.s3", reason="object storage needs the extra factcheck[s3]")


class Bucket:
    """As much of S3 as keeping files takes: objects by name, put, read in ranges, measured and deleted."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.ranges: list[str] = []
        self.spoil = False

    def __call__(self, request: Request) -> Response:
        name = request.path.removeprefix("/kept/")
        if request.method == "PUT":
            body = request.get_data()
            if "aws-chunked" in request.headers.get("Content-Encoding", ""):
                body = _unchunked(body)
            self.objects[name] = body[:-1] if self.spoil else body
            return Response(headers={"ETag": '"1"'})
        if name not in self.objects:
            body = "" if request.method == "HEAD" else "<Error><Code>NoSuchKey</Code></Error>"
            return Response(body, status=404, content_type="application/xml")
        if request.method == "DELETE":
            del self.objects[name]
            return Response(status=204)
        whole, asked = self.objects[name], request.headers.get("Range", "")
        if request.method == "GET":
            self.ranges.append(asked)
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", asked)
        part = whole[int(found[1]) : int(found[2]) + 1] if found else whole
        return Response(part, status=206 if found else 200, headers={"ETag": '"1"', "Content-Length": str(len(part))})


def _unchunked(body: bytes) -> bytes:
    whole, rest = b"", body
    while rest:
        head, rest = rest.split(b"\r\n", 1)
        size = int(head.split(b";")[0], 16)
        if not size:
            break
        whole, rest = whole + rest[:size], rest[size + 2 :]
    return whole


@pytest.fixture
def bucket(httpserver, settings, tmp_path):
    settings.SNAPSHOT_DIR = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "snapshots": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": "kept",
                "location": "desk",
                "endpoint_url": httpserver.url_for("").rstrip("/"),
                "region_name": "eu-central-1",
                "access_key": "key",
                "secret_key": "secret",
                "addressing_style": "path",
            },
        },
    }
    kept = Bucket()
    httpserver.expect_request(re.compile("/kept/.*")).respond_with_handler(kept)
    return kept


def age(folder, seconds=7200):
    for path in folder.rglob("*.warc.gz"):
        os.utime(path, (time.time() - seconds, time.time() - seconds))


def test_a_closed_file_moves_to_the_bucket_and_only_the_records_bytes_are_read_back(bucket, tmp_path):
    refs = [archive.keep(_response(b"%d " % number * 300)) for number in range(5)]
    assert archive.ship() == 0  # still written to
    age(tmp_path)

    assert archive.ship() == 1
    assert list(bucket.objects) == [f"desk/{refs[0].file}"]
    assert not list(tmp_path.rglob("*.warc.gz"))
    assert archive.replay(refs[3])[1] == b"3 " * 300
    assert bucket.ranges == [f"bytes={refs[3].offset}-{refs[3].offset + refs[3].length - 1}"]
    assert archive.ship() == 0


def test_who_still_wants_to_write_to_a_shipped_file_begins_another(bucket, tmp_path):
    first = archive.keep(_response())
    age(tmp_path)
    archive.ship()
    second = archive.keep(_response(b"<p>Later.</p>"))

    assert second.file != first.file
    assert [archive.replay(ref)[1] for ref in (first, second)] == [b"<p>Seen.</p>", b"<p>Later.</p>"]


def test_a_file_that_arrived_incomplete_stays_here_and_is_sent_again(bucket, tmp_path):
    ref = archive.keep(_response())
    age(tmp_path)
    bucket.spoil = True
    assert archive.ship() == 0
    assert (tmp_path / ref.file).exists()
    bucket.spoil = False
    assert archive.ship() == 1
    assert archive.replay(ref)[1] == b"<p>Seen.</p>"


def test_a_lost_object_and_a_changed_one_are_noticed(bucket, tmp_path):
    ref = archive.keep(_response())
    age(tmp_path)
    archive.ship()
    name = f"desk/{ref.file}"
    bucket.objects[name] = b"x" * len(bucket.objects[name])
    with pytest.raises(archive.SnapshotMissing, match="no snapshot"):
        archive.replay(ref)
    del bucket.objects[name]
    with pytest.raises(archive.SnapshotMissing, match="cannot be read from the store"):
        archive.replay(ref)


def test_without_a_bucket_files_stay_in_the_folder(settings, tmp_path):
    settings.SNAPSHOT_DIR = tmp_path
    ref = archive.keep(_response())
    age(tmp_path)
    assert archive.ship() == 0
    assert (tmp_path / ref.file).exists()
    assert "snapshots" not in storages.backends


def test_any_other_storage_of_django_serves_too(settings, tmp_path):
    settings.SNAPSHOT_DIR = tmp_path / "here"
    settings.STORAGES = {
        **settings.STORAGES,
        "snapshots": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "there")},
        },
    }
    ref = archive.keep(_response())
    age(tmp_path / "here")
    assert archive.ship() == 1
    assert (tmp_path / "there" / ref.file).exists()
    assert archive.replay(ref)[1] == b"<p>Seen.</p>"


def test_a_file_is_closed_off_when_it_is_old(settings, tmp_path):
    settings.SNAPSHOT_DIR, settings.SNAPSHOT_ROTATE_SECONDS = tmp_path, 0
    assert archive.keep(_response()).file != archive.keep(_response()).file


def test_a_write_that_breaks_leaves_no_torn_record_before_later_ones(settings, tmp_path, monkeypatch):
    settings.SNAPSHOT_DIR = tmp_path
    before = archive.keep(_response())
    volume = archive._volume
    assert volume is not None

    write = volume.file.write

    def break_off(record):
        write(record[: len(record) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(volume.file, "write", break_off)
    with pytest.raises(OSError, match="No space"):
        archive.keep(_response(b"<p>Lost.</p>"))
    after = archive.keep(_response(b"<p>After.</p>"))

    for ref, body in ((before, b"<p>Seen.</p>"), (after, b"<p>After.</p>")):
        assert archive.replay(ref)[1] == body
        with (tmp_path / ref.file).open("rb") as file:
            assert [record.content_stream().read() for record in ArchiveIterator(file)] == [body]


def test_a_disk_that_takes_a_record_in_pieces_gets_all_of_them(settings, tmp_path, monkeypatch):
    settings.SNAPSHOT_DIR = tmp_path
    archive.keep(_response())
    volume = archive._volume
    assert volume is not None
    write = volume.file.write
    monkeypatch.setattr(volume.file, "write", lambda record: write(record[:7]))
    assert archive.replay(archive.keep(_response(b"<p>In pieces.</p>")))[1] == b"<p>In pieces.</p>"
