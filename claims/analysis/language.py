"""Which language a text is written in, and whether we have tables for it.

The identifier is py3langid, limited to the languages asked for: its errors are nearly all in
languages a newsroom never meets. It is loaded at the first question, not at import.
"""

from __future__ import annotations

import copy
import threading
from functools import cache
from typing import Any

COVERED = frozenset({"de", "en"})
# Read by CLDR for numbers, dates and countries only.
PARTLY_COVERED = frozenset({"fr", "es", "it", "nl", "pl", "uk", "ru", "pt"})
USUAL = tuple(
    sorted(
        COVERED
        | PARTLY_COVERED
        | {"ar", "bg", "cs", "da", "el", "fa", "fi", "he", "hi", "hr", "hu", "id", "ja"}
        | {"ko", "no", "ro", "sk", "sl", "sr", "sv", "th", "tr", "vi", "zh"}
    )
)


_loading = threading.Lock()  # the model takes 100 MB while it is read: never twice at once


@cache
def _model() -> Any:
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)


@cache
def _identifier(among: tuple[str, ...]) -> Any:
    with _loading:
        identifier = copy.copy(_model())  # its tables are shared
    identifier.set_languages(list(among))
    return identifier


def identify(text: str, *, among: tuple[str, ...] = USUAL) -> str:
    """The ISO 639-1 code of the most likely language; "und" for a text without letters."""
    if not any(char.isalpha() for char in text):
        return "und"
    language, _ = _identifier(tuple(among)).classify(text[:10_000].encode("utf-8", "ignore").decode())
    return str(language)


def covered(language: str) -> bool:
    """Whether speakers, quotations and claims are read in this language, not only numbers, dates and countries."""
    return language[:2].lower() in COVERED


def exists(code: str) -> bool:
    """Whether CLDR knows a language of this BCP 47 code."""
    from babel import Locale

    primary = code.strip().replace("_", "-").split("-")[0].lower()
    return primary in Locale("en").languages
