"""Accepting: what comes in is checked here, for every door."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from claims.analysis import language
from claims.errors import InvalidInput

_HTML = re.compile(r"\s*(?:<!doctype html|<html[\s>]|<(?:head|body|article|div|p|section)[\s>])", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@contextmanager
def own_id_once(kind: str) -> Iterator[None]:
    """Says it when a text comes with an external id that another text has already."""
    try:
        yield
    except IntegrityError as exc:
        if "article_waits_once_per_address" in str(exc):
            raise InvalidInput("This address waits to be fetched already.", field="url", code="waits_already") from exc
        if f"{kind}_external_id_once_per_newsroom" not in str(exc):
            raise
        raise id_is_taken(kind) from exc


def id_is_taken(kind: str) -> InvalidInput:
    return InvalidInput(f"Another {kind} of this newsroom has this external id.", field="external_id", code="taken")


def checked_text(text: str, *, longest: int | None = None) -> tuple[str, list[str]]:
    """The text to keep and notes on what was done to it."""
    longest = longest or settings.ARTICLE_MAX_CHARACTERS
    if not isinstance(text, str):
        raise InvalidInput("Send the text as a string.", field="text")
    if len(text) > longest:
        raise InvalidInput(
            f"The text has {len(text):,} characters; at most {longest:,} are read. Send it in parts.",
            field="text",
            code="too_long",
        )
    if "\x00" in text:
        raise InvalidInput(
            f"The text holds a NUL character at position {text.index(chr(0))}. Is it a binary file?",
            field="text",
            code="nul",
        )
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise InvalidInput(
            f"The text holds half a character (a lone surrogate) at position {exc.start}. Send it as UTF-8.",
            field="text",
            code="surrogate",
        ) from exc
    notes: list[str] = []
    if _HTML.match(text) or len(_TAG.findall(text)) >= 6:
        text, notes = _text_of_html(text), ["HTML was sent; the article's text was taken from it."]
    if not any(unicodedata.category(char)[0] in "LN" for char in text):
        raise InvalidInput("The text is empty.", field="text", code="blank")
    return text, notes


def _text_of_html(html: str) -> str:
    import trafilatura  # costs most of a second to import, and only this rare case needs it

    found = trafilatura.extract(html, include_comments=False, include_tables=True, favor_recall=True)
    if not found or not found.strip():
        raise InvalidInput("HTML was sent, but no article text was found in it.", field="text", code="no_text_in_html")
    return found


def checked_language(code: str, text: str) -> tuple[str, bool]:
    """The primary language subtag, and whether it had to be guessed."""
    if not code:
        return language.identify(text), True
    if not _LANGUAGE.fullmatch(code.strip().replace("_", "-")) or not language.exists(code):
        raise InvalidInput(
            f"{code!r} is not a language code. Use a BCP 47 code such as de or en.", field="language", code="unknown"
        )
    return code.strip().replace("_", "-").split("-")[0].lower(), False


def check_day(day: dt.date | None, *, field: str) -> None:
    if day is None:
        return
    if day > timezone.now().date() + dt.timedelta(days=1):  # somewhere it is tomorrow already
        raise InvalidInput(f"{day.isoformat()} is in the future.", field=field, code="in_future")
    if day.year < 1000:
        raise InvalidInput(f"{day.isoformat()} is not a plausible date.", field=field, code="implausible")


def checked_url(url: str, *, field: str = "url") -> str:
    """An address as it may be kept, or nothing. Whether it may be fetched is for the door to say."""
    url = checked_line(url, field, 2000)
    if url and not re.match(r"https?://[^\s/]+", url):
        raise InvalidInput("Give a full address that begins with http:// or https://.", field=field, code="bad_url")
    return url


def checked_line(text: str, field: str, longest: int) -> str:
    text = text.strip()
    if len(text) > longest:
        raise InvalidInput(f"At most {longest} characters.", field=field, code="too_long")
    if any(ord(char) < 32 or 0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise InvalidInput("Control characters are not allowed here.", field=field, code="control_characters")
    return text
