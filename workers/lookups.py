"""From a lookup to documents: build the query, ask the source, read what it found."""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connections

from claims.analysis import queries
from claims.analysis.types import Entity
from claims.models import Claim, Lookup
from claims.operations.gathering import DocumentDraft
from workers import documents, wire
from workers.sources import registry
from workers.sources.base import Findings, Query, Source, SourceDisabled, SourceUnavailable

DOCUMENTS_PER_LOOKUP = 12
CLOSE = 0.05  # seconds before the deadline at which a request may already have been cut off for it
NAMES_BORROWED = 2  # of the article, for a claim without names


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source brought for a lookup: nothing found is an answer too."""

    drafts: Sequence[DocumentDraft]
    queries: Sequence[str]
    note: str = ""


def ask(lookup: Lookup) -> Answer:
    """Ask the lookup's source about its claim. Raises `SourceError` or `UnknownSource`.

    The search and the reading of what it found end when LOOKUP_DEADLINE_SECONDS have passed since the question. A
    search that is not over by then makes the source unavailable; pages not read by then are noted. When nothing
    could be read but might be later, the source counts as unavailable, not as empty.
    """
    until = time.monotonic() + settings.LOOKUP_DEADLINE_SECONDS
    source = registry.get(lookup.source)
    reason = source.available()
    if reason:
        raise SourceDisabled(reason)
    query = query_for(lookup.claim)
    found = _searched(source, query, until)
    read = documents.read_findings(found.hits, source=source.slug, until=until)
    note = " ".join([found.note, *read.notes]).strip()
    if read.again and not read.drafts:
        raise SourceUnavailable(f"{source.name} found pages, but none could be read now: {note}")
    searches = [search for language in query.asked_in for search in query.searches(language)]
    return Answer(drafts=read.drafts, queries=searches, note=note)


def _searched(source: Source, query: Query, until: float) -> Findings:
    """What the source finds before `until`, a moment of the monotonic clock. Raises `SourceError`.

    Every request through the door ends by then. A search that hangs anywhere else is left behind in its thread:
    a lookup never waits longer, so its lease is never lost to a connector.
    """
    late = SourceUnavailable(f"{source.name} took longer than {settings.LOOKUP_DEADLINE_SECONDS} s.")
    done: queue.SimpleQueue[Findings | Exception] = queue.SimpleQueue()

    def search() -> None:
        try:
            with wire.deadline(until - time.monotonic()):
                done.put(source.search(query))
        except Exception as exc:  # noqa: BLE001 the thread that waits raises it
            done.put(exc)
        finally:
            connections.close_all()

    threading.Thread(target=search, daemon=True, name=f"search {source.slug}").start()
    try:
        found = done.get(timeout=max(0.0, until - time.monotonic()))
    except queue.Empty:
        raise late from None
    if isinstance(found, SourceUnavailable) and time.monotonic() >= until - CLOSE:
        raise late from found
    if isinstance(found, Exception):
        raise found
    return found


def query_for(claim: Claim) -> Query:
    """One claim as sources are asked about it: names and rare words first, in the newsroom's languages."""
    facts = claim.read_facts()
    if not any(isinstance(fact, Entity) for fact in facts):
        facts = (*facts, *_names_of_article(claim))
    terms: dict[str, tuple[str, ...]] = {}
    for built in queries.build(claim.text, claim.language, facts):
        terms[built.language] = (*terms.get(built.language, ()), built.text)
    spoken = dict.fromkeys((claim.language, *claim.newsroom.languages))
    addresses = (claim.appearance, claim.article.url if claim.article else "")
    return Query(
        text=claim.text,
        language=claim.language,
        languages=tuple(spoken),
        entities=tuple(dict.fromkeys(fact.text for fact in facts if isinstance(fact, Entity))),
        terms=terms,
        urls=tuple(dict.fromkeys(filter(None, addresses))),
        limit=DOCUMENTS_PER_LOOKUP,
        newsroom=claim.newsroom_id,
    )


def _names_of_article(claim: Claim) -> list[Entity]:
    """What the article speaks of most, for a claim that names nothing itself ("both governments signed a treaty")."""
    if claim.article_id is None:
        return []
    counted: Counter[str] = Counter()
    first: dict[str, Entity] = {}
    for other in Claim.objects.filter(article=claim.article_id).only("facts").order_by("start"):
        for fact in other.read_facts():
            if isinstance(fact, Entity) and fact.via != "capitals":
                counted[fact.id] += 1
                first.setdefault(fact.id, fact)
    return [first[key] for key, _ in counted.most_common(NAMES_BORROWED)]
