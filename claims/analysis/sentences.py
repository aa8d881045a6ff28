"""Where sentences begin and end, with exact spans.

German and English are split by rules of our own, every other language by sentencex. A newline always
ends a block, and a block that reads like a headline is marked as one, so that nobody takes a quoted headline for
somebody's words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import sentencex

from claims.analysis import tables
from claims.analysis.types import Sentence, Span

OWN_RULES = ("de", "en")

_BLOCK = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_CLOSERS = "\"'“”„»«’‘›‹)]}"
_CANDIDATE = re.compile(rf"[.!?…]+[{re.escape(_CLOSERS)}]*(?=\s|$)")
_LAST_WORD = re.compile(r"[^\s(\[{\"“”„»«‚‘›‹]{1,40}$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\s+$")
_NEXT = re.compile(r"\s*[\"'“”„»«‚‘’›‹(\[]*")
_NEXT_WORD = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile(r"[IVXL]{1,6}")
_INITIAL = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_LONE_INITIAL = re.compile(r"[^\W\d_]\.")
_SMALL_NUMBER = re.compile(r"(?:\d{1,2}[./])*\d{1,2}")
_LIST_MARK = re.compile(r"\s*(?:\(?\d{1,3}[.)]|[^\W\d_][.)])")
_BULLET = re.compile(r"(?:[-*•◦▪‣·–—]\s|\(?\d{1,3}[.)]\s)")
_HALVES = re.compile("[\ud800-\udfff]")
_QUOTE_PAIRS = {"„": '“”"«', "»": "«", "‚": "‘", "“": "”"}

HEADING_WORDS = 16


def split(text: str, language: str) -> list[Sentence]:
    """The sentences and headings of `text`, in order; `text[s.span.start:s.span.end] == s.text` for each."""
    language = language[:2].lower()
    found: list[Sentence] = []
    blocks = [(match.start(), match.end()) for match in _BLOCK.finditer(text)]
    blocks = [trimmed for block in blocks if (trimmed := _trim(text, *block)) is not None]
    for paragraph, (start, end) in enumerate(blocks):
        if len(blocks) > 1 and _is_heading(text[start:end]):
            found.append(Sentence(Span(start, end), text[start:end], "heading", paragraph))
            continue
        cuts = (
            _own_cuts(text[start:end], language) if language in OWN_RULES else _foreign_cuts(text[start:end], language)
        )
        for piece_start, piece_end in cuts:
            piece = _trim(text, start + piece_start, start + piece_end)
            if piece is not None:
                found.append(Sentence(Span(*piece), text[piece[0] : piece[1]], "sentence", paragraph))
    return found


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and (text[start].isspace() or text[start] in "\ufeff\u200b"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "\ufeff\u200b"):
        end -= 1
    return (start, end) if start < end else None


def _is_heading(block: str) -> bool:
    """A short line without a full stop; also one wholly in quotation marks, whatever stands inside them."""
    if len(block.split()) > HEADING_WORDS or _BULLET.match(block):
        return False
    bare = block.rstrip(_CLOSERS + " ")
    if not bare or not any(char.isalpha() for char in bare):
        return False
    quoted = block[0] in '„“"»«' and block[-1] in '“”"«»' and not any(q in block[1:-1] for q in '„“”"»«')
    if quoted:
        return bare[-1] not in ".!…"
    return bare[-1] not in ".!?…:;,"


def _foreign_cuts(block: str, language: str) -> Iterator[tuple[int, int]]:
    start = at = 0
    block = _HALVES.sub("\ufffd", block)  # half a character cannot be handed over; the places stay the same
    for piece in map(str.strip, sentencex.segment(language, block)):
        at = block.find(piece, at)
        if at < 0:  # the library has rewritten something: the rest stays one sentence
            break
        at += len(piece)
        last = piece.split()[-1] if piece else ""
        if _LONE_INITIAL.fullmatch(last) or last in _abbreviations(language):
            continue  # "M. Dupont", "5 proc. ludzi": the library cuts here, a reader does not
        yield start, at
        start = at
    if start < len(block):
        yield start, len(block)


def _own_cuts(block: str, language: str) -> Iterator[tuple[int, int]]:
    quotes = _quotations(block)
    start = 0
    for match in _CANDIDATE.finditer(block):
        if match.end() < len(block) and _ends_sentence(block, match, start, language, quotes):
            yield start, match.end()
            start = match.end()
    if start < len(block):
        yield start, len(block)


def _quotations(block: str) -> list[tuple[int, int]]:
    """Spans of quotations that go on with a comma after the closing mark: they are never torn from their clause."""
    found = []
    opened: tuple[int, str] | None = None
    for at, char in enumerate(block):
        if opened and char in opened[1]:
            after = block[at + 1 : at + 3].lstrip()
            if after[:1] == ",":
                found.append((opened[0], at))
            opened = None
        elif not opened and char in _QUOTE_PAIRS:
            opened = (at, _QUOTE_PAIRS[char])
        elif not opened and char == '"':
            opened = (at, '"')
    return found


@cache
def _abbreviations(language: str) -> dict[str, bool]:
    """Abbreviation -> may it also end a sentence?"""
    return {row["abbreviation"]: row["ends_sentence"] == "perhaps" for row in tables.rows("abbreviations", language)}


@cache
def _words(language: str, role: str) -> frozenset[str]:
    rows = tables.rows("sentence_words", language)
    return frozenset(word for row in rows if row["role"] == role for word in row["words"].split())


@cache
def _ordinal_noun(language: str) -> re.Pattern[str]:
    stems = "|".join(sorted(_words(language, "ordinal_noun"), key=len, reverse=True))
    return re.compile(rf"(?:{stems})|\w*(?:{stems})$")


def _ends_sentence(block: str, match: re.Match[str], start: int, language: str, quotes: list[tuple[int, int]]) -> bool:
    if any(first < match.start() < last and match.end() <= last for first, last in quotes):
        return False
    opener = _NEXT.match(block, match.end())
    following = block[opener.end() if opener else match.end() :][:1]
    if not following:
        return True
    if following.islower() or following in ",;:":
        return False
    if not match.group().startswith(".") or match.group().startswith(".."):
        return True
    before = _LAST_WORD.search(block, max(start, match.start() - 40), match.start())
    word = unicodedata.normalize("NFC", before.group()) if before else ""
    if match.group() != "." and not match.group().strip("."):
        return True
    if len(match.group()) > 1 and not word[-1:].isdigit():  # a closing mark follows the full stop
        return not _known_abbreviation(word, language) or match.group()[1] not in ")]"
    return _full_stop_ends(block, word, before.start() if before else match.start(), start, match.end(), language)


def _known_abbreviation(word: str, language: str) -> bool:
    return f"{word}." in _abbreviations(language)


def _full_stop_ends(block: str, word: str, word_start: int, start: int, end: int, language: str) -> bool:
    next_word = _NEXT_WORD.match(block, _NEXT.match(block, end).end())  # type: ignore[union-attr]
    following = next_word.group().lower() if next_word else ""
    if not word:
        return True
    if _LIST_MARK.fullmatch(block[start:end]) and start == 0:
        return False
    listed = _abbreviations(language)
    if f"{word}." in listed:
        return listed[f"{word}."] and bool(next_word) and _starts_sentence(following, language)
    if "." in word and _INITIAL.fullmatch(word):  # z.B., U.S., a.m.
        return _starts_sentence(following, language)
    if len(word) == 1 and word.isalpha():
        return word == "I" and language == "en" and _starts_sentence(following, language)
    if language == "de" and (_SMALL_NUMBER.fullmatch(word) or _ROMAN.fullmatch(word)):
        return _german_number_ends(block, word_start, start, end, following)
    return True


def _german_number_ends(block: str, word_start: int, start: int, end: int, following: str) -> bool:
    next_char = block[end:].lstrip()[:1]
    if next_char.isdigit():
        return False
    if following and _ordinal_noun("de").match(following):
        return False
    before = _WORD_BEFORE.search(block, max(start, word_start - 30), word_start)
    return not (before and before.group(1).lower() in _words("de", "before_ordinal"))


def _starts_sentence(following: str, language: str) -> bool:
    return following in _words(language, "opener")
