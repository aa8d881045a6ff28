"""What the workbench shows of a claim: its text and article with marks, the fact table, passages, origins, lookups."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims import answers, flagging, timing
from claims.admin import connections
from claims.admin.connections import Connection, Connections
from claims.admin.marking import Mark, marked
from claims.admin.phrasing import KINDS, fact_words, note_words, origin_words, reason_words
from claims.models import ArchiveJob, Article, Assessment, Claim, Document, Evidence, Lookup, Publication, Recheck
from claims.models.scope import ScopedQuerySet
from claims.timing import Known

SHOWN_FIRST = 6  # passages; the others unfold
AROUND = 110  # characters of a quote shown on either side of the value
LIGHT = ("text", "facts", "links")  # of a document, what no row of the page needs


@dataclass(slots=True)
class Side:
    """The best passage on one side of a fact: what it says, where, and when it was fetched."""

    quote: SafeString
    value: str
    note: str
    document: Document | None
    evidence: int | None
    outcome: str


@dataclass(slots=True)
class FactRow:
    kind: str
    words: str
    normalised: str
    outcome: str
    note: str
    agreeing: Side | None
    disagreeing: Side | None
    origins: str  # how many independent origins agree and disagree, in words


@dataclass(slots=True)
class Passage:
    evidence: Evidence
    quote: SafeString
    outcomes: list[tuple[str, str, str]]  # outcome, the claim's words, note
    against: bool = False  # a person holds that it speaks against the rating: it needs an answer
    known: Known = Known.UNKNOWN

    @property
    def document(self) -> Document:
        return self.evidence.document


@dataclass(slots=True)
class OriginGroup:
    name: str
    kind: str
    counts: bool
    documents: list[Document]
    why: list[tuple[Document, list[Connection]]] = field(default_factory=list)
    first_seen: dt.datetime | None = None


@dataclass(slots=True)
class Exhibit:
    claim_text: SafeString
    article_text: SafeString | None
    assessment: Assessment | None
    rows: list[FactRow]  # what decides: differences first, then numbers, dates, quotations
    names: list[FactRow]  # names and speakers that were found as they stand, or not at all
    passages: list[Passage]
    origins: list[OriginGroup]
    connections: Connections
    lookups: list[Lookup]
    documents: dict[int, Document]
    said_on: dt.date | None = None

    @property
    def first_passages(self) -> list[Passage]:
        return self.passages[:SHOWN_FIRST]

    @property
    def other_passages(self) -> list[Passage]:
        return self.passages[SHOWN_FIRST:]


def gather(claim: Claim) -> Exhibit:
    """Everything found on a claim in its cycle, in a fixed number of queries."""
    assessment = claim.assessments.filter(cycle=claim.cycle).first()
    evidence = list(
        claim.evidence.filter(cycle=claim.cycle)
        .select_related("document__publisher", "judged_by", "added_by")
        .defer(*(f"document__{name}" for name in LIGHT))
    )
    documents = {
        document.pk: document
        for document in Document.objects.filter(hits__lookup__claim=claim, hits__lookup__cycle=claim.cycle)
        .select_related("publisher")
        .defer(*LIGHT)
        .distinct()
    }
    documents.update({one.document_id: one.document for one in evidence})
    _with_copies(claim, evidence, documents)
    connected = connections.of_claim(claim, assessment, documents)
    against = answers.stances_against(claim)
    rows = [_row(row, documents) for row in (assessment.table if assessment else [])]
    return Exhibit(
        claim_text=marked(claim.text, [_fact_mark(fact) for fact in claim.facts]),
        article_text=article_text(claim.article, current=claim) if claim.article else None,
        assessment=assessment,
        rows=sorted((row for row in rows if not _is_plain_name(row)), key=lambda row: _ORDER.get(row.outcome, 9)),
        names=[row for row in rows if _is_plain_name(row)],
        passages=_by_known([_passage(one, claim, against) for one in evidence]),
        said_on=timing.said_on(claim),
        origins=_origins(assessment, documents, connected),
        connections=connected,
        lookups=list(claim.lookups.filter(cycle=claim.cycle).exclude(source=Lookup.BY_HAND).order_by("source")),
        documents=documents,
    )


def _with_copies(claim: Claim, evidence: list[Evidence], documents: dict[int, Document]) -> None:
    """Tell every cited document of the newsroom's job for a public copy of it."""
    found = ArchiveJob.objects.filter(newsroom=claim.newsroom_id, document__in=list(documents))
    jobs = {job.document_id: job for job in found}
    for document in [*documents.values(), *(one.document for one in evidence)]:
        document.archive_job = jobs.get(document.pk)  # type: ignore[attr-defined]


