"""How every task holds its row: lease it, work, and leave a trace when the work breaks."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from claims.models import Step
from claims.models.step import StepQuerySet
from claims.storage import refusal

S = TypeVar("S", bound=Step)

FIRST_RETRY_SECONDS = 30.0
LONGEST_RETRY_SECONDS = 6 * 3600.0
STORAGE_RETRY_SECONDS = 60.0  # while nothing can be saved


def retry_in(attempts: int) -> float:
    """Seconds until the next try after so many: doubling, capped."""
    return min(FIRST_RETRY_SECONDS * 2.0 ** max(0, attempts - 1), LONGEST_RETRY_SECONDS)


@contextmanager
def held(rows: StepQuerySet[S], pk: int) -> Iterator[S | None]:
    """The step, leased, or None when there is nothing to do: settled, not due, or in other hands.

    An exception in the block is a bug: the step keeps its traceback, is tried again later and becomes a dead
    letter after its last try; the exception goes on to the log.
    """
    step = rows.take(pk)
    if step is None:
        yield None
        return
    with kept(rows, step):
        yield step


@contextmanager
def kept(rows: StepQuerySet[S], step: S) -> Iterator[None]:
    """Leave a trace on a step we hold when the block breaks, so that it is tried again."""
    try:
        yield
    except Exception as exc:
        if not wait_for_storage(rows, step, exc):
            rows.postpone(step, error=traceback.format_exc(), seconds=retry_in(step.attempts))
        raise


def wait_for_storage(rows: StepQuerySet[S], step: S, exc: Exception) -> bool:
    """Give a step back when it failed because nothing can be saved: that is no fault of its own and no try.

    However long the disk stays full, no step becomes a dead letter of it. False: it failed of something else.
    """
    reason = refusal(exc)
    if reason:
        rows.give_back(step, error=reason, seconds=STORAGE_RETRY_SECONDS)
    return bool(reason)
