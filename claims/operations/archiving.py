"""Archiving: the files of a newsroom's own archive come into the index and leave it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from claims.models import Newsroom
from claims.models.archive import ArchiveFile, configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDraft:
    """A file as it was read, ready to be indexed."""

    path: str
    content: bytes
    content_type: str
    sha256: str
    modified_at: dt.datetime
    url: str
    text: str
    title: str = ""
    publisher: str = ""
    language: str = ""
    published_at: dt.datetime | None = None
    credit: str = ""


@transaction.atomic
def file(draft: FileDraft, *, archive: str, newsroom: Newsroom | None) -> bool:
    """Index one file, or index it anew. Says whether it is new; safe to call twice."""
    given = asdict(draft) | {"configuration": configuration(draft.language), "indexed_at": timezone.now()}
    row, created = ArchiveFile.objects.update_or_create(
        newsroom=newsroom, archive=archive, path=given.pop("path"), defaults=given
    )
    index(ArchiveFile.objects.filter(pk=row.pk))
    return created


def index(files: QuerySet[ArchiveFile]) -> None:
    """Make files found by their words: stems of their own language, and plain words so that names and numbers are
    found from any other."""
    files.update(
        search=SearchVector("title", weight="A", config=F("configuration"))
        + SearchVector("text", weight="B", config=F("configuration"))
        + SearchVector("title", weight="A", config="simple")
        + SearchVector("text", weight="B", config="simple")
    )


@transaction.atomic
def forget(paths: Collection[str], *, archive: str, newsroom: Newsroom | None) -> int:
    """Take files that are no longer in the folder out of the index. Documents made of them stay as they are."""
    if not paths:
        return 0
    return ArchiveFile.objects.filter(newsroom=newsroom, archive=archive, path__in=paths).delete()[0]
