"""Rechecking: cited passages of live publications are visited again; what changed is shown to people.

A recheck never unpublishes and never changes a verdict. Two visits have to agree before anybody is bothered, and nobody
is bothered with the same change twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from claims import intervals, transitions, workflow
from claims.analysis import changes
from claims.analysis.types import Span
from claims.errors import InvalidInput, MoveNotAllowed, RuleBroken
from claims.models import Claim, EarlierCheck, Evidence, Publication, Recheck, Step, User, Watch
from claims.operations import alerting, deciding, gathering
from claims.workflow import Permission

CONFIRM_AFTER = dt.timedelta(minutes=10)  # until a change seen once is looked at again
GONE_CONFIRM_AFTER = dt.timedelta(hours=6)  # a page may be away while its site is being repaired
LONG = dt.timedelta(days=14)  # that a page cannot be read, until a person is told
MATERIAL = frozenset({"material", "passage_gone", "page_gone", "correction_notice", "retraction"})
AS_CITED = frozenset({"unchanged", "cosmetic"})
NOT_SEEN = frozenset({"unreachable", "unreadable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a worker saw at a cited address: a text, or why there is none."""

    text: str = ""
    unchanged: bool = False  # the server says that nothing changed since the last visit
    gone: bool = False  # 404, 410, 451: the page is not there
    retraction: str = ""  # what the register of the work says, where it was withdrawn
    like: bool = True  # read in the same way as the cited text; else only what both have in common can be compared
    reason: str = ""  # why it could not be read, when it is neither read nor gone
    wait: float | None = None  # seconds: the address was not asked, it is the turn of others
    draft: gathering.DocumentDraft | None = None  # the new snapshot, kept when it differs


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of the cited passage, in a word, in words for people, and as a mark of this very change."""

    outcome: str
    details: list[str]
    fingerprint: str = ""


def watch(publication: Publication) -> list[Watch]:
    """Put every public passage of a publication on the clock, but for files and the records of cited checks: no page
    has them.
    """
    cited = (
        Evidence.objects.filter(
            pk__in=[one["id"] for one in publication.content["evidence"]], document__url__startswith="http"
        )
        .exclude(document__source=EarlierCheck.CITED)
        .select_related("document")
        .defer("document__text", "document__facts")
    )
    due = timezone.now() + intervals.until_visit(publication.newsroom, 0)
    Watch.objects.bulk_create(
        [
            Watch(
                publication=publication,
                evidence=evidence,
                newsroom_id=publication.newsroom_id,
                host=host_of(evidence.document.url),
                etag=evidence.document.etag,
                last_modified=evidence.document.last_modified,
                next_attempt_at=due,
                due_at=due,
            )
            for evidence in cited
        ],
        ignore_conflicts=True,
    )
    return list(publication.watches.all())


def host_of(url: str) -> str:
    """The host an address asks, as its budget is kept."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()[:253]


def stop_watching(publications: QuerySet[Publication]) -> int:
    return Watch.objects.filter(publication__in=publications, state=Step.State.OPEN).update(
        state=Step.State.DONE, leased_until=None, settled_at=Now()
    )


