"""Assessing: the machine lays every fact of the claim beside what the documents say. It shows; people decide."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims import aliases, transitions, workflow
from claims.analysis import alignment, extraction, origins, passages, sentences
from claims.analysis.aliasing import overlay
from claims.analysis.alignment import FactRow
from claims.analysis.passages import Ranked
from claims.analysis.types import (
    Alignment,
    Edge,
    Entity,
    Fact,
    Origins,
    Outcome,
    Passage,
    SourceText,
    Speaker,
    fact_from_json,
    to_json,
)
from claims.models import Assessment, Claim, Document, Evidence, Hit, Lookup, OriginEdge, Publisher
from claims.operations import consulting, protecting, renewing
from claims.workflow import Status

PASSAGES_SHOWN = 12  # per claim, spread over documents; the reviewer sees the best first
PASSAGES_HEARD = 2  # per document, so that none is left out of the count
RELATED = 0.25  # lexical score from which a passage without comparable facts still counts

Agencies = tuple[tuple[str, tuple[str, ...]], ...]  # as in `SourceText`


@dataclass(frozen=True, slots=True)
class Found:
    """What came of holding a claim against its documents, before it is kept."""

    alignments: tuple[Alignment, ...]
    table: tuple[FactRow, ...]
    origins: Origins
    voices: dict[str, list[Speaker]]  # by document that bears on the claim: whom its passages name as the source
    told: tuple[Told, ...] = ()  # one per row of the table
    edges: tuple[Edge, ...] = ()  # those of people, as they were when the origins were traced


@dataclass(frozen=True, slots=True)
class Told:
    """Which documents agree and which disagree on one fact."""

    agreeing: tuple[str, ...]
    disagreeing: tuple[str, ...]


def hold(
    claim: Claim,
    documents: Sequence[Document],
    agencies: Agencies = (),
    edges: tuple[Edge, ...] = (),
    brought: Set[str] = frozenset(),
) -> Found:
    """Hold a claim against documents: read, rank, align, trace origins. Writes nothing.

    Facts are kept with claims and documents as anybody would read them; the desk's own names are laid over them here,
    so that a change of its table takes effect at the next assessment.

    Every document is heard with its best passages, so that copies are counted though only the best are shown. Of what
    people `brought` the best passage is kept however little it says.
    """
    spoken = {tongue: aliases.of(claim.newsroom_id, tongue) for tongue in _languages(claim, documents)}
    facts = overlay(claim.text, claim.read_facts(), spoken[claim.language])
    windows: list[Passage] = []
    speakers: dict[str, list[Speaker]] = {}
    for document in documents:
        key, tongue = str(document.pk), document.language or claim.language
        read = overlay(document.text, facts_of(document, tongue), spoken[tongue])
        speakers[key] = [fact for fact in read if isinstance(fact, Speaker)]
        windows += passages.windows(key, document.text, tongue, sentences.split(document.text, tongue), read)
    shown = passages.rank(claim.text, claim.language, facts, windows, limit=PASSAGES_SHOWN)
    heard = {one.passage: one for one in shown}
    for one in _best_of_each(passages.score_all(claim.text, claim.language, facts, windows)):
        heard.setdefault(one.passage, one)
    alignments = [
        alignment.align(claim.text, claim.language, facts, passage, ranked=one) for passage, one in heard.items()
    ]
    table = _complete(alignment.facts_table(facts, alignments), facts)
    bearing = [one for one in alignments if bears_on(one)]
    keys = {one.passage.document for one in bearing}
    shown_too = {one.passage for one in _best_of([one for one in alignments if one.passage.document in brought])}
    voices = {key: _near(speakers[key], [o for o in bearing if o.passage.document == key]) for key in sorted(keys)}
    return Found(
        alignments=tuple(_worth_keeping(alignments, bearing, table, {one.passage for one in shown} | shown_too)),
        table=tuple(table),
        origins=origins.trace(
            [source_text(document, agencies) for document in documents if str(document.pk) in keys],
            attributions=voices,
            edges=edges,
        ),
        voices=voices,
        told=tuple(_told(row.fact, bearing) for row in table),
        edges=edges,
    )


def _told(fact: Fact, bearing: Sequence[Alignment]) -> Told:
    def those(*outcomes: Outcome) -> tuple[str, ...]:
        found = (
            one.passage.document
            for one in bearing
            for row in one.rows
            if row.outcome in outcomes and (row.fact == fact or _one_name(row.fact, fact))
        )
        return tuple(dict.fromkeys(found))

    return Told(those(Outcome.MATCH, Outcome.COMPATIBLE), those(Outcome.MISMATCH))


def _one_name(one: Fact, other: Fact) -> bool:
    return isinstance(one, Entity) and isinstance(other, Entity) and one.id == other.id


def _languages(claim: Claim, documents: Sequence[Document]) -> set[str]:
    return {claim.language, *(document.language or claim.language for document in documents)}


def _best_of_each(scored: Sequence[Ranked]) -> list[Ranked]:
    found: dict[str, list[Ranked]] = {}
    for one in sorted(scored, key=lambda one: -one.score):
        best = found.setdefault(one.passage.document, [])
        if one.score > 0 and len(best) < PASSAGES_HEARD:
            best.append(one)
    return [one for best in found.values() for one in best]


def bears_on(one: Alignment) -> bool:
    """Whether a passage says something about what is claimed, rather than only naming the same names."""
    told = [row for row in one.rows if not isinstance(row.fact, Entity)]
    if told:
        return any(row.outcome is not Outcome.ABSENT for row in told)
    return any(row.outcome is not Outcome.ABSENT for row in one.rows) and one.lexical >= RELATED


def _worth_keeping(
    alignments: Sequence[Alignment], bearing: Sequence[Alignment], table: Sequence[FactRow], shown: set[Passage]
) -> list[Alignment]:
    """What people will read: the best ranked, what the table points at, and one passage per document that counts."""
    pointed = {side[0].passage for row in table for side in (row.agreeing, row.disagreeing) if side}
    kept = shown | pointed | {one.passage for one in _best_of(bearing)}
    return [one for one in alignments if one.passage in kept]


def _best_of(alignments: Sequence[Alignment]) -> list[Alignment]:
    """The best one of each document."""
    best: dict[str, Alignment] = {}
    for one in sorted(alignments, key=lambda one: -one.score):
        best.setdefault(one.passage.document, one)
    return list(best.values())


def _complete(table: Sequence[FactRow], facts: Sequence[Fact]) -> list[FactRow]:
    """One row per fact of the claim, in its order: what no passage speaks of is shown as absent, never left out."""
    rows = {row.fact: row for row in table}
    named = {row.fact.id for row in table if isinstance(row.fact, Entity)}
    for fact in facts:
        if isinstance(fact, Entity):
            if fact.id in named:
                continue
            named.add(fact.id)
        rows.setdefault(fact, FactRow(fact, Outcome.ABSENT))
    return [rows[fact] for fact in facts if fact in rows]


def _near(speakers: Sequence[Speaker], bearing: Sequence[Alignment]) -> list[Speaker]:
    """The speakers of the passages that count, not of the whole document."""
    spans = [one.passage.span for one in bearing]
    return [
        one
        for one in speakers
        if any(span.overlaps(one.span) or (one.said is not None and span.overlaps(one.said)) for span in spans)
    ]


def facts_of(document: Document, language: str) -> tuple[Fact, ...]:
    """The facts in a document: those kept with it, else read now."""
    if document.facts is not None:
        return tuple(fact_from_json(fact) for fact in document.facts)
    day = document.published_at.date() if document.published_at else None
    return extraction.facts(document.text, language, day)


def read_documents(documents: Sequence[Document], language: str) -> None:
    """Read what was not read yet and keep it with the document: many claims meet the same one."""
    for document in documents:
        if document.facts is None:
            document.facts = to_json(facts_of(document, document.language or language))
            Document.objects.filter(pk=document.pk, facts__isnull=True).update(facts=document.facts)


def agencies_of(newsroom: int) -> Agencies:
    """The agencies a newsroom has registered or shares, with the codes they sign with."""
    known = Publisher.objects.filter(kind=Publisher.Kind.AGENCY).exclude(credit_codes=[])
    mine = known.filter(Q(newsroom__isnull=True) | Q(newsroom=newsroom)).order_by("name", "pk")
    return tuple((name, tuple(codes)) for name, codes in mine.values_list("name", "credit_codes"))


def source_text(document: Document, agencies: Agencies = ()) -> SourceText:
    """A document as the origin finder sees it."""
    publisher = document.publisher
    return SourceText(
        id=str(document.pk),
        text=document.text,
        language=document.language,
        title=document.title,
        url=document.url,
        canonical_url=document.canonical_url,
        domain=document.domain,
        publisher=publisher.name if publisher else document.publisher_name,
        owner=publisher.owner if publisher else "",
        credit=document.credit or document.byline,
        links=tuple(document.links),
        published=document.published_at,
        fetched=document.fetched_at,
        agencies=agencies,
    )


def documents_of(claim: Claim) -> list[Document]:
    """The readable documents the sources brought in this cycle, each once, in the order they were found."""
    found = (
        Document.objects.filter(hits__lookup__claim=claim, hits__lookup__cycle=claim.cycle)
        .select_related("publisher")
        .distinct()
        .order_by("pk")
    )
    return [document for document in found if document.text.strip()]


def assess(assessment: Assessment) -> bool:
    """Make the assessment of a claim's cycle and hand the claim to the reviewers. Safe to call twice.

    `assessment` is a step we hold. Returns whether the result was kept (False: the lease was lost).
    """
    claim = assessment.claim
    if assessment.cycle != claim.cycle:
        return Assessment.objects.settle(assessment)
    documents = documents_of(claim)
    read_documents(documents, claim.language)
    brought = documents_brought(claim)
    return _keep(assessment, hold(claim, documents, agencies_of(claim.newsroom_id), edges_of(claim), brought))


def documents_brought(claim: Claim) -> frozenset[str]:
    """The documents that people brought to the claim in this cycle."""
    hits = Hit.objects.filter(lookup__claim=claim, lookup__cycle=claim.cycle, lookup__source=Lookup.BY_HAND)
    return frozenset(str(pk) for pk in hits.values_list("document", flat=True))


def edges_of(claim: Claim) -> tuple[Edge, ...]:
    """What people cut and added about the claim's origins, as the origin finder takes it."""
    return tuple(
        Edge(str(one.document_id), one.target, "human", one.reason, 1.0, one.action == "add", one.origin_name)
        for one in OriginEdge.objects.in_force().filter(claim=claim)
    )


