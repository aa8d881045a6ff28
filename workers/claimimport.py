"""Published fact-checks from single pages and files, in every shape in which people have them."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from claims.errors import InvalidInput
from workers import claimreview, http
from workers.claimreview import NotUsable, Read
from workers.pagetext import Unreadable

PIECE = 256 * 1024


def from_address(url: str) -> list[Read]:
    """The reviews on a page. Raises `FetchError` or `Unreadable`; a page without any is `Unreadable` too."""
    response = http.fetch(url, manner="visit", fresh=True)
    if not response.ok:
        raise Unreadable(f"The server answered with status {response.status}.")
    if response.content_type.endswith("json"):
        found = list(_of_text(response.content.decode("utf-8-sig", "replace"), page=response.final_url))
    else:
        found = claimreview.on_page(response.content, url=response.final_url)
    return found or _nothing()


def from_file(path: Path) -> Iterator[Read]:
    """The reviews in a saved page, a JSON file, a file with one JSON record per line, or a downloaded feed.

    Any of them may be compressed by gzip. A feed is read piece by piece; other files are taken up to
    CLAIMREVIEW_FEED_MAX_BYTES. Raises `Unreadable`.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as content:
            yield from _of_file(content, most=settings.CLAIMREVIEW_FEED_MAX_BYTES if packed else None)
    except (gzip.BadGzipFile, EOFError, zlib.error) as exc:
        raise Unreadable("The file says it is compressed, but is broken.") from exc


def _of_file(file: Any, *, most: int | None) -> Iterator[Read]:
    head = file.read(64 * 1024)
    file.seek(0)
    if b'"dataFeedElement"' in head:
        yield from claimreview.from_feed(_pieces(file, most))
        return
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        content = _whole(file, settings.FETCH_MAX_BYTES)
        yield from claimreview.on_page(content, url="") or _nothing()
        return
    text = _whole(file, settings.CLAIMREVIEW_FEED_MAX_BYTES).decode("utf-8-sig", "replace")
    yield from _of_text(text, page="")


def for_the_desk(path: Path) -> Iterator[Read]:
    """As `from_file`, for operations of the domain: a file that is none is refused in their way."""
    try:
        yield from from_file(path)
    except Unreadable as exc:
        raise InvalidInput(str(exc), field="file", code="unreadable") from exc


def _nothing() -> list[Read]:
    raise Unreadable("There is no ClaimReview on this page.")


def _pieces(file: BinaryIO, most: int | None) -> Iterator[bytes]:
    """A file bit by bit; what unpacks to more than `most` bytes is refused on the way."""
    read = 0
    while piece := file.read(PIECE):
        read += len(piece)
        if most is not None and read > most:
            raise Unreadable(f"The file is larger than {most:,} bytes.")
        yield piece


def _whole(file: BinaryIO, most: int) -> bytes:
    content = file.read(most + 1)
    if len(content) > most:
        raise Unreadable(f"The file is larger than {most:,} bytes.")
    return content


def _of_text(text: str, *, page: str) -> Iterator[Read]:
    try:
        whole = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        yield from _of_lines(text, page=page)
    else:
        yield from _of_value(whole, page=page)


def _of_lines(text: str, *, page: str) -> Iterator[Read]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise Unreadable("This is neither HTML nor JSON.")
    for number, line in enumerate(lines, start=1):
        try:
            value = json.loads(line, strict=False)
        except (ValueError, RecursionError):
            yield NotUsable(f"Line {number} is not JSON.")
            continue
        yield from _of_value(value, page=page)


def _of_value(value: Any, *, page: str) -> list[Read]:
    """Records however they are wrapped: one, a list, a graph, an item of a feed, an answer of Google's."""
    if isinstance(value, list):
        return [read for one in value for read in _of_value(one, page=page)]
    if not isinstance(value, dict):
        return [NotUsable("A record is not an object.")]
    for wrapped in ("@graph", "claims", "item"):
        if isinstance(value.get(wrapped), list | dict) and not claimreview.kinds(value) & claimreview.KINDS:
            return _of_value(value[wrapped], page=page)
    if isinstance(value.get("claimReview"), list):
        return claimreview.from_google(value)
    if not claimreview.kinds(value) & claimreview.KINDS:
        return [NotUsable("The record is no ClaimReview.")]
    return claimreview.of_records([value], page=page)
