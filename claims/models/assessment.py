"""Assessments: what the machine found in one cycle. Never a verdict."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes


class Assessment(Step):
    """The machine's legwork on one claim in one cycle. As a step, it waits to be (re)made."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="assessments")
    cycle = models.PositiveSmallIntegerField()
    table = models.JSONField(default=list, help_text=_("Fact table: one row per fact of the claim."))
    origins = models.JSONField(default=dict, help_text=_("Documents grouped by where their information comes from."))
    documents_count = models.PositiveIntegerField(default=0)
    origins_count = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    made_at = models.DateTimeField(null=True, editable=False)
    runs = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "-cycle"]
        indexes = step_indexes("assessment")
        constraints = [
            models.UniqueConstraint(fields=["claim", "cycle"], name="assessment_once_per_cycle"),
            *step_constraints("assessment"),
        ]

    def __str__(self) -> str:
        return _("{documents} documents, {origins} origins").format(
            documents=self.documents_count, origins=self.origins_count
        )
