"""How checkable and how worth checking a sentence is, as a signed sum of named features.

Every feature carries a weight and the places it was found, so that the sum explains itself. Hand
weights ship with the product; `train` fits others from a desk's own decisions, in the same form.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from claims.analysis import tables
from claims.analysis.types import Date, Entity, Fact, Modifier, Quantity, Quotation, Reason, Sentence, Span, Speaker

CLAIM = 0.55
CANDIDATE = 0.30

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NUMBER = re.compile(r"\d")
# "Alarmierend ist, dass ...": the opinion stands in the matrix clause, the reported fact behind it.
_MATRIX = {
    "de": re.compile(r"^[^,„\"]{3,80},\s+(?:dass|daß)\s", re.UNICODE),
    "en": re.compile(r"^(?:It|What)\b[^,\"]{3,60}?\s(?:is|was)?,?\s?that\s", re.UNICODE),
}


@dataclass(frozen=True, slots=True)
class Feature:
    """Something found in a sentence that speaks for or against checking it."""

    name: str
    value: float
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """A linear model: the score is the logistic function of bias plus weight times value, summed."""

    bias: float
    features: Mapping[str, float]
    grams: Mapping[str, float] = field(default_factory=dict)
    origin: str = "hand"


HAND = Weights(
    bias=-1.0,
    features={
        "numbers": 0.9,
        "share or money": 0.7,
        "dates": 0.5,
        "places": 0.4,
        "people": 0.2,
        "organisations": 0.3,
        "speaker": 0.5,
        "quotation": 0.2,
        "statistic": 0.4,
        "comparison": 0.35,
        "change": 0.5,
        "cause": 0.2,
        "rule": 0.3,
        "event": 0.35,
        "reported": 0.4,
        "length": 0.5,
        "opinion": -0.3,
        "hedge": -0.25,
        "ought": -0.5,
        "first_person": -0.35,
        "we": -0.1,
        "address": -0.3,
        "attitude": -0.7,
        "future": -0.3,
        "courtesy": -0.6,
        "talk": -0.4,
        "dream": -0.2,
        "experience": -0.1,
        "question": -1.2,
        "exclamation": -0.5,
        "short": -1.2,
        "heading": -1.5,
    },
)


@cache
def _signals(language: str) -> Mapping[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for row in tables.rows("signal_words", language):
        words = sorted(row["words"].split("|"), key=len, reverse=True)
        parts = [re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in words]
        found[row["signal"]] = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
    return found


def features(sentence: Sentence, language: str, facts: Sequence[Fact] = ()) -> list[Feature]:
    """The named features of a sentence; `facts` are those that lie inside it, with spans on the whole text."""
    text, shift = sentence.text.replace("’", "'"), sentence.span.start
    found: list[Feature] = []

    def add(name: str, spans: Sequence[Span], most: int = 3) -> None:
        if spans:
            found.append(Feature(name, float(min(len(spans), most)), tuple(spans)))

    quantities = [fact for fact in facts if isinstance(fact, Quantity) and fact.modifier is not Modifier.VAGUE]
    entities = [fact for fact in facts if isinstance(fact, Entity)]
    add("numbers", [fact.span for fact in quantities])
    add(
        "share or money",
        [fact.span for fact in quantities if fact.unit == "percent" or fact.dimension.startswith("money")],
    )
    add("dates", [fact.span for fact in facts if isinstance(fact, Date)], 2)
    add("places", [fact.span for fact in entities if fact.type in ("country", "capital", "place", "group")])
    add("people", [fact.span for fact in entities if fact.type == "person"], 2)
    add("organisations", [fact.span for fact in entities if fact.type == "organisation"], 2)
    add("speaker", [fact.span for fact in facts if isinstance(fact, Speaker) and fact.named], 1)
    add("quotation", [fact.span for fact in facts if isinstance(fact, Quotation)], 1)
    matrix = _MATRIX[language].match(text) if language in _MATRIX else None
    for name, pattern in _signals(language).items():
        start = matrix.end() if matrix and name in ("opinion", "hedge", "attitude") else 0
        hits = [Span(hit.start() + shift, hit.end() + shift) for hit in pattern.finditer(text, start)]
        add(name, hits)
    words = len(_WORD.findall(text))
    found.append(Feature("length", min(math.log2(words + 1) / 5, 1.2)))
    if words < 6:
        found.append(Feature("short", 1.0))
    if text.rstrip("\"'“”»« ").endswith("?"):
        found.append(Feature("question", 1.0, (Span(sentence.span.end - 1, sentence.span.end),)))
    if text.rstrip("\"'“”»« ").endswith("!"):
        found.append(Feature("exclamation", 1.0, (Span(sentence.span.end - 1, sentence.span.end),)))
    if sentence.kind == "heading":
        found.append(Feature("heading", 1.0, (sentence.span,)))
    return found


def score(
    sentence: Sentence, language: str, *, facts: Sequence[Fact] = (), weights: Weights = HAND
) -> tuple[float, str, tuple[Reason, ...]]:
    """The score in 0..1, the kind of claim, and the signed reasons, heaviest first."""
    language = language[:2].lower()
    found = features(sentence, language, facts)
    reasons = [
        Reason(feature.name, round(weights.features[feature.name] * feature.value, 3), feature.spans)
        for feature in found
        if weights.features.get(feature.name)
    ]
    total = weights.bias + sum(reason.weight for reason in reasons)
    reasons.sort(key=lambda reason: -abs(reason.weight))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), kind(found), tuple(reasons)


def kind(found: Sequence[Feature]) -> str:
    """Which of the seven kinds of claim the features speak for."""
    value = {feature.name: feature.value for feature in found}
    if value.get("experience"):
        return "experience"
    if value.get("numbers") or value.get("share or money"):
        return "quantity"
    if value.get("quotation") or value.get("speaker"):
        return "quotation"
    if value.get("rule"):
        return "rule"
    if value.get("cause"):
        return "causation"
    if value.get("future"):
        return "prediction"
    return "other"
