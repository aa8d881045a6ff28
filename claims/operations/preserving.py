"""Preserving: cited pages get a copy at a public web archive, as far as the newsroom's policy allows.

Telling an archive of an address shows that somebody reads it, and saving publishes: files of the newsroom's own and
protected sources are told to nobody, and whether a page may be saved is asked anew before every question.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from claims import transitions
from claims.errors import RuleBroken
from claims.models import ArchiveJob, Claim, Document, Evidence, Newsroom, Step, User
from claims.protection import reason_for
from claims.signals import announce_work
from claims.workflow import Permission

NEAR = dt.timedelta(days=7)  # a copy this close to the fetch passes for what was seen
SPACING = dt.timedelta(seconds=3)  # the archive's budget: all at once would only wait in a worker's hands
PENDING_AT_MOST = dt.timedelta(hours=1)  # the archive forgets its own jobs after that
Outcome = ArchiveJob.Outcome
COPIES = (Outcome.FOUND, Outcome.SAVED)


def cited(claim: Claim, *, by_people: bool = False) -> QuerySet[Evidence]:
    """The passages of this cycle that a verdict rests on; `by_people`: those a person added or judged."""
    passages = claim.evidence.filter(cycle=claim.cycle, included=True, protected=False)
    return passages.filter(Q(added_by__isnull=False) | ~Q(stance="")) if by_people else passages


def begin(claim: Claim, *, by_people: bool = False) -> int:
    """Open the archive jobs of a claim's cited pages that have none; how many. Safe to call again."""
    if claim.newsroom.archive_policy == Newsroom.Archive.OFF:
        return 0
    pages = Document.objects.filter(evidence__in=cited(claim, by_people=by_people), newsroom__isnull=True)
    wanted = pages.filter(url__startswith="http").exclude(archive_jobs__newsroom=claim.newsroom_id)
    now = timezone.now()
    jobs = [
        ArchiveJob(newsroom_id=claim.newsroom_id, document_id=pk, next_attempt_at=now + number * SPACING)
        for number, pk in enumerate(sorted(set(wanted.values_list("pk", flat=True))))
    ]
    made = ArchiveJob.objects.bulk_create(jobs, ignore_conflicts=True)
    first = ArchiveJob.objects.filter(newsroom=claim.newsroom_id, document__in=[one.document_id for one in made[:1]])
    announce_work(ArchiveJob, first.values_list("pk", flat=True))  # the sweep hints the others when they are due
    return len(made)


def obstacle(job: ArchiveJob) -> str:
    """Why nobody may be asked about this document; empty when the archive may."""
    if job.newsroom.archive_policy == Newsroom.Archive.OFF:
        return "The newsroom's settings say that the Wayback Machine is not asked."
    if job.document.newsroom_id is not None:
        return "A file of the newsroom's own is told to nobody."
    if reason_for(job.newsroom_id, job.document):
        return "A protected source is told to nobody."
    return ""


def saving_obstacle(job: ArchiveJob) -> str:
    """Why no copy is saved where there is none; empty when one is."""
    policy = job.newsroom.archive_policy
    if policy == Newsroom.Archive.SAVE or (policy == Newsroom.Archive.ASK and job.save_wanted_by_id is not None):
        return ""
    if policy == Newsroom.Archive.ASK:
        return "Nobody has asked to save one."
    return "The newsroom's settings say that no pages are saved."


def quotes(job: ArchiveJob) -> list[str]:
    """What this newsroom cites from the document: a copy is good when it stands there."""
    return list(_quoting(job).filter(included=True).values_list("quote", flat=True)[:50])


def _quoting(job: ArchiveJob) -> QuerySet[Evidence]:
    return Evidence.objects.filter(claim__newsroom=job.newsroom_id, document=job.document_id)


def is_good(document: Document, captured_at: dt.datetime, quotes_stand: bool | None) -> bool:
    """Whether a copy can stand for what was seen: it holds the passages, or nobody could look and it is near."""
    return quotes_stand is True or (quotes_stand is None and abs(captured_at - document.fetched_at) <= NEAR)


@transaction.atomic
def record_copy(
    job: ArchiveJob, outcome: str, *, address: str, captured_at: dt.datetime, quotes_stand: bool | None, reason: str
) -> bool:
    """A copy is there. Readers are led to it when it can stand for what was seen. False: the lease was lost."""
    held = _settle(
        job, outcome, reason=reason, address=address[:2500], captured_at=captured_at, quotes_stand=quotes_stand
    )
    if held and len(address) <= 2000 and is_good(job.document, captured_at, quotes_stand):
        Document.objects.filter(pk=job.document_id).update(archived_url=address)
    if held:
        transitions.record(
            "document.archived", newsroom=job.newsroom_id, by=None, document=job.document_id, outcome=str(outcome),
            address=address, captured_at=captured_at.isoformat(),
        )  # fmt: skip
    return held


