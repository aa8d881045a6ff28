"""Two versions of a text side by side: what stayed, what changed, and the very words of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "changed", "gone", "new", "skipped"]

PIECES = 1_500  # sentences compared of each version; what lies beyond is not looked at
WORDS = 400  # of one sentence; a longer one is marked as a whole
AROUND = 1  # unchanged sentences shown beside a change

_ENDS = re.compile(r"(?<=[.!?…])[\"”’»)]*\s+|\n+")
_WORD = re.compile(r"\s+|\d+(?:[.,]\d+)*|\w+|[^\w\s]")  # a number is one word


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of both versions, either of which may be empty. `count` is how many a skipped row stands for."""

    kind: Kind
    old: tuple[Part, ...] = ()
    new: tuple[Part, ...] = ()
    count: int = 0


def lay(old: str, new: str) -> list[Row]:
    """The versions beside each other, sentence by sentence; long unchanged stretches are skipped."""
    ours, theirs = _pieces(old), _pieces(new)
    rows: list[Row] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Row("same", (Part(one, changed=False),), (Part(one, changed=False),)) for one in ours[a:b]]
        else:
            rows += _replaced(ours[a:b], theirs[c:d])
    return list(_shortened(rows))


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in _ENDS.split(text) if piece and piece.strip()][:PIECES]


def _replaced(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Row]:
    """Sentences in each other's place, in order; what has no counterpart is gone or new."""
    for number in range(max(len(ours), len(theirs))):
        if number >= len(theirs):
            yield Row("gone", (Part(ours[number], changed=True),), ())
        elif number >= len(ours):
            yield Row("new", (), (Part(theirs[number], changed=True),))
        else:
            yield Row("changed", *_words(ours[number], theirs[number]))


def _words(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    ours, theirs = _WORD.findall(old), _WORD.findall(new)
    if max(len(ours), len(theirs)) > WORDS:
        return (Part(old, changed=True),), (Part(new, changed=True),)
    left: list[Part] = []
    right: list[Part] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        left += [Part("".join(ours[a:b]), tag != "equal")] if b > a else []
        right += [Part("".join(theirs[c:d]), tag != "equal")] if d > c else []
    return tuple(left), tuple(right)


def _shortened(rows: Sequence[Row]) -> Iterator[Row]:
    near = {
        number + step for number, row in enumerate(rows) if row.kind != "same" for step in range(-AROUND, AROUND + 1)
    }
    skipped = 0
    for number, row in enumerate(rows):
        if number in near:
            if skipped:
                yield Row("skipped", count=skipped)
                skipped = 0
            yield row
        else:
            skipped += 1
    if skipped:
        yield Row("skipped", count=skipped)
