"""What a person said about where information comes from, against or beyond what the machine read."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import User
from claims.models.scope import ScopedQuerySet
from claims.models.source import Document


class OriginEdgeQuerySet(ScopedQuerySet["OriginEdge"]):
    def in_force(self) -> OriginEdgeQuerySet:
        """What counts now: everything that nobody has taken back."""
        return self.filter(withdrawn_at__isnull=True)


class OriginEdge(models.Model):
    """One connection of a document that a person cut or added, to another document or to a named origin.

    It belongs to the claim, not to a cycle, so that it outlives every new assessment. It is never changed and never
    deleted, only taken back once: a trigger sees to it.
    """

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    class Action(models.TextChoices):
        CUT = "cut", _("cut")
        ADD = "add", _("added")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="origin_edges")
    action = models.CharField(max_length=3, choices=Action.choices)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    other = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    origin = models.CharField(
        max_length=300, blank=True, help_text=_("Id of the named origin, where it is no document.")
    )
    origin_name = models.CharField(max_length=300, blank=True)
    reason = models.TextField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OriginEdgeQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "document", "other", "origin"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="one_origin_edge_in_force",
            ),
            models.CheckConstraint(condition=Q(action__in=["cut", "add"]), name="origin_edge_action_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="origin_edge_has_a_reason"),
            models.CheckConstraint(
                condition=Q(other__isnull=False, origin="") | (Q(other__isnull=True) & ~Q(origin="")),
                name="origin_edge_has_one_target",
            ),
            models.CheckConstraint(condition=~Q(document=F("other")), name="origin_edge_joins_two"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="origin_edge_withdrawn_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="origin_edge_is_history",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL OR
                        (NEW.claim_id, NEW.action, NEW.document_id, NEW.other_id, NEW.origin, NEW.origin_name,
                         NEW.reason, NEW.made_by_id, NEW.made_at)
                        IS DISTINCT FROM
                        (OLD.claim_id, OLD.action, OLD.document_id, OLD.other_id, OLD.origin, OLD.origin_name,
                         OLD.reason, OLD.made_by_id, OLD.made_at) THEN
                        RAISE EXCEPTION 'origin edge % is history: it can only be taken back, once', OLD.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        target = self.other or self.origin_name or self.origin
        return f"{self.document} – {target}: {self.get_action_display()}"

    @property
    def target(self) -> str:
        """The other end as the origin finder names it: a document's number, or the id of an origin."""
        return str(self.other_id) if self.other_id is not None else self.origin
