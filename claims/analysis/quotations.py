"""Where quotation marks open and close.

Marks are paired within a paragraph, so one that is never closed cannot swallow the rest of the text.
A heading in quotation marks (a whole paragraph without a full stop) is nobody's words and is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from claims.analysis.types import Sentence, Span

# Which marks close an opening one. "“" opens in English and closes in German.
_CLOSING = {"„": '“”"', "“": "”", "»": "«", "«": "»", "‚": "‘’", "‹": "›", "›": "‹", '"': '"', "‘": "’"}
_LONGEST = 4000


def spans(text: str, sentences: Sequence[Sentence]) -> list[Span]:
    """What stands between quotation marks, without the marks, in order and never nested."""
    found: list[Span] = []
    paragraphs: dict[int, tuple[int, int]] = {}
    for sentence in sentences:
        if sentence.kind == "heading" and _wholly_quoted(sentence.text):
            continue
        start, _ = paragraphs.get(sentence.paragraph, (sentence.span.start, 0))
        paragraphs[sentence.paragraph] = (start, sentence.span.end)
    for start, end in paragraphs.values():
        found.extend(_in_paragraph(text, start, end))
    return found


def _wholly_quoted(text: str) -> bool:
    return text[:1] in _CLOSING and text[-1:] in '“”"«»‘’›‹'


def _in_paragraph(text: str, start: int, end: int) -> list[Span]:
    found: list[Span] = []
    at = start
    while at < end:
        mark = text[at]
        if mark in _CLOSING and _opens(text, at, start):
            close = _close(text, at, end)
            if close is not None:
                if text[at + 1 : close].strip():
                    found.append(Span(at + 1, close))
                at = close + 1
                continue
        at += 1
    return found


def _opens(text: str, at: int, start: int) -> bool:
    """An opening mark follows a space or a bracket and stands before a word."""
    if at + 1 >= len(text) or text[at + 1].isspace():
        return False
    before = text[at - 1] if at > start else " "
    if text[at] in "„‚":
        return True
    return before.isspace() or before in '([{-–—/:„“‚‘»«"' or (text[at] in "»«“" and not before.isalnum())


def _close(text: str, at: int, end: int) -> int | None:
    closing = _CLOSING[text[at]]
    depth = 0
    for place in range(at + 1, min(end, at + _LONGEST)):
        char = text[place]
        if char in closing and not (char in "’‘" and _inside_word(text, place)):
            if depth == 0:
                return place
            depth -= 1
        elif char == text[at] and char != '"':
            depth += 1
    return None


def _inside_word(text: str, at: int) -> bool:
    return at + 1 < len(text) and text[at + 1].isalnum()
