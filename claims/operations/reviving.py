"""Reviving: background steps that were given up are tried again, on a person's wish."""

from __future__ import annotations

from django.db import transaction

from claims import transitions
from claims.errors import RuleBroken
from claims.models import (
    ArchiveJob,
    Article,
    Assessment,
    ChatPost,
    Claim,
    Consultation,
    FollowedItem,
    FollowedSource,
    Lookup,
    Mail,
    Renewal,
    Schedule,
    Step,
    User,
    Watch,
)
from claims.operations import chatting, consulting, following, gathering, intake, mailing, preserving
from claims.signals import announce_work
from claims.workflow import Permission

Revivable = (
    Article
    | Lookup
    | Assessment
    | Watch
    | ArchiveJob
    | Mail
    | ChatPost
    | FollowedSource
    | FollowedItem
    | Consultation
    | Schedule
    | Renewal
)


def revive(step: Revivable, *, by: User) -> None:
    """Open a dead letter once more, with fresh tries."""
    if isinstance(step, Article):
        intake.revive(step, by=by)
    elif isinstance(step, Lookup):
        gathering.retry(step, by=by)
    elif isinstance(step, Assessment):
        _assessment(step, by)
    elif isinstance(step, ArchiveJob):
        preserving.retry(step, by=by)
    elif isinstance(step, Mail):
        mailing.retry(step, by=by)
    elif isinstance(step, ChatPost):
        chatting.retry(step, by=by)
    elif isinstance(step, FollowedSource):
        following.visit_now(step, by=by)
    elif isinstance(step, FollowedItem):
        following.read_now(step, by=by)
    elif isinstance(step, Consultation):
        _consultation(step, by)
    elif isinstance(step, Schedule):
        _schedule(step, by)
    elif isinstance(step, Renewal):
        _renewal(step, by)
    else:
        _watch(step, by)


@transaction.atomic
def _renewal(renewal: Renewal, by: User) -> None:
    transitions.require(by, Permission.PICK, renewal.newsroom_id)
    _open(renewal)
    transitions.record(
        "search.revived", newsroom=renewal.newsroom_id, by=by, claim=renewal.claim, source=renewal.source
    )


@transaction.atomic
def _assessment(assessment: Assessment, by: User) -> None:
    claim = Claim.objects.select_for_update().get(pk=assessment.claim_id)
    transitions.require(by, Permission.PICK, claim.newsroom_id)
    if assessment.cycle != claim.cycle:
        raise RuleBroken("This assessment belongs to an earlier cycle.", code="earlier_cycle")
    _open(assessment)
    transitions.record("assessment.revived", newsroom=claim.newsroom_id, by=by, claim=claim)


@transaction.atomic
def _watch(watch: Watch, by: User) -> None:
    publication = watch.publication
    transitions.require(by, Permission.PICK, publication.newsroom_id)
    if publication.state not in ("live", "under_review"):
        raise RuleBroken("Only passages of live publications are watched.", code="not_live")
    _open(watch)
    transitions.record(
        "watch.revived", newsroom=publication.newsroom_id, by=by, claim=publication.claim, watch=watch.pk
    )


@transaction.atomic
def _consultation(consultation: Consultation, by: User) -> None:
    transitions.require(by, Permission.PICK, consultation.newsroom_id)
    if not consultation.newsroom.ask_models or consultation.job not in consulting.jobs_on():
        raise RuleBroken("No machine model is asked about this any more.", code="switched_off")
    claim = consultation.claim
    if claim is not None and consultation.cycle != claim.cycle:
        raise RuleBroken("This suggestion belongs to an earlier cycle.", code="earlier_cycle")
    _open(consultation)
    transitions.record(
        "consultation.revived",
        newsroom=consultation.newsroom_id,
        by=by,
        claim=claim,
        article=consultation.article_id,
        job=consultation.job,
    )


@transaction.atomic
def _schedule(schedule: Schedule, by: User) -> None:
    """What is published then is checked anew at that moment, as it would have been."""
    claim = Claim.objects.select_for_update().get(pk=schedule.verdict.claim_id)
    transitions.require(by, Permission.PUBLISH, claim.newsroom_id)
    if schedule.outcome:
        raise RuleBroken("This was settled meanwhile.", code="settled")
    _open(schedule)
    transitions.record("schedule.revived", newsroom=claim.newsroom_id, by=by, claim=claim, verdict=schedule.verdict_id)


def _open(step: Assessment | Watch | Consultation | Schedule | Renewal) -> None:
    if step.state != Step.State.DEAD:
        raise RuleBroken("Only what was given up can be tried again.", code="not_dead")
    type(step).objects.revive(step.pk)
    announce_work(type(step), [step.pk])
