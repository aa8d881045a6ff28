"""Windows of one to three sentences, and which of them are about a claim.

Whether values agree never enters the rank: a source that says another figure is worth as much as one
that says the same (methods.md, decision 5), so a passage that differs always stays in the list.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from claims.analysis import dictionary, intervals, outcomes, pairing, terms
from claims.analysis.dictionary import Bridge
from claims.analysis.types import Date, Entity, Fact, Passage, Quantity, Sentence, Span, Speaker

K1, B = 1.2, 0.6
ENTITIES, SLOTS = 0.5, 0.6
DIVERSITY = 0.7
REPEATED, AGAIN = 0.8, 3.0
LONGEST = 3


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with its topic score and the three parts of it, each from 0 to 1."""

    passage: Passage
    score: float
    lexical: float
    entities: float
    slots: float
    hits: tuple[str, ...] = field(default=())


def windows(
    document_id: str, text: str, language: str, sentences: Sequence[Sentence], facts: Sequence[Fact]
) -> list[Passage]:
    """Every window of one to three neighbouring sentences of a paragraph run, each with the facts inside it."""
    inside = sorted(facts, key=lambda fact: fact.span)
    bodies = [sentence for sentence in sentences if sentence.text.strip()]
    held: list[list[Fact]] = [[] for _ in bodies]
    at = 0
    for fact in inside:
        while at < len(bodies) - 1 and bodies[at].span.end <= fact.span.start:
            at += 1
        if bodies and bodies[at].span.covers(fact.span):
            held[at].append(fact)
    found = []
    for first, sentence in enumerate(bodies):
        before = bodies[first - 1].span if first else None
        for size in range(1, LONGEST + 1):
            last = first + size - 1
            if last >= len(bodies) or (size > 1 and "heading" in (sentence.kind, bodies[last].kind)):
                break
            # Neighbours overlap by one sentence: longer windows start at every second sentence only.
            if size > 1 and first % (size - 1):
                continue
            span = Span(sentence.span.start, bodies[last].span.end)
            mine = tuple(fact for facts_of_one in held[first : last + 1] for fact in facts_of_one)
            found.append(Passage(document_id, span, text[span.start : span.end], language, mine, before))
    return found


def kinds(facts: Sequence[Fact]) -> frozenset[str]:
    """What can be compared, without any value: dimension and counted class, dates, events, speakers."""
    found = set()
    for fact in facts:
        match fact:
            case Quantity():
                found.add(f"quantity:{fact.dimension}")
                if fact.counted:
                    found.add(f"counted:{fact.counted.name}")
                if fact.event:
                    found.add(f"event:{fact.event}")
            case Date():
                found.add("date")
                if fact.event:
                    found.add(f"event:{fact.event}")
            case Speaker():
                found.add("speaker")
            case _:
                pass
    return frozenset(found)


def entity_ids(facts: Sequence[Fact]) -> frozenset[str]:
    return frozenset(fact.id for fact in facts if isinstance(fact, Entity))


@lru_cache(maxsize=40_000)
def _bag(text: str, language: str) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for term in terms.content(text, language):
        if not term.number:
            counts[term.key] = counts.get(term.key, 0) + 1
    return counts


class Pool:
    """The passages of one check with their word statistics, kept per language."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        self.bags = [_bag(passage.text, passage.language) for passage in passages]
        self.frequencies: dict[str, dict[str, float]] = {}
        self.lengths: dict[str, float] = {}
        for language in {passage.language for passage in passages}:
            mine = [bag for passage, bag in zip(passages, self.bags, strict=True) if passage.language == language]
            self.frequencies[language] = terms.inverse_frequencies(mine)
            self.lengths[language] = max(1.0, sum(sum(bag.values()) for bag in mine) / len(mine))
        self.entity_weight = terms.inverse_frequencies(entity_ids(passage.facts) for passage in passages)


def _lexical(
    wanted: Sequence[tuple[terms.Term, frozenset[str]]],
    bag: Mapping[str, int],
    frequencies: Mapping[str, float],
    average: float,
) -> tuple[float, float, list[str]]:
    """BM25 of one passage, the most it could have reached in its language, and the claim's words that hit."""
    total = reachable = 0.0
    hits = []
    length = K1 * (1 - B + B * sum(bag.values()) / average)
    for term, ways in wanted:
        known = [frequencies[way] for way in ways if way in frequencies]
        # A word that occurs nowhere in this language cannot be reached and must not count against it.
        idf = max(known, default=0.0)
        reachable += idf
        count, found_idf = 0, 0.0
        for way in ways:
            if way in bag:
                count += bag[way]
                found_idf = max(found_idf, frequencies.get(way, 0.0))
        if count:
            total += found_idf * count * (K1 + 1) / (count + length)
            hits.append(term.key)
    return total, reachable * (K1 + 1) / 2, hits


def ways_of(claim_text: str, source: str, target: str, bridge: Bridge) -> list[tuple[terms.Term, frozenset[str]]]:
    """The claim's different content words with the keys each may have in the passage's language."""
    seen: dict[str, terms.Term] = {}
    for term in terms.content(claim_text, source):
        if not term.number:
            seen.setdefault(term.key, term)
    return [(term, bridge.across(term.key, source, target)) for term in seen.values()]


