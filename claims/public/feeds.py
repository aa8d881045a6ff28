"""Feeds of published checks and of their corrections, and the sitemap: made from the same values as the pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import feedgenerator, translation
from django.utils.translation import get_language, gettext
from django.views.decorators.http import conditional_page, require_safe

from claims.models import Complaint, Correction, Newsroom, Publication
from claims.public.checks import check
from claims.public.claimreview import public_url
from claims.public.views import FRESH, live

LONGEST = 50  # entries
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITEMAP_MOST = 50_000  # what the sitemap protocol allows in one file
TYPES = {"rss": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}
FORMATS = {"rss": feedgenerator.Rss201rev2Feed, "atom": feedgenerator.Atom1Feed}
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


@dataclass(frozen=True, slots=True)
class Entry:
    title: str
    address: str
    unique: str
    text: str
    at: dt.datetime
    changed: dt.datetime
    newsroom: str
    label: str
    language: str
    kind: str = ""
    field: str = ""
    before: str = ""
    after: str = ""

    @property
    def content(self) -> str:
        """The text; a change shows what stood there before and what stands there now."""
        if not self.field:
            return self.text
        with translation.override(self.language):
            before, after = gettext("Before:"), gettext("Now:")
        return f"{self.text}\n\n{before} {self.before}\n\n{after} {self.after}"


@require_safe
@FRESH
@conditional_page
def feed(request: HttpRequest, form: str) -> HttpResponse:
    """The newest checks; `?newsroom=` and `?language=` narrow as on the page."""
    entries = [_of_check(publication) for publication in live(request)[:LONGEST]]
    return _written(request, form, entries, gettext("Fact-checks"), gettext("Published checks, newest first."))


@require_safe
@FRESH
@conditional_page
def corrections_page(request: HttpRequest) -> HttpResponse:
    """What was corrected, for readers; with the sum of their complaints where the newsroom wants it told."""
    slug = request.GET.get("newsroom", "").replace("\x00", "")
    newsroom = Newsroom.objects.filter(slug=slug).first() if slug else None
    counted = Complaint.objects.filter(newsroom=newsroom).told() if newsroom and newsroom.complaints_public else None
    context = {"entries": changes(request), "newsroom": newsroom, "counted": counted}
    return render(request, "public/corrections.html", context)


@require_safe
@FRESH
@conditional_page
def corrections(request: HttpRequest, form: str) -> HttpResponse:
    """What was corrected, withdrawn checks included, newest first."""
    about = gettext("Every change to a published check, in the open.")
    return _written(request, form, changes(request), gettext("Corrections"), about)


def changes(request: HttpRequest) -> list[Entry]:
    """The newest corrections and withdrawals; `?newsroom=` narrows."""
    entries = sorted((*_corrected(request), *_withdrawn(request)), key=lambda entry: entry.at, reverse=True)
    return entries[:LONGEST]


def _of_check(publication: Publication) -> Entry:
    one = check(publication)
    address = public_url(publication.get_absolute_url())
    return Entry(
        title=f"{one.mark.label}: {one.content['headline']}",
        address=address,
        unique=address,
        text=f"{one.content['claim']}\n\n{one.content['reasons']}",
        at=publication.published_at,
        changed=publication.changed_at,
        newsroom=publication.newsroom.name,
        label=one.mark.label,
        language=one.content["language"],
    )


def _narrowed(request: HttpRequest) -> QuerySet[Publication]:
    found = Publication.objects.select_related("newsroom")
    newsroom = request.GET.get("newsroom", "").replace("\x00", "")
    return found.filter(newsroom__slug=newsroom) if newsroom else found


def _corrected(request: HttpRequest) -> list[Entry]:
    found = Correction.objects.filter(publication__in=_narrowed(request)).select_related("publication__newsroom")
    entries = []
    for one in found[:LONGEST]:
        publication = one.publication
        if publication.state == Publication.State.WITHDRAWN:  # told as a withdrawal, without its texts
            continue
        language = publication.content["language"]
        with translation.override(language):
            kind = str(one.get_kind_display())
        address = public_url(publication.get_absolute_url())
        headline, newsroom = publication.content["headline"], publication.newsroom.name
        unique = f"{address}#correction-{one.pk}"
        entries.append(
            Entry(
                title=f"{kind}: {headline}",
                address=address,
                unique=unique,
                text=one.notice,
                at=one.at,
                changed=one.at,
                newsroom=newsroom,
                label=kind,
                language=language,
                kind=one.kind,
                field=one.field,
                before=one.before,
                after=one.after,
            )
        )
    return entries


def _withdrawn(request: HttpRequest) -> list[Entry]:
    found = _narrowed(request).filter(state=Publication.State.WITHDRAWN).order_by("-withdrawn_at")
    entries = []
    for one in found[:LONGEST]:
        address, language = public_url(one.get_absolute_url()), one.content["language"]
        at = one.withdrawn_at or one.changed_at
        with translation.override(language):
            word = gettext("Withdrawn")
        title = f"{word}: {one.content['claim']}"
        unique = f"{address}#withdrawn"
        entries.append(
            Entry(title, address, unique, one.withdrawn_reason, at, at, one.newsroom.name, word, language, "withdrawal")
        )
    return entries


def _written(request: HttpRequest, form: str, entries: Iterable[Entry], title: str, about: str) -> HttpResponse:
    if form == "json":
        return _as_json(request, entries, title, about)
    made = FORMATS[form](
        title=title,
        link=public_url("/checks/"),
        description=about,
        feed_url=public_url(request.get_full_path()),
        language=get_language() or settings.LANGUAGE_CODE,
    )
    for entry in entries:
        made.add_item(
            title=_xml(entry.title),
            link=entry.address,
            description=_xml(entry.content),
            unique_id=entry.unique,
            unique_id_is_permalink=entry.unique == entry.address,
            pubdate=entry.at,
            updateddate=entry.changed,
            author_name=_xml(entry.newsroom),
            categories=[_xml(entry.label)],
        )
    return HttpResponse(made.writeString("utf-8"), content_type=TYPES[form])


def _as_json(request: HttpRequest, entries: Iterable[Entry], title: str, about: str) -> HttpResponse:
    """JSON Feed 1.1."""
    return JsonResponse(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": title,
            "description": about,
            "home_page_url": public_url("/checks/"),
            "feed_url": public_url(request.get_full_path()),
            "items": [
                {
                    "id": entry.unique,
                    "url": entry.address,
                    "title": entry.title,
                    "content_text": entry.content,
                    "date_published": entry.at.isoformat(),
                    "date_modified": entry.changed.isoformat(),
                    "authors": [{"name": entry.newsroom}],
                    "tags": [entry.label],
                    "language": entry.language,
                    **_change(entry),
                }
                for entry in entries
            ],
        },
        content_type="application/feed+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _change(entry: Entry) -> dict[str, dict[str, str]]:
    """A correction's type, and what it changed, for programs: an extension as JSON Feed allows them."""
    if not entry.kind:
        return {}
    given = {"type": entry.kind, "field": entry.field, "before": entry.before, "after": entry.after}
    return {"_correction": {name: value for name, value in given.items() if value}}


