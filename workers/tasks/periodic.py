"""What the entries of the schedule have in common: one runs at a time, and each leaves how it went."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from typing import Any

from celery import Task
from django.conf import settings
from django.db import DatabaseError, connection

from claims.models import ScheduledJob
from claims.operations import timekeeping

logger = logging.getLogger(__name__)

HELD_SECONDS = 60.0  # a run whose worker was lost keeps others out for so long
RENEWED_SECONDS = 15.0


class Periodic(Task[Any, Any]):
    """A task the clock calls. Two beats, a late message or a person may call it too: the second finds it running.

    What it returns is how many rows it touched, as a number or a table of numbers; nothing else is.
    """

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        limit = self.time_limit or settings.CELERY_TASK_TIME_LIMIT
        job = timekeeping.begin(self.name, seconds=min(limit, HELD_SECONDS))
        if job is None:
            return None
        started, over = time.monotonic(), threading.Event()
        threading.Thread(target=_keep, args=(job, over, started + limit), daemon=True).start()
        try:
            result = super().__call__(*args, **kwargs)
        except BaseException:
            timekeeping.fail(job, seconds=time.monotonic() - started, error=traceback.format_exc())
            raise
        finally:
            over.set()
        timekeeping.finish(job, seconds=time.monotonic() - started, rows=touched(result))
        return result


def _keep(job: ScheduledJob, over: threading.Event, until: float) -> None:
    """Hold a job for as long as its run lasts, on a connection of its own. It ends with the process, however that
    ends.
    """
    try:
        while not over.wait(RENEWED_SECONDS) and time.monotonic() < until:
            try:
                if not timekeeping.hold(job, seconds=HELD_SECONDS):
                    return
            except DatabaseError as exc:  # tried again; a database that is away for long gives the job to others
                logger.warning("the run of %s could not be held: %s", job.task, exc)
                connection.close()
    finally:
        connection.close()


def touched(result: Any) -> int:
    """The number of rows a task says it touched."""
    if isinstance(result, dict):
        return sum(touched(value) for value in result.values())
    return result if isinstance(result, int) and not isinstance(result, bool) and result > 0 else 0
