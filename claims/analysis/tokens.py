"""Words, digit groups and marks of a text, each with its exact place."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["word", "digits", "mark", "break"]


class Token(NamedTuple):
    """A piece of text: compare on `low` (composed, lower case, no soft hyphens), cut by `start` and `end`."""

    start: int
    end: int
    text: str
    low: str
    kind: Kind


# Letters with the combining marks that may follow them, so that a decomposed "März" stays one word.
_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"(?P<digits>\d+)"
    rf"|(?P<word>{_LETTER}(?:{_LETTER}|[\u0300-\u036f\u00ad])*(?:['’](?:{_LETTER}){{1,3}}(?!{_LETTER}))?)"
    rf"|(?P<break>[\n\r\x0b\x0c\x85\u2028\u2029]+)"
    rf"|(?P<mark>\S)"
)


@lru_cache(maxsize=8)
def tokens(text: str) -> tuple[Token, ...]:
    """All tokens of `text` in order; white space other than line breaks is left out."""
    found = []
    for match in _TOKEN.finditer(text):
        piece = match.group()
        kind: Kind = match.lastgroup  # type: ignore[assignment]
        low = piece if kind != "word" else fold(piece)
        found.append(Token(match.start(), match.end(), piece, low, kind))
    return tuple(found)


def fold(word: str) -> str:
    """Lower case and composed, without soft hyphens, with one kind of apostrophe."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", word).replace("\u00ad", "").replace("’", "'").lower()


def glued(left: Token, right: Token) -> bool:
    """True when nothing, not even a space, stands between the two."""
    return left.end == right.start
