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
    FollowedItem,
    FollowedSource,
    Lookup,
    Mail,
    Step,
    User,
    Watch,
)
from claims.operations import chatting, following, gathering, intake, mailing, preserving
from claims.signals import announce_work
from claims.workflow import Permission


def revive(
    step: Article | Lookup | Assessment | Watch | ArchiveJob | Mail | ChatPost | FollowedSource | FollowedItem,
    *,
    by: User,
) -> None:
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
    else:
        _watch(step, by)


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


def _open(step: Assessment | Watch) -> None:
    if step.state != Step.State.DEAD:
        raise RuleBroken("Only what was given up can be tried again.", code="not_dead")
    type(step).objects.revive(step.pk)
    announce_work(type(step), [step.pk])
