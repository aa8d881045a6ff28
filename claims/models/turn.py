"""Turns that were given: which rows the clock has handed out to the workers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Turn(models.Model):
    """A row that was handed out: to nobody else until then, as long as its turn is this one.

    Beside the rows and not on them, because handing out a thousand rows scattered over a large table means writing a
    thousand of its pages. `at` is when the row was due: once it is due at another time, the mark means nothing, so
    nobody has to take it away. The table is not in PostgreSQL's log: after a crash it is empty and the rows are handed
    out again, which the lease of each allows for.
    """

    kind = models.CharField(max_length=40)  # the table
    row = models.BigIntegerField()
    at = models.DateTimeField()
    until = models.DateTimeField()

    objects: ClassVar[models.Manager[Turn]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "row"], name="one_turn_per_row")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"
