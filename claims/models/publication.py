"""Publications, their corrections, and the clock's visits to what they cite."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.evidence import Evidence
from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet
from claims.models.source import Document
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes
from claims.models.verdict import Verdict


class PublicationQuerySet(ScopedQuerySet["Publication"]):
    def live(self) -> PublicationQuerySet:
        """What the public sees, under review or not."""
        return self.filter(state__in=[Publication.State.LIVE, Publication.State.UNDER_REVIEW])


class Publication(models.Model):
    """A verdict the public sees. Its `content` is what was published, so that later edits never change it silently."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class State(models.TextChoices):
        LIVE = "live", _("live")
        UNDER_REVIEW = "under_review", _("live, under re-review")
        REPLACED = "replaced", _("replaced by a later verdict")
        WITHDRAWN = "withdrawn", _("withdrawn")

    newsroom = models.ForeignKey(Newsroom, models.PROTECT, related_name="publications")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="publications")
    verdict = models.OneToOneField(Verdict, models.PROTECT, related_name="publication")
    slug = models.SlugField(max_length=120, unique=True)
    state = models.CharField(max_length=14, choices=State.choices, default=State.LIVE, editable=False)
    content = models.JSONField(help_text=_("Claim, verdict and evidence as published."))
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["newsroom", "published_at"], name="publication_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state__in=["live", "under_review"]), name="one_live_publication"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""), name="withdrawal_has_a_reason"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="a_publication_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="a_publication_keeps_its_verdict", fields=["newsroom", "claim", "verdict"]),
            pgtrigger.Trigger(
                name="what_is_published_was_approved",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM claims_verdict v WHERE v.id = NEW.verdict_id
                                   AND v.claim_id = NEW.claim_id AND v.approved_by_id IS NOT NULL) THEN
                        RAISE EXCEPTION 'verdict % is not approved: it cannot be published', NEW.verdict_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.verdict.headline

    def get_absolute_url(self) -> str:
        return f"/checks/{self.slug}/"


class Correction(models.Model):
    """A typed, public change to a publication."""

    NEWSROOM: ClassVar[str] = "publication__newsroom"

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        CLARIFICATION = "clarification", _("Clarification")
        UPDATE = "update", _("Update")
        RETRACTION = "retraction", _("Retraction")

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    notice = models.TextField(help_text=_("What readers are told."))
    field = models.CharField(max_length=40, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.notice[:80]}"


class Watch(Step):
    """A cited passage of a live publication, visited by the clock on a decaying schedule."""

    NEWSROOM: ClassVar[str] = "publication__newsroom"
    DUE: ClassVar[str] = "due_at"

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="watches")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="watches")
    newsroom = models.ForeignKey(
        Newsroom, models.CASCADE, null=True, editable=False, db_index=False, related_name="+",
        help_text=_("Of the publication."),
    )  # fmt: skip
    host = models.CharField(max_length=253, blank=True, db_default="", default="", editable=False)
    due_at = models.DateTimeField(null=True, editable=False, help_text=_("By its schedule; its turn may come later."))
    etag = models.CharField(max_length=300, blank=True, db_default="", default="", editable=False)
    last_modified = models.CharField(max_length=100, blank=True, db_default="", default="", editable=False)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    visits_made = models.PositiveIntegerField(default=0, editable=False)
    last_outcome = models.CharField(max_length=20, blank=True, editable=False)
    last_visit_at = models.DateTimeField(null=True, editable=False)
    suspicion = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("Hash of a change seen once, to be confirmed.")
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["next_attempt_at"]
        verbose_name_plural = _("watches")
        indexes = [
            *step_indexes("watch", due="due_at"),
            # With all that picking reads, so that it need not look at the rows.
            models.Index(
                fields=["newsroom", "next_attempt_at"],
                include=["id", "host", "due_at"],
                name="watch_turn",
                condition=Q(state="open"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["publication", "evidence"], name="passage_watched_once"),
            *step_constraints("watch"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence.document}: {self.last_outcome or _('not visited yet')}"


class Recheck(models.Model):
    """One visit of the clock to a cited passage, and what it found."""

    NEWSROOM: ClassVar[str] = "watch__publication__newsroom"

    class Outcome(models.TextChoices):
        UNCHANGED = "unchanged", _("unchanged")
        COSMETIC = "cosmetic", _("cosmetic change")
        MATERIAL = "material", _("material change")
        PASSAGE_GONE = "passage_gone", _("passage gone")
        PAGE_GONE = "page_gone", _("page gone")
        CORRECTION_NOTICE = "correction_notice", _("correction notice")
        RETRACTION = "retraction", _("retraction")
        UNREADABLE = "unreadable", _("unreadable")
        UNREACHABLE = "unreachable", _("unreachable")

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="rechecks")
    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    confirmed = models.BooleanField(default=False, help_text=_("Two visits agreed."))
    details = models.JSONField(default=list)
    fingerprint = models.CharField(
        max_length=64, blank=True, db_default="", default="", editable=False, help_text=_("Of the change, told once.")
    )
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closing_note = models.TextField(blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="recheck_told", condition=Q(confirmed=True)),
            BrinIndex(fields=["at"], name="recheck_by_age", autosummarize=True),  # for forgetting
            models.Index(
                fields=["-at", "-id"], name="recheck_open", condition=Q(confirmed=True, closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} ({self.at:%Y-%m-%d %H:%M})"
