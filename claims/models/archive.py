"""A newsroom's own archive: files read once, indexed for search, looked up by the folder source."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.newsroom import Newsroom
from claims.models.scope import ScopedQuerySet

CONFIGURATIONS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "sv": "swedish",
}


def configuration(language: str) -> str:
    """PostgreSQL's text search configuration for a language: words as they stand where there is none."""
    return CONFIGURATIONS.get(language[:2].lower(), "simple")


class ArchiveFile(models.Model):
    """One file of an archive folder, with its text. Belongs to a newsroom, or to all of them."""

    NEWSROOM: ClassVar[str] = "newsroom"
    SHARED: ClassVar[bool] = True

    newsroom = models.ForeignKey(Newsroom, models.CASCADE, null=True, blank=True, related_name="archive_files")
    archive = models.CharField(max_length=200, help_text=_("The folder this file was indexed from."))
    path = models.CharField(max_length=1000, help_text=_("Within the folder."))
    content = models.BinaryField(help_text=_("The file as it was."))
    content_type = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, help_text=_("Of the file."))
    modified_at = models.DateTimeField(help_text=_("As the file system says."))
    indexed_at = models.DateTimeField()
    url = models.CharField(max_length=2000)
    title = models.CharField(max_length=500, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)
    configuration = models.CharField(max_length=20, default="simple", help_text=_("Text search configuration."))
    published_at = models.DateTimeField(null=True, blank=True)
    credit = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    search = SearchVectorField(null=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["archive", "path"]
        constraints = [
            models.UniqueConstraint(
                fields=["newsroom", "archive", "path"], name="archive_file_once_per_path", nulls_distinct=False
            )
        ]
        indexes = [
            GinIndex(fields=["search"], name="archive_file_by_words"),
            GinIndex(fields=["title"], name="archive_file_by_title", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["url"], name="archive_file_by_url"),
        ]

    def __str__(self) -> str:
        return self.title or self.path
