"""The checks of a period as they stood at its end: verdicts, sources, reviews, corrections and complaints, as rows."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from claims.models import Complaint, Contribution, Correction, Evidence, LedgerEntry, Publication, Review, Verdict
from claims.withholding import Protected, commitment_of, fields_of

AT_ONCE = 200
_APPROVED, _PUBLISHED, _CORRECTED = "verdict.approved", "publication.published", "publication.corrected"
_WITHDRAWN, _RECEIVED = "publication.withdrawn", "complaint.received"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Entry:
    sequence: int
    kind: str
    actor: int | None
    claim: int
    body: dict[str, Any]


@dataclass(slots=True)
class _Found:
    """One approval, with what the rows need."""

    approval: _Entry
    verdict: Verdict
    stands: bool
    publication: Publication | None = None
    published: _Entry | None = None
    state: str = "approved"
    content: dict[str, Any] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)


class Checks:
    """What was approved or published between two entries of a newsroom's ledger, read a few hundred at a time."""

    def __init__(self, newsroom_id: int, first: int, last: int, end: dt.datetime, protected: Protected) -> None:
        self._newsroom, self._first, self._last, self._end = newsroom_id, first, last, end
        self._protected = protected

    def rows(self) -> Iterator[Row]:
        for found in self._found():
            yield self._row(found)

    def sources(self) -> Iterator[Row]:
        for found in self._found():
            for one in found.evidence:
                yield self._source(found, one)

    def reviews(self) -> Iterator[Row]:
        """Who had which part in a check; reviewers with their rating and reasons."""
        for found in self._found():
            verdict = found.verdict
            base = {"check": verdict.pk, "claim": verdict.claim_id, "cycle": verdict.cycle}
            if not found.stands:
                continue
            reviews = Review.objects.filter(claim=verdict.claim_id, cycle=verdict.cycle, submitted_at__lt=self._end)
            for review in reviews.select_related("rating").order_by("submitted_at", "pk"):
                yield {
                    **base,
                    "part": "reviewer",
                    "person": review.reviewer_id,
                    "at": review.submitted_at.isoformat(),
                    "rating": review.rating.slug,
                    "reasons": self._protected.text(review.reasons),
                }
            parts = Contribution.objects.filter(claim=verdict.claim_id, cycle=verdict.cycle, at__lt=self._end)
            for part in parts.exclude(part=Contribution.Part.REVIEWER).order_by("at", "pk"):
                yield {**base, "part": part.part, "person": part.user_id, "at": part.at.isoformat()}

    def corrections(self) -> Iterator[Row]:
        for entries in self._entries(_CORRECTED):
            numbered = {entry.body["correction"]: entry for entry in entries}
            rows = Correction.objects.in_bulk(list(numbered))
            for pk, entry in numbered.items():
                row = rows[pk]
                yield {
                    "correction": pk,
                    "publication": row.publication_id,
                    "claim": entry.claim,
                    "kind": row.kind,
                    "notice": row.notice,
                    "field": row.field,
                    "before": row.before,
                    "after": row.after,
                    "by": row.by_id,
                    "at": row.at.isoformat(),
                    "sequence": entry.sequence,
                }

    def complaints(self) -> Iterator[Row]:
        """What came in, and how it stood at the end. Who objects stays out."""
        for entries in self._entries(_RECEIVED):
            numbered = {entry.body["complaint"]: entry for entry in entries}
            rows = Complaint.objects.in_bulk(list(numbered))
            for pk, entry in numbered.items():
                row = rows[pk]
                closed = row.closed_at is not None and row.closed_at < self._end
                taken = row.taken_at is not None and row.taken_at < self._end
                yield {
                    "complaint": pk,
                    "publication": row.publication_id,
                    "claim": entry.claim,
                    "text": row.text,
                    "received_at": row.received_at.isoformat(),
                    "due_at": row.due_at.isoformat(),
                    "taken_by": row.taken_by_id if taken else None,
                    "outcome": row.outcome if closed else "",
                    "answer": row.answer if closed else "",
                    "correction": row.correction_id if closed else None,
                    "closed_at": row.closed_at.isoformat() if closed and row.closed_at else None,
                    "closed_by": row.closed_by_id if closed else None,
                    "late": bool((row.closed_at if closed and row.closed_at else self._end) > row.due_at),
                    "sequence": entry.sequence,
                }

    def _row(self, found: _Found) -> Row:
        verdict, claim, entry = found.verdict, found.verdict.claim, found.published
        row: Row = {
            "check": found.approval.body["verdict"],
            "claim": verdict.claim_id,
            "cycle": verdict.cycle,
            "text": claim.text,
            "language": claim.language,
            "topic": claim.topic,
            "claimant": claim.claimant,
            "state": found.state,
            "approved_by": found.approval.actor,
            "approved_sequence": found.approval.sequence,
            "content_hash": found.approval.body["content_hash"],
            "publication": found.publication.pk if found.publication else None,
            "published_sequence": entry.sequence if entry else None,
            "sources": len(found.evidence),
        }
        if not found.stands:
            return row
        told = found.content or {
            "headline": verdict.headline,
            "reasons": verdict.reasons,
            "rating": {key: getattr(verdict.rating, key) for key in ("slug", "shared", "value")},
        }
        return {
            **row,
            "headline": told["headline"],
            "reasons": self._protected.text(told["reasons"]),
            "rating": {key: told["rating"][key] for key in ("slug", "shared", "value")},
            "said_on": claim.said_on.isoformat() if claim.said_on else None,
            "proposed_by": verdict.proposed_by_id,
            "proposed_at": verdict.proposed_at.isoformat(),
            "approved_at": verdict.approved_at.isoformat() if verdict.approved_at else None,
            "published_by": found.publication.published_by_id if found.publication else None,
            "published_at": found.publication.published_at.isoformat() if found.publication else None,
            "address": found.publication.get_absolute_url() if found.publication else "",
            "protected_sources": sum(self._protected.hides(one) for one in found.evidence),
        }

    def _source(self, found: _Found, one: Evidence) -> Row:
        row: Row = {
            "check": found.verdict.pk,
            "claim": one.claim_id,
            "evidence": one.pk,
            "stance": one.effective_stance,
            "judged_by": one.judged_by_id,
            "added_by": one.added_by_id,
            "protected": self._protected.hides(one),
        }
        if row["protected"]:
            return {**row, "commitment": commitment_of(one)}
        note = {"note": self._protected.text(one.note), "answered": self._protected.text(one.answered)}
        return {**row, **note, **fields_of(one)}

    def _entries(self, *kinds: str) -> Iterator[list[_Entry]]:
        """Entries of the period, some at a time, in their order."""
        entries = LedgerEntry.objects.filter(newsroom=self._newsroom, kind__in=kinds, claim__isnull=False)
        chosen = entries.filter(sequence__gte=self._first, sequence__lte=self._last)
        some: list[_Entry] = []
        for entry in _read(chosen):
            some.append(entry)
            if len(some) == AT_ONCE:
                yield some
                some = []
        if some:
            yield some

    def _found(self) -> Iterator[_Found]:
        for entries in self._entries(_APPROVED, _PUBLISHED):
            yield from self._dressed(entries)

    def _dressed(self, entries: list[_Entry]) -> Iterator[_Found]:
        claims = {entry.claim for entry in entries}
        history: dict[int, list[_Entry]] = defaultdict(list)
        kinds = (_APPROVED, _PUBLISHED, _WITHDRAWN, _CORRECTED)
        for entry in _read(LedgerEntry.objects.filter(claim__in=claims, kind__in=kinds)):
            history[entry.claim].append(entry)
        verdicts = {
            one.pk: one
            for one in Verdict.objects.filter(claim__in=claims)
            .select_related("claim", "rating")
            .defer("claim__search", "claim__facts", "claim__reasons", "claim__match_keys")
        }
        publications = {one.verdict_id: one for one in Publication.objects.filter(claim__in=claims)}
        evidence: dict[tuple[int, int], list[Evidence]] = defaultdict(list)
        for one in (
            Evidence.objects.filter(claim__in=claims, included=True, added_at__lt=self._end)
            .select_related("document__publisher")
            .defer("document__text", "document__facts", "document__links", "rows")
            .order_by("claim", "pk")
        ):
            evidence[one.claim_id, one.cycle].append(one)
        undone = self._undone(history)
        for entry in entries:
            found = self._of(entry, history[entry.claim], verdicts, publications)
            if found is None:
                continue
            if found.stands:
                found.evidence = evidence[found.verdict.claim_id, found.verdict.cycle]
            if found.publication is not None:
                found.content = {**found.publication.content, **undone.get(found.publication.pk, {})}
            yield found

    def _of(
        self,
        entry: _Entry,
        history: list[_Entry],
        verdicts: dict[int, Verdict],
        publications: dict[int, Publication],
    ) -> _Found | None:
        """The approval an entry makes a row of; None when another entry of the period makes that row."""
        seen = [one for one in history if one.sequence <= self._last]
        by_publication = {one.body["publication"]: one for one in seen if one.kind == _PUBLISHED}
        if entry.kind == _PUBLISHED:
            wanted = next(pk for pk, one in publications.items() if one.pk == entry.body["publication"])
            approvals = [one for one in seen if one.kind == _APPROVED and one.body["verdict"] == wanted]
            if approvals[-1].sequence >= self._first:
                return None
            approval = approvals[-1]
        else:
            approval = entry
        verdict = verdicts[approval.body["verdict"]]
        later = [
            one
            for one in seen
            if one.kind == _APPROVED and one.body["verdict"] == verdict.pk and one.sequence > approval.sequence
        ]
        if later or verdict.content_hash != approval.body["content_hash"]:
            return _Found(approval, verdict, stands=False, state="changed")
        found = _Found(approval, verdict, stands=True)
        publication = publications.get(verdict.pk)
        if publication is not None and publication.pk in by_publication:
            found.publication, found.published = publication, by_publication[publication.pk]
            found.state = _state_of(found.published, seen)
        return found

    def _undone(self, history: dict[int, list[_Entry]]) -> dict[int, dict[str, str]]:
        """What a publication said where it was corrected after the end, by its number."""
        after = [one for some in history.values() for one in some if one.sequence > self._last]
        numbers = [one.body["correction"] for one in after if one.kind == _CORRECTED]
        said: dict[int, dict[str, str]] = defaultdict(dict)
        for correction in Correction.objects.filter(pk__in=numbers).exclude(field="").order_by("pk"):
            said[correction.publication_id].setdefault(correction.field, correction.before)
        return said


def _state_of(published: _Entry, seen: list[_Entry]) -> str:
    """How the publication stood: live, replaced by a later one, or withdrawn."""
    number = published.body["publication"]
    if any(one.kind == _WITHDRAWN and one.body.get("publication") == number for one in seen):
        return "withdrawn"
    if any(one.kind == _PUBLISHED and one.sequence > published.sequence for one in seen):
        return "replaced"
    return "published"


def _read(entries: QuerySet[LedgerEntry]) -> Iterator[_Entry]:
    ordered = entries.order_by("sequence").values_list("sequence", "kind", "actor", "claim", "body")
    for sequence, kind, actor, claim, body in ordered.iterator(chunk_size=AT_ONCE):
        yield _Entry(sequence, kind, actor, claim, json.loads(body))
