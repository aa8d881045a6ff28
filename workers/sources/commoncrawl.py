"""Common Crawl: the last resort for pages that have vanished everywhere else. Slow; asked one question at a time."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any, ClassVar

from django.conf import settings
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from workers import sniffing
from workers.budgets import Pace
from workers.http import contact_missing
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceError, SourceUnavailable, fingerprint

PACE = Pace(per_second=0.5)
INDEXES, MOST_ADDRESSES = 3, 3
RECORD_BYTES = 2_000_000


class CommonCrawl:
    """One capture per address the claim or its article names, from the newest crawls."""

    slug: ClassVar[str] = "commoncrawl"
    name: ClassVar[str] = "Common Crawl"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = True

    def available(self) -> str | None:
        return contact_missing()

    def search(self, query: Query) -> Findings:
        if not query.urls:
            return Findings(note="The claim names no address to look up.")
        indexes = _indexes(query.until)
        found = []
        for url in query.urls[:MOST_ADDRESSES]:
            for index in indexes:
                row = _row(index, url)
                if row is not None and (finding := _finding(url, row)) is not None:
                    found.append(finding)
                    break
        return Findings(tuple(found))


def _indexes(until: dt.date | None) -> list[str]:
    """The newest crawls that began before a day."""
    listed = asking.rows(
        asking.get_json(f"{settings.COMMONCRAWL_URL}/collinfo.json", name="Common Crawl", pace=PACE, kept_for=24 * 3600)
    )
    names = [
        str(crawl["id"])
        for crawl in listed
        if isinstance(crawl.get("id"), str) and (until is None or str(crawl.get("from", ""))[:10] <= until.isoformat())
    ]
    if not listed:
        raise SourceUnavailable("Common Crawl sent an answer of an unknown shape.")
    return names[:INDEXES]


def _row(index: str, url: str) -> dict[str, Any] | None:
    """The last good capture of an address in one crawl; 404 is how the index says "none"."""
    asked = asking.url_with(
        f"{settings.COMMONCRAWL_URL}/{index}-index",
        {"url": url, "output": "json", "filter": "=status:200", "limit": 20},
    )
    response = asking.get(asked, name="Common Crawl", pace=PACE)
    if response.status == 404 and b"No Captures" in response.content:
        return None
    asking.refuse_bad_status(response, "Common Crawl")
    rows = []
    for line in response.content.decode("utf-8", "replace").splitlines():
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    if not rows and response.content.strip():
        raise SourceUnavailable(f"Common Crawl sent something that is not JSON: {asking.excerpt(response)}")
    good = [
        row
        for row in asking.rows(rows)
        if str(row.get("length", "")).isdigit() and str(row.get("offset", "")).isdigit()
    ]
    return max(good, key=lambda row: str(row.get("timestamp", "")), default=None)


def _finding(url: str, row: dict[str, Any]) -> Finding | None:
    offset, length, name = int(row["offset"]), int(row["length"]), str(row.get("filename", ""))
    if length > RECORD_BYTES or not name.startswith("crawl-data/") or ".." in name:
        return None
    response = asking.get(
        f"{settings.COMMONCRAWL_DATA_URL}/{name}",
        name="Common Crawl",
        pace=PACE,
        headers={"Range": f"bytes={offset}-{offset + length - 1}"},
        max_bytes=length + 1024,
    )
    if response.status != 206:
        raise SourceError(f"Common Crawl does not send parts of its files (status {response.status}).")
    if len(response.content) != length:
        raise SourceUnavailable("Common Crawl sent a broken record.")
    content, declared = _unpacked(response.content)
    if not content:
        return None
    try:
        taken_at = dt.datetime.strptime(str(row.get("timestamp")), "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return Finding(
        url=f"{settings.COMMONCRAWL_DATA_URL}/{name}#{offset}-{length}",
        title=f"{url} ({taken_at:%Y-%m-%d})",
        snippet=f"As crawled on {taken_at:%Y-%m-%d %H:%M} UTC.",
        content=content,
        content_type=sniffing.sniff(content, declared),
        fingerprint=fingerprint("commoncrawl", url, name, offset),
        details={"original": url, "taken_at": taken_at.isoformat(), "digest": row.get("digest")},
    )


def _unpacked(piece: bytes) -> tuple[bytes, str]:
    """The body in a WARC record, capped while it is unpacked."""
    try:
        for record in ArchiveIterator(io.BytesIO(piece)):
            if record.rec_type == "response" and record.http_headers is not None:
                body = record.content_stream().read(settings.FETCH_MAX_BYTES + 1)
                if len(body) > settings.FETCH_MAX_BYTES:
                    return b"", ""
                return body, record.http_headers.get_header("Content-Type") or ""
    except (ArchiveLoadFailed, OSError, ValueError, EOFError) as exc:
        raise SourceUnavailable("Common Crawl sent a broken record.") from exc
    return b"", ""
