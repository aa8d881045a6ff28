"""Cited passages are visited again."""

from celery import shared_task

from claims.models import Watch
from claims.operations import rechecking
from claims.signals import announce_work
from workers import visiting
from workers.tasks.steps import held

BATCH = 500  # visits hinted per run; what is left is still due at the next


@shared_task
def recheck_due() -> int:
    """Hint every visit whose time has come. Two at once do no harm: the rows decide."""
    due = list(Watch.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:BATCH])
    announce_work(Watch, due)
    return len(due)


@shared_task
def visit_passage(watch_id: int) -> None:
    """Visit one cited passage and note what became of it. Safe to deliver twice."""
    rows = Watch.objects.select_related("publication__newsroom", "evidence__document", "evidence__claim__newsroom")
    with held(rows, watch_id) as watch:
        if watch is not None:
            rechecking.record_visit(watch, visiting.visit(watch))
