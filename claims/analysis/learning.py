"""A linear model of what a desk finds worth checking, fitted from its own decisions.

Logistic regression over the named features and over short strings (`ngrams`), weighted by how rare they are.
Only numpy is needed. What comes out is a plain table of weights: each one is its own explanation.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from claims.analysis.ngrams import grams

Array = Any  # numpy arrays of floats or integers: numpy's own types say no more here

FEATURE_SCALE = 0.1  # named features are standardised, then shrunk to the size of the gram blocks
FOLDS = 5
MANY = 5000  # with so many decisions all grams are used and weights may grow; with fewer, folds decide


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which blocks of grams a model may use, and how large its weights may grow (inverse of the penalty)."""

    blocks: str
    strength: float


_PLANS = (_Plan("wcst", 4.0), _Plan("wcst", 1.0), _Plan("ct", 1.0))


@dataclass(frozen=True, slots=True)
class Example:
    """One decided sentence."""

    text: str
    features: Mapping[str, float]
    worth: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learned: per feature a weight per unit, per gram its rarity and weight; the best threshold."""

    bias: float
    features: Mapping[str, float]
    grams: Mapping[str, tuple[float, float]]
    threshold: float


@dataclass(frozen=True, slots=True)
class _Matrix:
    """Sparse rows: values[starts[i]:starts[i+1]] stand in columns[...]."""

    starts: Array
    columns: Array
    values: Array
    width: int

    def times(self, weights: Array) -> Array:
        products = np.concatenate([[0.0], np.cumsum(self.values * weights[self.columns])])
        return products[self.starts[1:]] - products[self.starts[:-1]]

    def transposed_times(self, residual: Array) -> Array:
        spread = np.repeat(residual, np.diff(self.starts))
        return np.bincount(self.columns, weights=self.values * spread, minlength=self.width)

    def only(self, rows: Array) -> _Matrix:
        lengths = np.diff(self.starts)[rows]
        picked = np.concatenate([np.arange(self.starts[row], self.starts[row + 1]) for row in rows])
        return _Matrix(np.concatenate([[0], np.cumsum(lengths)]), self.columns[picked], self.values[picked], self.width)


def vectors(text: str, language: str, known: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """The known grams of a text with their values: damped counts times rarity, each block of length one."""
    found: dict[str, float] = {}
    for block, counts in grams(text, language).items():
        values = {}
        for gram, count in counts.items():
            if (pair := known.get(f"{block}:{gram}")) is not None:
                values[f"{block}:{gram}"] = (1 + math.log(count)) * pair[0]
        length = math.sqrt(sum(value * value for value in values.values()))
        if length:
            found.update((gram, value / length) for gram, value in values.items())
    return found


def fit(examples: Sequence[Example], language: str) -> Fitted:
    """Learn from decided sentences; the threshold is the one that serves the rarer answer best on held-back folds."""
    plans = _PLANS[:1] if len(examples) >= MANY else _PLANS
    answers = np.array([example.worth for example in examples], dtype=float)
    tried = [_Trial(examples, language, answers, plan) for plan in plans]
    return max(tried, key=lambda trial: trial.quality).fitted()


class _Trial:
    """One plan carried out: scored on held-back folds at once, fitted on everything when asked."""

    def __init__(self, examples: Sequence[Example], language: str, answers: Array, plan: _Plan) -> None:
        self.plan, self.answers = plan, answers
        self.rarity = _rarity(examples, language, plan.blocks)
        self.names = sorted({name for example in examples for name in example.features})
        table = np.array([[example.features.get(name, 0.0) for name in self.names] for example in examples])
        self.middle, self.spread = table.mean(axis=0), table.std(axis=0) + 1e-9
        scaled = np.clip((table - self.middle) / self.spread, -4, 4) * FEATURE_SCALE
        self.matrix = _matrix(examples, language, self.rarity, scaled)
        self.held = _held_back(self.matrix, answers, plan.strength)
        self.quality = ranked_right(self.held, answers)

    def fitted(self) -> Fitted:
        weights, bias = _minimise(self.matrix, self.answers, self.plan.strength)
        size = len(self.names)
        per_unit = weights[:size] * FEATURE_SCALE / self.spread
        return Fitted(
            bias=float(bias - per_unit @ self.middle),
            features={name: float(value) for name, value in zip(self.names, per_unit, strict=True)},
            grams={
                gram: (rare, float(value))
                for (gram, (rare, _)), value in zip(self.rarity.items(), weights[size:], strict=True)
            },
            threshold=best_threshold(self.held.tolist(), [bool(answer) for answer in self.answers]),
        )


def _rarity(examples: Sequence[Example], language: str, blocks: str) -> dict[str, tuple[float, float]]:
    """Every gram seen often enough, with how rare it is and no weight yet."""
    seen: Counter[str] = Counter()
    for example in examples:
        for block, counts in grams(example.text, language).items():
            if block in blocks:
                seen.update(f"{block}:{gram}" for gram in counts)
    least = {"w": 2, "c": 3, "s": 3, "t": 2} if len(examples) > 2000 else {"w": 2, "c": 2, "s": 2, "t": 2}
    total = len(examples)
    return {
        gram: (math.log((1 + total) / (1 + count)) + 1, 0.0) for gram, count in seen.items() if count >= least[gram[0]]
    }


def _matrix(
    examples: Sequence[Example], language: str, rarity: Mapping[str, tuple[float, float]], features: Array
) -> _Matrix:
    column = {gram: at + features.shape[1] for at, gram in enumerate(rarity)}
    starts, columns, values = [0], [], []
    for row, example in enumerate(examples):
        found = vectors(example.text, language, rarity)
        columns.append(np.concatenate([np.arange(features.shape[1]), [column[gram] for gram in found]]))
        values.append(np.concatenate([features[row], list(found.values())]))
        starts.append(starts[-1] + len(columns[-1]))
    return _Matrix(
        np.array(starts),
        np.concatenate(columns).astype(np.int64),
        np.concatenate(values),
        features.shape[1] + len(rarity),
    )


def _minimise(matrix: _Matrix, answers: Array, strength: float) -> tuple[Array, float]:
    """Logistic regression with squared penalty; the last weight is the bias and goes free."""

    def loss(weights: Array) -> tuple[float, Array]:
        score = matrix.times(weights[:-1]) + weights[-1]
        worth = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
        value = float(np.sum(np.logaddexp(0, score) - answers * score) * strength + weights[:-1] @ weights[:-1] / 2)
        residual = (worth - answers) * strength
        return value, np.concatenate([matrix.transposed_times(residual) + weights[:-1], [residual.sum()]])

    weights = _lbfgs(loss, np.zeros(matrix.width + 1))
    return weights[:-1], float(weights[-1])


def _lbfgs(loss: Callable[[Array], tuple[float, Array]], start: Array, rounds: int = 120, memory: int = 10) -> Array:
    """Limited-memory BFGS with backtracking: enough for a smooth convex loss."""
    point = start
    value, slope = loss(point)
    steps: list[tuple[Array, Array, float]] = []
    for _ in range(rounds):
        direction = slope.copy()
        seen = []
        for step, change, scale in reversed(steps):
            share = scale * (step @ direction)
            direction -= share * change
            seen.append(share)
        if steps:
            step, change, scale = steps[-1]
            direction *= 1 / (scale * (change @ change))
        else:
            direction /= max(1.0, float(np.sqrt(slope @ slope)))
        for (step, change, scale), share in zip(steps, reversed(seen), strict=True):
            direction += step * (share - scale * (change @ direction))
        length, downhill = 1.0, float(slope @ direction)
        while True:
            candidate = point - length * direction
            new_value, new_slope = loss(candidate)
            if new_value <= value - 1e-4 * length * downhill or length < 1e-8:
                break
            length /= 2
        step, change = candidate - point, new_slope - slope
        if step @ change > 1e-12:
            steps = [*steps[-memory + 1 :], (step, change, float(1 / (step @ change)))]
        done = abs(value - new_value) <= 1e-6 * max(1.0, abs(value))
        point, value, slope = candidate, new_value, new_slope
        if done:
            break
    return point


def _held_back(matrix: _Matrix, answers: Array, strength: float) -> Array:
    """Every sentence scored by weights fitted on the other folds."""
    order = np.random.default_rng(0).permutation(len(answers))
    scores = np.zeros(len(answers))
    for fold in range(FOLDS):
        held = np.sort(order[fold::FOLDS])
        rest = np.setdiff1d(order, held)
        if not len(held) or not len(rest):
            continue
        weights, bias = _minimise(matrix.only(rest), answers[rest], strength)
        scores[held] = 1 / (1 + np.exp(-np.clip(matrix.only(held).times(weights) + bias, -30, 30)))
    return scores


def ranked_right(scores: Sequence[float] | Array, answers: Sequence[bool] | Array) -> float:
    """How often a sentence worth checking is ranked before one that is not (the area under the ROC curve)."""
    scores, answers = np.asarray(scores, dtype=float), np.asarray(answers, dtype=float)
    ranks = np.empty(len(scores))
    ranks[np.argsort(scores)] = np.arange(1, len(scores) + 1)
    yes = float(answers.sum())
    pairs = yes * (len(answers) - yes)
    return float((ranks[answers > 0].sum() - yes * (yes + 1) / 2) / pairs) if pairs else 0.5


def best_threshold(scores: Sequence[float], answers: Sequence[bool]) -> float:
    """Where F1 is highest, smoothed over its neighbours: that of yes where yes is rare, else the mean of both."""
    rare = sum(answers) * 2 <= len(answers)
    candidates = [step / 100 for step in range(10, 91, 2)]
    quality = []
    for candidate in candidates:
        called = [score >= candidate for score in scores]
        yes = f1(called, answers)
        quality.append(yes if rare else (yes + f1([not one for one in called], [not one for one in answers])) / 2)
    smooth = [
        sum(quality[max(0, at - 2) : at + 3]) / len(quality[max(0, at - 2) : at + 3]) for at in range(len(quality))
    ]
    return candidates[max(range(len(smooth)), key=smooth.__getitem__)]


def f1(called: Sequence[bool], answers: Sequence[bool]) -> float:
    """The harmonic mean of precision and recall of yes."""
    hits = sum(one and other for one, other in zip(called, answers, strict=True))
    return 2 * hits / max(1, sum(called) + sum(answers))
