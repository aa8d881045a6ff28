"""What a worker loads before its first task, so that nobody waits for it: dictionaries, identifiers, parsers."""

import datetime as dt
from collections.abc import Collection

from claims.analysis import extraction, language
from workers import reading

_TEXTS = {
    "de": "Am 1. Mai 2024 sagte die Ministerin in Berlin, rund 1.200 Menschen seien gekommen.",
    "en": "On May 1, 2024 the minister said in Berlin that some 1,200 people had come.",
}


def warm(queues: Collection[str]) -> None:
    """Read one small page, and one short text per language where tasks read texts.

    Who only gathers leaves the dictionaries of the reading alone: they are two fifths of a worker's memory.
    """
    for text in _TEXTS.values():
        language.identify(text)  # reading asks it only about the few texts it is unsure of
        reading.read(f"<html><body><article><p>{text}</p></article></body></html>".encode(), content_type="text/html")
    if set(queues) != {"gathering"}:
        for code, text in _TEXTS.items():
            extraction.facts(text, code, dt.date(2024, 5, 2))
