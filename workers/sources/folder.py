"""A newsroom's own archive: a folder of files, indexed in PostgreSQL by `manage.py index_archive`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import ClassVar

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, TrigramWordSimilarity
from django.db import DatabaseError
from django.db.models import F, Q, QuerySet

from claims.models.archive import ArchiveFile, configuration
from workers.sources.base import Finding, Findings, Query, SourceUnavailable, fingerprint

MAX_WORDS = 24
LEAST_SIMILAR = 0.6


class FolderArchive:
    """Full-text search in the files a newsroom has indexed, and in those shared by all."""

    slug: ClassVar[str] = "folder"
    name: ClassVar[str] = "Own archive"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        try:
            indexed = ArchiveFile.objects.exists()
        except DatabaseError:
            return "The database cannot be asked."
        return None if indexed else "No archive has been indexed yet: run index_archive with a folder."

    def search(self, query: Query) -> Findings:
        """Files that hold all words of a search come first, then those that hold most of them."""
        rows = self._rows(query.newsroom)
        if query.until:
            rows = rows.filter(Q(published_at=None) | Q(published_at__date__lte=query.until))
        if query.since:
            rows = rows.filter(Q(published_at=None) | Q(published_at__date__gte=query.since))
        found: dict[int, Finding] = {}
        try:
            for selection, words in _selections(rows, query):
                wanted = query.limit - len(found)
                if wanted <= 0:
                    break
                for row in selection.exclude(pk__in=found).defer("search")[:wanted]:
                    found[row.pk] = _finding(row, fingerprint(self.slug, words, query.newsroom))
        except DatabaseError as exc:
            raise SourceUnavailable("The database cannot be asked.") from exc
        return Findings(tuple(found.values()))

    def reread(self, url: str, *, newsroom: int | None) -> Finding | None:
        """The file at this address as it is indexed now, or None if it has gone."""
        try:
            row = self._rows(newsroom).filter(url=url).order_by("-modified_at").first()
        except DatabaseError as exc:
            raise SourceUnavailable("The database cannot be asked.") from exc
        return _finding(row, fingerprint(self.slug, url, newsroom)) if row else None

    @staticmethod
    def _rows(newsroom: int | None) -> QuerySet[ArchiveFile]:
        return ArchiveFile.objects.filter(Q(newsroom=None) | Q(newsroom=newsroom) if newsroom else Q(newsroom=None))


def _selections(rows: QuerySet[ArchiveFile], query: Query) -> Iterator[tuple[QuerySet[ArchiveFile], str]]:
    """What to look for, strictest first: whole searches, then any of their words, then titles alike."""
    searches = [(search, language) for language in query.asked_in for search in query.searches(language)]
    for search, language in searches:
        yield _ranked(rows, SearchQuery(search, config=configuration(language)), language), search
    for language in query.asked_in:
        words = _words(search for search, spoken in searches if spoken == language)
        if words:
            config = configuration(language)
            either = reduce(or_, (SearchQuery(word, config=config) for word in words))
            names = [SearchQuery(name, config="simple", search_type="phrase") for name in query.entities[:8]]
            yield _ranked(rows, reduce(or_, names, either), language), " ".join(words)
    for name in query.entities[:3]:
        alike = TrigramWordSimilarity(name, "title")
        yield rows.annotate(rank=alike).filter(rank__gt=LEAST_SIMILAR).order_by("-rank", "pk"), name


def _ranked(rows: QuerySet[ArchiveFile], asked: SearchQuery, language: str) -> QuerySet[ArchiveFile]:
    headline = SearchHeadline(
        "text",
        asked,
        config=configuration(language),
        start_sel="",
        stop_sel="",
        max_fragments=2,
        max_words=40,
        min_words=15,
        fragment_delimiter=" … ",
    )
    return (
        rows.filter(search=asked)
        .annotate(rank=SearchRank(F("search"), asked, normalization=1), headline=headline)
        .order_by("-rank", "pk")
    )


def _words(searches: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for search in searches:
        for word in re.findall(r"[^\W_]{2,}(?:[.,-][^\W_]+)*", search):
            found.setdefault(word)
    return list(found)[:MAX_WORDS]


def _finding(row: ArchiveFile, mark: str) -> Finding:
    return Finding(
        url=row.url,
        title=row.title,
        snippet=getattr(row, "headline", "") or row.text[:300],
        published_at=row.published_at,
        language=row.language,
        publisher=row.publisher,
        credit=row.credit,
        content=bytes(row.content),
        content_type=row.content_type,
        fingerprint=mark,
    )
