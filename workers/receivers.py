"""Which row that waits is hinted to which task: one dict. The only place where the domain's signals are caught."""

import logging
from typing import Any

from celery import Task, current_app
from django.db.models import Model
from django.dispatch import receiver
from kombu.exceptions import OperationalError

from claims.models import (
    ArchiveJob,
    Article,
    Assessment,
    ChatPost,
    Consultation,
    Delivery,
    FollowedItem,
    FollowedSource,
    Lookup,
    Mail,
    Renewal,
    Schedule,
    Watch,
)
from claims.signals import job_wanted, work_waiting
from workers.tasks import (
    archiving,
    assessing,
    consulting,
    delivering,
    following,
    gathering,
    intake,
    noticing,
    publishing,
    rechecking,
    renewing,
)

logger = logging.getLogger(__name__)

TASKS: dict[type[Model], Task[Any, Any]] = {
    Article: intake.read_article,
    Lookup: gathering.consult_source,
    Assessment: assessing.assess_claim,
    Watch: rechecking.visit_passage,
    Renewal: renewing.search_again,
    Delivery: delivering.deliver,
    ArchiveJob: archiving.archive_document,
    Consultation: consulting.consult_model,
    Schedule: publishing.publish_scheduled,
    Mail: noticing.carry_mail,
    ChatPost: noticing.carry_post,
    FollowedSource: following.visit_source,
    FollowedItem: following.read_item,
}


@receiver(work_waiting)
def hint(sender: type[Model], pks: list[int], **_: Any) -> int:
    """Send one message per row. A broker that is away costs a log line: the sweep hints again."""
    sent = 0
    for pk in pks:
        try:
            TASKS[sender].delay(pk)
        except OperationalError as exc:
            logger.warning(
                "broker is away (%s): %d rows of %s wait for the sweep", exc, len(pks) - sent, sender.__name__
            )
            break
        sent += 1
    return sent


@receiver(job_wanted)
def run_now(sender: type[Model], task: str, **_: Any) -> bool:
    """Send an entry of the schedule on its way. False when the broker is away."""
    try:
        current_app.send_task(task)
    except OperationalError as exc:
        logger.warning("broker is away (%s): %s was not sent", exc, task)
        return False
    return True
