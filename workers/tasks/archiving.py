"""Cited pages get a copy at a public archive."""

from celery import shared_task

from claims.models import ArchiveJob
from workers import archiving
from workers.tasks.steps import held, retry_in


@shared_task
def archive_document(job_id: int) -> None:
    """Take one archive job as far as it goes now. Safe to deliver twice."""
    with held(ArchiveJob.objects.select_related("newsroom", "document"), job_id) as job:
        if job is not None:
            archiving.work(job, retry_in=retry_in(job.attempts))
