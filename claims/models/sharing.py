"""Between newsrooms: checks that others put their name under, and claims that were taken over from the pool."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import Newsroom, User
from claims.models.publication import Publication
from claims.models.rating import Rating
from claims.models.scope import ScopedQuerySet


class CoSignatureQuerySet(ScopedQuerySet["CoSignature"]):
    def standing(self) -> CoSignatureQuerySet:
        return self.filter(ended_at__isnull=True)


class CoSignature(models.Model):
    """Another newsroom vouches for a published check, on its own scale, for exactly the text it read."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class End(models.TextChoices):
        REVOKED = "revoked", _("revoked")
        CORRECTED = "corrected", _("the check was corrected")
        WITHDRAWN = "withdrawn", _("the check was withdrawn")
        REPLACED = "replaced", _("the check was replaced by a later verdict")

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="cosignatures")
    newsroom = models.ForeignKey(Newsroom, models.PROTECT, related_name="cosignatures")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="cosignatures")
    given = models.JSONField(help_text=_("The rating as it stood when it was given."))
    note = models.TextField(blank=True, help_text=_("What readers are told beside it."))
    content_hash = models.CharField(max_length=64, help_text=_("Hash of the published content that was signed."))
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    end_reason = models.TextField(blank=True)

    objects = CoSignatureQuerySet.as_manager()

    class Meta:
        ordering = ["signed_at", "pk"]
        verbose_name = _("co-signature")
        verbose_name_plural = _("co-signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "newsroom"],
                condition=Q(ended_at__isnull=True),
                name="one_standing_cosignature_per_newsroom",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | Q(ended_at__isnull=False) & ~Q(end=""),
                name="cosignature_ends_for_a_cause",
            ),
            models.CheckConstraint(
                condition=~Q(end="revoked") | ~Q(end_reason="") & Q(ended_by__isnull=False),
                name="revocation_has_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="a_cosignature_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="a_cosignature_keeps_what_it_says",
                fields=[
                    "publication",
                    "newsroom",
                    "rating",
                    "given",
                    "note",
                    "content_hash",
                    "signed_at",
                    "signed_by",
                ],
            ),
            pgtrigger.Protect(
                name="an_ended_cosignature_stays_ended",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.ended_at IS NOT NULL"),
            ),
            pgtrigger.Trigger(
                name="others_cosign_what_is_live",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM claims_publication p, claims_rating r
                        WHERE p.id = NEW.publication_id AND p.newsroom_id <> NEW.newsroom_id
                        AND p.state IN ('live', 'under_review')
                        AND r.id = NEW.rating_id AND r.newsroom_id = NEW.newsroom_id
                    ) THEN
                        RAISE EXCEPTION 'newsroom % cannot co-sign publication %', NEW.newsroom_id, NEW.publication_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.newsroom}: {self.rating}"


class Takeover(models.Model):
    """Where a claim came from that was taken over from the pool: plain values, as they were on that day."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    class Kind(models.TextChoices):
        CHECK = "check", _("published check")
        CLAIM = "claim", _("open claim")

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="takeover")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    origin_slug = models.SlugField(max_length=40)
    origin_name = models.CharField(max_length=120)
    origin_number = models.BigIntegerField(help_text=_("The number of the check or claim in the pool."))
    address = models.URLField(max_length=2000, blank=True)
    taken_at = models.DateTimeField(auto_now_add=True)
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("claim taken over")
        verbose_name_plural = _("claims taken over")
        triggers = [
            pgtrigger.ReadOnly(
                name="a_takeover_keeps_its_source",
                fields=["claim", "kind", "origin_slug", "origin_name", "origin_number", "address"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin_name}: {self.get_kind_display()} {self.origin_number}"