def record_none(job: ArchiveJob, outcome: str, *, reason: str) -> bool:
    """There is no copy and there will be none by itself: not found, refused, or not asked."""
    return _settle(job, outcome, reason=reason)


def _settle(job: ArchiveJob, outcome: str, **said: Any) -> bool:
    now: dict[str, Any] = {"leased_until": None, "settled_at": Now(), "answered_at": Now()}
    return _held(job, state=Step.State.DONE, outcome=outcome, ticket="", last_error="", **now, **said)


def record_pending(job: ArchiveJob, *, ticket: str, seconds: float) -> bool:
    """The archive is at it; asked again in some seconds. That is not a failed try."""
    began = {"answered_at": Now()} if job.outcome != Outcome.PENDING else {}
    return _held(
        job,
        outcome=Outcome.PENDING,
        ticket=ticket,
        reason="",
        attempts=0,
        leased_until=None,
        next_attempt_at=Now() + dt.timedelta(seconds=seconds),
        **began,
    )


def put_off(job: ArchiveJob, *, reason: str, seconds: float, our_own_pace: bool = False) -> bool:
    """The archive could not be asked; later again, until the tries are used up. Waiting for our turn is no try."""
    said: dict[str, Any] = {"outcome": Outcome.UNAVAILABLE, "reason": reason, "ticket": "", "answered_at": Now()}
    if our_own_pace:
        said = {"attempts": F("attempts") - 1, "reason": reason}
    with transaction.atomic():
        if not _held(job, **said):
            return False
        if our_own_pace:
            job.attempts -= 1
        return ArchiveJob.objects.postpone(job, error=reason, seconds=seconds)


def _held(job: ArchiveJob, **changes: Any) -> bool:
    rows = ArchiveJob.objects.filter(pk=job.pk, lease_token=job.lease_token, state=Step.State.OPEN)
    return bool(rows.update(**changes))


@transaction.atomic
def look_again(evidence: Evidence, *, by: User) -> ArchiveJob:
    """Ask the archive anew for a copy of a cited page."""
    return _want(evidence, by, save=False)


@transaction.atomic
def save(evidence: Evidence, *, by: User) -> ArchiveJob:
    """Have a cited page saved at the archive, where it is public from then on."""
    return _want(evidence, by, save=True)


def _want(evidence: Evidence, by: User, *, save: bool) -> ArchiveJob:
    claim = evidence.claim
    transitions.require(by, Permission.RESEARCH, claim.newsroom_id)
    job, created = ArchiveJob.objects.get_or_create(newsroom=claim.newsroom, document=evidence.document)
    job = ArchiveJob.objects.select_for_update().get(pk=job.pk)
    why_not = obstacle(job)
    if why_not:
        raise RuleBroken(why_not, code="not_asked")
    if save:
        job.save_wanted_by = by
        if saving_obstacle(job):
            raise RuleBroken(saving_obstacle(job), code="not_saved")
        job.save(update_fields=["save_wanted_by"])
    if not created:
        _reopen(job)
    transitions.record(
        "archive.wanted", newsroom=claim.newsroom_id, by=by, claim=claim, document=job.document_id, save=save
    )
    return job


def retry(job: ArchiveJob, *, by: User) -> None:
    """Try a job that was given up once more, with fresh tries."""
    with transaction.atomic():
        job = ArchiveJob.objects.select_for_update().get(pk=job.pk)
        transitions.require(by, Permission.PICK, job.newsroom_id)
        if job.state != Step.State.DEAD:
            raise RuleBroken("Only what was given up can be tried again.", code="not_dead")
        _reopen(job)
        transitions.record("archive.revived", newsroom=job.newsroom_id, by=by, document=job.document_id)


def _reopen(job: ArchiveJob) -> None:
    if job.outcome == Outcome.PENDING and job.state == Step.State.OPEN:
        raise RuleBroken("The archive is saving this page already.", code="pending")
    ArchiveJob.objects.revive(job.pk)
    ArchiveJob.objects.filter(pk=job.pk).update(outcome="", reason="", ticket="", last_error="")
    announce_work(ArchiveJob, [job.pk])
