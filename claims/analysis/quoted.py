"""Quoted words and whose mouth they are laid in, also across languages."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from claims.analysis import terms
from claims.analysis.dictionary import Bridge
from claims.analysis.types import Entity, Fact, Outcome, Passage, Quotation, Row, Span, Speaker

SAME_WORDS = 90.0
SAME_MEANING = 0.7
SHORTEST = 6


def speaker_ids(speaker: Speaker, facts: Sequence[Fact]) -> frozenset[str]:
    """Everything a speaker is known by: their own id and the named things inside the words that name them."""
    inside = {fact.id for fact in facts if isinstance(fact, Entity) and speaker.span.covers(fact.span)}
    return frozenset({speaker.id} | inside) - {""}


def same_speaker(ours: Speaker, our_facts: Sequence[Fact], theirs: Speaker, their_facts: Sequence[Fact]) -> bool:
    """Whether two speakers may be one: a shared id, or one name inside the other."""
    a, b = speaker_ids(ours, our_facts), speaker_ids(theirs, their_facts)
    if a & b:
        return True
    names_a = {part for name in a if name.startswith("name:") for part in name[5:].split() if len(part) > 3}
    names_b = {part for name in b if name.startswith("name:") for part in name[5:].split() if len(part) > 3}
    return bool(names_a & names_b)


def find_words(quoted: str, language: str, passage: Passage, bridge: Bridge) -> tuple[Span, float] | None:
    """Where a passage says the quoted words, as (span in the document, how sure), or None.

    The same language: nearly the same letters. Another: every content word has its counterpart close by.
    """
    if not quoted.strip():
        return None
    if language == passage.language:
        return _same_letters(quoted, passage)
    wanted = [bridge.across(term.key, language, passage.language) for term in terms.content(quoted, language)]
    if len(wanted) < 2:
        return None
    words = terms.content(passage.text, passage.language)
    reach = 2 * len(wanted) + 1
    best: tuple[int, int, int] | None = None
    for first in range(len(words)):
        near = words[first : first + reach]
        if not any(near[0].key in ways for ways in wanted):
            continue
        at = [next((i for i, term in enumerate(near) if term.key in ways), None) for ways in wanted]
        places = [i for i in at if i is not None]
        candidate = (len(places), -max(places), first)
        best = max(best, candidate) if best else candidate
    if best is None or best[0] / len(wanted) < SAME_MEANING:
        return None
    opening, closing = words[best[2]], words[best[2] - best[1]]
    shift = passage.span.start
    return Span(shift + opening.start, shift + closing.end), 0.9 * best[0] / len(wanted)


def _same_letters(quoted: str, passage: Passage) -> tuple[Span, float] | None:
    at = passage.text.find(quoted)
    if at >= 0:
        return Span(at, at + len(quoted)).shifted(passage.span.start), 1.0
    if len(quoted) < SHORTEST or len(passage.text) < 0.8 * len(quoted):
        return None
    # lower(), not casefold(): places in the text must stay where they are.
    ours, theirs = quoted.lower(), passage.text.lower()
    found = fuzz.partial_ratio_alignment(ours, theirs, score_cutoff=SAME_WORDS)
    if found is None or len(theirs) != len(passage.text):
        return None
    inside = [
        (start, end)
        for _, start, end in terms.tokens(passage.text)
        if min(end, found.dest_end) - max(start, found.dest_start) > (end - start) / 2
    ]
    if not inside:
        return None
    return Span(inside[0][0], inside[-1][1]).shifted(passage.span.start), found.score / 100


def _identities(speaker: Speaker, facts: Sequence[Fact]) -> frozenset[str]:
    """What a speaker is known by for certain: named things, never a bare "the statement"."""
    return frozenset(
        id_ for id_ in speaker_ids(speaker, facts) if not id_.startswith("name:") or _person_inside(speaker, facts)
    )


def _person_inside(speaker: Speaker, facts: Sequence[Fact]) -> bool:
    kinds = ("person", "organisation", "group")
    return any(isinstance(f, Entity) and f.type in kinds and speaker.span.covers(f.span) for f in facts)


def _speaker_at(span: Span, facts: Sequence[Fact]) -> Speaker | None:
    """Who says the words at `span`: by a quotation around it, else by a speaker whose reach covers it."""
    for fact in facts:
        if isinstance(fact, Quotation) and fact.speaker is not None and fact.span.overlaps(span):
            return fact.speaker
    for fact in facts:
        if isinstance(fact, Speaker) and fact.said is not None and fact.said.overlaps(span):
            return fact
    return None


def quotation(claim: Quotation, claim_facts: Sequence[Fact], language: str, passage: Passage, bridge: Bridge) -> Row:
    """The row for a quotation: the same words, and whether the same speaker says them."""
    found = find_words(claim.text, claim.language or language, passage, bridge)
    if found is None:
        return Row(claim, Outcome.ABSENT)
    span, sure = found
    ours = claim.speaker or _speaker_at(claim.span, claim_facts)
    theirs = _speaker_at(span, passage.facts)
    local = Span(span.start - passage.span.start, span.end - passage.span.start)
    words = Quotation(span=span, text=local.of(passage.text), speaker=theirs, language=passage.language)
    if ours is None or theirs is None or not ours.named or not theirs.named:
        return Row(claim, Outcome.COMPATIBLE, words, "The same words; who says them is not clear.", 0.7 * sure)
    if same_speaker(ours, claim_facts, theirs, passage.facts):
        return Row(claim, Outcome.MATCH, words, "The same words and speaker.", sure)
    if not _identities(ours, claim_facts) or not _identities(theirs, passage.facts):
        return Row(claim, Outcome.COMPATIBLE, words, "The same words; who says them is not clear.", 0.7 * sure)
    note = f"The same words, but from another speaker: {theirs.text}."
    return Row(claim, Outcome.MISMATCH, words, note, sure * (0.7 if ours.inferred or theirs.inferred else 1.0))


def speaker(claim: Speaker, claim_facts: Sequence[Fact], passage: Passage) -> Row:
    """The row for an attribution without quoted words: the passage names the same speaker, or does not."""
    for fact in passage.facts:
        if isinstance(fact, Speaker) and fact.named and same_speaker(claim, claim_facts, fact, passage.facts):
            return Row(claim, Outcome.MATCH, fact, "", 0.9)
    ids = speaker_ids(claim, claim_facts)
    for fact in passage.facts:
        if isinstance(fact, Entity) and fact.id in ids:
            return Row(claim, Outcome.COMPATIBLE, fact, "Named, but not as the one who says it.", 0.6)
    return Row(claim, Outcome.ABSENT)
