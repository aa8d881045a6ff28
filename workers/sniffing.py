"""What a body really is: told from its first bytes, with the declared type as a hint only."""

from __future__ import annotations

import re

HTML = "text/html"
PDF = "application/pdf"
JSON = "application/json"
XML = "application/xml"
TEXT = "text/plain"
UNKNOWN = "application/octet-stream"

# What a person could read once extracted; the default of what is fetched.
READABLE = frozenset({HTML, "application/xhtml+xml", TEXT, JSON, XML, PDF})

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"OggS", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\x7fELF", UNKNOWN),
    (b"MZ", UNKNOWN),
    (b"Rar!", UNKNOWN),
    (b"7z\xbc\xaf", UNKNOWN),
    (b"\xfd7zXZ", UNKNOWN),
    (b"BZh", UNKNOWN),
    (b"(\xb5/\xfd", UNKNOWN),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|meta|script|style|div|p|h[1-6]|table|a|br)[\s>/]", re.I)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def sniff(content: bytes, declared: str = "") -> str:
    """The media type of a body. Binary magic wins over the header; among texts the header may choose."""
    declared = declared.split(";", 1)[0].strip().lower()
    head = content[:2048]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[4:8] == b"ftyp":
        return "video/mp4"
    for bom, codec in _BOMS:
        if head.startswith(bom):
            head = head[len(bom) :].decode(codec, "ignore").encode()
            break
    if _BINARY.search(head):
        return PDF if b"%PDF-" in head else UNKNOWN
    start = head.lstrip()
    if not start:
        return declared if declared in READABLE else TEXT
    if start.startswith(b"<?xml"):
        return HTML if b"<html" in start.lower() else XML
    if start[:1] in b"{[" and (declared.endswith("json") or not declared.startswith("text/")):
        return JSON
    if declared.endswith("json"):
        return JSON if start[:1] in b'{["0123456789-tfn' else (HTML if _HTML.search(start) else TEXT)
    if start.startswith((b"<rss", b"<feed", b"<rdf", b"<urlset", b"<sitemapindex")):
        return XML
    if start.startswith(b"<svg"):
        return "image/svg+xml"
    if start.startswith(b"<"):
        if _HTML.search(start) or declared in (HTML, "application/xhtml+xml"):
            return HTML
        return XML if declared.endswith("xml") else TEXT
    if declared in (HTML, "application/xhtml+xml"):
        return HTML
    return TEXT


def unwelcome(declared: str, accept: frozenset[str]) -> bool:
    """Whether the header alone says the body is nothing we want: media, fonts, archives."""
    kind = declared.split(";", 1)[0].strip().lower()
    return kind.split("/", 1)[0] in ("audio", "video", "image", "font") and kind not in accept
