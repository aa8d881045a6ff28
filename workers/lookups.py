"""From a lookup to documents: build the query, ask the source, read what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.analysis import queries
from claims.analysis.types import Entity
from claims.models import Claim, Lookup
from claims.operations.gathering import DocumentDraft
from workers import documents
from workers.sources import registry
from workers.sources.base import Query, SourceDisabled

DOCUMENTS_PER_LOOKUP = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source brought for a lookup: nothing found is an answer too."""

    drafts: Sequence[DocumentDraft]
    queries: Sequence[str]
    note: str = ""


def ask(lookup: Lookup) -> Answer:
    """Ask the lookup's source about its claim. Raises `SourceError` or `UnknownSource`."""
    source = registry.get(lookup.source)
    reason = source.available()
    if reason:
        raise SourceDisabled(reason)
    query = query_for(lookup.claim)
    found = source.search(query)
    kept, notes = documents.read_findings(found.hits, source=source.slug)
    searches = [search for language in query.asked_in for search in query.searches(language)]
    return Answer(drafts=kept, queries=searches, note=" ".join([found.note, *notes]).strip())


def query_for(claim: Claim) -> Query:
    """One claim as sources are asked about it: names and rare words first, in the newsroom's languages."""
    facts = claim.read_facts()
    terms: dict[str, tuple[str, ...]] = {}
    for built in queries.build(claim.text, claim.language, facts):
        terms[built.language] = (*terms.get(built.language, ()), built.text)
    spoken = dict.fromkeys((claim.language, *claim.newsroom.languages))
    return Query(
        text=claim.text,
        language=claim.language,
        languages=tuple(spoken),
        entities=tuple(dict.fromkeys(fact.text for fact in facts if isinstance(fact, Entity))),
        terms=terms,
        limit=DOCUMENTS_PER_LOOKUP,
        newsroom=claim.newsroom_id,
    )
