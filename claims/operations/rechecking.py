"""Rechecking: cited passages of live publications are visited again; what changed is shown to people.

A recheck never unpublishes and never changes a verdict. Two visits have to agree before anybody is bothered.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from claims import transitions, workflow
from claims.analysis import changes
from claims.analysis.types import Span
from claims.errors import InvalidInput
from claims.models import Claim, EarlierCheck, Evidence, Publication, Recheck, Step, User, Watch
from claims.operations import deciding, gathering
from claims.workflow import Permission

HOUR, DAY = 3600, 86_400
SCHEDULE = (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY, 90 * DAY)  # then every 90 days
CONFIRM_AFTER = 10 * 60  # seconds until a change seen once is looked at again
MATERIAL = frozenset({"material", "passage_gone", "page_gone", "correction_notice", "retraction"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a worker saw at a cited address: a text, or why there is none."""

    text: str = ""
    unchanged: bool = False  # the server says that nothing changed since the snapshot
    gone: bool = False  # 404, 410, 451: the page is not there
    reason: str = ""  # why it could not be read, when it is neither read nor gone
    draft: gathering.DocumentDraft | None = None  # the new snapshot, kept when it differs


def watch(publication: Publication) -> list[Watch]:
    """Put every public passage of a publication on the clock, but for files and the records of cited checks: no page
    has them.
    """
    cited = Evidence.objects.filter(
        pk__in=[one["id"] for one in publication.content["evidence"]], document__url__startswith="http"
    ).exclude(document__source=EarlierCheck.CITED)
    return [
        Watch.objects.get_or_create(
            publication=publication,
            evidence=evidence,
            defaults={"next_attempt_at": timezone.now() + timedelta(seconds=SCHEDULE[0])},
        )[0]
        for evidence in cited
    ]


def stop_watching(publications: QuerySet[Publication]) -> int:
    return Watch.objects.filter(publication__in=publications, state=Step.State.OPEN).update(
        state=Step.State.DONE, leased_until=None, settled_at=Now()
    )


def record_visit(watch: Watch, visit: Visit) -> Recheck | None:
    """Compare what was seen with what was cited, and note it. Safe to call late; None when the lease was lost.

    A change is material only when the next visit sees the same one; a page that cannot be reached is noted
    and visited again, never taken for a removed passage.
    """
    outcome, details = _compare(watch, visit)
    fingerprint = _fingerprint(outcome, visit) if outcome in MATERIAL else ""
    confirmed = bool(fingerprint) and fingerprint == watch.suspicion
    due = SCHEDULE[min(watch.visits_made + 1, len(SCHEDULE) - 1)]
    wait = CONFIRM_AFTER if fingerprint and not confirmed else due
    with transaction.atomic():
        publication = Publication.objects.select_for_update().get(pk=watch.publication_id)
        held = Watch.objects.filter(pk=watch.pk, lease_token=watch.lease_token, state=Step.State.OPEN).update(
            leased_until=None,
            lease_token=None,
            attempts=0,
            next_attempt_at=Now() + timedelta(seconds=wait),
            visits_made=watch.visits_made + 1,
            last_outcome=outcome,
            last_visit_at=Now(),
            last_error=visit.reason[:4000],
            suspicion="" if confirmed else fingerprint,
        )
        if not held:
            return None
        claim = watch.evidence.claim
        kept = gathering.keep(visit.draft, claim) if visit.draft and outcome != "unchanged" else None
        recheck = Recheck.objects.create(
            watch=watch, outcome=outcome, confirmed=confirmed, details=details, document=kept
        )
        if confirmed:
            _raise_alarm(publication, recheck)
    return recheck


def _compare(watch: Watch, visit: Visit) -> tuple[str, list[str]]:
    if visit.unchanged:
        return "unchanged", []
    if visit.gone:
        return "page_gone", [visit.reason or "The page is not there any more."]
    if not visit.text:
        return "unreachable", [visit.reason]
    evidence = watch.evidence
    document = evidence.document
    change = changes.compare(
        document.text,
        visit.text,
        Span(evidence.start, evidence.end),
        document.language or evidence.claim.language,
        published=document.published_at.date() if document.published_at else None,
    )
    return change.outcome, list(change.details)


def _fingerprint(outcome: str, visit: Visit) -> str:
    """The same change seen twice has the same one. Gone passages are the same however the rest of the page moves."""
    seen = "" if outcome in ("passage_gone", "page_gone") else " ".join(visit.text.split())
    return hashlib.sha256(f"{outcome}\n{seen}".encode()).hexdigest()


def _raise_alarm(publication: Publication, recheck: Recheck) -> None:
    claim = publication.claim
    if publication.newsroom.review_on_change and publication.state == Publication.State.LIVE:
        publication.state = Publication.State.UNDER_REVIEW
        publication.changed_at = timezone.now()
        publication.save(update_fields=["state", "changed_at"])
    transitions.record(
        "recheck.changed",
        newsroom=publication.newsroom_id,
        by=None,
        claim=claim,
        publication=publication.pk,
        recheck=recheck.pk,
        outcome=recheck.outcome,
        details=recheck.details,
    )


@transaction.atomic
def close(recheck: Recheck, *, by: User, note: str) -> Recheck:
    """Say that a change does not touch the verdict. The publication leaves re-review when nothing else is open."""
    publication = Publication.objects.select_for_update().get(pk=recheck.watch.publication_id)
    transitions.require(by, Permission.PUBLISH, publication.newsroom_id)
    if not note.strip():
        raise InvalidInput("Say why the verdict stands.", field="note", code="blank")
    recheck.closed_at, recheck.closed_by, recheck.closing_note = timezone.now(), by, note.strip()
    recheck.save(update_fields=["closed_at", "closed_by", "closing_note"])
    still_open = Recheck.objects.filter(watch__publication=publication, confirmed=True, closed_at__isnull=True)
    if publication.state == Publication.State.UNDER_REVIEW and not still_open.exists():
        publication.state = Publication.State.LIVE
        publication.changed_at = timezone.now()
        publication.save(update_fields=["state", "changed_at"])
    transitions.record(
        "recheck.closed",
        newsroom=publication.newsroom_id,
        by=by,
        claim=publication.claim,
        recheck=recheck.pk,
        note=note.strip(),
    )
    return recheck


@transaction.atomic
def reopen(claim: Claim, *, by: User, reason: str) -> Claim:
    """Begin the next cycle of a decided or published claim. What is published stays until a new verdict replaces it."""
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    transitions.advance(claim, workflow.REOPEN, by=by, note=reason.strip())
    if not reason.strip():
        raise InvalidInput("Give a reason.", field="reason", code="blank")
    claim.assignee = None
    claim.save(update_fields=["assignee"])
    deciding.carry_author(claim)
    gathering.begin(claim)
    return claim
