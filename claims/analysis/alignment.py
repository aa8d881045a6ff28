"""A claim held against passages, fact by fact, and the table of facts a reviewer reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from claims.analysis import dictionary, outcomes, pairing, passages, quoted, sentences, terms
from claims.analysis.dictionary import Bridge
from claims.analysis.outcomes import AGREE, Nearby
from claims.analysis.pairing import Pair
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
# How much of each of two texts must stand in the other before a denial in one is read as denying the other.
NEARLY = 0.6
# How much of the claim must stand in a sentence for its other place to be read as a contradiction.
ELSEWHERE = 0.4


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
        self.denials = len(terms.negated(text, language)) % 2
        self.ids = passages.entity_ids(facts)
        named = [fact.text for fact in facts if isinstance(fact, Entity)]
        self.named = frozenset(term.key for name in named for term in terms.content(name, language))

    def denied_by(self, passage: Passage) -> bool:
        """Whether the passage says nearly the claim's words, and exactly one of the two denies them."""
        if self.denials == len(terms.negated(passage.text, passage.language)) % 2:
            return False
        words = [term for term in terms.content(passage.text, passage.language) if not term.number]
        there = {term.key for term in words}
        forward = sum(
            weight for (_, ways), weight in zip(self.ways, self.weights, strict=True) if not there.isdisjoint(ways)
        )
        reached = {way for _, ways in self.ways for way in ways}
        whole = sum(map(terms.weight, words)) or 1.0
        backward = sum(terms.weight(term) for term in words if term.key in reached)
        return forward / self.total >= NEARLY and backward / whole >= NEARLY

    def near(self, fact: Fact, passage: Passage, given: bool) -> Nearby:
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
        return Nearby(int(hits), len(names), len(around), covered / self.total, given)


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
    on_topic: bool = False,
    bridge: Bridge | None = None,
) -> Alignment:
    """The claim against one passage: one row per fact of the claim, in the claim's order.

    `ranked` is the passage's place from `passages.rank`, whose topic score is taken over; without it the
    score is worked out from this passage alone. `on_topic` says that a person or the way the passage was found
    vouches for its being about the claim, so that the topic gates stand open.
    """
    bridge = bridge or dictionary.standard()
    ranked = ranked or passages.score_all(claim_text, claim_language, claim_facts, [passage], bridge=bridge)[0]
    facts = tuple(claim_facts)
    topic = _topic(claim_text, claim_language, facts, passage.language, bridge)
    rows = _rows(claim_text, facts, claim_language, passage, topic, bridge, on_topic)
    stance = stance_of(rows)
    if topic.denied_by(passage):
        rows = [_denied(row) for row in rows]
        stance = "disagrees"
    return Alignment(passage, ranked.score, ranked.lexical, ranked.entities, ranked.slots, tuple(rows), stance)


def _denied(row: Row) -> Row:
    """The value is the same, but one of the two says that it was not so."""
    if row.outcome in AGREE and isinstance(row.fact, Quantity | Date | Quotation):
        return replace(row, outcome=Outcome.VALUE_ONLY, note="One of the two denies it.")
    return row


def _rows(
    text: str,
    facts: tuple[Fact, ...],
    language: str,
    passage: Passage,
    topic: _Topic,
    bridge: Bridge,
    on_topic: bool,
) -> list[Row]:
    rows: dict[int, Row] = {}
    seen_entities: set[str] = set()
    values: list[int] = []
    sole_place = len({one.id for one in facts if isinstance(one, Entity) and one.id.startswith("place:")}) == 1
    for at, fact in enumerate(facts):
        match fact:
            case Quantity() | Date():
                values.append(at)
                rows[at] = Row(fact, Outcome.ABSENT)
            case Entity():
                if fact.id not in seen_entities:
                    rows[at] = outcomes.entity(fact, passage.facts)
                    if rows[at].outcome is Outcome.ABSENT and sole_place:
                        found = outcomes.other_place(fact, passage.facts)
                        # Elsewhere is a contradiction only where the passage says nearly the same.
                        if found and topic.near(found, passage, on_topic).coverage >= ELSEWHERE:
                            rows[at] = Row(fact, Outcome.MISMATCH, found, "Another place.", 0.6)
                seen_entities.add(fact.id)
            case Quotation():
                rows[at] = quoted.quotation(fact, facts, language, passage, bridge)
            case Speaker():
                rows[at] = quoted.speaker(fact, facts, passage) if fact.named else Row(fact, Outcome.ABSENT)
            case _:
                pass
    if values:
        rows.update(pairing.assign(_pairs(text, facts, values, language, passage, topic, bridge, on_topic)))
    return [rows[at] for at in sorted(rows)]


def _pairs(
    text: str,
    facts: tuple[Fact, ...],
    values: Sequence[int],
    language: str,
    passage: Passage,
    topic: _Topic,
    bridge: Bridge,
    on_topic: bool,
) -> list[Pair]:
    """Every number and date of the claim with every one of the passage that can be held against it."""
    start = pairing.offset(text, facts)
    labels: set[Fact] = {
        fact
        for held, begin, those in ((text, start, facts), (passage.text, passage.span.start, passage.facts))
        for fact in those
        if isinstance(fact, Quantity) and pairing.is_label(held, fact.span.shifted(-begin))
    }
    found = []
    for other in passage.facts:
        if not isinstance(other, Quantity | Date):
            continue
        near = topic.near(other, passage, on_topic)
        theirs = pairing.words_around(passage.text, other.span.shifted(-passage.span.start), passage.language)
        for at in values:
            fact = facts[at]
            thing, row = "", None
            if isinstance(fact, Quantity) and isinstance(other, Quantity):
                thing = outcomes.thing_of(fact, other, bridge, language, passage.language)
                row = outcomes.quantity(fact, other, near, thing)
            elif isinstance(fact, Date) and isinstance(other, Date):
                row = outcomes.date(fact, other, near)
            if row is not None:
                if row.outcome is not Outcome.MATCH and labels & {fact, other}:
                    continue
                ours = pairing.words_around(text, fact.span.shifted(-start), language)
                fit = pairing.fit(fact, other, thing, ours, theirs, bridge, language, passage.language)
                if row.outcome is Outcome.MISMATCH and not pairing.contradicts_enough(fact, other, thing, fit):
                    continue
                found.append(Pair(at, other, row, fit + (row.outcome is not Outcome.VALUE_ONLY)))
    return found


def stance_of(rows: Sequence[Row]) -> Stance:
    """What the compared values say together; names alone say nothing either way.

    Another number of another day is no contradiction: figures grow.
    """
    apart = {row.fact.kind for row in rows if row.outcome is Outcome.MISMATCH}
    if {"quantity", "date"} <= apart:
        return "related"
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
