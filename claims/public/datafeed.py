"""All published checks as one schema.org DataFeed, ClaimReviews and MediaReviews, for programs that collect them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from claims.models import Publication
from claims.public.claimreview import claim_review, public_url
from claims.public.mediareview import media_review
from claims.public.views import FRESH, live

MOST = 500  # checks in one answer
READ = 100  # checks in memory at a time
_PLACE = re.compile(r"([0-9]{1,16})-([0-9]{1,18})")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@require_safe
@FRESH
def datafeed(request: HttpRequest) -> HttpResponseBase:
    """The checks that are vouched for, last changed first; the Link header leads on to older ones.

    `?newsroom=` and `?language=` narrow as on the page. Unchanged, it is not sent again.
    """
    found = live(request).order_by("-changed_at", "-pk")
    before = request.GET.get("before", "")
    if before:
        place = _PLACE.fullmatch(before)
        if place is None:
            return JsonResponse({"detail": "Take ?before= from the Link header of the answer before."}, status=400)
        at, pk = _EPOCH + dt.timedelta(microseconds=int(place[1])), int(place[2])
        found = found.filter(Q(changed_at__lt=at) | Q(changed_at=at, pk__lt=pk))
    rows = list(found.values_list("pk", "changed_at", "state", "newsroom__slug", "newsroom__name")[: MOST + 1])
    further = len(rows) > MOST
    rows = rows[:MOST]
    address = public_url(request.get_full_path())
    etag = quote_etag(hashlib.sha256(repr((address, rows, further)).encode()).hexdigest())
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        listed = found.filter(pk__in=[row[0] for row in rows])
        newest = rows[0][1] if rows else None
        answer = StreamingHttpResponse(_written(listed, address, newest), content_type="application/ld+json")
    answer["ETag"] = etag
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Expose-Headers"] = "Link, ETag"
    if further:
        query = request.GET.copy()
        query["before"] = f"{(rows[-1][1] - _EPOCH) // dt.timedelta(microseconds=1)}-{rows[-1][0]}"
        answer["Link"] = f'<{public_url(request.path)}?{query.urlencode()}>; rel="next"'
    return answer


def _written(found: QuerySet[Publication], address: str, newest: dt.datetime | None) -> Iterator[str]:
    """The feed piece by piece, so that its length never is the process's."""
    head: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "name": "ClaimReview",
        "url": address,
    }
    if newest:
        head["dateModified"] = newest.isoformat()
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "dataFeedElement": ['
    between = "\n"
    for publication in found.iterator(chunk_size=READ):
        review = claim_review(publication)
        if review is None:
            continue
        item = {
            "@type": "DataFeedItem",
            "url": review["url"],
            "dateCreated": publication.published_at.isoformat(),
            "dateModified": publication.changed_at.isoformat(),
            "item": [one for one in (review, media_review(publication)) if one],
        }
        yield between + json.dumps(item, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"
