"""Feeds of published checks: RSS and Atom, made from the same values as the pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import feedgenerator
from django.utils.translation import get_language, gettext
from django.views.decorators.http import conditional_page, require_safe

from claims.public.checks import check
from claims.public.claimreview import public_url
from claims.public.views import FRESH, live

LONGEST = 50  # entries
TYPES = {"rss": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}
FORMATS = {"rss": feedgenerator.Rss201rev2Feed, "atom": feedgenerator.Atom1Feed}
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


@require_safe
@FRESH
@conditional_page
def feed(request: HttpRequest, form: str) -> HttpResponse:
    """The newest checks; `?newsroom=` and `?language=` narrow as on the page."""
    made = FORMATS[form](
        title=gettext("Fact-checks"),
        link=public_url("/checks/"),
        description=gettext("Published checks, newest first."),
        feed_url=public_url(request.get_full_path()),
        language=get_language() or settings.LANGUAGE_CODE,
    )
    for publication in live(request)[:LONGEST]:
        one = check(publication)
        address = public_url(publication.get_absolute_url())
        made.add_item(
            title=_xml(f"{one.mark.label}: {one.content['headline']}"),
            link=address,
            description=_xml(f"{one.content['claim']}\n\n{one.content['reasons']}"),
            unique_id=address,
            unique_id_is_permalink=True,
            pubdate=publication.published_at,
            updateddate=publication.changed_at,
            author_name=_xml(publication.newsroom.name),
            categories=[_xml(one.mark.label)],
        )
    return HttpResponse(made.writeString("utf-8"), content_type=TYPES[form])


def _xml(text: str) -> str:
    """Text without the characters XML cannot hold."""
    return text.translate(_NOT_XML)
