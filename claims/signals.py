"""The one way back from the domain to the workers: signals sent after commit, caught in workers/receivers.py."""

from collections.abc import Iterable
from functools import partial

from django.db import models, transaction
from django.dispatch import Signal

claim_moved = Signal()  # sender=Claim, entry=LedgerEntry
work_waiting = Signal()  # sender=a Step model, pks=[...]: rows of it are due
job_wanted = Signal()  # sender=ScheduledJob, task="dotted.name": wanted now; a receiver says whether it was sent


def announce_work(model: type[models.Model], pks: Iterable[int]) -> None:
    """Hint, once the transaction has committed, that rows of `model` wait for a worker.

    Only a hint: if nobody listens or the broker is away, the sweep finds the rows.
    """
    found = list(pks)
    if found:
        transaction.on_commit(partial(_send, model, found))


def _send(model: type[models.Model], pks: list[int]) -> None:
    work_waiting.send_robust(sender=model, pks=pks)