def article_text(article: Article, *, current: Claim | None = None) -> SafeString:
    """The article with its claims underlined: solid what is a claim, dotted what is a candidate; flags are marked."""
    claims: ScopedQuerySet[Claim] = Claim.objects.filter(article=article)
    marks = [
        Mark(
            start=claim.start or 0,
            end=claim.end or 0,
            css=f"d-claim d-{claim.suggestion}{' d-current' if current and claim.pk == current.pk else ''}",
            title=_("%(suggestion)s, %(score).2f: %(reasons)s")
            % {
                "suggestion": claim.get_suggestion_display(),
                "score": claim.score,
                "reasons": reason_words(claim.reasons),
            },
            href=reverse("admin:claims_claim_change", args=[claim.pk]),
        )
        for claim in claims.only("pk", "start", "end", "suggestion", "score", "reasons", "article_id").order_by("start")
    ]
    marks += [
        Mark(start=span["start"], end=span["end"], css="d-flagged", title=flag["message"])
        for flag in flagging.of_article(article)
        for span in flag.get("spans", [])
    ]
    return marked(article.text, marks)


def _fact_mark(fact: dict[str, Any]) -> Mark:
    words = fact_words(fact)
    return Mark(fact["start"], fact["end"], f"d-fact d-{fact['kind']}", f"{KINDS.get(fact['kind'], '')}: {words}")


def _row(row: dict[str, Any], documents: dict[int, Document]) -> FactRow:
    fact = row["fact"]
    return FactRow(
        kind=fact["kind"],
        words=fact["text"],
        normalised=fact_words(fact),
        outcome=row["outcome"],
        note=note_words(row.get("note", "")),
        agreeing=_side(row.get("agreeing"), documents),
        disagreeing=_side(row.get("disagreeing"), documents),
        origins=origin_words(row.get("origins") or {}),
    )


_ORDER = {"mismatch": 0, "value_only": 1, "compatible": 2, "match": 3, "absent": 4}


def _is_plain_name(row: FactRow) -> bool:
    return row.kind in ("entity", "speaker") and row.disagreeing is None and row.outcome != "mismatch"


def _side(side: dict[str, Any] | None, documents: dict[int, Document]) -> Side | None:
    if side is None:
        return None
    found = side.get("found")
    text, marks = side["quote"], []
    if found:
        at, length = found["start"] - side["start"], found["end"] - found["start"]
        text, cut = _around(text, at, at + length)
        marks = [Mark(at - cut, at - cut + length, f"d-value d-{side['outcome'].replace('_', '-')}")]
    return Side(
        quote=marked(text, marks),
        value=fact_words(found) or (found or {}).get("text", ""),
        note=note_words(side.get("note", "")),
        document=documents.get(side["document"]),
        evidence=side.get("evidence"),
        outcome=side["outcome"],
    )


def _around(quote: str, start: int, end: int) -> tuple[str, int]:
    """The part of a quote around a value, cut at words, and how many characters the value moved to the left."""
    left = 0 if start <= AROUND else quote.find(" ", start - AROUND) + 1
    right = len(quote) if len(quote) - end <= AROUND else quote.rfind(" ", end, end + AROUND)
    right = right if right > end else end
    before, after = "… " if left else "", " …" if right < len(quote) else ""
    return before + quote[left:right] + after, left - len(before)


_KNOWN_FIRST = {Known.WHEN_SAID: 0, Known.LATER: 1, Known.UNKNOWN: 2}


def _by_known(passages: list[Passage]) -> list[Passage]:
    """The best first are shown; among these, and among the others, by when it was known."""
    best, others = passages[:SHOWN_FIRST], passages[SHOWN_FIRST:]
    return [one for part in (best, others) for one in sorted(part, key=lambda one: _KNOWN_FIRST[one.known])]


def _passage(one: Evidence, claim: Claim, stances: frozenset[str]) -> Passage:
    marks, outcomes = [], []
    for row in one.rows:
        outcomes.append((row["outcome"], row["fact"]["text"], note_words(row.get("note", ""))))
        found = row.get("found")
        if found:
            css = f"d-value d-{row['outcome'].replace('_', '-')}"
            marks.append(Mark(found["start"] - one.start, found["end"] - one.start, css, row["fact"]["text"]))
    return Passage(
        evidence=one,
        quote=marked(one.quote, marks),
        outcomes=outcomes,
        against=one.included and one.stance in stances,
        known=timing.known(timing.said_on(claim), one.document),
    )


def _origins(
    assessment: Assessment | None, documents: dict[int, Document], connected: Connections
) -> list[OriginGroup]:
    """Documents grouped by origin, each with its connections."""
    groups = []
    for origin in assessment.origins.get("origins", []) if assessment else []:
        inside = [documents[pk] for pk in map(_number, origin["documents"]) if pk in documents]
        seen = origin.get("first_seen")
        groups.append(
            OriginGroup(
                name=origin["name"],
                kind=origin["kind"],
                counts=origin["counts"],
                documents=inside,
                why=[(document, connected.of.get(document.pk, [])) for document in inside],
                first_seen=dt.datetime.fromisoformat(seen) if seen else None,
            )
        )
    return sorted(groups, key=lambda group: (not group.counts, -len(group.documents)))


def _number(name: str) -> int:
    return int(name) if name.isdigit() else -1


def alarms(publication: Publication) -> list[Recheck]:
    """Confirmed changes of cited passages that nobody has answered."""
    return list(
        Recheck.objects.filter(watch__publication=publication, confirmed=True, closed_at__isnull=True).select_related(
            "watch__evidence__document"
        )
    )