def record_visit(watch: Watch, visit: Visit) -> Recheck | None:
    """Compare what was seen with what was cited, and note it. Safe to call late; None when the lease was lost or
    nobody was asked.

    A change is material only when the next visit sees the same one, and told once. An address that cannot be read is
    noted, left alone for a growing while, and told to a person after long; it is never taken for a removed passage.
    """
    if visit.wait is not None:
        _put_off(watch, visit.wait, visit.reason)
        return None
    seen = _compare(watch, visit)
    told = _was_told(watch, seen)
    confirmed = bool(seen.fingerprint) and not told and seen.fingerprint == watch.suspicion
    suspected = bool(seen.fingerprint) and not told and not confirmed
    now = timezone.now()
    failing_since = (watch.failing_since or now) if seen.outcome in NOT_SEEN else None
    if failing_since is not None and now - failing_since >= LONG:
        seen = Seen(seen.outcome, seen.details, _mark(seen.outcome in NOT_SEEN, failing_since.isoformat()))
        confirmed = not _was_told(watch, seen)
    with transaction.atomic():
        if not _note(watch, visit, seen, failing_since, suspected=suspected):
            return None
        differs = visit.draft is not None and seen.outcome != "unchanged"
        kept = gathering.keep(visit.draft, watch.evidence.claim) if visit.draft and differs else None
        recheck = Recheck.objects.create(
            watch=watch,
            outcome=seen.outcome,
            confirmed=confirmed,
            details=seen.details,
            document=kept,
            fingerprint=seen.fingerprint,
        )
        if watch.failing_since is not None and failing_since is None:
            _close_failures(watch)
        if confirmed:
            alerting.tell(recheck, material=seen.outcome in MATERIAL)
    return recheck


def _note(watch: Watch, visit: Visit, seen: Seen, failing_since: dt.datetime | None, *, suspected: bool) -> bool:
    """Write the visit on the row we hold. False: the lease was lost."""
    failed = failing_since is not None
    failures = min(watch.failures + 1, 1000) if failed else 0
    visits = watch.visits_made + (not failed)
    due = intervals.until_visit(watch.newsroom or watch.publication.newsroom, visits)
    if suspected:
        due = GONE_CONFIRM_AFTER if seen.outcome == "page_gone" else CONFIRM_AFTER
    elif failed:
        due = min(due, intervals.until_retry(failures))
    validators = {}
    if visit.draft is not None and visit.like and not failed:
        validators = {"etag": visit.draft.etag[:300], "last_modified": visit.draft.last_modified[:100]}
    held = Watch.objects.filter(pk=watch.pk, lease_token=watch.lease_token, state=Step.State.OPEN).update(
        leased_until=None,
        lease_token=None,
        attempts=0,
        next_attempt_at=Now() + due,
        due_at=Now() + due,
        visits_made=visits,
        failures=failures,
        failing_since=failing_since,
        last_outcome=seen.outcome,
        last_visit_at=Now(),
        last_error=visit.reason[:4000],
        suspicion=seen.fingerprint if suspected else "",
        **validators,
    )
    return bool(held)


def _put_off(watch: Watch, seconds: float, reason: str) -> None:
    """Give a visit back that was not made: it is still due, at a later turn."""
    Watch.objects.filter(pk=watch.pk, lease_token=watch.lease_token, state=Step.State.OPEN).update(
        leased_until=None,
        lease_token=None,
        attempts=0,
        next_attempt_at=Now() + dt.timedelta(seconds=seconds),
        last_error=reason[:4000],
    )


def _compare(watch: Watch, visit: Visit) -> Seen:
    if visit.retraction:
        return Seen("retraction", [visit.retraction], _mark("retraction", visit.retraction))
    if visit.unchanged:
        return _as_last_time(watch)
    if visit.gone:
        return Seen("page_gone", [visit.reason or "The page is not there any more."], _mark("page_gone"))
    if not visit.text:
        return Seen("unreachable", [visit.reason])
    evidence = watch.evidence
    document = evidence.document
    change = changes.compare(
        document.text,
        visit.text,
        Span(evidence.start, evidence.end),
        document.language or evidence.claim.language,
        published=document.published_at.date() if document.published_at else None,
    )
    outcome, details = str(change.outcome), list(change.details)
    if not visit.like and outcome in ("passage_gone", "correction_notice"):
        # The cited text came from a service and this from a page: what the page leaves out or adds means nothing.
        outcome = "unreadable" if outcome == "passage_gone" else "unchanged"
    if outcome not in MATERIAL:
        return Seen(outcome, details)
    passage = change.new_span.of(visit.text) if outcome == "material" and change.new_span else ""
    said = details if outcome == "correction_notice" else []
    return Seen(outcome, details, _mark(outcome, changes.normalise(passage)[0], *said))


