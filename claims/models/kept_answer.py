"""Answers kept for programs that repeat a request because they never saw the first answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.db import connections, models
from django.db.models.functions import Now
from psycopg.types.json import Jsonb

from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet

KEPT_FOR = timedelta(hours=24)
# Three statements in one message. An answer that is too old is forgotten in the same breath.
_TAKE = """
    SET LOCAL lock_timeout = %s;
    INSERT INTO claims_keptanswer AS kept (newsroom_id, key, request, user_id, headers) VALUES (%s, %s, %s, %s, '{}')
    ON CONFLICT (newsroom_id, key) DO UPDATE
        SET request = EXCLUDED.request, user_id = EXCLUDED.user_id, status = NULL, headers = '{}', body = NULL,
            at = statement_timestamp()
        WHERE kept.at < statement_timestamp() - %s
    RETURNING id;
    SET LOCAL lock_timeout = DEFAULT
"""
_ANSWERED = "UPDATE claims_keptanswer SET status = %s, headers = %s, body = %s WHERE id = %s"


class KeptAnswerQuerySet(ScopedQuerySet["KeptAnswer"]):
    def stale(self) -> KeptAnswerQuerySet:
        return self.filter(at__lt=Now() - KEPT_FOR)

    def take(self, *, newsroom: int, key: str, request: str, user: int, wait: int) -> int | None:
        """Reserve a key until this transaction ends; waits so many seconds for another one that has it.

        Returns the row's id, or None when the key was taken before.
        """
        with connections[self.db].cursor() as cursor:
            given: list[Any] = [f"{wait}s", newsroom, key, request, user, KEPT_FOR]
            cursor.execute(_TAKE, given)
            cursor.nextset()
            row = cursor.fetchone()
        return row[0] if row else None

    def answered(self, pk: int, *, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Keep the answer of a key that was taken."""
        with connections[self.db].cursor() as cursor:
            given: list[Any] = [status, Jsonb(headers), body, pk]
            cursor.execute(_ANSWERED, given)


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
