"""What keeps the rows moving when messages were lost."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from claims.models import (
    ArchiveJob,
    Article,
    Assessment,
    Consultation,
    FollowedItem,
    FollowedSource,
    Lookup,
    Renewal,
    Schedule,
    Step,
    Watch,
)
from claims.operations import anchoring, forgetting, gathering
from claims.signals import announce_work
from workers.tasks.periodic import Periodic

logger = logging.getLogger(__name__)

STEPS: tuple[type[Step], ...] = (
    Article,
    Lookup,
    Assessment,
    Watch,
    Consultation,
    ArchiveJob,
    Schedule,
    FollowedSource,
    FollowedItem,
    Renewal,
)

PICKED = (Watch, Renewal)  # those are handed out in turns (claims/operations/picking.py), again when nothing was heard
BATCH = 500
NIGHT_SECONDS = 3600


@shared_task(base=Periodic)
def sweep() -> dict[str, int]:
    """Hint again what is due and nobody holds; bury what has had its tries. Returns the numbers for the log.

    A row hinted here is not due again before the next sweep but one, so that a long queue is not hinted over
    and over; its lease and its state stay as they are.
    """
    hinted = {model.__name__: _hint_again(model) for model in STEPS if model not in PICKED}
    exhausted = _bury_exhausted()
    if any(hinted.values()) or exhausted:
        logger.info("sweep: hinted again %s, buried %d", hinted, exhausted)
    return {**hinted, "buried": exhausted}


@shared_task(base=Periodic, soft_time_limit=NIGHT_SECONDS, time_limit=NIGHT_SECONDS + 60)
def forget() -> dict[str, int]:
    """Delete what only served for a time, and forget who complained long ago."""
    return {**forgetting.forget_old(), "complainants": forgetting.forget_complainants()}


@shared_task(base=Periodic, soft_time_limit=NIGHT_SECONDS, time_limit=NIGHT_SECONDS + 60)
def anchor_ledgers() -> int:
    """Verify every newsroom's ledger and note its head. A chain that does not fit is an alarm until a person looked."""
    found = anchoring.anchor_all()
    if found["broken"]:
        logger.critical("the ledger of %d newsrooms does not fit its hashes; run verify_ledger", found["broken"])
    return sum(found.values())


def _hint_again(model: type[Step]) -> int:
    rows = model._default_manager
    grace = timedelta(seconds=settings.SWEEP_SECONDS)
    with transaction.atomic():
        stalled = list(
            rows.filter(
                Q(leased_until__isnull=True) | Q(leased_until__lt=Now()),
                state=Step.State.OPEN,
                attempts__lt=settings.STEP_MAX_ATTEMPTS,
                next_attempt_at__lte=Now() - grace,
            )
            .order_by("next_attempt_at")
            .select_for_update(skip_locked=True)
            .values_list("pk", flat=True)[:BATCH]
        )
        rows.filter(pk__in=stalled).update(next_attempt_at=Now())
        announce_work(model, stalled)
    return len(stalled)


def _bury_exhausted() -> int:
    """Steps that took their worker down with them every time: dead letters, which a person may revive."""
    buried = 0
    for model in STEPS:
        with transaction.atomic():
            spent = (
                model._default_manager.filter(
                    Q(leased_until__isnull=True) | Q(leased_until__lt=Now()),
                    state=Step.State.OPEN,
                    attempts__gte=settings.STEP_MAX_ATTEMPTS,
                    **{f"{model.DUE}__lte": Now()},
                )
                .select_for_update(skip_locked=True)
                .order_by(model.DUE)[:BATCH]
            )
            for step in spent:
                if isinstance(step, Lookup):
                    gathering.abandon(step, reason="Its worker was lost at every try.")
                else:
                    model.objects.bury(step, error="Its worker was lost at every try.")  # type: ignore[attr-defined]
                buried += 1
    return buried
