"""How checkable and how worth checking a sentence is, as a signed sum of named features.

Every feature carries a weight and the places it was found, so that the sum explains itself. Hand
weights ship with the product; `train` fits others from a desk's own decisions, in the same form.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from claims.analysis import tables
from claims.analysis.types import Date, Entity, Fact, Modifier, Quantity, Quotation, Reason, Sentence, Span, Speaker
from claims.analysis.wording import is_subjunctive

CLAIM = 0.5
CANDIDATE = 0.25

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SCARE = re.compile(r"[„“\"»‚‘][^„“”\"«»‚‘’.,!?]{1,30}[“”\"«‘’]")
_QUOTED = re.compile(r"[„“\"»][^„“”\"«»]{31,}[“”\"«]?")
_DOTS = re.compile(r"\.{2,}|…")
_SHOUTING = re.compile(r"(?<!\w)[A-ZÄÖÜ]{5,}(?!\w)|!{2,}|\?{2,}")
_OPENER = re.compile(
    r"^\W*(?:Doch|Aber|Und|Denn|Dabei|Also|Nun|Ja|Nein|Klar|Natürlich|But|And|So|Yet|Now|Well|Of course)(?!\w)"
)
_COLON = re.compile(r":(?=\s)")
_ASIDE = re.compile(r"\([^)]*\)|\s[–—-]\s")
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
    """A linear model: the score is the logistic function of bias plus weight times value, summed.

    `grams` holds (rarity, weight) of short strings and is empty in the hand-made model. A sentence that scores
    `claim` is a claim, one that scores `candidate` is shown in the folded list.
    """

    bias: float
    features: Mapping[str, float]
    grams: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    claim: float = CLAIM
    candidate: float = CANDIDATE
    origin: str = "hand"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a desk decided about a sentence: worth checking or not."""

    sentence: Sentence
    facts: tuple[Fact, ...]
    worth: bool


HAND = Weights(
    bias=-3.8,
    features={
        "numbers": 1.1,
        "share or money": 0.8,
        "dates": 0.6,
        "places": 0.35,
        "people": 0.25,
        "organisations": 0.4,
        "speaker": 0.3,
        "quotation": 0.1,
        "statistic": 0.3,
        "comparison": 0.5,
        "change": 0.6,
        "cause": 0.2,
        "rule": 0.4,
        "event": 0.4,
        "past": 0.25,
        "contrast": 0.4,
        "reported": 0.6,
        "told fact": 1.0,
        "length": 1.6,
        "long words": 1.6,
        "opinion": -0.35,
        "evaluation": -0.35,
        "intensifier": -0.1,
        "particle": -0.1,
        "hedge": -0.35,
        "ought": -0.8,
        "first_person": -0.45,
        "we": -0.05,
        "address": -0.2,
        "attitude": -0.8,
        "future": -0.45,
        "courtesy": -0.3,
        "talk": -0.25,
        "dream": -0.5,
        "experience": -0.3,
        "question": -1.5,
        "exclamation": -0.5,
        "scare quotes": -0.2,
        "denial": -0.1,
        "argument": -0.1,
        "universal": -0.05,
        "short": -0.4,
        "heading": -2.0,
    },
)


