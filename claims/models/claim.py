"""Claims: checkable statements, and where they stand in the workflow."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import Cast, Ln, Upper
from django.utils.translation import gettext_lazy as _

from claims import workflow
from claims.analysis import language as languages
from claims.analysis.types import Fact, fact_from_json
from claims.models.article import Article, Door
from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet
from claims.workflow import Move, Status

BEFORE_THE_VERDICT = [
    Status.SUBMITTED.value,
    Status.GATHERING.value,
    Status.ASSESSING.value,
    Status.IN_REVIEW.value,
    Status.IN_APPROVAL.value,
]
# What stands first among claims that wait to be picked: check-worthiness, how often it came in, how far it is heard.
# `claims.priority` says it in words. An expression, so that the database always orders by the numbers as they are.
DEMAND_COUNTS, REACH_COUNTS = 0.15, 0.05  # per doubling of the demand; per step of the reach
PRIORITY = (
    F("score")
    + Value(DEMAND_COUNTS) * Ln(Cast("demand", FloatField())) / Value(math.log(2))
    + Value(REACH_COUNTS) * Cast("reach", FloatField())
)
AT_WORK = [*BEFORE_THE_VERDICT, Status.DECIDED.value]


class ClaimQuerySet(ScopedQuerySet["Claim"]):
    def waiting_for_pick(self) -> ClaimQuerySet:
        return self.filter(status=Status.SUBMITTED)

    def in_desk(self) -> ClaimQuerySet:
        """Claims a person has to do something about."""
        return self.filter(status__in=[Status.SUBMITTED, Status.IN_REVIEW, Status.IN_APPROVAL, Status.DECIDED])

    def late(self, now: dt.datetime) -> ClaimQuerySet:
        """Claims whose verdict should be there by now."""
        return self.filter(due_at__lt=now, status__in=BEFORE_THE_VERDICT)


class Claim(models.Model):
    """A checkable statement: a span of an article, or a text sent in alone."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Suggestion(models.TextChoices):
        CLAIM = "claim", _("claim")
        CANDIDATE = "candidate", _("candidate")

    class Kind(models.TextChoices):
        QUANTITY = "quantity", _("quantity")
        CAUSATION = "causation", _("correlation or causation")
        RULE = "rule", _("law or rule")
        PREDICTION = "prediction", _("prediction")
        EXPERIENCE = "experience", _("personal experience")
        QUOTATION = "quotation", _("quotation")
        OTHER = "other", _("other")

    class Severity(models.IntegerChoices):
        LOW = 1, _("low")
        NORMAL = 2, _("normal")
        HIGH = 3, _("high")

    newsroom = models.ForeignKey(Newsroom, models.PROTECT, related_name="claims")
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="claims")
    text = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    language = models.CharField(max_length=8)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OTHER)
    suggestion = models.CharField(max_length=10, choices=Suggestion.choices, default=Suggestion.CLAIM)
    score = models.FloatField(default=1.0, help_text=_("Check-worthiness, 0 to 1; the reasons say why."))
    reasons = models.JSONField(default=list)
    facts = models.JSONField(
        default=list, help_text=_("What was read in the claim; spans count from its first character.")
    )
    suggested_by = models.CharField(
        max_length=200, blank=True, db_default="", editable=False, help_text=_("The machine model that suggested it.")
    )
    claimant = models.CharField(max_length=200, blank=True)
    claimant_id = models.CharField(max_length=200, blank=True)
    said_on = models.DateField(null=True, blank=True)
    appearance = models.URLField(max_length=2000, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    topic = models.CharField(max_length=60, blank=True)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.NORMAL)
    door = models.CharField(max_length=8, choices=Door.choices)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.SUBMITTED, editable=False)
    cycle = models.PositiveSmallIntegerField(default=1, editable=False)
    step = models.PositiveIntegerField(default=0, editable=False, help_text=_("Moves taken so far: no ABA."))
    version = models.PositiveIntegerField(default=1, editable=False, help_text=_("Raised by every edit by a person."))
    moved_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    assignee = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="assigned_claims")
    due_at = models.DateTimeField(null=True, blank=True)
    alarm_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When the deadline is looked at next; empty: nobody is left to tell.")
    )
    demand = models.PositiveIntegerField(
        default=1, db_default=1, editable=False, help_text=_("How often it came in: itself and its duplicates.")
    )
    reach = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text=_("How far it is heard where it was said, 0 to 3.")
    )
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    match_keys = ArrayField(models.CharField(max_length=120), default=list, blank=True, editable=False)
    search: models.GeneratedField = models.GeneratedField(
        expression=SearchVector("text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["newsroom", "status", "-score", "-id"], name="claim_queue"),
            models.Index(fields=["newsroom", "-id"], name="claim_newest"),
            models.Index(fields=["assignee", "status"], name="claim_mine", condition=Q(assignee__isnull=False)),
            models.Index(
                fields=["assignee", "-score", "-id"],
                name="claim_held",
                condition=Q(assignee__isnull=False, status__in=AT_WORK),
            ),
            models.Index(
                fields=["newsroom", "due_at", "id"],
                name="claim_late",
                condition=Q(due_at__isnull=False, status__in=BEFORE_THE_VERDICT),
            ),
            models.Index(
                fields=["alarm_at"],
                name="claim_alarm",
                condition=Q(alarm_at__isnull=False, status__in=BEFORE_THE_VERDICT),
            ),
            # The queue's other orders, of one status and of all, and the facets that few claims fit.
            models.Index(fields=["newsroom", "status", "moved_at", "id"], name="claim_waiting"),
            models.Index(fields=["newsroom", "moved_at", "id"], name="claim_all_waiting"),
            models.Index(fields=["newsroom", "-score", "-id"], name="claim_all_by_score"),
            models.Index(fields=["newsroom", "-demand", "-id"], name="claim_demand", condition=Q(demand__gt=1)),
            models.Index("newsroom", "status", PRIORITY.desc(), F("id").desc(), name="claim_priority"),
            models.Index(fields=["newsroom", "topic", "-id"], name="claim_topic"),
            models.Index(fields=["newsroom", "language", "-id"], name="claim_language"),
            models.Index(fields=["newsroom", "submitted_at"], name="claim_age"),
            GinIndex(OpClass(Upper("claimant"), name="gin_trgm_ops"), name="claim_claimant"),
            GinIndex(fields=["match_keys"], name="claim_match_keys"),
            GinIndex(fields=["search"], name="claim_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "start", "end"], condition=Q(article__isnull=False), name="claim_once_per_span"
            ),
            models.UniqueConstraint(
                fields=["newsroom", "sha256"], condition=Q(article__isnull=True), name="lone_claim_once_per_newsroom"
            ),
            models.UniqueConstraint(
                fields=["newsroom", "external_id"],
                condition=~Q(external_id=""),
                name="claim_external_id_once_per_newsroom",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="claim_status_is_known"),
            models.CheckConstraint(
                condition=Q(article__isnull=True, start__isnull=True, end__isnull=True)
                | Q(article__isnull=False, start__isnull=False, end__gt=F("start")),
                name="claim_span_belongs_to_article",
            ),
            models.CheckConstraint(condition=~Q(duplicate_of=F("id")), name="claim_is_not_its_own_duplicate"),
        ]
        triggers = [
            pgtrigger.FSM(name="claim_moves_by_the_table", field="status", transitions=workflow.edges()),
            pgtrigger.Protect(
                name="claim_begins_submitted",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.status <> 'submitted' OR NEW.cycle <> 1"),
            ),
            pgtrigger.Trigger(
                name="decided_means_approved",
                operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition("NEW.status IN ('decided', 'published')"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM claims_verdict v
                        WHERE v.claim_id = NEW.id AND v.cycle = NEW.cycle AND v.approved_by_id IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'claim % cannot be %: no approved verdict in cycle %',
                            NEW.id, NEW.status, NEW.cycle
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="who_stepped_back_is_not_assigned",
                operation=pgtrigger.UpdateOf("assignee_id"),  # type: ignore[no-untyped-call]
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "NEW.assignee_id IS NOT NULL AND NEW.assignee_id IS DISTINCT FROM OLD.assignee_id"
                ),
                func="""
                    IF EXISTS (SELECT 1 FROM claims_recusal r WHERE r.claim_id = NEW.id
                               AND r.user_id = NEW.assignee_id AND r.lifted_at IS NULL) THEN
                        RAISE EXCEPTION 'user % stepped back from claim %', NEW.assignee_id, NEW.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="demand_counts_duplicates",
                operation=pgtrigger.UpdateOf("duplicate_of_id"),  # type: ignore[no-untyped-call]
                when=pgtrigger.After,
                condition=pgtrigger.Condition("OLD.duplicate_of_id IS DISTINCT FROM NEW.duplicate_of_id"),
                func="""
                    UPDATE claims_claim SET demand = demand - OLD.demand WHERE id = OLD.duplicate_of_id;
                    UPDATE claims_claim SET demand = demand + NEW.demand WHERE id = NEW.duplicate_of_id;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="demand_follows_duplicates",
                operation=pgtrigger.UpdateOf("demand"),  # type: ignore[no-untyped-call]
                when=pgtrigger.After,
                condition=pgtrigger.Condition("NEW.duplicate_of_id IS NOT NULL AND OLD.demand <> NEW.demand"),
                func="""
                    UPDATE claims_claim SET demand = demand + NEW.demand - OLD.demand WHERE id = NEW.duplicate_of_id;
                    RETURN NULL;
                """,
            ),
            pgtrigger.ReadOnly(name="claim_text_is_immutable", fields=["newsroom", "article", "text", "start", "end"]),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 120 else self.text[:117] + "…"

    @property
    def language_covered(self) -> bool:
        """False where only numbers, dates and countries are read, not who says what and what is worth checking."""
        return languages.covered(self.language)

    def read_facts(self) -> tuple[Fact, ...]:
        """The facts as dataclasses; spans count from the claim's first character."""
        return tuple(fact_from_json(fact) for fact in self.facts)

    def allowed_moves(self) -> list[Move]:
        return workflow.moves_from(self.status)

    def summary(self) -> dict[str, Any]:
        return {"id": self.pk, "text": self.text, "status": self.status, "cycle": self.cycle}
