"""A seeded generator of what strangers may send: addresses, answers, bodies. The same seed makes the same inputs."""

from __future__ import annotations

import gzip
import random
import string
import zlib
from collections.abc import Callable

INSIDE = ["127.0.0.1", "10.0.0.8", "169.254.169.254", "192.168.1.1", "0.0.0.0", "100.64.0.1", "::1", "fd00:ec2::254"]  # noqa: S104
SPELT = ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "①②⑦.0.0.1", "[::1]"]
SCHEMES = ["http", "https", "HTTP", "file", "gopher", "ftp", "javascript", "data", "", "http:", " http", "jar:http"]
ODD = "\\\t\r\n\x00 @#?/:;%[]<>\"'`{}|^~。．／\u202e\u200b\ufeffß�é"
KINDS = ["text/html", "application/pdf", "application/json", "text/plain", "application/xml", "image/svg+xml", "", "x"]
CHARSETS = [
    "utf-8",
    "utf-16",
    "utf-7",
    "latin-1",
    "shift_jis",
    "none-such",
    "idna",
    "rot13",
    "base64",
    "\x00",
    "utf-8" * 50,
]
PAGE = (
    "<!doctype html><html lang='en'><head><title>Trees</title><meta name=author content='A. Lindgren'>"
    '<script type="application/ld+json">'
    '{"@type":"NewsArticle","datePublished":"2024-03-01","author":{"name":"Ada"}}</script>'
    "</head><body><article><h1>Trees</h1>"
    + "<p>The town of Eulenburg planted 1,250 trees in March, the mayor's office said on Monday.</p>" * 6
    + "<a href='/more'>more</a></article></body></html>"
).encode()
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(f'<!ENTITY {b} "{f"&{a};" * 10}">'.encode() for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + b"]><x>&i;</x>"
)
BOMB = gzip.compress(bytes(30_000_000))


def url(pick: random.Random) -> str:
    """An address that must never be fetched: it leads inside, or it is none."""
    host = pick.choice([*INSIDE, *SPELT, "inside.example", "localhost", "metadata.google.internal", "", "-", "a" * 300])
    if ":" in host and "[" not in host and pick.random() < 0.8:
        host = f"[{host}]"
    user = pick.choice(["", "", "user@", "good.example@", "good.example\\@", "a:b@"])
    port = pick.choice(["", ":80", ":443", ":22", ":0", ":99999", ":-1", ":８０", ":80:80"])
    path = "/" + "".join(pick.choices(string.ascii_letters + ODD, k=pick.randint(0, 20)))
    made = f"{pick.choice(SCHEMES[:3] if pick.random() < 0.7 else SCHEMES)}://{user}{host}{port}{path}"
    if pick.random() < 0.4:
        at = pick.randint(0, len(made))
        made = made[:at] + pick.choice(ODD) * pick.randint(1, 3) + made[at:]
    return made


def body(pick: random.Random) -> bytes:
    """A body: sound, torn, mixed, nested too deep, full of nonsense, or a bomb."""
    made: Callable[[], bytes] = pick.choice(
        [
            lambda: pick.randbytes(pick.randint(0, 4000)),
            lambda: PAGE[: pick.randint(0, len(PAGE))],
            lambda: _mutated(PAGE, pick),
            lambda: _mutated(PDF + pick.randbytes(300) + b"\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF", pick),
            lambda: b"<div>" * pick.randint(100, 30_000) + PAGE,
            lambda: b"[" * pick.randint(100, 30_000),
            lambda: b'{"a":' * pick.randint(100, 5_000) + b"1",
            lambda: ENTITIES,
            lambda: PAGE.decode().encode(pick.choice(["utf-16", "utf-32", "utf-7", "cp037", "utf-16-be"])),
            lambda: PAGE.replace(b"2024-03-01", pick.choice([b"0001-01-01", b"9999999-1-1", b"2024-99-99", b"\xff"])),
            lambda: PAGE.replace(b'"Ada"', pick.choice([b"[[[]]]", b"{}", b"null", b"1e999", b'"\\ud800"', b"\x00"])),
            lambda: b"<script type='application/ld+json'>" + _mutated(b'{"@graph":[{"@type":["ClaimReview"]}]}', pick),
            lambda: b"".join(bytes([c]) + b"\x00" for c in PAGE[:500]),
            lambda: b"PK\x03\x04" + pick.randbytes(200),
            lambda: BOMB[: pick.randint(10, len(BOMB))],
        ]
    )
    return made()


def _mutated(content: bytes, pick: random.Random) -> bytes:
    torn = bytearray(content)
    for _ in range(pick.randint(1, 30)):
        at = pick.randrange(len(torn))
        match pick.randint(0, 3):
            case 0:
                torn[at] = pick.randrange(256)
            case 1:
                del torn[at : at + pick.randint(1, 20)]
            case 2:
                torn[at:at] = torn[pick.randrange(len(torn)) :][: pick.randint(1, 200)]
            case _:
                torn[at:at] = pick.choice(
                    [b"\x00", b"<", b"&#x110000;", b"&#0;", b"]]>", b"<!--", b"<![CDATA[", b"\xed\xa0\x80"]
                )
        if not torn:
            break
    return bytes(torn)


def content_type(pick: random.Random) -> str:
    kind = pick.choice(KINDS)
    return f"{kind}; charset={pick.choice(CHARSETS)}" if pick.random() < 0.6 else kind


def answer(pick: random.Random) -> bytes:
    """The bytes of a whole answer, honest or not: status line, headers, encoding, length, body."""
    if pick.random() < 0.05:
        return pick.randbytes(pick.randint(0, 500))
    content, encoding = body(pick), pick.choice(["", "", "gzip", "deflate", "br", "gzip, gzip", "zstd", "none"])
    packing = {"gzip": gzip.compress, "deflate": zlib.compress, "gzip, gzip": lambda b: gzip.compress(gzip.compress(b))}
    if pick.random() < 0.8 and encoding in packing:
        content = packing[encoding](content)
    if pick.random() < 0.05:
        content, encoding = BOMB, "gzip"
    lines = [
        pick.choice(
            ["HTTP/1.1 200 OK"] * 8 + ["HTTP/1.1 500 No", "HTTP/9 200", "HTTP/1.1 999 x", "ICY 200", "HTTP/1.1 204 x"]
        )
    ]
    lines.append(f"Content-Type: {content_type(pick)}")
    if encoding:
        lines.append(f"Content-Encoding: {encoding}")
    match pick.randint(0, 9):
        case 0:
            lines.append(f"Content-Length: {pick.choice([-1, 0, 5, 10**18, len(content) + 50])}")
        case 1:
            lines += ["Content-Length: 5", f"Content-Length: {len(content)}"]
        case 2:
            lines.append("Transfer-Encoding: chunked")
            size = pick.choice(["", "zz", "ffffffffffff", "-5", f"{len(content):x}"])
            content = f"{size}\r\n".encode() + content + b"\r\n0\r\n\r\n"
        case 3:
            lines += [f"X-{number}: {'y' * 900}" for number in range(pick.choice([3, 200]))]
        case 4:
            lines[0] = f"HTTP/1.1 {pick.choice([301, 302, 307, 308])} Moved"
            lines.append(f"Location: {url(pick)}".replace("\r", "").replace("\n", ""))
        case 5:
            lines += [": empty", "no colon", "X-Bytes: \x00\x7f\x80", "ETag: " + "e" * 5000][: pick.randint(1, 4)]
        case _:
            lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "replace") + content
