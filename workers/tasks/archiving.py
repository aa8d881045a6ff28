"""Cited pages get a copy at a public archive; kept snapshots are shipped to the store and proved."""

from celery import shared_task

from claims.models import ArchiveJob
from claims.operations import proving
from workers import archive, archiving
from workers.tasks.periodic import Periodic
from workers.tasks.steps import held, retry_in

SHIPPING_SECONDS = 20 * 60


@shared_task
def archive_document(job_id: int) -> None:
    """Take one archive job as far as it goes now. Safe to deliver twice."""
    with held(ArchiveJob.objects.select_related("newsroom", "document"), job_id) as job:
        if job is not None:
            archiving.work(job, retry_in=retry_in(job.attempts))


@shared_task(base=Periodic, soft_time_limit=SHIPPING_SECONDS, time_limit=SHIPPING_SECONDS + 60)
def ship_snapshots() -> int:
    """Bring closed WARC files to object storage, where there is one."""
    return archive.ship()


@shared_task(base=Periodic, soft_time_limit=SHIPPING_SECONDS, time_limit=SHIPPING_SECONDS + 60)
def prove_snapshots() -> int:
    """Replay a random sample of the kept snapshots, and every one that failed before. Returns the failures."""
    return len(proving.prove().faults)
