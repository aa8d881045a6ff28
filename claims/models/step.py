"""A background step: a row with a state, a lease and a deadline. The row is the truth, the message is a hint."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from claims.models.scope import ScopedQuerySet

S = TypeVar("S", bound="Step")


class StepQuerySet(ScopedQuerySet[S]):
    """Everything here goes by the database's clock, so that workers need not agree on theirs."""

    def due(self) -> Self:
        """Open steps nobody holds whose time has come."""
        return self.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=Now()),
            state=Step.State.OPEN,
            next_attempt_at__lte=Now(),
            attempts__lt=settings.STEP_MAX_ATTEMPTS,
        )

    def take(self, pk: int, *, seconds: int | None = None) -> S | None:
        """Lease one due step, or None when it is settled, not due, or somebody else's.

        The token fences: only its holder can settle the step (`settle`, `postpone`, `bury`).
        """
        token = uuid.uuid4()
        lease = timedelta(seconds=seconds or settings.LEASE_SECONDS)
        taken = (
            self.due().filter(pk=pk).update(leased_until=Now() + lease, lease_token=token, attempts=F("attempts") + 1)
        )
        return self.get(pk=pk) if taken else None

    def _held(self, step: S) -> Self:
        return self.filter(pk=step.pk, lease_token=step.lease_token, state=Step.State.OPEN)

    def settle(self, step: S) -> bool:
        """Close a step we hold. False: the lease was lost and somebody else has done or will do it."""
        return bool(self._held(step).update(state=Step.State.DONE, leased_until=None, settled_at=Now()))

    def postpone(self, step: S, *, error: str, seconds: float) -> bool:
        """Give a step back, to be tried again later, or bury it when it has had its tries."""
        if step.attempts >= settings.STEP_MAX_ATTEMPTS:
            return self.bury(step, error=error)
        return bool(
            self._held(step).update(
                leased_until=None, last_error=error[:4000], next_attempt_at=Now() + timedelta(seconds=seconds)
            )
        )

    def give_back(self, step: S, *, error: str, seconds: float) -> bool:
        """Give a step back that could not be tried at all, for reasons that are not its own."""
        return bool(
            self._held(step).update(
                leased_until=None,
                attempts=step.attempts - 1,
                last_error=error[:4000],
                next_attempt_at=Now() + timedelta(seconds=seconds),
            )
        )

    def bury(self, step: S, *, error: str) -> bool:
        """Make a step we hold a dead letter: visible, with its reason, retriable by a person."""
        return bool(
            self._held(step).update(state=Step.State.DEAD, leased_until=None, last_error=error[:4000], settled_at=Now())
        )

    def revive(self, pk: int) -> bool:
        """Open a settled or dead step once more, with fresh tries."""
        return bool(
            self.filter(pk=pk).update(
                state=Step.State.OPEN,
                leased_until=None,
                lease_token=None,
                attempts=0,
                settled_at=None,
                next_attempt_at=Now(),
            )
        )


class Step(models.Model):
    """What every background row carries."""

    DUE: ClassVar[str] = "next_attempt_at"  # since when it waits; not every kind waits since its turn came

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DEAD = "dead", _("dead letter")

    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    next_attempt_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(db_default=Now(), editable=False)
    last_error = models.TextField(blank=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


def step_indexes(name: str, *, due: str = "next_attempt_at") -> list[models.Index]:
    """What the sweep reads, open steps by the time they are due; and what a person looks through, dead letters."""
    return [
        models.Index(fields=[due], name=f"{name}_due", condition=Q(state="open")),
        models.Index(fields=["-settled_at", "-id"], name=f"{name}_dead", condition=Q(state="dead")),
    ]


def step_constraints(name: str) -> list[models.BaseConstraint]:
    return [models.CheckConstraint(condition=Q(state__in=Step.State.values), name=f"{name}_state_is_known")]
