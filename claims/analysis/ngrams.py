"""Short strings of a sentence that a trained model can learn from: words, letters, word shapes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from claims.analysis.wording import small

_TOKEN = re.compile(r"\w+|[$€%?!„“\"]")
_SHAPED = re.compile(r"n't|'\w+|[$€]?\d[\d,.]*|\w+|[%?!$€]")
_NUMBER = re.compile(r"\d[\d,.]*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SCALES = {"million", "billion", "trillion", "thousand", "hundred", "percent", "percentage", "dollars", "millionen"}
_SCALES |= {"milliarden", "prozent", "euro", "tausend", "hundert"}
_ENDINGS = {
    "en": ("ed", "ing", "ly", "tion", "ment", "ness", "ity", "est", "er", "s"),
    "de": (
        "ung",
        "heit",
        "keit",
        "tion",
        "isch",
        "lich",
        "weise",
        "te",
        "ten",
        "en",
        "er",
        "es",
        "em",
        "e",
        "t",
        "st",
        "s",
    ),
}
_INFLECTIONS = {
    "en": ("ations", "ation", "ings", "ing", "edly", "ed", "ies", "es", "s", "ly"),
    "de": ("ungen", "ung", "enden", "ende", "sten", "ern", "em", "en", "er", "es", "st", "te", "e", "n", "s", "t"),
}


def grams(text: str, language: str) -> Mapping[str, Mapping[str, int]]:
    """Counts of short strings by block: "w" words, "c" letters within words, "s" shapes, "t" stems."""
    masked = _NUMBER.sub(lambda hit: "0" * min(4, sum(char.isdigit() for char in hit.group())), text.lower())
    words = _TOKEN.findall(masked)
    found: dict[str, Counter[str]] = {"w": Counter(), "c": Counter(), "s": Counter(), "t": Counter()}
    found["w"].update(_runs(words, 1, 3))
    for word in words:
        found["c"].update(_letters(word))
    found["s"].update(_runs([_shape(word, language) for word in _SHAPED.findall(text)], 1, 4))
    found["t"].update(_runs([_stem(word, language) for word in words], 1, 2))
    return found


def _runs(words: list[str], shortest: int, longest: int) -> list[str]:
    return [
        " ".join(words[at : at + size]) for size in range(shortest, longest + 1) for at in range(len(words) - size + 1)
    ]


@lru_cache(maxsize=100_000)
def _letters(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(padded[at : at + size] for size in range(2, 6) for at in range(len(padded) - size + 1))


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    """A word without its ending, roughly: enough to count "voted" and "votes" together."""
    for ending in _INFLECTIONS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=50_000)
def _shape(word: str, language: str) -> str:
    lower = word.lower()
    if lower in small(language, "frame"):
        return lower
    if any(char.isdigit() for char in word):
        return "YEAR" if _YEAR.fullmatch(word) else "NUMBER"
    if lower in _SCALES:
        return "SCALE"
    ending = next((ending for ending in _ENDINGS.get(language, ()) if lower.endswith(ending)), "")
    if word[0].isupper():
        return "Capital" if language != "de" else f"Noun-{ending}"
    if not word[0].isalnum():
        return word
    return f"-{ending}" if ending else "word"
