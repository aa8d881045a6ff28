"""Cited passages are visited again."""

from celery import shared_task
from django.conf import settings

from claims.models import Watch
from claims.operations import picking, rechecking
from claims.signals import announce_work
from workers import visiting
from workers.tasks.periodic import Periodic
from workers.tasks.steps import held

BATCH = 500  # visits handed out per round
ROUNDS = 4  # at most per run; what is left is still due at the next

# What an unchanged page needs; the rest is read when something changed. Most visits are of the first kind.
_READ = (
    *(field.attname for field in Watch._meta.concrete_fields),
    "newsroom__recheck_hours",
    *(f"evidence__{name}" for name in ("claim_id", "start", "end")),
    *(f"evidence__document__{name}" for name in ("url", "canonical_url", "title", "source", "http_status")),
)


@shared_task(base=Periodic)
def recheck_due() -> int:
    """Hand out the visits whose turn it is. Two at once do no harm: they get different rows."""
    picked = 0
    for _ in range(ROUNDS):
        rows = picking.pick_watches(BATCH - picked)
        announce_work(Watch, rows)
        picked += len(rows)
        if not rows or picked >= BATCH:
            break
    return picked


@shared_task(expires=settings.RECHECKS_HANDED_OUT_SECONDS)  # by then it is handed out anew
def visit_passage(watch_id: int) -> None:
    """Visit one cited passage and note what became of it. Safe to deliver twice."""
    rows = Watch.objects.select_related("newsroom", "evidence__document").only(*_READ)
    with held(rows, watch_id) as watch:
        if watch is not None:
            rechecking.record_visit(watch, visiting.visit(watch))
