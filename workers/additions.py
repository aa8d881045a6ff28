"""What people brought themselves: a page is fetched on a person's wish, a file is read; both are kept as they were."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from urllib.parse import quote

from django.conf import settings

from claims.models import Addition, Lookup
from claims.operations import adding
from claims.operations.gathering import DocumentDraft
from workers import documents, http, pagetext, sniffing
from workers.errors import Blocked, FetchError, RobotsDenied
from workers.lookups import Answer
from workers.sources.base import Finding, SourceError, SourceUnavailable

NOT_PUBLIC = "This address does not lead to a page of the public web, so it is not fetched."


def ask(lookup: Lookup) -> Answer:
    """Read what a person brought. Raises `SourceError`: the reason is shown to them as it is."""
    addition = lookup.addition
    try:
        draft = _page(addition) if addition.url else _file(addition)
    except Blocked as exc:
        # Not the guard's own words: they would tell which names and addresses lie within the house.
        raise SourceError(str(exc) if isinstance(exc, RobotsDenied) else NOT_PUBLIC) from exc
    except FetchError as exc:
        if exc.retriable:
            raise SourceUnavailable(str(exc), retry_after=exc.retry_after) from exc
        raise SourceError(str(exc)) from exc
    except pagetext.Unreadable as exc:
        raise SourceError(str(exc)) from exc
    if addition.published_on:
        noon = dt.datetime.combine(addition.published_on, dt.time(12), dt.UTC)
        draft = replace(draft, published_at=noon)
    twin = adding.twin_of(addition, draft.sha256)
    note = f"The same text was found already at {twin.url}." if twin and twin.url != draft.url else ""
    return Answer(drafts=[draft], queries=[], note=note)


def _page(addition: Addition) -> DocumentDraft:
    deadline = float(min(settings.FETCH_DEADLINE_SECONDS, settings.LOOKUP_DEADLINE_SECONDS))
    response = http.fetch(addition.url, manner="visit", deadline=deadline)
    return replace(documents.of_response(response, source=Lookup.BY_HAND), private=addition.private)


def _file(addition: Addition) -> DocumentDraft:
    if addition.content is None:
        raise SourceError("The file is not there any more. Add it again.")
    content = bytes(addition.content)
    finding = Finding(
        url=f"file:///{addition.fingerprint[:16]}/{quote(addition.name)}",
        title=addition.name,
        content=content,
        content_type=sniffing.sniff(content),
    )
    return replace(documents.of_content(finding, source=Lookup.BY_HAND), private=True)