@cache
def _signals(language: str) -> Mapping[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for row in tables.rows("signal_words", language):
        words = sorted(row["words"].split("|"), key=len, reverse=True)
        parts = [
            (r"\w*" if word.startswith("*") else "")
            + re.escape(word.strip("*"))
            + (r"\w*" if word.endswith("*") else "")
            for word in words
        ]
        found[row["signal"]] = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
    return found


def judging_words(sentence: Sentence, language: str) -> list[Span]:
    """The words of a sentence that judge rather than tell."""
    pattern = _signals(language).get("evaluation")
    shift = sentence.span.start
    return [Span(*hit.span()).shifted(shift) for hit in pattern.finditer(sentence.text)] if pattern else []


def _stances(language: str) -> Sequence[re.Pattern[str]]:
    signals = _signals(language)
    return [signals[name] for name in ("opinion", "evaluation", "hedge") if name in signals]


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
        start = matrix.end() if matrix and name in ("opinion", "evaluation", "intensifier", "hedge", "attitude") else 0
        hits = [Span(hit.start() + shift, hit.end() + shift) for hit in pattern.finditer(text, start)]
        add(name, hits)
    if matrix and any(pattern.search(text, 0, matrix.end()) for pattern in _stances(language)):
        found.append(Feature("told fact", 1.0, (Span(shift, shift + matrix.end()),)))
    words = len(_WORD.findall(text))
    found.append(Feature("length", min(math.log2(words + 1) / 5, 1.2)))
    if words < 6:
        found.append(Feature("short", 1.0))
    if text.rstrip("\"'“”»« ").endswith("?"):
        found.append(Feature("question", 1.0, (Span(sentence.span.end - 1, sentence.span.end),)))
    if text.rstrip("\"'“”»« ").endswith("!"):
        found.append(Feature("exclamation", 1.0, (Span(sentence.span.end - 1, sentence.span.end),)))
    found.extend(_style(text, language, shift))
    if sentence.kind == "heading":
        found.append(Feature("heading", 1.0, (sentence.span,)))
    return found


def _style(text: str, language: str, shift: int) -> Iterator[Feature]:
    """How it is put: scare quotes, other people's words, denial, shouting."""

    def found(name: str, pattern: re.Pattern[str], most: int = 3) -> Iterator[Feature]:
        spans = tuple(Span(hit.start() + shift, hit.end() + shift) for hit in pattern.finditer(text))
        if spans:
            yield Feature(name, float(min(len(spans), most)), spans)

    yield from found("scare quotes", _SCARE)
    yield from found("quoted words", _QUOTED, 1)
    yield from found("dots", _DOTS, 1)
    yield from found("shouting", _SHOUTING)
    yield from found("aside", _ASIDE)
    yield from found("opener", _OPENER, 1)
    yield from found("colon", _COLON, 1)
    denials = tables.column("negations", language, "word")
    words = list(_WORD.finditer(text))
    spans = tuple(Span(hit.start() + shift, hit.end() + shift) for hit in words if hit.group().lower() in denials)
    if spans:
        yield Feature("denial", float(min(len(spans), 2)), spans)
    if language == "de":
        moods = [hit for hit in words if hit.group().islower() and is_subjunctive(hit.group())]
        if moods:
            yield Feature(
                "subjunctive",
                float(min(len(moods), 2)),
                tuple(Span(hit.start() + shift, hit.end() + shift) for hit in moods),
            )
    if words:
        yield Feature("long words", sum(len(hit.group()) for hit in words) / len(words) / 6)


def score(
    sentence: Sentence, language: str, *, facts: Sequence[Fact] = (), weights: Weights | None = None
) -> tuple[float, str, tuple[Reason, ...]]:
    """The score in 0..1, the kind of claim, and the signed reasons, heaviest first."""
    language = language[:2].lower()
    weights = weights or HAND
    found = features(sentence, language, facts)
    reasons = [
        Reason(feature.name, round(weights.features[feature.name] * feature.value, 3), feature.spans)
        for feature in found
        if weights.features.get(feature.name)
    ]
    if weights.grams:
        reasons.extend(_learned(sentence, language, weights))
    total = weights.bias + sum(reason.weight for reason in reasons)
    reasons.sort(key=lambda reason: -abs(reason.weight))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), kind(found), tuple(reasons)


def _learned(sentence: Sentence, language: str, weights: Weights) -> Iterator[Reason]:
    """What the desk's decisions say about the words: each word with its weight, all the rest in one sum."""
    from claims.analysis import learning  # numpy is loaded only where a model has been trained

    values = learning.vectors(sentence.text, language, weights.grams)
    rest = 0.0
    for gram, value in values.items():
        weight = value * weights.grams[gram][1]
        if gram.startswith("w:") and abs(weight) >= 0.05:
            yield Reason(f"words: {gram[2:]}", round(weight, 3), _places(sentence, gram[2:]))
        else:
            rest += weight
    if rest:
        yield Reason("wording", round(rest, 3))


def _places(sentence: Sentence, words: str) -> tuple[Span, ...]:
    at = sentence.text.lower().find(words)
    if at < 0 or len(sentence.text.lower()) != len(sentence.text):
        return ()
    return (Span(at, at + len(words)).shifted(sentence.span.start),)


def train(rows: Sequence[Decision], language: str) -> Weights:
    """Weights fitted to a desk's decisions, of the same form as the hand-made ones."""
    from claims.analysis import learning

    examples = [
        learning.Example(
            row.sentence.text,
            {feature.name: feature.value for feature in features(row.sentence, language, row.facts)},
            row.worth,
        )
        for row in rows
    ]
    fitted = learning.fit(examples, language)
    return Weights(
        bias=fitted.bias,
        features=fitted.features,
        grams=fitted.grams,
        claim=fitted.threshold,
        candidate=fitted.threshold * CANDIDATE / CLAIM,
        origin=f"trained on {len(rows)} decisions",
    )


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
