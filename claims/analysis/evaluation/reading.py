"""Predictions for the reading tasks, in the form the scorers ask for. Gold fields are never read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from claims.analysis import attribution, checkworthiness, entities, extraction, sentences
from claims.analysis.types import Fact, Sentence, Span

Row = Mapping[str, Any]


def predict_binary(rows: Iterable[Row], train_rows: Iterable[Row] | None = None) -> list[dict[str, Any]]:
    """Task `binary`: how worth checking a text is. `train_rows` carry labels; those of `rows` are never read."""
    weights: dict[str, checkworthiness.Weights] = {}
    known: dict[str, list[checkworthiness.Decision]] = {}
    for row in train_rows or ():
        sentence, facts = _sentence(row)
        decision = checkworthiness.Decision(sentence, facts, bool(row["label"]))
        known.setdefault(row.get("lang", "en"), []).append(decision)
    for language, decisions in known.items():
        weights[language] = checkworthiness.train(decisions, language)
    found = []
    for row in rows:
        sentence, facts = _sentence(row)
        chosen = weights.get(row.get("lang", "en"), checkworthiness.HAND)
        score, _, _ = checkworthiness.score(sentence, row.get("lang", "en"), facts=facts, weights=chosen)
        found.append({"id": row["id"], "score": score, "label": int(score >= chosen.claim)})
    return found


def _sentence(row: Row) -> tuple[Sentence, tuple[Fact, ...]]:
    """The text of a row as one sentence with its facts."""
    text = str(row["text"])
    return Sentence(Span(0, len(text)), text), extraction.facts(text, row.get("lang", "en"), None)


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
