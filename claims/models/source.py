"""Publishers and documents: who said it, and the text as it was seen."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import Newsroom
from claims.models.scope import ScopedQuerySet


class Publisher(models.Model):
    """Who stands behind a document."""

    NEWSROOM: ClassVar[str] = "newsroom"
    SHARED: ClassVar[bool] = True

    class Kind(models.TextChoices):
        AGENCY = "agency", _("news agency")
        OUTLET = "outlet", _("outlet")
        GOVERNMENT = "government", _("government")
        SCIENCE = "science", _("science")
        STATISTICS = "statistics", _("statistics office")
        FACT_CHECKER = "fact_checker", _("fact-checker")
        REFERENCE = "reference", _("reference work")
        OTHER = "other", _("other")

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, null=True, blank=True, related_name="publishers")
    domain = models.CharField(max_length=253)
    name = models.CharField(max_length=200)
    owner = models.CharField(max_length=200, blank=True, help_text=_("Publishers of one owner are one origin."))
    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.OTHER)
    country = models.CharField(max_length=2, blank=True)
    interests = models.TextField(blank=True, help_text=_("What the publisher may want, in words."))
    credit_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "domain"], name="publisher_once_per_domain", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """One fetched text, kept as it was seen. Never changed; what is fetched again is another document.

    `newsroom` is empty for pages of the open web, which every newsroom may share; a document from a
    newsroom's own archive belongs to it.
    """

    NEWSROOM: ClassVar[str] = "newsroom"
    SHARED: ClassVar[bool] = True

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, null=True, blank=True, related_name="documents")
    url = models.CharField(max_length=2000)
    canonical_url = models.CharField(max_length=2000, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64, help_text=_("Of the extracted text."))
    language = models.CharField(max_length=8, blank=True)
    publisher = models.ForeignKey(Publisher, models.SET_NULL, null=True, blank=True, related_name="documents")
    publisher_name = models.CharField(max_length=200, blank=True)
    byline = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=200, blank=True, help_text=_("Credit line as printed."))
    links = models.JSONField(default=list)
    published_at = models.DateTimeField(null=True, blank=True)
    modified_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField()
    source = models.SlugField(max_length=40)
    content_type = models.CharField(max_length=120, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    warc_file = models.CharField(max_length=300, blank=True)
    warc_offset = models.BigIntegerField(null=True, blank=True)
    warc_length = models.BigIntegerField(null=True, blank=True)
    payload_digest = models.CharField(max_length=80, blank=True)
    licence = models.CharField(max_length=80, blank=True)
    archived_url = models.CharField(max_length=2000, blank=True)
    facts = models.JSONField(null=True, editable=False, help_text=_("What was read in the text; empty until it was."))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-fetched_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "url", "sha256"], name="document_once_per_text", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["url", "-fetched_at"], name="document_by_url")]
        triggers = [
            pgtrigger.ReadOnly(
                name="document_is_immutable", fields=["newsroom", "url", "text", "sha256", "fetched_at", "source"]
            )
        ]

    def __str__(self) -> str:
        return self.title or self.url
