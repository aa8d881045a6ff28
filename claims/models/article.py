"""Articles: texts as received."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.analysis import language as languages
from claims.models.newsroom import Newsroom, User
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes


class Door(models.TextChoices):
    API = "api", _("API")
    ADMIN = "admin", _("admin")
    FEED = "feed", _("watched feed")
    COMMAND = "command", _("command line")


class Article(Step):
    """A text as received: immutable and hashed. As a step, it waits to be read."""

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.PROTECT, related_name="articles")
    text = models.TextField()
    sha256 = models.CharField(max_length=64, editable=False)
    language = models.CharField(max_length=8)
    language_guessed = models.BooleanField(default=False)
    published_on = models.DateField(
        null=True, blank=True, help_text=_("Day of publication; dates are read against it.")
    )
    title = models.CharField(max_length=500, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    door = models.CharField(max_length=8, choices=Door.choices)
    received_at = models.DateTimeField(auto_now_add=True)
    received_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    notes = models.JSONField(default=list, help_text=_("What happened on the way in, in words."))
    flags = models.JSONField(
        default=list, help_text=_("Desk flags: what a person should look at in the article itself.")
    )
    read_at = models.DateTimeField(null=True, editable=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = step_indexes("article")
        constraints = [
            models.UniqueConstraint(fields=["newsroom", "sha256"], name="article_once_per_newsroom"),
            models.UniqueConstraint(
                fields=["newsroom", "external_id"],
                condition=~models.Q(external_id=""),
                name="article_external_id_once_per_newsroom",
            ),
            *step_constraints("article"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="article_is_immutable",
                fields=["newsroom", "text", "sha256", "language", "published_on", "received_at", "received_by"],
            )
        ]

    @property
    def language_covered(self) -> bool:
        """False where only numbers, dates and countries are read, not who says what and what is worth checking."""
        return languages.covered(self.language)

    def __str__(self) -> str:
        return self.title or self.text[:80]
