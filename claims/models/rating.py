"""The rating scale of a newsroom."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import Newsroom
from claims.models.scope import ScopedQuerySet


class Rating(models.Model):
    """One step of a newsroom's scale. Labels per language; colour never stands without shape and word."""

    NEWSROOM: ClassVar[str] = "newsroom"

    class Shape(models.TextChoices):
        TICK = "tick", _("tick")
        CROSS = "cross", _("cross")
        HALF = "half", _("half circle")
        CIRCLE = "circle", _("circle")
        QUESTION = "question", _("question mark")

    class Shared(models.TextChoices):
        """The shared vocabulary every scale is mapped to, so that verdicts travel."""

        FALSE = "false", _("false")
        MOSTLY_FALSE = "mostly_false", _("mostly false")
        MIXED = "mixed", _("mixed")
        MOSTLY_TRUE = "mostly_true", _("mostly true")
        TRUE = "true", _("true")
        UNPROVEN = "unproven", _("unproven")

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, related_name="ratings")
    slug = models.SlugField(max_length=40)
    labels = models.JSONField(help_text=_('Label per language, such as {"en": "False", "de": "Falsch"}.'))
    order = models.PositiveSmallIntegerField(default=0)
    shared = models.CharField(max_length=20, choices=Shared.choices)
    value = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("1 (false) to 5 (true) for ClaimReview; empty when it is no degree.")
    )
    colour = models.CharField(
        max_length=7,
        default="#666666",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("A colour such as #c0392b."))],
    )
    shape = models.CharField(max_length=10, choices=Shape.choices, default=Shape.CIRCLE)
    active = models.BooleanField(default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["newsroom", "order"]
        constraints = [
            models.UniqueConstraint(fields=["newsroom", "slug"], name="rating_once_per_newsroom"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__range=(1, 5)), name="rating_value_is_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return self.label()

    def label(self, language: str = "en") -> str:
        """The label in a language, else in English, else any, else the slug."""
        return str(self.labels.get(language) or self.labels.get("en") or next(iter(self.labels.values()), self.slug))
