"""Lookups and evidence: what was asked, and what was held against the claim."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import User
from claims.models.scope import ScopedQuerySet
from claims.models.source import Document
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes


class LookupQuerySet(StepQuerySet["Lookup"]):
    def unanswered(self) -> LookupQuerySet:
        """Lookups that have not had a first answer: what a claim in gathering waits for."""
        return self.filter(outcome="")


class Lookup(Step):
    """One source asked about one claim in one cycle.

    `outcome` is the answer so far: empty until the first one. An unavailable source leaves the step open for
    later tries while the claim goes on; a late answer is assessed when it comes.
    """

    NEWSROOM: ClassVar[str] = "claim__newsroom"
    BY_HAND: ClassVar[str] = "by-hand"  # in place of a source: a person brought an address or a file, any number

    class Outcome(models.TextChoices):
        HITS = "hits", _("hits")
        EMPTY = "empty", _("nothing found")
        UNAVAILABLE = "unavailable", _("could not be asked")

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="lookups")
    cycle = models.PositiveSmallIntegerField()
    source = models.SlugField(max_length=40)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, editable=False)
    reason = models.TextField(blank=True, editable=False, help_text=_("Why the source could not be asked."))
    queries = models.JSONField(default=list, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    opened_at = models.DateTimeField(auto_now_add=True)
    documents: models.ManyToManyField[Document, Any] = models.ManyToManyField(
        Document, through="Hit", related_name="lookups"
    )

    objects = LookupQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "cycle", "source"]
        indexes = [
            *step_indexes("lookup"),
            models.Index(fields=["claim"], name="lookup_asking", condition=Q(outcome="")),
            models.Index(fields=["claim"], name="lookup_failing", condition=Q(outcome="unavailable")),
            models.Index(fields=["opened_at"], name="lookup_opened"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "cycle", "source"], condition=~Q(source="by-hand"), name="lookup_once_per_cycle"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "hits", "empty", "unavailable"]), name="lookup_outcome_is_known"
            ),
            *step_constraints("lookup"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.get_outcome_display() or _('asking')}"


class Hit(models.Model):
    """A document that a lookup brought."""

    NEWSROOM: ClassVar[str] = "lookup__claim__newsroom"

    lookup = models.ForeignKey(Lookup, models.CASCADE, related_name="hits")
    document = models.ForeignKey(Document, models.PROTECT, related_name="hits")
    rank = models.PositiveSmallIntegerField()
    snippet = models.TextField(blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["lookup", "rank"]
        constraints = [models.UniqueConstraint(fields=["lookup", "document"], name="document_once_per_lookup")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.document}"


class Evidence(models.Model):
    """A passage of a document held against a claim. Its quote stands verbatim in the document: a trigger sees to it."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    class Stance(models.TextChoices):
        AGREES = "agrees", _("agrees")
        DISAGREES = "disagrees", _("disagrees")
        MIXED = "mixed", _("mixed")
        RELATED = "related", _("related")

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="evidence")
    cycle = models.PositiveSmallIntegerField()
    document = models.ForeignKey(Document, models.PROTECT, related_name="evidence")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    score = models.FloatField(default=0.0)
    rows = models.JSONField(default=list, help_text=_("Alignment, fact by fact."))
    machine_stance = models.CharField(max_length=10, choices=Stance.choices, default=Stance.RELATED)
    stance = models.CharField(max_length=10, choices=Stance.choices, blank=True, help_text=_("As a person judged it."))
    note = models.TextField(blank=True)
    answered = models.TextField(blank=True, help_text=_("Why contradicting evidence does not change the verdict."))
    included = models.BooleanField(default=True)
    protected = models.BooleanField(default=False, help_text=_("Hidden from the public; needs a reason."))
    protected_reason = models.TextField(blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "cycle", "-score", "pk"]
        verbose_name_plural = _("evidence")
        indexes = [  # every public exit asks for the few protected sources of a newsroom
            models.Index(fields=["claim", "document"], name="evidence_protected", condition=Q(protected=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "cycle", "document", "start", "end"], name="passage_once_per_cycle"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="evidence_span_is_not_empty"),
            models.CheckConstraint(
                condition=Q(protected=False) | ~Q(protected_reason=""),
                name="protected_evidence_has_a_reason",
                violation_error_message=_("Say why this source is protected."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="quote_stands_in_the_document",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF (SELECT substr(d.text, NEW.start + 1, NEW."end" - NEW.start) FROM claims_document d
                        WHERE d.id = NEW.document_id) IS DISTINCT FROM NEW.quote THEN
                        RAISE EXCEPTION 'the quote does not stand in document % at %..%',
                            NEW.document_id, NEW.start, NEW."end" USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.quote[:120]

    @property
    def effective_stance(self) -> str:
        """The person's judgement where there is one, else the machine's."""
        return self.stance or self.machine_stance
