"""Whether an earlier check is about the same claim: a score with reasons, and a guard no score outvotes.

Two statements that differ in a number, a date, a unit, a place, a named person or in whether they deny are never
the same claim, however alike their words (`guard` says which). The machine offers candidates; it never links them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.analysis import dictionary, guarding, intervals, terms
from claims.analysis.dictionary import Bridge
from claims.analysis.ranking import Candidate, Standing, rank
from claims.analysis.types import Date, Entity, Fact, Quantity, Reason, Span

__all__ = ["Candidate", "Match", "Standing", "compare", "keys", "rank"]

SAME = 0.72
TERM_KEYS = 8


@dataclass(frozen=True, slots=True)
class Match:
    """How a candidate stands to a claim."""

    score: float  # 0..1
    same: bool
    reasons: tuple[Reason, ...] = ()
    guard: str = ""  # why it is not the same claim, in words; empty where nothing speaks against it
    highlights: tuple[Span, ...] = ()  # what is shared, in the query
    candidate_highlights: tuple[Span, ...] = ()  # and in the candidate


def keys(text: str, language: str, facts: Sequence[Fact]) -> tuple[str, ...]:
    """What a database can look a claim up by: values, dates, named things and the most telling words."""
    found: dict[str, None] = {}
    for fact in facts:
        match fact:
            case Quantity() if fact.role != "ordinal":
                low = fact.lo if fact.base_lo is None else fact.base_lo
                found[f"q:{fact.dimension}:{low:.6g}"] = None
            case Date() if fact.first is not None:
                found[f"d:{fact.first.isoformat()[: {'year': 4, 'month': 7}.get(fact.precision, 10)]}"] = None
            case Entity():
                found[f"e:{fact.id}"] = None
            case _:
                pass
    content = [term for term in terms.content(text, language) if len(term.key) > 2 or term.number]
    for term in terms.rarest(content, None, TERM_KEYS):
        found[f"t:{term.key}"] = None
    return tuple(found)


def compare(
    query_text: str,
    query_facts: Sequence[Fact],
    candidate_text: str,
    candidate_facts: Sequence[Fact],
    *,
    language: str,
    candidate_language: str | None = None,
    frequencies: Mapping[str, float] | None = None,
    bridge: Bridge | None = None,
) -> Match:
    """One candidate against one claim. `frequencies` is how rare words are in the archive, where that is known."""
    target = candidate_language or language
    bridge = bridge or dictionary.standard()
    ours = [term for term in terms.content(query_text, language) if not term.number]
    theirs = [term for term in terms.content(candidate_text, target) if not term.number]
    hit_ours, hit_theirs, forward, backward = _shared(ours, theirs, language, target, bridge, frequencies or {})
    words = 2 * forward * backward / (forward + backward) if forward + backward else 0.0
    reasons = [Reason("shared words", round(words, 3), tuple(Span(t.start, t.end) for t in hit_ours))]
    facts, spans, their_spans = _shared_facts(query_facts, candidate_facts)
    comparable = max(1, len({_fact_key(f) for f in (*query_facts, *candidate_facts)} - {""}))
    weight = min(1.0, facts / comparable)
    if facts:
        reasons.append(Reason("shared facts", round(weight, 3), tuple(spans)))
    score = 0.75 * words + 0.25 * (weight if query_facts or candidate_facts else words)
    guard = guarding.difference(
        guarding.Side(query_text, language, tuple(query_facts)),
        guarding.Side(candidate_text, target, tuple(candidate_facts)),
        bridge,
    )
    if guard:
        reasons.append(Reason("guard: " + guard, 0.0))
    return Match(
        round(score, 4),
        not guard and score >= SAME and min(forward, backward) >= 0.6,
        tuple(reasons),
        guard,
        tuple(sorted({Span(t.start, t.end) for t in hit_ours} | set(spans))),
        tuple(sorted({Span(t.start, t.end) for t in hit_theirs} | set(their_spans))),
    )


def _shared(
    ours: Sequence[terms.Term],
    theirs: Sequence[terms.Term],
    source: str,
    target: str,
    bridge: Bridge,
    frequencies: Mapping[str, float],
) -> tuple[list[terms.Term], list[terms.Term], float, float]:
    """The terms both have, and the weighted share of each side they make up."""

    def weigh(term: terms.Term) -> float:
        return frequencies.get(term.key, terms.weight(term))

    there = {term.key for term in theirs}
    hit_ours = [term for term in ours if not bridge.across(term.key, source, target).isdisjoint(there)]
    reached = {way for term in hit_ours for way in bridge.across(term.key, source, target)}
    hit_theirs = [term for term in theirs if term.key in reached]
    total_ours, total_theirs = sum(map(weigh, ours)), sum(map(weigh, theirs))
    return (
        hit_ours,
        hit_theirs,
        sum(map(weigh, hit_ours)) / total_ours if total_ours else 0.0,
        sum(map(weigh, hit_theirs)) / total_theirs if total_theirs else 0.0,
    )


def _fact_key(fact: Fact) -> str:
    match fact:
        case Quantity():
            return f"q:{fact.dimension}:{fact.lo}:{fact.hi}:{fact.unit}"
        case Date():
            return f"d:{fact.first}:{fact.last}:{fact.timex}"
        case Entity():
            return f"e:{fact.id}"
        case _:
            return ""


def _shared_facts(ours: Sequence[Fact], theirs: Sequence[Fact]) -> tuple[int, list[Span], list[Span]]:
    spans, their_spans = [], []
    counted: set[str] = set()
    for fact in ours:
        for other in theirs:
            if _same_fact(fact, other):
                spans.append(fact.span)
                their_spans.append(other.span)
                counted.add(_fact_key(fact))
                break
    return len(counted), spans, their_spans


def _same_fact(one: Fact, other: Fact) -> bool:
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.dimension == other.dimension and intervals.best_relation(one, other)[0] == "equal"
    if isinstance(one, Date) and isinstance(other, Date):
        return intervals.relate_dates(one, other) == "equal" and one.timex == other.timex
    return isinstance(one, Entity) and isinstance(other, Entity) and one.id == other.id
