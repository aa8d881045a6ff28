"""What desks follow is visited; what is new there is read."""

from celery import shared_task

from claims.models import FollowedItem, FollowedSource
from claims.operations import admitting, following
from claims.signals import announce_work
from workers import following as visits
from workers.tasks.periodic import Periodic
from workers.tasks.steps import held

BATCH = 500  # of each kind hinted per run; what is left is still due at the next


@shared_task(base=Periodic)
def visit_due() -> int:
    """Hint every visit and every item whose time has come. Two at once do no harm: the rows decide."""
    hinted = 0
    for model in (FollowedSource, FollowedItem):
        due = list(model.objects.due().order_by("next_attempt_at").values_list("pk", flat=True)[:BATCH])
        announce_work(model, due)
        hinted += len(due)
    return hinted


@shared_task
def visit_source(source_id: int) -> None:
    """Visit one followed source and note what is new. Safe to deliver twice."""
    with held(FollowedSource.objects.select_related("newsroom"), source_id) as source:
        if source is not None:
            following.record_visit(source, visits.look(source))


@shared_task
def read_item(item_id: int) -> None:
    """Fetch one item and take it in. Safe to deliver twice."""
    with held(FollowedItem.objects.select_related("source__newsroom"), item_id) as item:
        if item is not None:
            admitting.record_item(item, visits.read(item))
