"""Whether an earlier check is about the same claim: a score with reasons, and a guard no score outvotes.

Two statements that differ in a number, a date, a unit, a place, a named person or in whether they deny are never
the same claim, however alike their words (`guard` says which). The machine offers candidates; it never links them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.analysis import dictionary, guarding, intervals, outcomes, pairing, terms
from claims.analysis.dictionary import Bridge
from claims.analysis.ranking import Candidate, Standing, rank
from claims.analysis.types import Date, Entity, Fact, Quantity, Reason, Span

__all__ = ["Candidate", "Match", "Standing", "compare", "keys", "rank"]

SAME = 0.72
FACT = 1.5
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
    difference: guarding.Difference | None = None  # the guard's reason, side by side

    @property
    def relation(self) -> str:
        """`same`: the same claim; `different`: a fact keeps them apart; `related`: neither can be said."""
        return "same" if self.same else "different" if self.guard else "related"


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
    pairs = _shared_facts(query_facts, candidate_facts)
    our_facts, their_facts = _telling(query_facts, pairs[0]), _telling(candidate_facts, pairs[1])
    ours, theirs = _loose(query_text, language, our_facts), _loose(candidate_text, target, their_facts)
    hit_ours, hit_theirs = _shared(ours, theirs, language, target, bridge)
    spans, their_spans = ([fact.span for fact in shared] for shared in pairs)
    forward = _share(ours, hit_ours, our_facts, pairs[0], frequencies or {})
    backward = _share(theirs, hit_theirs, their_facts, pairs[1], frequencies or {})
    score = 2 * forward * backward / (forward + backward) if forward + backward else 0.0
    reasons = [Reason("shared words", float(len(hit_ours)), tuple(Span(t.start, t.end) for t in hit_ours))]
    if spans:
        reasons.append(Reason("shared facts", float(len(spans)), tuple(spans)))
    difference = guarding.difference(
        guarding.Side(query_text, language, tuple(query_facts)),
        guarding.Side(candidate_text, target, tuple(candidate_facts)),
        bridge,
    )
    guard = difference.words if difference else ""
    if guard:
        reasons.append(Reason("guard: " + guard, 0.0))
    return Match(
        round(score, 4),
        not guard and score >= SAME and min(forward, backward) >= 0.6,
        tuple(reasons),
        guard,
        tuple(sorted({Span(t.start, t.end) for t in hit_ours} | set(spans))),
        tuple(sorted({Span(t.start, t.end) for t in hit_theirs} | set(their_spans))),
        difference,
    )


def _loose(text: str, language: str, facts: Sequence[Fact]) -> list[terms.Term]:
    """The words that belong to no number, date or name: those are compared as what they mean."""
    start = pairing.offset(text, facts)
    covered = [fact.span.shifted(-start) for fact in facts]
    return [
        term
        for term in terms.content(text, language)
        if not term.number and not any(span.start <= term.start and term.end <= span.end for span in covered)
    ]


def _shared(
    ours: Sequence[terms.Term], theirs: Sequence[terms.Term], source: str, target: str, bridge: Bridge
) -> tuple[list[terms.Term], list[terms.Term]]:
    """The terms of each side that the other has too."""
    there = {term.key for term in theirs}
    hits = [term for term in ours if not bridge.across(term.key, source, target).isdisjoint(there)]
    reached = {way for term in hits for way in bridge.across(term.key, source, target)}
    return hits, [term for term in theirs if term.key in reached]


def _share(
    words: Sequence[terms.Term],
    hits: Sequence[terms.Term],
    facts: Sequence[Fact],
    shared: Sequence[Fact],
    frequencies: Mapping[str, float],
) -> float:
    """How much of one side the other has: words by what they tell, facts more than any word."""

    def weigh(found: Sequence[terms.Term]) -> float:
        return sum(frequencies.get(term.key, terms.weight(term)) for term in found)

    total = weigh(words) + FACT * len({_fact_key(fact) for fact in facts})
    return min(1.0, (weigh(hits) + FACT * len({_fact_key(fact) for fact in shared})) / total) if total else 0.0


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


def _telling(facts: Sequence[Fact], shared: Sequence[Fact]) -> list[Fact]:
    """The facts that stand for their words: numbers and dates always, names where the other side has them too."""
    return [f for f in facts if isinstance(f, Quantity | Date) or (isinstance(f, Entity) and f in shared)]


def _shared_facts(ours: Sequence[Fact], theirs: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The facts of each side that the other has too."""
    hits = [fact for fact in ours if any(_same_fact(fact, other) for other in theirs)]
    return hits, [fact for fact in theirs if any(_same_fact(other, fact) for other in hits)]


def _same_fact(one: Fact, other: Fact) -> bool:
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.dimension == other.dimension and intervals.best_relation(one, other)[0] == "equal"
    if isinstance(one, Date) and isinstance(other, Date):
        return intervals.relate_dates(one, other) == "equal" and one.timex == other.timex
    return isinstance(one, Entity) and isinstance(other, Entity) and outcomes.same_entity(one, other)
