"""Occurring: a person says that what was taken for the same claim is another one."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.errors import RuleBroken
from claims.models import Claim, Occurrence, User
from claims.operations import intake
from claims.workflow import Permission


@transaction.atomic
def part(occurrence: Occurrence, *, by: User) -> Claim | None:
    """Take an occurrence back: it counts no more, and what was said becomes a claim of its own in the queue.

    Returns that claim; None for one that somebody had only asked for again.
    """
    occurrence = Occurrence.objects.select_for_update(of=("self",)).select_related("claim", "article").get(
        pk=occurrence.pk
    )  # fmt: skip
    transitions.require(by, Permission.PICK, occurrence.claim.newsroom_id)
    if occurrence.undone_at is not None:
        raise RuleBroken("This was taken back already.", code="taken_back")
    claim = None
    if occurrence.article is not None:
        claim = intake.record_kept(occurrence.article, occurrence.start or 0, occurrence.end or 0, occurrence.kept)
    occurrence.undone_at, occurrence.undone_by, occurrence.became = timezone.now(), by, claim
    occurrence.save(update_fields=["undone_at", "undone_by", "became"])
    transitions.record(
        "claim.said_apart",
        newsroom=occurrence.claim.newsroom_id,
        by=by,
        claim=occurrence.claim,
        occurrence=occurrence.pk,
        became=claim.pk if claim else None,
    )
    return claim
