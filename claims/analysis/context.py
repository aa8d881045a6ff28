"""What stands around a number or a date: hedges, the thing counted, and what happened to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import simplemma

from claims.analysis import tables
from claims.analysis.tokens import Token, tokens
from claims.analysis.types import Counted, Modifier, Span

CLAUSE_MARKS = frozenset('.,;:!?–—()[]"“”„»«\n')
_SENTENCE_MARKS = frozenset(".!?\n\r")
_REACH = 22
_AHEAD = 6


@cache
def _hedges(language: str, side: str) -> dict[tuple[str, ...], Modifier]:
    return {
        tuple(token.low for token in tokens(row["phrase"])): Modifier(row["modifier"])
        for row in tables.rows("hedges", language)
        if row["side"] == side
    }


# Words that may stand between a hedge and its number: "mehr als insgesamt 100", "up to another 50".
_BETWEEN = tables.words("beside_words", "between_hedge_and_number")


def hedge_before(ts: Sequence[Token], i: int, language: str) -> tuple[Modifier, int, int] | None:
    """The hedge that ends before token `i`, with its first token and the one after it."""
    known = _hedges(language, "before")
    for gap in (0, 1):
        if gap and not (i and ts[i - 1].low in _BETWEEN):
            break
        stop = i - gap
        for length in (5, 4, 3, 2, 1):
            if stop - length < 0:
                continue
            found = known.get(tuple(token.low for token in ts[stop - length : stop]))
            if found is not None and not (gap and length == 1 and ts[stop - 1].low in _AMBIGUOUS):
                return found, stop - length, stop
    return None


_AMBIGUOUS = tables.words("beside_words", "ambiguous_hedge")


def hedge_after(ts: Sequence[Token], i: int, language: str) -> tuple[Modifier, int] | None:
    """The hedge that begins with token `i` ("or more"), and the token after it."""
    known = _hedges(language, "after")
    for length in (3, 2, 1):
        found = known.get(tuple(token.low for token in ts[i : i + length])) if i + length <= len(ts) else None
        if found is not None:
            return found, i + length
    return None


@cache
def _stems(table: str, language: str) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """One pattern for all stems of a table: beginnings, and endings for those with a tilde."""
    classes: dict[str, str] = {}
    heads: list[str] = []
    tails: list[str] = []
    for row in tables.rows(table, language):
        for stem in row["stems"].split():
            (tails if stem.startswith("~") else heads).append(re.escape(stem.lstrip("~")))
            classes.setdefault(stem, row["class"])
    if not classes:
        return None, {}
    head = "|".join(sorted(heads, key=len, reverse=True)) or "(?!)"
    tail = "|".join(sorted(tails, key=len, reverse=True)) or "(?!)"
    return re.compile(rf"(?P<head>{head})|.{{0,40}}?(?P<tail>{tail})(?:s|es|n|en|e)?$"), classes


# What may follow a short stem, so that "sold" is not found in "soldier" nor "car" in "carbon".
_ENDINGS = frozenset(
    ["", "s", "es", "e", "d", "ed", "ing", "n", "en", "er", "ern", "ers", "t", "te", "ten", "st", "et", "ns", "ens"]
)


@lru_cache(maxsize=8192)
def class_of(low: str, table: str, language: str) -> str:
    pattern, classes = _stems(table, language)
    match = pattern.match(low) if pattern is not None else None
    if match is None:
        return ""
    if match["head"] is not None:
        ending = low[match.end() :]
        limit = 4 if table == "events" else 3
        if len(match["head"]) <= limit and ending not in _ENDINGS:
            return ""
        return classes[match["head"]]
    return classes["~" + match["tail"]]


@lru_cache(maxsize=8192)
def _lemma(word: str, language: str) -> str:
    try:
        return str(simplemma.lemmatize(word, lang=language)).lower()
    except ValueError:  # a language simplemma has no list for
        return word.lower()


_NO_COUNTED = tables.words("beside_words", "no_counted")
_MEASURED = tables.words("beside_words", "measured")
_BESIDE_NOUN = tables.words("beside_words", "plural_beside_noun")
_NOT_NOUNS = tables.words("beside_words", "function_word")


def counted(ts: Sequence[Token], i: int, language: str) -> Counted | None:
    """The thing counted by a number that ends before token `i`: a class of the table, else the next noun's lemma."""
    candidate: Token | None = None
    for j in range(i, min(len(ts), i + _AHEAD)):
        token = ts[j]
        if token.kind != "word":
            if token.text in "-‐‑" and j == i:
                continue
            break
        if token.low in _NOT_NOUNS and language == "en":
            if token.low == "of" and j <= i + 1 and candidate is None:
                continue
            break
        if (language == "de" and token.low in _NO_COUNTED) or (language == "en" and token.low in _MEASURED):
            break
        if candidate is not None and language == "en" and _closes(candidate.low, token.low):
            break
        name = class_of(token.low, "counted", language)
        if name:
            return Counted(name, token.text, Span(token.start, token.end))
        if language == "de":
            if candidate is None and token.text[0].isupper() and not token.text.isupper():
                candidate = token
        elif language == "en" or (candidate is None and token.low not in tables.column("stopwords", language, "word")):
            candidate = token
    if candidate is None or len(candidate.low) < 3 or (language == "en" and _is_past(candidate.low)):
        return None
    return Counted(_lemma(candidate.text, language), candidate.text, Span(candidate.start, candidate.end), known=False)


def _closes(noun: str, following: str) -> bool:
    """Whether an English plural ends its phrase: "3 million viewers | watched", but "20 sports clubs"."""
    plural = noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and noun not in _BESIDE_NOUN
    return plural and not following.endswith("s")


def _is_past(low: str) -> bool:
    return len(low) > 4 and low.endswith("ed") and not low.endswith("eed")


def event(ts: Sequence[Token], first: int, last: int, language: str) -> str:
    """The event class nearest to tokens `first..last` in their clause, else in their sentence, else ""."""
    best, best_distance = "", _REACH * 4
    for distance, token in _around(ts, first, last):
        if distance < best_distance:
            found = class_of(token.low, "events", language) if token.kind == "word" else ""
            if found:
                best, best_distance = found, distance
    return best


def _around(ts: Sequence[Token], first: int, last: int) -> Iterator[tuple[int, Token]]:
    """Tokens outward from the place, each with its distance; crossing a comma costs."""
    for step, places in (
        (1, range(last, min(len(ts), last + _REACH))),
        (-1, range(first - 1, max(-1, first - _REACH), -1)),
    ):
        penalty = 0 if step == 1 else 1
        for number, j in enumerate(places):
            token = ts[j]
            if token.kind == "break" or (token.text in _SENTENCE_MARKS and not _inside(ts, j)):
                break
            if token.text in CLAUSE_MARKS:
                penalty += 12
            yield number + penalty, token


def _inside(ts: Sequence[Token], j: int) -> bool:
    """A full stop inside a number or an abbreviation does not end the sentence."""
    return j + 1 < len(ts) and (ts[j + 1].start == ts[j].end or ts[j + 1].text[:1].islower())


def near(ts: Sequence[Token], i: int, words: frozenset[str], reach: int = 8) -> bool:
    """True when one of the words stands within `reach` tokens of token `i`."""
    return any(token.low in words for token in ts[max(0, i - reach) : i + reach])
