import datetime as dt
import threading
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from workers import archive, http
from workers.answers import Headers, Hop, Response

NOW = dt.datetime(2024, 12, 24, 10, 0, tzinfo=dt.UTC)


def _response(content=b"<p>Seen.</p>", **changes):
    given = {
        "url": "https://news.example/old",
        "final_url": "https://news.example/new",
        "status": 200,
        "headers": Headers((("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("X-Odd", "a\x07b"))),
        "content": content,
        "content_type": "text/html",
        "elapsed": 0.1,
        "fetched_at": NOW,
        "peer": "93.184.216.34",
        "sent": (("Host", "news.example"), ("Authorization", "Token secret")),
        "redirects": (Hop("https://news.example/old", 301, "https://news.example/new"),),
    }
    return Response(**(given | changes))


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.SNAPSHOT_DIR = tmp_path
    return tmp_path


def test_what_was_kept_is_replayed_to_the_byte():
    body = bytes(range(256)) * 100
    headers, replayed = archive.replay(archive.keep(_response(body)))

    assert replayed == body
    assert headers["content-type"] == "text/html"
    assert headers["x-archive-orig-content-encoding"] == "gzip"
    assert headers["content-length"] == str(len(body))


def test_any_archive_reader_can_read_the_file(folder):
    ref = archive.keep(_response())
    archive.keep(_response(b"<p>Another.</p>"))
    with (folder / ref.file).open("rb") as file:
        records = [
            (r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read()) for r in ArchiveIterator(file)
        ]

    assert records == [("https://news.example/new", b"<p>Seen.</p>"), ("https://news.example/new", b"<p>Another.</p>")]


def test_the_way_there_is_kept_but_no_key(folder):
    ref = archive.keep(_response())
    with (folder / ref.file).open("rb") as file:
        headers = dict(next(iter(ArchiveIterator(file))).rec_headers.headers)

    assert headers["X-Redirect-1"] == "301 https://news.example/old"
    assert headers["WARC-IP-Address"] == "93.184.216.34"
    assert headers["WARC-Date"] == "2024-12-24T10:00:00Z"
    assert "secret" not in str(headers)


def test_a_file_of_the_own_archive_is_kept_too():
    ref = archive.keep_content("https://desk.example/1", b'{"text": "x"}', content_type="application/json", seen_at=NOW)
    headers, body = archive.replay(ref)

    assert body == b'{"text": "x"}'
    assert headers["content-type"] == "application/json"


def test_a_changed_snapshot_is_noticed(folder):
    ref = archive.keep(_response())
    with pytest.raises(archive.SnapshotMissing, match="has changed"):
        archive.replay(archive.SnapshotRef(ref.file, ref.offset, ref.length, "sha256:0"))
    (folder / ref.file).unlink()
    with pytest.raises(archive.SnapshotMissing, match="cannot be read"):
        archive.replay(ref)


def test_a_reference_cannot_lead_out_of_the_archive():
    with pytest.raises(archive.SnapshotMissing, match="leads out"):
        archive.replay(archive.SnapshotRef("../../etc/passwd", 0, 10, "sha256:0"))


def test_a_half_written_tail_spoils_nothing_before_it(folder):
    ref = archive.keep(_response())
    with (folder / ref.file).open("ab") as file:
        file.write(b"\x1f\x8b\x08 killed here")

    assert archive.replay(ref)[1] == b"<p>Seen.</p>"


def test_a_file_is_closed_off_when_it_is_full(monkeypatch):
    monkeypatch.setattr(archive, "ROTATE_BYTES", 500)
    refs = [archive.keep(_response(b"%d" % number * 500)) for number in range(4)]

    assert len({ref.file for ref in refs}) > 1
    assert [archive.replay(ref)[1][:1] for ref in refs] == [b"0", b"1", b"2", b"3"]


def test_threads_share_a_file_without_mixing_their_bytes():
    kept = {}

    def one(number):
        for part in range(10):
            body = f"{number} {part} ".encode() * 300
            kept[number, part] = (body, archive.keep(_response(body)))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len({Path(ref.file) for _, ref in kept.values()}) == 1
    assert all(archive.replay(ref)[1] == body for body, ref in kept.values())


def test_a_real_answer_is_kept(httpserver, loopback_allowed):
    httpserver.expect_request("/a").respond_with_data("<p>Über allem.</p>", content_type="text/html; charset=utf-8")
    headers, body = archive.replay(archive.keep(http.fetch(httpserver.url_for("/a"), manner="visit")))

    assert body.decode() == "<p>Über allem.</p>"
    assert headers["content-type"] == "text/html; charset=utf-8"
