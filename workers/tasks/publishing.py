"""Verdicts whose time has come go out."""

from celery import shared_task

from claims.models import Schedule
from claims.operations import scheduling
from claims.signals import announce_work
from workers.tasks.periodic import Periodic
from workers.tasks.steps import held

BATCH = 200


@shared_task(base=Periodic)
def publish_due() -> int:
    """Hint every verdict whose time has come. The lease decides who publishes it."""
    due = list(Schedule.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:BATCH])
    announce_work(Schedule, due)
    return len(due)


@shared_task
def publish_scheduled(schedule_id: int) -> None:
    """Publish one verdict whose time has come. Safe to deliver twice, and late."""
    with held(Schedule.objects.all(), schedule_id) as schedule:
        if schedule is not None:
            scheduling.run(schedule)
