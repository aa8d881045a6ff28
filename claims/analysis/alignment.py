"""A claim held against passages, fact by fact, and the table of facts a reviewer reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from claims.analysis import dictionary, outcomes, passages, quoted, sentences, terms
from claims.analysis.dictionary import Bridge
from claims.analysis.outcomes import AGREE, Nearby
from claims.analysis.passages import Ranked
from claims.analysis.types import (
    Alignment,
    Date,
    Entity,
    Fact,
    Outcome,
    Passage,
    Quantity,
    Quotation,
    Row,
    Span,
    Speaker,
)

Stance = Literal["agrees", "disagrees", "mixed", "related"]

# An agreeing passage decides a row only when it is about as much on the topic as the best one that disagrees.
AS_TOPICAL = 0.85


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of a claim over all passages: the best that agrees, the best that disagrees, and what to say."""

    fact: Fact
    outcome: Outcome
    agreeing: tuple[Alignment, Row] | None = None
    disagreeing: tuple[Alignment, Row] | None = None
    note: str = ""


@lru_cache(maxsize=20_000)
def _pieces(text: str, language: str) -> tuple[Span, ...]:
    return tuple(sentence.span for sentence in sentences.split(text, language)) or (Span(0, len(text)),)


class _Topic:
    """What the claim is about, made ready to be looked for in each sentence of a passage."""

    def __init__(self, text: str, language: str, facts: Sequence[Fact], target: str, bridge: Bridge) -> None:
        self.ways = passages.ways_of(text, language, target, bridge)
        self.weights = [terms.weight(term) for term, _ in self.ways]
        self.total = sum(self.weights) or 1.0
        self.ids = passages.entity_ids(facts)
        named = [fact.text for fact in facts if isinstance(fact, Entity)]
        self.named = frozenset(term.key for name in named for term in terms.content(name, language))

    def near(self, fact: Fact, passage: Passage) -> Nearby:
        local = fact.span.start - passage.span.start
        piece = next(
            (one for one in _pieces(passage.text, passage.language) if one.start <= local < one.end),
            Span(0, len(passage.text)),
        )
        words = terms.keys(piece.of(passage.text), passage.language)
        hits = covered = 0.0
        for (term, ways), weight in zip(self.ways, self.weights, strict=True):
            if not words.isdisjoint(ways):
                covered += weight
                hits += term.key not in self.named
        here = piece.shifted(passage.span.start)
        names = {f.id for f in passage.facts if isinstance(f, Entity) and here.covers(f.span)} & self.ids
        around = passages.entity_ids(passage.facts) & self.ids
        return Nearby(int(hits), len(names), len(around), covered / self.total, len(self.ways))


@lru_cache(maxsize=256)
def _topic(text: str, language: str, facts: tuple[Fact, ...], target: str, bridge: Bridge) -> _Topic:
    return _Topic(text, language, facts, target, bridge)


def align(
    claim_text: str,
    claim_language: str,
    claim_facts: Sequence[Fact],
    passage: Passage,
    *,
    ranked: Ranked | None = None,
    bridge: Bridge | None = None,
) -> Alignment:
    """The claim against one passage: one row per fact of the claim, in the claim's order.

    `ranked` is the passage's place from `passages.rank`, whose topic score is taken over; without it the
    score is worked out from this passage alone.
    """
    bridge = bridge or dictionary.standard()
    ranked = ranked or passages.score_all(claim_text, claim_language, claim_facts, [passage], bridge=bridge)[0]
    facts = tuple(claim_facts)
    topic = _topic(claim_text, claim_language, facts, passage.language, bridge)
    rows = _rows(facts, claim_language, passage, topic, bridge)
    return Alignment(passage, ranked.score, ranked.lexical, ranked.entities, ranked.slots, tuple(rows), stance_of(rows))


def _rows(facts: tuple[Fact, ...], language: str, passage: Passage, topic: _Topic, bridge: Bridge) -> list[Row]:
    near: dict[Fact, Nearby] = {}
    for found in passage.facts:
        if isinstance(found, Quantity | Date):
            near[found] = topic.near(found, passage)
    rows: dict[int, Row] = {}
    pending: list[tuple[int, list[Row]]] = []
    seen_entities: set[str] = set()
    for at, fact in enumerate(facts):
        match fact:
            case Quantity() | Date():
                pending.append((at, _candidates(fact, language, passage, near, bridge)))
            case Entity():
                if fact.id not in seen_entities:
                    rows[at] = outcomes.entity(fact, passage.facts)
                seen_entities.add(fact.id)
            case Quotation():
                rows[at] = quoted.quotation(fact, facts, language, passage, bridge)
            case Speaker():
                rows[at] = quoted.speaker(fact, facts, passage) if fact.named else Row(fact, Outcome.ABSENT)
            case _:
                pass
    rows.update(_assign(facts, pending, near))
    return [rows[at] for at in sorted(rows)]