def _as_last_time(watch: Watch) -> Seen:
    """What the last visit that could read the page saw: nothing changed since."""
    if watch.last_outcome not in MATERIAL | NOT_SEEN:
        return Seen("unchanged", [])
    last = watch.rechecks.exclude(outcome__in=NOT_SEEN).order_by("-pk").first()
    if last is None or last.outcome not in MATERIAL:
        return Seen("unchanged", [])
    return Seen(last.outcome, last.details, last.fingerprint)


def _mark(*parts: object) -> str:
    """The same for the same change, however the rest of the page moves."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _was_told(watch: Watch, seen: Seen) -> bool:
    """Whether people know of this change. One that is gone again once, and answered, may be told again."""
    if not seen.fingerprint:
        return False
    told = watch.rechecks.filter(confirmed=True, fingerprint=seen.fingerprint).order_by("-pk").first()
    if told is None:
        return False
    if told.closed_at is None or seen.outcome not in ("passage_gone", "page_gone"):
        return True
    return not watch.rechecks.filter(pk__gt=told.pk, outcome__in=AS_CITED).exists()


def _close_failures(watch: Watch) -> None:
    """The page can be read again: what was told of it needs no answer any more."""
    for recheck in watch.rechecks.filter(confirmed=True, closed_at__isnull=True, outcome__in=NOT_SEEN):
        recheck.closed_at, recheck.closing_note = timezone.now(), "It can be read again."
        recheck.save(update_fields=["closed_at", "closing_note"])
        alerting.tell_closed(recheck, by=None)


def _held(recheck: Recheck, by: User) -> tuple[Recheck, Publication]:
    """A change that waits for an answer, with its publication locked."""
    publication = Publication.objects.select_for_update().get(pk=recheck.watch.publication_id)
    transitions.require(by, Permission.PUBLISH, publication.newsroom_id)
    recheck = Recheck.objects.select_for_update(of=("self",)).select_related("watch").get(pk=recheck.pk)
    if not recheck.confirmed:
        raise RuleBroken("Only what two visits saw can be answered.", code="not_confirmed")
    if recheck.closed_at:
        raise MoveNotAllowed("This change was answered already.")
    return recheck, publication


@transaction.atomic
def close(recheck: Recheck, *, by: User, note: str) -> Recheck:
    """Say that a change does not touch the verdict. The publication leaves re-review when nothing else is open."""
    recheck, publication = _held(recheck, by)
    if not note.strip():
        raise InvalidInput("Say why the verdict stands.", field="note", code="blank")
    _answer(recheck, by, note.strip())
    still_open = Recheck.objects.filter(watch__publication=publication, confirmed=True, closed_at__isnull=True)
    if publication.state == Publication.State.UNDER_REVIEW and not still_open.filter(outcome__in=MATERIAL).exists():
        publication.state = Publication.State.LIVE
        publication.changed_at = timezone.now()
        publication.save(update_fields=["state", "changed_at"])
    return recheck


@transaction.atomic
def reopen_for(recheck: Recheck, *, by: User, reason: str) -> Claim:
    """Agree that a change touches the verdict: the claim's next cycle begins, and the change is answered by it.

    The publication stays as it is, under re-review or not, until the next verdict replaces it.
    """
    claim = Claim.objects.select_for_update().get(pk=recheck.watch.publication.claim_id)
    recheck, _publication = _held(recheck, by)
    claim = reopen(claim, by=by, reason=reason)
    _answer(recheck, by, reason.strip())
    return claim


def _answer(recheck: Recheck, by: User, note: str) -> None:
    recheck.closed_at, recheck.closed_by, recheck.closing_note = timezone.now(), by, note
    recheck.save(update_fields=["closed_at", "closed_by", "closing_note"])
    alerting.tell_closed(recheck, by=by)


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
