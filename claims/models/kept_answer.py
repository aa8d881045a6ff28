"""Answers kept for programs that repeat a request because they never saw the first answer."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet

KEPT_FOR = timedelta(hours=24)


class KeptAnswerQuerySet(ScopedQuerySet["KeptAnswer"]):
    def stale(self) -> KeptAnswerQuerySet:
        return self.filter(at__lt=Now() - KEPT_FOR)


class KeptAnswer(models.Model):
    """What a request with an `Idempotency-Key` was answered, kept in the very transaction of its effect."""

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=64, help_text="SHA-256 of person, method, address and body.")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(null=True)
    at = models.DateTimeField(db_default=Now())

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["newsroom", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["at"], name="kept_answer_by_age")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"
