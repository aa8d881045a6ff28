"""How much a key was used, per day. Counted in Redis per request, written down every minute."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from claims.models.key import ApiKey
from claims.models.scope import ScopedQuerySet


class KeyUsage(models.Model):
    """One key on one day: the requests it made, and how many of them were told to wait."""

    NEWSROOM: ClassVar[str] = "key__newsroom"

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="usage")
    day = models.DateField()
    requests = models.PositiveIntegerField(default=0)
    throttled = models.PositiveIntegerField(default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "key"]
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="usage_once_per_key_and_day")]
