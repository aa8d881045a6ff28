"""Numbers written in digits: which separator groups, which one is the decimal point, and what is no number at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError

_SPACES = " \u00a0\u202f\u2009"
_RUN = re.compile(rf"\d{{1,40}}(?:[.,'’{_SPACES}]\d{{1,40}}){{0,9}}")
_PIECE = re.compile(r"\d+|\D")
_POWER = re.compile(r"\s?[x×·*]\s?10\^([+-]?\d{1,3})|\^(\+|-{0,2})(\d{1,3})|[eE]([+-]?\d{1,3})(?![\w])")
VULGAR = {
    "½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅖": 2 / 5, "⅗": 3 / 5, "⅘": 4 / 5,
    "⅙": 1 / 6, "⅚": 5 / 6, "⅛": 1 / 8, "⅜": 3 / 8, "⅝": 5 / 8, "⅞": 7 / 8, "⅐": 1 / 7, "⅑": 1 / 9, "⅒": 1 / 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Digits:
    """One number in digits. `alternatives` holds the other reading of the same characters ("1,100" in German)."""

    value: float
    end: int
    decimals: int = 0
    alternatives: tuple[float, ...] = ()
    code: bool = False  # part of a version, an address, a telephone number: digits, not a quantity
    grouped: bool = False


@cache
def separators(language: str) -> tuple[str, str]:
    """The decimal mark and the grouping mark of a language, from CLDR."""
    try:
        symbols = Locale.parse(language or "en").number_symbols.get("latn", {})
    except (UnknownLocaleError, ValueError):
        symbols = {}
    return symbols.get("decimal", "."), symbols.get("group", ",")


def read(text: str, start: int, language: str) -> Digits | None:
    """The number in digits that begins at `start`, or None when no digit stands there."""
    match = _RUN.match(text, start)
    if match is None:
        return None
    pieces = _PIECE.findall(match.group())
    found = _read(pieces[::2], pieces[1::2], start, *separators(language))
    power = _POWER.match(text, found.end)
    return _raised(found, power) if power and not found.code else found


def _raised(found: Digits, power: re.Match[str]) -> Digits:
    try:
        if power.group(3):
            sign = -1 if power.group(2) == "-" else 1
            value = float(found.value ** (sign * int(power.group(3))))
        else:
            value = found.value * 10.0 ** int(power.group(1) or power.group(4))
    except (OverflowError, ZeroDivisionError):
        return found
    return Digits(value, power.end()) if value != float("inf") else found


def _read(groups: list[str], marks: list[str], start: int, decimal: str, group: str) -> Digits:
    by_space = _space_groups(groups, marks)
    if by_space:
        whole = "".join(groups[: by_space + 1])
        length = sum(map(len, groups[: by_space + 1])) + by_space
        tail = marks[by_space : by_space + 2]
        if tail and tail[0] in ".," and (len(tail) == 1 or tail[1] in _SPACES):
            rest = groups[by_space + 1]
            return Digits(float(f"{whole}.{rest}"), start + length + 1 + len(rest), len(rest), grouped=True)
        return Digits(float(whole), start + length, grouped=True)
    tight = next((i for i, mark in enumerate(marks) if mark in _SPACES), len(marks))
    groups, marks = groups[: tight + 1], marks[:tight]
    length = sum(map(len, groups)) + len(marks)
    if not marks:
        return Digits(float(groups[0]), start + length)
    if len(marks) == 1:
        return _one_mark(groups, marks[0], start + length, decimal, group)
    return _many_marks(groups, marks, start + length)


def _space_groups(groups: list[str], marks: list[str]) -> int:
    """How many spaces group thousands from the start ("1 234 567"); 0 when a group has not three digits."""
    count = next((i for i, mark in enumerate(marks) if mark not in _SPACES or mark != marks[0]), len(marks))
    if not count or not 1 <= len(groups[0]) <= 3 or groups[0].startswith("0"):
        return 0
    return count if all(len(group) == 3 for group in groups[1 : count + 1]) else 0


def _one_mark(groups: list[str], mark: str, end: int, decimal: str, group: str) -> Digits:
    whole, rest = groups
    thousands = len(rest) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    if mark in "'’":
        return (
            Digits(float(whole + rest), end, grouped=True) if thousands else Digits(float(whole), end - len(rest) - 1)
        )
    fraction = float(f"{whole}.{rest}")
    if not thousands:
        return Digits(fraction, end, len(rest))
    if mark == group:
        return Digits(float(whole + rest), end, grouped=True)
    if mark == decimal:
        return Digits(fraction, end, 3, alternatives=(float(whole + rest),))
    return Digits(float(whole + rest), end, alternatives=(fraction,), grouped=True)


def _many_marks(groups: list[str], marks: list[str], end: int) -> Digits:
    first, last = marks[0], marks[-1]
    same = all(mark == first for mark in marks[:-1])
    inner = groups[1:] if last == first else groups[1:-1]
    in_threes = all(len(group) == 3 for group in inner)
    indian = first == "," and all(len(group) == 2 for group in inner[:-1]) and len(inner[-1]) == 3
    if same and 1 <= len(groups[0]) <= 3 and (in_threes or indian):
        if last == first:
            return Digits(float("".join(groups)), end, grouped=True)
        return Digits(float("".join(groups[:-1]) + "." + groups[-1]), end, len(groups[-1]), grouped=True)
    return Digits(float(groups[0]), end, code=True)