def score_all(
    claim_text: str,
    claim_language: str,
    claim_facts: Sequence[Fact],
    passages: Sequence[Passage],
    *,
    bridge: Bridge | None = None,
) -> list[Ranked]:
    """Every passage with its topic score, in the order given."""
    bridge = bridge or dictionary.standard()
    collection = Pool(passages)
    wanted = {language: ways_of(claim_text, claim_language, language, bridge) for language in collection.frequencies}
    ids = entity_ids(claim_facts)
    reach = sum(collection.entity_weight.get(name, 0.0) for name in ids)
    asked = kinds(claim_facts)
    found = []
    for passage, bag in zip(passages, collection.bags, strict=True):
        language = passage.language
        total, reachable, hits = _lexical(
            wanted[language], bag, collection.frequencies[language], collection.lengths[language]
        )
        lexical = min(1.0, total / reachable) if reachable else 0.0
        shared = ids & entity_ids(passage.facts)
        entities = sum(collection.entity_weight[name] for name in shared) / reach if reach else 0.0
        slots = len(asked & kinds(passage.facts)) / len(asked) if asked else 0.0
        # Slots alone are no topic: any sports report has a number and a date.
        slots *= min(1.0, 2 * (lexical + 0.5 * entities))
        score = lexical + ENTITIES * entities + SLOTS * slots
        found.append(Ranked(passage, score, lexical, entities, slots, tuple(hits)))
    return found


def rank(
    claim_text: str,
    claim_language: str,
    claim_facts: Sequence[Fact],
    passages: Sequence[Passage],
    *,
    limit: int,
    clusters: Mapping[str, str] | None = None,
    differing: Collection[Passage] | None = None,
    bridge: Bridge | None = None,
) -> list[Ranked]:
    """The `limit` passages most about the claim, spread over documents.

    `clusters` names the source cluster of a document, so that ten copies of one story do not fill the list.
    The best passage among `differing` (by default: those with a comparable number or date of another value)
    is always among them.
    """
    bridge = bridge or dictionary.standard()
    scored = [one for one in score_all(claim_text, claim_language, claim_facts, passages, bridge=bridge) if one.score]
    scored.sort(key=lambda one: (-one.score, one.passage.document, one.passage.span))
    chosen = _spread(scored, limit, clusters or {})
    if differing is None:
        apart = next((one for one in scored if _differs(claim_facts, claim_language, one.passage, bridge)), None)
    else:
        wanted = set(map(id, differing))
        apart = next((one for one in scored if id(one.passage) in wanted), None)
    if apart is not None and apart not in chosen and chosen:
        chosen[-1:] = [apart] if len(chosen) >= limit else [chosen[-1], apart]
        chosen.sort(key=lambda one: -one.score)
    return chosen


def _spread(scored: Sequence[Ranked], limit: int, clusters: Mapping[str, str]) -> list[Ranked]:
    """Maximal marginal relevance: a passage that overlaps one already chosen, or copies its cluster, waits."""
    if not scored:
        return []
    best = scored[0].score
    pool = list(scored[: max(60, 6 * limit)])
    penalty = [0.0] * len(pool)
    taken = [False] * len(pool)
    chosen: list[Ranked] = []
    while len(chosen) < limit:
        at = max(
            (i for i in range(len(pool)) if not taken[i]),
            key=lambda i: DIVERSITY * pool[i].score / best - (1 - DIVERSITY) * penalty[i],
            default=None,
        )
        if at is None:
            break
        taken[at] = True
        chosen.append(pool[at])
        for i, other in enumerate(pool):
            if not taken[i]:
                penalty[i] = max(penalty[i], _alike(pool[at].passage, other.passage, clusters))
    return sorted(chosen, key=lambda one: -one.score)


def _alike(one: Passage, other: Passage, clusters: Mapping[str, str]) -> float:
    """How much a second passage repeats a first; above 1 where it only says the same again."""
    same_document = one.document == other.document
    if same_document and one.span.overlaps(other.span):
        return AGAIN
    ours, theirs = _bag(one.text, one.language), _bag(other.text, other.language)
    shared = len(ours.keys() & theirs.keys()) / math.sqrt(max(1, len(ours)) * max(1, len(theirs)))
    if same_document or clusters.get(one.document, one.document) == clusters.get(other.document, other.document):
        return AGAIN if shared >= REPEATED else max(shared, 0.5)
    return shared


def _differs(claim_facts: Sequence[Fact], language: str, passage: Passage, bridge: Bridge) -> bool:
    """Whether a passage holds a comparable number or date of another value, and none of the same."""
    for fact in claim_facts:
        if isinstance(fact, Quantity):
            numbers = [
                intervals.best_relation(fact, found)[0]
                for found in passage.facts
                if isinstance(found, Quantity) and _comparable(fact, found, language, passage.language, bridge)
            ]
            if numbers and all(relation == "disjoint" for relation in numbers):
                return True
        elif isinstance(fact, Date) and not fact.relative:
            dates = [
                intervals.relate_dates(fact, found)
                for found in passage.facts
                if isinstance(found, Date) and found.type == fact.type and _one_event(fact.event, found.event)
            ]
            if dates and all(relation == "disjoint" for relation in dates):
                return True
    return False


def _comparable(claim: Quantity, found: Quantity, source: str, target: str, bridge: Bridge) -> bool:
    if claim.dimension != found.dimension or claim.role != found.role:
        return False
    thing = outcomes.thing_of(claim, found, bridge, source, target)
    return thing in ("same", "kin") or (thing == "open" and bool(claim.event) and _one_event(claim.event, found.event))


def _one_event(ours: str, theirs: str) -> bool:
    return not ours or not theirs or pairing.alike(ours, theirs)
