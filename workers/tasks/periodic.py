"""What the entries of the schedule have in common: one runs at a time, and each leaves how it went."""

from __future__ import annotations

import time
import traceback
from typing import Any

from celery import Task
from django.conf import settings

from claims.operations import timekeeping


class Periodic(Task[Any, Any]):
    """A task the clock calls. Two beats, a late message or a person may call it too: the second finds it running.

    What it returns is how many rows it touched, as a number or a table of numbers; nothing else is.
    """

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        job = timekeeping.begin(self.name, seconds=self.time_limit or settings.CELERY_TASK_TIME_LIMIT)
        if job is None:
            return None
        started = time.monotonic()
        try:
            result = super().__call__(*args, **kwargs)
        except BaseException:
            timekeeping.fail(job, seconds=time.monotonic() - started, error=traceback.format_exc())
            raise
        timekeeping.finish(job, seconds=time.monotonic() - started, rows=touched(result))
        return result


def touched(result: Any) -> int:
    """The number of rows a task says it touched."""
    if isinstance(result, dict):
        return sum(touched(value) for value in result.values())
    return result if isinstance(result, int) and not isinstance(result, bool) and result > 0 else 0