def _candidates(
    fact: Quantity | Date, language: str, passage: Passage, near: dict[Fact, Nearby], bridge: Bridge
) -> list[Row]:
    found = []
    for other in passage.facts:
        row = None
        if isinstance(fact, Quantity) and isinstance(other, Quantity):
            row = outcomes.quantity(fact, other, near[other], bridge, language, passage.language)
        elif isinstance(fact, Date) and isinstance(other, Date):
            row = outcomes.date(fact, other, near[other])
        if row is not None:
            found.append(row)
    return found


def _assign(
    facts: tuple[Fact, ...], pending: Sequence[tuple[int, list[Row]]], near: dict[Fact, Nearby]
) -> dict[int, Row]:
    """One row per fact. Agreements are given out first, so that a passage's fact which already answers
    one fact of the claim is not held against another ("in 2010 ..., in 2012 ...")."""

    def closeness(row: Row) -> tuple[float, float]:
        assert row.found is not None  # noqa: S101 - candidates always have one
        return (row.confidence, near[row.found].coverage)

    rows: dict[int, Row] = {}
    taken: set[Fact] = set()
    ranks = {Outcome.MATCH: 3, Outcome.COMPATIBLE: 2, Outcome.MISMATCH: 1, Outcome.VALUE_ONLY: 0}
    for wanted in ((Outcome.MATCH,), (Outcome.COMPATIBLE,), (Outcome.MISMATCH, Outcome.VALUE_ONLY)):
        for at, candidates in pending:
            if at in rows:
                continue
            open_rows = [row for row in candidates if row.outcome in wanted and row.found not in taken]
            if open_rows:
                rows[at] = max(open_rows, key=lambda row: (ranks[row.outcome], *closeness(row)))
                if rows[at].outcome in AGREE and rows[at].found is not None:
                    taken.add(rows[at].found)  # type: ignore[arg-type]
    for at, _ in pending:
        rows.setdefault(at, Row(facts[at], Outcome.ABSENT))
    return rows


def stance_of(rows: Sequence[Row]) -> Stance:
    """What the compared values say together; names alone say nothing either way."""
    values = [row.outcome for row in rows if not isinstance(row.fact, Entity | Speaker)]
    agrees = any(outcome in AGREE for outcome in values)
    disagrees = Outcome.MISMATCH in values
    if agrees and disagrees:
        return "mixed"
    if disagrees:
        return "disagrees"
    return "agrees" if agrees else "related"


def facts_table(claim_facts: Sequence[Fact], alignments: Sequence[Alignment]) -> list[FactRow]:
    """For each fact of the claim the best agreeing and the best disagreeing passage, both always shown."""
    by_fact: dict[Fact, list[tuple[Alignment, Row]]] = {}
    for alignment in alignments:
        for row in alignment.rows:
            by_fact.setdefault(row.fact, []).append((alignment, row))
    return [
        _fact_row(fact, found) for fact, found in ((fact, by_fact[fact]) for fact in claim_facts if fact in by_fact)
    ]


def _fact_row(fact: Fact, found: Sequence[tuple[Alignment, Row]]) -> FactRow:
    def strength(pair: tuple[Alignment, Row]) -> tuple[float, bool]:
        alignment, row = pair
        return (alignment.score * row.confidence, row.outcome is Outcome.MATCH)

    agreeing = max((pair for pair in found if pair[1].outcome in AGREE), key=strength, default=None)
    disagreeing = max((pair for pair in found if pair[1].outcome is Outcome.MISMATCH), key=strength, default=None)
    if agreeing and disagreeing:
        if strength(agreeing)[0] >= AS_TOPICAL * strength(disagreeing)[0]:
            note = "Other passages give another value."
            return FactRow(fact, agreeing[1].outcome, agreeing, disagreeing, note)
        note = "A passage closer to the claim gives another value."
        return FactRow(fact, Outcome.MISMATCH, agreeing, disagreeing, note)
    decided = agreeing or disagreeing
    if decided:
        return FactRow(fact, decided[1].outcome, agreeing, disagreeing, decided[1].note)
    only = max((pair for pair in found if pair[1].outcome is Outcome.VALUE_ONLY), key=strength, default=None)
    if only:
        return FactRow(fact, Outcome.VALUE_ONLY, None, None, only[1].note)
    return FactRow(fact, Outcome.ABSENT, None, None, "")
