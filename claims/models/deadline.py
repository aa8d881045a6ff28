"""What follows when time runs out: who else is told of late verdicts, and whose claims went back to the queue."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import Membership, Newsroom, User
from claims.models.scope import ScopedQuerySet
from claims.roles import Role

MOST_HOURS = 400


class Escalation(models.Model):
    """One step of a newsroom's chain: a verdict so many office hours late is passed on to people of this role."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Whom(models.TextChoices):
        EDITOR = Role.EDITOR.value, Role.EDITOR.label
        DESK_LEAD = Role.DESK_LEAD.value, Role.DESK_LEAD.label
        ADMIN = Role.ADMIN.value, Role.ADMIN.label

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="escalations", verbose_name=_("newsroom"))
    role = models.CharField(_("told"), max_length=20, choices=Whom.choices, help_text=_("Everybody of this role."))
    after_hours = models.PositiveSmallIntegerField(
        _("office hours late"),
        validators=[MaxValueValidator(MOST_HOURS)],
        help_text=_("How long a verdict is overdue before they are told, counted while the desk is open (0: at once)."),
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["newsroom", "after_hours", "pk"]
        verbose_name = _("escalation")
        verbose_name_plural = _("escalation")
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "role"],
                name="a_role_is_told_once",
                violation_error_message=_("People of this role are in the chain already."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=["editor", "desk_lead", "admin"]), name="escalation_role_is_known"
            ),
            models.CheckConstraint(condition=Q(after_hours__lte=MOST_HOURS), name="escalation_comes_in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.newsroom} · {self.get_role_display()}"


class Handback(models.Model):
    """Claims of somebody whose absence began went back to the queue, once per absence; it can be undone once."""

    NEWSROOM: ClassVar[str] = "membership__newsroom"

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="handbacks")
    away_from = models.DateField()
    claims = ArrayField(models.BigIntegerField(), default=list)
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["membership", "away_from"], name="handed_back_once_per_absence")]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.away_from}"
