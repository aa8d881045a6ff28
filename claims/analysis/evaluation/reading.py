"""Predictions for the reading tasks, in the form the scorers ask for. Gold fields are never read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from claims.analysis import attribution, entities, sentences

Row = Mapping[str, Any]


def predict_quotes(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Task `quotes`: everything said by somebody, with the place the speaker is named."""
    return [{"id": row["id"], "quotations": _quotations(row["text"], row.get("lang", "de"))} for row in rows]


def _quotations(text: str, language: str) -> list[dict[str, Any]]:
    split = sentences.split(text, language)
    found = attribution.speeches(text, language, sentences=split, entities=entities.find(text, language))
    # The narrowest first: where two hold the same words, the inner one is meant.
    found.sort(key=lambda speech: sum(part.end - part.start for part in speech.parts))
    return [
        {
            "quote": [[part.start, part.end] for part in speech.parts],
            "speaker": [[speech.speaker.start, speech.speaker.end]] if speech.speaker else None,
            "type": speech.kind,
        }
        for speech in found
    ]