def retrace(assessment: Assessment) -> None:
    """Trace the origins anew from what the assessment kept, after a person cut or added an edge.

    Its passages and outcomes stay as they are. Call it with the claim locked.
    """
    claim, kept = assessment.claim, assessment.origins
    voices = {key: [fact_from_json(one) for one in told] for key, told in kept.get("voices", {}).items()}
    documents = Document.objects.filter(pk__in=[int(key) for key in voices]).select_related("publisher").order_by("pk")
    agencies = agencies_of(claim.newsroom_id)
    traced = origins.trace(
        [source_text(document, agencies) for document in documents],
        attributions={key: [one for one in told if isinstance(one, Speaker)] for key, told in voices.items()},
        edges=edges_of(claim),
    )
    assessment.origins = {**to_json(traced), "voices": kept.get("voices", {})}
    assessment.table = [_with_counts(row, traced) for row in assessment.table]
    assessment.documents_count, assessment.origins_count = traced.documents, traced.independent
    assessment.save(update_fields=["origins", "table", "documents_count", "origins_count"])


def _with_counts(row: dict[str, Any], traced: Origins) -> dict[str, Any]:
    """A row of the table with how many independent origins agree and disagree on its fact."""
    sides = row.get("documents", {})
    counts = {
        side: sum(
            origin.counts and not set(sides.get(side, ())).isdisjoint(origin.documents) for origin in traced.origins
        )
        for side in ("agreeing", "disagreeing")
    }
    return {**row, "origins": counts}


