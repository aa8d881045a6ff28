"""Short strings of a sentence that a trained model can learn from: words, letters, word shapes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

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
_SMALL = {
    "en": frozenset(
        """the a an of in on at by for with from to into about over than as and or but if so because that which who what
        when where how why this these those it its he she they we i you me him her them us my your his our their is are
        was were be been being am do does did have has had will would can could may might must shall should not n't no
        never 's 're 've 'll 'm 'd there here up down out off very more most less least all every some any each only
        just now then also even still ever too much many few lot per last first year years""".split()
    ),
    "de": frozenset(
        """der die das den dem des ein eine einen einem einer eines und oder aber denn dass daß ob wenn weil als wie in im
        an am auf aus bei mit nach von vom zu zum zur für durch gegen um über unter vor ohne bis seit ich du er sie es
        wir ihr mich mir uns euch man sich mein dein sein ihr unser ist sind war waren hat haben hatte hatten wird werden
        wurde wurden worden kann können muss müssen soll sollen sollte will wollen würde würden sei seien habe nicht kein
        keine nie nur auch noch schon ja doch mal so sehr mehr alle alles viele was wer wo wann warum da dann jetzt hier
        dort""".split()
    ),
}  # fmt: skip


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
    if lower in _SMALL.get(language, frozenset()):
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
