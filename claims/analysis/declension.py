"""The cases of country names in Polish, Ukrainian and Russian: "Francja", "we Francji"; "Польша", "в Польше".

CLDR names countries in the nominative only. What is made here are the regular endings; the irregular ones ("Włoszech")
stand in `territories.tsv`. A form that no text holds does no harm: it is a key that is never asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

LANGUAGES = ("pl", "uk", "ru")
_SHORTEST = 4

# Ending of the nominative -> endings of the other cases, longest first; an empty ending is a consonant.
_NOUNS: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]] = {
    "pl": (
        ("ja", ("ji", "ję", "ją", "jo")),
        ("ia", ("ii", "ię", "ią")),
        ("ka", ("ki", "ce", "kę", "ką")),
        ("a", ("y", "ie", "ę", "ą", "i")),
        ("y", ("", "ach", "om", "ami")),
        ("ie", ("ii",)),
        ("", ("a", "u", "em", "ie", "owi")),
    ),
    "uk": (
        ("ія", ("ії", "ію", "ією")),
        ("я", ("ї", "і", "ю", "єю")),
        ("а", ("и", "і", "у", "ою", "ею")),
        ("и", ("", "ів", "ах", "ам", "ами")),
        ("й", ("ю", "єм", "ї", "я", "єві")),
        ("ь", ("ю", "я", "ем", "і", "еві")),
        ("", ("у", "а", "ом", "і", "ові")),
    ),
    "ru": (
        ("ия", ("ии", "ию", "ией")),
        ("я", ("и", "е", "ю", "ей")),
        ("а", ("ы", "и", "е", "у", "ой", "ей")),
        ("ы", ("", "ов", "ах", "ам", "ами")),
        ("й", ("я", "ю", "ем", "е")),
        ("ь", ("я", "ю", "ем", "е")),
        ("", ("а", "у", "ом", "е")),
    ),
}
_VOWELS = frozenset("aeiouyąęóаеёиоуыэюяєії")
_ADJECTIVES: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]] = {
    "pl": (("ka", ("kiej", "ką")), ("ga", ("giej", "gą")), ("a", ("ej", "ą"))),
    "uk": (("я", ("ьої", "ій", "ю")), ("а", ("ої", "ій", "у", "ою"))),
    "ru": (("яя", ("ей", "юю")), ("ая", ("ой", "ую"))),
}


def cases(name: str, language: str) -> Iterator[str]:
    """The other cases of a country's name: one word, or an adjective and a noun, both feminine."""
    words = name.split()
    if language not in LANGUAGES or not 1 <= len(words) <= 2 or not all(word[0].isupper() for word in words):
        return
    nouns = _forms(words[-1], _NOUNS[language])
    if len(words) == 1:
        yield from nouns
    elif words[-1][-1] in "aаяя":
        for adjective in _forms(words[0], _ADJECTIVES[language]):
            yield from (f"{adjective} {noun}" for noun in nouns)
        for adjective in _forms(words[-1], _ADJECTIVES[language]) if language == "pl" else ():  # "Arabia Saudyjska"
            yield from (f"{noun} {adjective}" for noun in _forms(words[0], _NOUNS[language]))


def _forms(word: str, endings: Sequence[tuple[str, tuple[str, ...]]]) -> list[str]:
    if len(word) < _SHORTEST or not word.isalpha() or word.isupper():
        return []
    for ending, others in endings:
        if ending and word.endswith(ending):
            return [word[: -len(ending)] + other for other in others]
        if not ending and word[-1].lower() not in _VOWELS:
            return [word + other for other in others]
    return []
