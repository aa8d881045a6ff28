"""From bytes to text: what a fetched page, file or record says, and who says it says so.

`read` never guesses silently: a body that cannot be turned into text raises `Unreadable` with the reason, and is
never passed off as an empty page. The text is kept as extracted; spans of evidence point into it.
"""

from __future__ import annotations

import io
import json
import logging
import re
from dataclasses import replace
from typing import Any

from claims.analysis import language, tables
from workers import sniffing
from workers.pagetext import MAX_TEXT, PageText, Unreadable, decode, moment, one_line, storable, xml_root

log = logging.getLogger(__name__)

_WORD = re.compile(r"\w+")
MAX_PDF_PAGES = 300
ENOUGH_TO_TELL = 2_000  # characters: the language of a longer text is that of its beginning


def read(content: bytes, *, content_type: str = "", charset: str = "", url: str = "") -> PageText:
    """The text of a body. `content_type` is the sniffed type; without one it is sniffed here."""
    kind = (content_type or sniffing.sniff(content)).split(";", 1)[0].strip().lower()
    if not content.strip():
        raise Unreadable("The page is empty.")
    if kind in (sniffing.HTML, "application/xhtml+xml"):
        from workers import pages

        found = pages.read(content, charset=charset, url=url)
    elif kind == sniffing.PDF:
        found = _pdf(content)
    elif kind.endswith("json"):
        found = _json(content)
    elif kind.endswith("xml"):
        found = PageText(text=_xml(content))
    elif kind.startswith("text/"):
        found = _plain(content, charset)
    else:
        raise Unreadable(f"A file of the type {kind} holds no text that is read here.")
    return finished(found)


def finished(found: PageText) -> PageText:
    """The same page with its text made storable, and its language and credit line filled in."""
    text = storable(found.text)
    if not any(char.isalpha() for char in text):
        raise Unreadable("The page holds no text.")
    return replace(
        found,
        text=text,
        title=one_line(found.title, 500),
        byline=one_line(found.byline, 300),
        publisher=one_line(found.publisher, 200),
        credit=one_line(found.credit, 200) or credit_line(text),
        language=_language(text, found.language),
    )


# A code ("dpa/lni", "AFP") or a name in capitals ("Yonhap News"), not any words in brackets.
_AGENCY = r"[A-Za-z]{2,10}(?:[/.-][A-Za-z]{2,10}){0,3}|[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){1,2}"
_DATELINE = re.compile(rf"\A.{{0,80}}?\(({_AGENCY})\)\s*[-–—:.]", re.DOTALL)
_CLOSING = re.compile(
    r"(?:\A|\n)\s*("
    r"\(?(?:Quellen?|Sources?|Mit Material von|Mit Informationen von|With material from|With reporting by|©|\(c\))"
    r"[:\s][^\n]{1,80}|\((?:" + _AGENCY + r")\)|[a-z]{2,5}(?:/[A-Za-z]{2,5})+)\s*\Z"
)


def credit_line(text: str) -> str:
    """The agency credit as printed: in the dateline ("BERLIN (dpa) -") or as the last line."""
    if match := _DATELINE.match(text[:140]):
        return match[1].strip()
    if match := _CLOSING.search(text[-160:]):
        return match[1].strip(" ()") if match[1].startswith("(") else match[1].strip()
    return ""


def _language(text: str, hint: str) -> str:
    """The language of the text itself; a short text is believed what it says about itself."""
    hint = hint.replace("_", "-").split("-")[0].strip().lower()
    hint = hint if re.fullmatch(r"[a-z]{2,3}", hint) else ""
    if hint and len(text) < 200:
        return hint
    start = text[:ENOUGH_TO_TELL]
    found = _plainly(start)
    if not found or (hint and hint != found):
        found = language.identify(start)
    return hint if found == "und" else found


def _plainly(text: str) -> str:
    """English or German if a quarter of all words are its commonest; in other languages a tenth are, at most.

    Nearly all pages are told by this, at a tenth of what the identifier takes.
    """
    words = _WORD.findall(text.lower())
    for code in sorted(language.COVERED):
        usual = tables.column("stopwords", code, "word")
        if sum(word in usual for word in words) > len(words) / 4:
            return code
    return ""


_HEADER = re.compile(r"(notice|url|title|publisher|published_at|language|credit|byline|canonical_url):[ \t]*(.*)")


def _plain(content: bytes, charset: str) -> PageText:
    """Text, with a header of "key: value" lines where there is one (as our own archives write it)."""
    text = decode(content, charset)
    head, _, rest = text.replace("\r\n", "\n").partition("\n\n")
    lines = [_HEADER.fullmatch(line) for line in head.split("\n")]
    if rest and all(lines):
        return _record({match[1]: match[2].strip() for match in lines if match} | {"text": rest})
    first = text.strip().split("\n", 1)[0]
    return PageText(text=text, title=first if len(first) <= 200 else "")


def _json(content: bytes) -> PageText:
    try:
        record = json.loads(decode(content))
    except (ValueError, RecursionError) as exc:
        raise Unreadable("This says it is JSON, but is not.") from exc
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise Unreadable("This JSON holds no member called text.")
    return _record(record)


def _record(record: dict[str, Any]) -> PageText:
    def word(name: str) -> str:
        value = record.get(name)
        return value if isinstance(value, str) else ""

    return PageText(
        text=word("text"),
        title=word("title"),
        language=word("language"),
        byline=word("byline"),
        credit=word("credit"),
        publisher=word("publisher"),
        published_at=moment(record.get("published_at")),
        modified_at=moment(record.get("modified_at")),
        canonical_url=word("canonical_url"),
        url=word("url"),
    )


def _xml(content: bytes) -> str:
    root = xml_root(content)
    if root is None:
        raise Unreadable("This says it is XML, but is not.")
    return re.sub(r"\s*\n\s*", "\n", "\n".join(str(part).strip() for part in root.itertext() if str(part).strip()))


def _pdf(content: bytes) -> PageText:
    import pypdf
    from pypdf.errors import PyPdfError

    quiet = logging.getLogger("pypdf")
    quiet.setLevel(logging.CRITICAL)
    try:
        book = pypdf.PdfReader(io.BytesIO(content))
        if book.is_encrypted and not book.decrypt(""):
            raise Unreadable("The PDF is locked with a password.")
        size, parts = 0, []
        for number, page in enumerate(book.pages):
            if number >= MAX_PDF_PAGES or size > MAX_TEXT:
                break
            parts.append(page.extract_text())
            size += len(parts[-1])
        told = book.metadata
        title, author = str((told and told.title) or ""), str((told and told.author) or "")
    except Unreadable:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError) as exc:
        raise Unreadable("The PDF is broken.") from exc
    return PageText(text="\n\n".join(part.strip() for part in parts if part.strip()), title=title, byline=author)