@require_safe
@FRESH
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every live check and when it last changed; where one file would be too long, an index of files."""
    found = Publication.objects.live().order_by("-pk")
    part = request.GET.get("part", "")
    if not part and (parts := -(-found.count() // SITEMAP_MOST)) > 1:
        files = "".join(f"<sitemap><loc>{_own(f'/sitemap.xml?part={n}')}</loc></sitemap>" for n in range(1, parts + 1))
        return _sitemap(f'<sitemapindex xmlns="{SITEMAPS}">{files}</sitemapindex>')
    first = (int(part) - 1) * SITEMAP_MOST if re.fullmatch(r"[1-9][0-9]{0,4}", part) else 0
    rows = found.values_list("slug", "changed_at")[first : first + SITEMAP_MOST]
    urls = "".join(
        f"<url><loc>{_own(f'/checks/{slug}/')}</loc><lastmod>{changed.isoformat()}</lastmod></url>"
        for slug, changed in rows
    )
    return _sitemap(f'<urlset xmlns="{SITEMAPS}">{urls}</urlset>')


def _own(path: str) -> str:
    return escape(public_url(path))


def _sitemap(body: str) -> HttpResponse:
    text = f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


def _xml(text: str) -> str:
    """Text without the characters XML cannot hold."""
    return text.translate(_NOT_XML)