@transaction.atomic
def _keep(assessment: Assessment, found: Found) -> bool:
    claim = Claim.objects.select_for_update().get(pk=assessment.claim_id)
    if not Assessment.objects.settle(assessment) or assessment.cycle != claim.cycle:
        return False
    evidence = {
        (one.passage.document, one.passage.span.start, one.passage.span.end): _keep_evidence(claim, one)
        for one in found.alignments
    }
    Assessment.objects.filter(pk=assessment.pk).update(
        table=[
            _with_counts({**_row(row, evidence), "documents": to_json(told)}, found.origins)
            for row, told in zip(found.table, found.told, strict=True)
        ],
        origins={**to_json(found.origins), "voices": to_json(found.voices)},
        documents_count=found.origins.documents,
        origins_count=found.origins.independent,
        made_at=timezone.now(),
        runs=assessment.runs + 1,
    )
    if edges_of(claim) != found.edges:  # somebody cut or added one while the machine was reading
        retrace(Assessment.objects.select_related("claim").get(pk=assessment.pk))
    transitions.record(
        "claim.assessed",
        newsroom=claim.newsroom_id,
        by=None,
        claim=claim,
        cycle=claim.cycle,
        documents=found.origins.documents,
        origins=found.origins.independent,
        outcomes=[row.outcome.value for row in found.table],
    )
    if claim.status == Status.ASSESSING:
        transitions.advance(claim, workflow.REVIEW, by=None)
        renewing.begin(claim)
    consulting.open_for_claim(claim)
    return True


def _keep_evidence(claim: Claim, one: Alignment) -> int:
    span = one.passage.span
    found, created = Evidence.objects.get_or_create(
        claim=claim,
        cycle=claim.cycle,
        document_id=int(one.passage.document),
        start=span.start,
        end=span.end,
        defaults={
            "quote": one.passage.text,
            "score": one.score,
            "rows": to_json(one.rows),
            "machine_stance": one.stance,
        },
    )
    if created:
        protecting.inherit(found)
    else:
        Evidence.objects.filter(pk=found.pk).update(score=one.score, rows=to_json(one.rows), machine_stance=one.stance)
    return found.pk


def _row(row: FactRow, evidence: dict[tuple[str, int, int], int]) -> dict[str, Any]:
    """One row of the fact table as plain JSON, with the evidence it points at."""

    def side(pair: tuple[Alignment, Any] | None) -> dict[str, Any] | None:
        if pair is None:
            return None
        one, held = pair
        span = one.passage.span
        return {
            "evidence": evidence.get((one.passage.document, span.start, span.end)),
            "document": int(one.passage.document),
            "quote": one.passage.text,
            "start": span.start,
            "end": span.end,
            "found": to_json(held.found),
            "outcome": held.outcome.value,
            "note": held.note,
        }

    return {
        "fact": to_json(row.fact),
        "outcome": row.outcome.value,
        "note": row.note,
        "agreeing": side(row.agreeing),
        "disagreeing": side(row.disagreeing),
    }
