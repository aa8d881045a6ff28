"""What a newsroom asks for before a verdict stands, by severity, and what was ticked off."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.newsroom import Newsroom, User
from claims.models.scope import ScopedQuerySet


class Policy(models.Model):
    """The rules for claims of one severity. Where a newsroom has none, its settings hold (`in_force`)."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Approver(models.TextChoices):
        COLLEAGUE = "colleague", _("any reviewer who did not work on it")
        EDITOR = "editor", _("an editor")
        LEAD = "lead", _("the desk lead")

    class Conflicts(models.TextChoices):
        WARN = "warn", _("are warned")
        BLOCK = "block", _("may not work on it")

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="policies", verbose_name=_("newsroom"))
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Claim.Severity.choices)
    reviews_required = models.PositiveSmallIntegerField(
        _("reviews"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("Reviews a verdict needs."),
    )
    agreeing_required = models.PositiveSmallIntegerField(
        _("agreeing reviews"),
        default=0,
        validators=[MaxValueValidator(9)],
        help_text=_("How many of them have to give the proposed rating: 2 of 3, say (0: no rule)."),
    )
    approver = models.CharField(
        _("approved by"), max_length=10, choices=Approver.choices, default=Approver.EDITOR,
        help_text=_("Never somebody who worked on the claim, whoever it is."),
    )  # fmt: skip
    origins_required = models.PositiveSmallIntegerField(
        _("independent origins"), default=0, help_text=_("Independent origins a verdict needs (0: no rule).")
    )
    reply_required = models.BooleanField(
        _("right of reply"),
        default=False,
        help_text=_("Whoever the claim is about was asked for a reply, or it is said why not."),
    )
    reply_public = models.BooleanField(
        _("readers learn who was asked"), default=False, help_text=_("A line on the public page says what came of it.")
    )
    blind = models.BooleanField(
        _("blind reviews"),
        default=False,
        help_text=_("Nobody who can review sees the others' reviews before handing in their own."),
    )
    conflicts = models.CharField(
        _("people with a declared interest"), max_length=5, choices=Conflicts.choices, default=Conflicts.WARN
    )
    checklist = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("checklist"),
        help_text=_("What has to be ticked off before a verdict is proposed, one per line."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["newsroom", "severity"]
        verbose_name = _("policy")
        verbose_name_plural = _("policy")
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "severity"],
                name="one_policy_per_severity",
                violation_error_message=_("There is a policy for this severity already."),
            ),
            models.CheckConstraint(condition=Q(severity__in=Claim.Severity.values), name="policy_severity_is_known"),
            models.CheckConstraint(
                condition=Q(reviews_required__gte=1, agreeing_required__lte=F("reviews_required")),
                name="policy_can_be_met",
                violation_error_message=_("Not more agreeing reviews than reviews, and at least one review."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.newsroom} · {self.get_severity_display()}"

    @classmethod
    def in_force(cls, claim: Claim) -> Policy:
        """The rules that hold for a claim: those of its severity, else the newsroom's settings."""
        found = cls.objects.filter(newsroom=claim.newsroom_id, severity=claim.severity).first()
        if found is not None:
            return found
        room = claim.newsroom
        return cls(
            newsroom=room,
            severity=claim.severity,
            reviews_required=room.reviews_required,
            origins_required=room.origins_required,
        )


class Tick(models.Model):
    """Somebody ticked off one line of the checklist in one cycle; the next cycle begins with none."""

    NEWSROOM: ClassVar[str] = "claim__newsroom"

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="ticks")
    cycle = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["claim", "cycle", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "cycle", "item"], name="one_tick_per_item_and_cycle"),
            models.CheckConstraint(condition=~Q(item=""), name="tick_names_its_item"),
        ]

    def __str__(self) -> str:
        return self.item
