"""Verdicts: the desk's decision, approved by a second person."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import User
from claims.models.rating import Rating
from claims.models.scope import ScopedQuerySet


class Verdict(models.Model):
    """The desk's decision on a claim in one cycle. An approval names the hash of what was approved."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    class Media(models.TextChoices):
        IMAGE = "image", _("picture")
        VIDEO = "video", _("video")
        AUDIO = "audio", _("audio")

    class Authenticity(models.TextChoices):
        """What became of a picture or recording: the values of schema.org's MediaReview."""

        ORIGINAL = "OriginalMediaContent", _("original")
        DECONTEXTUALIZED = "DecontextualizedContent", _("shown out of context")
        EDITED = "EditedOrCroppedContent", _("cut or cropped")
        TRANSFORMED = "TransformedContent", _("altered or generated")
        STAGED = "StagedContent", _("staged")
        SATIRE = "SatireOrParodyContent", _("satire or parody")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="verdicts")
    cycle = models.PositiveSmallIntegerField()
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="verdicts")
    headline = models.CharField(max_length=300)
    reasons = models.TextField()
    language = models.CharField(max_length=8)
    media = models.CharField(
        max_length=5,
        choices=Media.choices,
        blank=True,
        db_default="",
        help_text=_("If the claim is about a picture or a recording: which kind it is."),
    )
    authenticity = models.CharField(
        max_length=30, choices=Authenticity.choices, blank=True, db_default="", help_text=_("What was found about it.")
    )
    original_url = models.URLField(
        max_length=2000, blank=True, db_default="", help_text=_("Where the original stands, if it was found.")
    )
    original_context = models.TextField(
        blank=True, db_default="", help_text=_("What the original really shows, from when and where.")
    )
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "-cycle"]
        indexes = [
            models.Index(fields=["-approved_at"], name="verdict_approved", condition=Q(approved_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["claim", "cycle"], name="one_verdict_per_cycle"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="nobody_approves_their_own_verdict",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="approval_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(media="", authenticity="", original_url="", original_context="")
                | ~Q(media="") & ~Q(authenticity=""),
                name="media_has_a_finding",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="approver_did_not_work_on_it",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.approved_by_id IS NOT NULL"),
                func="""
                    IF EXISTS (SELECT 1 FROM claims_contribution c WHERE c.claim_id = NEW.claim_id
                               AND c.cycle = NEW.cycle AND c.user_id = NEW.approved_by_id) THEN
                        RAISE EXCEPTION 'nobody approves their own work: user % worked on claim % in cycle %',
                            NEW.approved_by_id, NEW.claim_id, NEW.cycle USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="a_verdict_has_its_reviews",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF TG_OP = 'UPDATE' AND NEW.proposed_at = OLD.proposed_at
                        AND (NEW.approved_by_id IS NULL OR OLD.approved_by_id IS NOT NULL) THEN
                        RETURN NEW;
                    END IF;
                    IF (SELECT count(*) FROM claims_review r WHERE r.claim_id = NEW.claim_id AND r.cycle = NEW.cycle) <
                       (SELECT coalesce(p.reviews_required, n.reviews_required)
                        FROM claims_claim c JOIN claims_newsroom n ON n.id = c.newsroom_id
                        LEFT JOIN claims_policy p ON p.newsroom_id = c.newsroom_id AND p.severity = c.severity
                        WHERE c.id = NEW.claim_id) THEN
                        RAISE EXCEPTION 'claim % has fewer reviews than its policy asks for', NEW.claim_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="who_stepped_back_does_not_decide",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (SELECT 1 FROM claims_recusal r WHERE r.claim_id = NEW.claim_id AND r.lifted_at IS NULL
                               AND ((r.user_id = NEW.approved_by_id
                                     AND (TG_OP = 'INSERT' OR OLD.approved_by_id IS DISTINCT FROM NEW.approved_by_id))
                                 OR (r.user_id = NEW.proposed_by_id
                                     AND (TG_OP = 'INSERT' OR OLD.proposed_by_id <> NEW.proposed_by_id)))) THEN
                        RAISE EXCEPTION 'somebody who stepped back from claim % cannot decide it', NEW.claim_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="approved_content_is_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.approved_by_id IS NOT NULL"),
                func="""
                    IF TG_OP = 'DELETE' OR
                        (NEW.claim_id, NEW.cycle, NEW.rating_id, NEW.headline, NEW.reasons, NEW.language,
                         NEW.media, NEW.authenticity, NEW.original_url, NEW.original_context,
                         NEW.content_hash, NEW.approved_by_id)
                        IS DISTINCT FROM
                        (OLD.claim_id, OLD.cycle, OLD.rating_id, OLD.headline, OLD.reasons, OLD.language,
                         OLD.media, OLD.authenticity, OLD.original_url, OLD.original_context,
                         OLD.content_hash, OLD.approved_by_id) THEN
                        RAISE EXCEPTION 'verdict % is approved: its content cannot change', OLD.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating}: {self.headline}"
