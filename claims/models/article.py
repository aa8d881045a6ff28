"""Articles: texts as received."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from claims.analysis import language as languages
from claims.models.newsroom import Newsroom, User
from claims.models.step import Step, StepQuerySet, step_constraints, step_indexes

SEARCHED = 100_000  # characters of a text whose words are searched: more can burst what PostgreSQL keeps of one row


class Door(models.TextChoices):
    API = "api", _("API")
    ADMIN = "admin", _("admin")
    FEED = "feed", _("watched feed")
    COMMAND = "command", _("command line")


class Article(Step):
    """A text as received: immutable and hashed. As a step, it waits to be read.

    Handed in as an address alone it has no text and no hash until a worker has fetched it; from then on it is
    as any other.
    """

    class Problem(models.TextChoices):
        BLOCKED = "blocked", _("not a page of the public web")
        REFUSED = "refused", _("the site asks machines to stay away")
        UNREADABLE = "unreadable", _("no text could be read in it")
        TOO_LARGE = "too_large", _("too large")
        UNREACHABLE = "unreachable", _("no usable answer")

    NEWSROOM: ClassVar[str] = "newsroom"

    newsroom = models.ForeignKey(Newsroom, models.PROTECT, related_name="articles")
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False, help_text=_("Empty: not fetched yet."))
    language = models.CharField(max_length=8, blank=True)
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
    fetched_at = models.DateTimeField(null=True, editable=False)
    problem = models.CharField(
        max_length=12,
        choices=Problem.choices,
        blank=True,
        db_default="",
        editable=False,
        help_text=_("Why an address could not be fetched, at the last try."),
    )
    same_as: models.ForeignKey[Any, Any] = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text=_("The address led to a text that was here already."),
    )
    search: models.GeneratedField = models.GeneratedField(
        expression=SearchVector("title", "publisher", "external_id", Left("text", SEARCHED), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            *step_indexes("article"),
            models.Index(fields=["newsroom", "-id"], name="article_newest"),
            GinIndex(fields=["search"], name="article_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "sha256"], condition=~models.Q(sha256=""), name="article_once_per_newsroom"
            ),
            models.UniqueConstraint(
                fields=["newsroom", "url"],
                condition=models.Q(sha256="", state="open"),
                name="article_waits_once_per_address",
            ),
            models.CheckConstraint(
                condition=~models.Q(sha256="") | (models.Q(text="") & ~models.Q(url="")),
                name="article_is_a_text_or_an_address",
            ),
            models.UniqueConstraint(
                fields=["newsroom", "external_id"],
                condition=~models.Q(external_id=""),
                name="article_external_id_once_per_newsroom",
            ),
            *step_constraints("article"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="article_is_immutable",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.sha256 <> '' AND ROW(OLD.text, OLD.sha256, OLD.language, OLD.published_on)"
                    " IS DISTINCT FROM ROW(NEW.text, NEW.sha256, NEW.language, NEW.published_on)"
                ),
            ),
            pgtrigger.ReadOnly(name="article_arrived_once", fields=["newsroom", "received_at", "received_by"]),
        ]

    @property
    def language_covered(self) -> bool:
        """False where only numbers, dates and countries are read, not who says what and what is worth checking."""
        return languages.covered(self.language)

    @property
    def awaits_fetching(self) -> bool:
        """Handed in as an address, whose text is not here."""
        return not self.sha256 and self.same_as_id is None

    def __str__(self) -> str:
        return self.title or self.text[:80] or self.url
