"""Words of a page as values: what was read of it, and how bytes, dates and markup of strangers become plain values."""

from __future__ import annotations

import codecs
import datetime as dt
import html
import re
from dataclasses import dataclass
from typing import Any

MAX_TEXT = 1_000_000


class Unreadable(Exception):
    """There is no text to be had here. The reason is in words for the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The text of a document and what it says about itself."""

    text: str
    title: str = ""
    language: str = ""
    byline: str = ""
    credit: str = ""  # agency credit line as printed
    publisher: str = ""
    published_at: dt.datetime | None = None
    modified_at: dt.datetime | None = None
    canonical_url: str = ""
    url: str = ""  # only records of an archive name their own
    links: tuple[str, ...] = ()


def storable(text: str) -> str:
    """Text a database takes: no NUL, no half characters, one kind of line end, not endless."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8").strip()[:MAX_TEXT]


def plain(markup: object) -> str:
    """A field as one line of text without markup; nothing of anything that is no text."""
    if not isinstance(markup, str):
        return ""
    return " ".join(html.unescape(re.sub(r"<[^>]{0,500}>", "", markup)).split())


def one_line(text: str, limit: int) -> str:
    return " ".join(storable(text).split())[:limit]


def decode(content: bytes, charset: str = "") -> str:
    """Text in the declared encoding, else UTF-8, else Windows-1252, which takes anything."""
    for bom, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(bom):
            return content.decode(codec, "replace").removeprefix("\ufeff")
    for candidate in (charset, "utf-8"):
        try:
            if candidate and codecs.lookup(candidate).name not in ("rot13", "base64", "hex", "zlib", "bz2", "idna"):
                return content.decode(candidate)
        except (LookupError, UnicodeError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def moment(value: object) -> dt.datetime | None:
    """A point in time as publishers write it (ISO 8601 or RFC 822); a bare day is its noon. Nonsense is None."""
    if not isinstance(value, str) or not value.strip():
        return None
    value = value.strip()
    try:
        found = dt.datetime.fromisoformat(value)
        if re.fullmatch(r"\d{4}-?\d\d-?\d\d", value):
            found = found.replace(hour=12)
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            found = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=dt.UTC)
    try:
        found = found.astimezone(dt.UTC)
    except (OverflowError, ValueError):
        return None
    return found if 1900 <= found.year <= 2200 else None


def xml_root(content: bytes) -> Any:
    """The root of an XML body, or None. No DTD is loaded, no entity resolved or kept, no address asked."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is not None:
        etree.strip_elements(root, etree.Entity, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    return root
