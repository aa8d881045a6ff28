"""What to ask a source about a claim: a few short, editable questions, the same every time.

The claimed date is never a condition: a claim that names the wrong year would otherwise find only the texts that
say nothing against it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError

from claims.analysis import dictionary, terms
from claims.analysis.dictionary import Bridge
from claims.analysis.types import Date, Entity, Fact, Quantity, Quotation

Kind = Literal["topic", "value", "quotation", "other_language"]

NAMES, NOUNS = 4, 3
LEAST_QUOTATION = 2


@dataclass(frozen=True, slots=True)
class Query:
    """One question to a source, in one language."""

    text: str
    language: str
    kind: Kind


def build(
    claim_text: str,
    language: str,
    facts: Sequence[Fact],
    *,
    aliases: Mapping[str, Mapping[str, str]] | None = None,
    other: Sequence[str] = ("en", "de"),
    bridge: Bridge | None = None,
) -> list[Query]:
    """The questions for one claim, the most general first, without doubles.

    `aliases` are the desk's own names by entity id and language ({"org:jcs-kr": {"en": "Joint Chiefs of Staff"}}).
    `other` are the languages worth asking in besides the claim's own.
    """
    bridge = bridge or dictionary.standard()
    known = aliases or {}
    entities = _entities(facts)
    nouns = _nouns(claim_text, language, facts)
    found: list[Query] = []
    topic = _join([*(_name(entity, language, known) for entity in entities), *(term.text for term in nouns)])
    if topic:
        found.append(Query(topic, language, "topic"))
    value = _value(facts)
    if value and topic:
        found.append(Query(_join([topic, value]), language, "value"))
    for fact in facts:
        if isinstance(fact, Quotation) and len(terms.content(fact.text, language)) >= LEAST_QUOTATION:
            found.append(Query(f'"{_plain(fact.text)}"', language, "quotation"))
    for target in other:
        if target != language:
            found += _elsewhere(claim_text, language, target, entities, nouns, facts, known, bridge)
    return list(dict.fromkeys(found))


def _entities(facts: Sequence[Fact]) -> list[Entity]:
    """The claim's named things, institutions and people before countries, each once."""
    first: dict[str, Entity] = {}
    for fact in facts:
        if isinstance(fact, Entity) and (fact.via != "capitals" or fact.confidence >= 0.5):
            first.setdefault(fact.id, fact)
    order = {"organisation": 0, "person": 0, "place": 1, "capital": 2, "country": 2}
    ranked = sorted(first.values(), key=lambda entity: (order.get(entity.type, 1), entity.span))
    return sorted(ranked[:NAMES], key=lambda entity: entity.span)


def _nouns(claim_text: str, language: str, facts: Sequence[Fact]) -> list[terms.Term]:
    """The most telling words that are no name, number or date."""
    taken = {
        term.key
        for fact in facts
        if isinstance(fact, Entity | Quantity | Date)
        for term in terms.content(fact.text, language)
    }
    free = [term for term in terms.content(claim_text, language) if not term.number and term.key not in taken]
    if language == "de":
        # Capitals mark the nouns, which tell more than verbs and adjectives do.
        free = [term for term in free if term.capital] or free
    chosen = terms.rarest(free, None, NOUNS)
    return sorted(chosen, key=lambda term: term.start)


def _value(facts: Sequence[Fact]) -> str:
    """The claim's first number as printed; a date never."""
    numbers = [fact for fact in facts if isinstance(fact, Quantity) and fact.role != "ordinal"]
    return _plain(numbers[0].text) if numbers else ""


def _name(entity: Entity, language: str, aliases: Mapping[str, Mapping[str, str]]) -> str:
    own = aliases.get(entity.id, {}).get(language)
    if own:
        return own
    if entity.id.startswith("iso:") and entity.via in ("demonym", "metonym", "gazetteer"):
        return _country(entity.id[4:], language) or entity.text
    return entity.text


@cache
def _country(code: str, language: str) -> str:
    try:
        return str(Locale.parse(language).territories.get(code, ""))
    except (UnknownLocaleError, ValueError):
        return ""


def _elsewhere(
    claim_text: str,
    language: str,
    target: str,
    entities: Sequence[Entity],
    nouns: Sequence[terms.Term],
    facts: Sequence[Fact],
    aliases: Mapping[str, Mapping[str, str]],
    bridge: Bridge,
) -> list[Query]:
    names = [_name(entity, target, aliases) for entity in entities]
    words = [word for term in nouns if (word := _word(term.key, language, target, bridge))]
    found = []
    # A name alone finds everything about a country and nothing about the claim.
    if names and (words or len(names) > 1):
        found.append(Query(_join([*names, *words]), target, "other_language"))
    for fact in facts:
        if isinstance(fact, Quotation):
            content = terms.content(fact.text, language)
            translated = [_word(term.key, language, target, bridge) for term in content]
            if len(content) >= LEAST_QUOTATION and all(translated):
                phrase = " ".join(word for word in translated if word)
                found.append(Query(_join([*names, phrase]), target, "other_language"))
    return found


def _word(key: str, language: str, target: str, bridge: Bridge) -> str | None:
    """The plainest counterpart of one word, or None: the shortest of those the dictionary knows, then by alphabet."""
    ways = bridge.across(key, language, target) - {key}
    return min(ways, key=lambda word: (len(word), word)) if ways else None


def _plain(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", text.replace('"', " ")).strip()


def _join(parts: Sequence[str]) -> str:
    """The parts in order, a word that stands in an earlier part left out."""
    kept: list[str] = []
    for part in parts:
        plain = _plain(part)
        if plain and terms.fold(plain) not in terms.fold(" ".join(kept)).split():
            kept.append(plain)
    return " ".join(kept)
