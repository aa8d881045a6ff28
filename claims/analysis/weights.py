"""Weights of check-worthiness as plain JSON: what is stored for a newsroom and read back by its workers."""

from __future__ import annotations

import math
from typing import Any

from claims.analysis.checkworthiness import Weights

FORM = 1  # raised when the features or the way grams are made change their meaning: old weights are then refused


def to_json(weights: Weights) -> dict[str, Any]:
    """The weights as JSON; `from_json` gives back the same ones."""
    return {
        "form": FORM,
        "bias": weights.bias,
        "features": dict(weights.features),
        "grams": {gram: [rarity, weight] for gram, (rarity, weight) in weights.grams.items()},
        "claim": weights.claim,
        "candidate": weights.candidate,
        "origin": weights.origin,
    }


def from_json(value: Any) -> Weights:
    """Weights from JSON. Raises `ValueError` that says what is wrong; nothing is mended or guessed."""
    if not isinstance(value, dict) or value.get("form") != FORM:
        raise ValueError(f"These are not weights of form {FORM}.")
    for name, kind in (("features", dict), ("grams", dict), ("origin", str)):
        if not isinstance(value.get(name), kind):
            raise ValueError(f"{name} is missing or of the wrong type.")
    claim, candidate = _number(value.get("claim"), "claim"), _number(value.get("candidate"), "candidate")
    if not 0 <= candidate <= claim <= 1:
        raise ValueError("The thresholds must be in order: 0, candidate, claim, 1.")
    return Weights(
        bias=_number(value.get("bias"), "bias"),
        features={name: _number(weight, name) for name, weight in value["features"].items()},
        grams={gram: _pair(pair, gram) for gram, pair in value["grams"].items()},
        claim=claim,
        candidate=candidate,
        origin=value["origin"],
    )


def _pair(value: Any, gram: str) -> tuple[float, float]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError(f"{gram!r} must have a rarity and a weight.")
    return _number(value[0], gram), _number(value[1], gram)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name!r} is not a finite number.")
    return float(value)


def heaviest(weights: Weights, most: int = 12) -> list[tuple[str, float]]:
    """The named features and the words that weigh most, heaviest first."""
    named = list(weights.features.items())
    words = [(f"words: {gram[2:]}", pair[1]) for gram, pair in weights.grams.items() if gram.startswith("w:")]
    return sorted(named + words, key=lambda pair: -abs(pair[1]))[:most]
