"""The desk's own names, laid over what was read: facts kept with a text stay true when the table changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from claims.analysis import gazetteer
from claims.analysis.types import Entity, Fact, Span, Speaker

AnyFact = TypeVar("AnyFact", bound=Fact)


class Known(NamedTuple):
    """Whom a spelling means."""

    id: str
    type: str = "other"


Aliases = Mapping[str, str | Known]
NONE: Aliases = MappingProxyType({})
Words = tuple[str, ...]


def overlay(text: str, facts: Sequence[Fact], aliases: Aliases) -> tuple[Fact, ...]:
    """The facts of `text` with the desk's names in them: a spelling in the table carries the desk's id.

    The spans of the facts are places in `text`. A longer name of which a spelling is only a part ("Anna Kovar"
    over "Kovar") takes the id when all its words belong to that name, and else stays what it is.
    """
    if not aliases:
        return tuple(facts)
    spellings = _spellings(aliases)
    words = _words_of(spellings)
    entities = [_renamed(fact, words) for fact in facts if isinstance(fact, Entity)]
    hits = list(_hits(text, spellings))
    kept: list[Entity] = []
    for hit in hits:
        wider = [one for one in entities if one.span.overlaps(hit.span)]
        if not any(one.span.covers(hit.span) and one.span != hit.span and _stays(one, hit) for one in wider):
            kept.append(hit)
    rest = [one for one in entities if not any(one.span.overlaps(hit.span) for hit in kept)]
    named = [*kept, *rest]
    others = [_spoken(fact, named) if isinstance(fact, Speaker) else fact for fact in facts]
    done = [*named, *(fact for fact in others if not isinstance(fact, Entity))]
    return tuple(sorted(done, key=lambda fact: (fact.span.start, fact.span.end, fact.kind)))


def _stays(wider: Entity, hit: Entity) -> bool:
    """A longer name wins: the same one by the table, a listed one, or another person of that family name."""
    return wider.id == hit.id or wider.type == "person" or wider.via != "capitals"


def _spellings(aliases: Aliases) -> dict[Words, Known]:
    found: dict[Words, Known] = {}
    for written, meant in aliases.items():
        known = meant if isinstance(meant, Known) else Known(meant)
        parts = tuple(token.text.casefold() for token in gazetteer.tokens(written))
        if parts:
            id_ = known.id if ":" in known.id else f"alias:{known.id}"
            found[parts] = known._replace(id=id_)
    return found


def _words_of(spellings: Mapping[Words, Known]) -> dict[str, list[tuple[frozenset[str], frozenset[str], Known]]]:
    """By last word: all words of a person's names, their last words, and who it is."""
    by_id: dict[Known, list[Words]] = {}
    for parts, known in spellings.items():
        if known.type == "person":
            by_id.setdefault(known, []).append(parts)
    found: dict[str, list[tuple[frozenset[str], frozenset[str], Known]]] = {}
    for known, forms in by_id.items():
        every = frozenset(word for parts in forms for word in parts)
        last = frozenset(parts[-1] for parts in forms)
        for word in last:
            found.setdefault(word, []).append((every, last, known))
    return found


def _renamed(entity: Entity, words: Mapping[str, list[tuple[frozenset[str], frozenset[str], Known]]]) -> Entity:
    """A person's name put together from the words of one name of the table is that person."""
    if entity.type != "person" or not entity.id.startswith("name:"):
        return entity
    own = entity.id[5:].casefold().replace("-", " - ").split()
    for every, _, known in words.get(own[-1], ()) if own else ():
        if every.issuperset(own):
            return replace(entity, id=known.id, via="alias")
    return entity


def _hits(text: str, spellings: Mapping[Words, Known]) -> Iterator[Entity]:
    """The spellings in the text by whole words, the longest at each place; short ones in the case they were given."""
    by_first: dict[str, list[tuple[Words, Known]]] = {}
    for parts, known in spellings.items():
        by_first.setdefault(parts[0], []).append((parts, known))
    for forms in by_first.values():
        forms.sort(key=lambda one: -len(one[0]))
    words = gazetteer.tokens(text)
    folded = [token.text.casefold() for token in words]
    at = 0
    while at < len(words):
        for start in (folded[at], folded[at].removesuffix("s")):
            hit = next((one for one in by_first.get(start, ()) if _stands(one[0], folded, at)), None)
            if hit is not None:
                break
        else:
            at += 1
            continue
        parts, known = hit
        span = Span(words[at].start, words[at + len(parts) - 1].end)
        yield Entity(span=span, text=span.of(text), id=known.id, type=known.type, via="alias", confidence=1.0)
        at += len(parts)


def _stands(parts: Words, folded: Sequence[str], at: int) -> bool:
    """Whether the words stand there; the last may carry a German genitive -s."""
    seen = folded[at : at + len(parts)]
    if len(seen) < len(parts) or tuple(seen[:-1]) != parts[:-1]:
        return False
    return seen[-1] == parts[-1] or (len(parts[-1]) > 3 and seen[-1] == parts[-1] + "s")


def _spoken(speaker: Speaker, named: Sequence[Entity]) -> Speaker:
    """A speaker named in the table is who the table says."""
    one = next((one for one in named if one.via == "alias" and speaker.span.covers(one.span)), None)
    return replace(speaker, id=one.id) if one is not None and speaker.named else speaker
