"""The ledger: the append-only, hash-chained record of everything that happened, one chain per newsroom."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet

GENESIS = "0" * 64

# What is hashed, in this order, joined by line feeds. claims/audit/ledger_proof.py does the same without a database.
_HASH = """
    NEW.previous_hash || E'\\n' || NEW.newsroom_id || E'\\n' || NEW.sequence || E'\\n'
    || to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\\n' || NEW.kind || E'\\n'
    || coalesce(NEW.actor_id::text, '') || E'\\n' || coalesce(NEW.claim_id::text, '') || E'\\n' || NEW.body
"""


class LedgerEntry(models.Model):
    """One thing that happened. `sequence`, `at` and the hashes are set by the database, whoever writes."""

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.PROTECT, related_name="ledger")
    sequence = models.BigIntegerField(default=0, editable=False)
    at = models.DateTimeField(null=True, editable=False)
    kind = models.CharField(max_length=40, help_text=_("What happened, such as claim.moved."))
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text=_("Empty: the system."))
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="history")
    body = models.TextField(default="{}", help_text=_("Canonical JSON: sorted keys, no spaces."))
    previous_hash = models.CharField(max_length=64, default="", editable=False)
    hash = models.CharField(max_length=64, default="", editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["newsroom", "sequence"]
        verbose_name_plural = _("ledger entries")
        constraints = [models.UniqueConstraint(fields=["newsroom", "sequence"], name="ledger_has_no_forks")]
        indexes = [models.Index(fields=["claim", "sequence"], name="ledger_by_claim")]
        triggers = [
            pgtrigger.Trigger(
                name="ledger_is_chained",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("last", "RECORD")],
                func=f"""
                    PERFORM pg_advisory_xact_lock(7261, NEW.newsroom_id::int);
                    SELECT sequence, hash INTO last FROM claims_ledgerentry
                        WHERE newsroom_id = NEW.newsroom_id ORDER BY sequence DESC LIMIT 1;
                    NEW.sequence = coalesce(last.sequence, 0) + 1;
                    NEW.previous_hash = coalesce(last.hash, '{GENESIS}');
                    NEW.at = clock_timestamp();
                    NEW.hash = encode(sha256(convert_to({_HASH}, 'UTF8')), 'hex');
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="ledger_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="ledger_is_not_emptied",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'the ledger cannot be emptied' USING ERRCODE = 'insufficient_privilege';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}. {self.kind}"

    @property
    def payload(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


class LedgerAnchor(models.Model):
    """The head of a newsroom's chain, verified and noted; or, with a `problem`, the entry that does not fit."""

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.PROTECT, related_name="anchors")
    sequence = models.BigIntegerField()
    hash = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=Now())

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["newsroom_id", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(problem="") ^ models.Q(hash=""), name="anchor_is_a_head_or_a_problem"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="anchors_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.newsroom}: {self.sequence}"
