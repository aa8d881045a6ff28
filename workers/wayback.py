"""The Internet Archive's Wayback Machine: what a page looked like then, and keeping a copy there.

Captures are looked up by CDX, not by the availability service, which says "none" for pages it has. A status that
comes with a Memento-Datetime is the page's own of that day, not the Archive's.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from workers import http
from workers.answers import Response
from workers.budgets import Pace
from workers.errors import FetchError
from workers.sources import asking
from workers.sources.base import SourceDisabled, SourceError, SourceUnavailable

LOOKING = Pace(per_second=0.4)  # of 30 per minute; the Archive asks for four fifths
PLAYING = Pace(per_second=4.0, at_once=2)
SAVING = Pace(per_second=0.1)
NAME = "The Wayback Machine"


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture of a page in the index."""

    url: str
    taken_at: dt.datetime
    status: int | None  # None where the index does not say
    digest: str = ""
    media_type: str = ""

    @property
    def timestamp(self) -> str:
        return f"{self.taken_at:%Y%m%d%H%M%S}"

    @property
    def address(self) -> str:
        """Where people look at it."""
        return f"{settings.WAYBACK_URL}/web/{self.timestamp}/{self.url}"


@dataclass(frozen=True, slots=True)
class Memento:
    """A page as it was: the archived bytes, the status of that day, and when that day was."""

    capture: Capture
    response: Response

    @property
    def content(self) -> bytes:
        return self.response.content


def captures(
    url: str,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    near: dt.datetime | None = None,
    limit: int = 20,
) -> list[Capture]:
    """Successful captures of an address, oldest first or nearest to a moment. Rows that make no sense are left out."""
    asked = asking.url_with(
        f"{settings.WAYBACK_URL}/cdx/search/cdx",
        {
            "url": url,
            "output": "json",
            "fl": "timestamp,original,mimetype,statuscode,digest",
            "filter": "statuscode:200",
            "collapse": "digest",
            "from": f"{since:%Y%m%d}" if since else "",
            "to": f"{until:%Y%m%d}" if until else "",
            "closest": f"{near:%Y%m%d%H%M%S}" if near else "",
            "sort": "closest" if near else "",
            "limit": limit,
        },
    )
    response = asking.get(asked, name=NAME, pace=LOOKING)
    text = response.content.decode("utf-8", "replace").strip()
    if response.status == 403 and "AdministrativeAccessControl" in text:
        raise SourceError(f"{NAME} does not show this site.")
    asking.refuse_bad_status(response, NAME)
    return _rows(text)


def _rows(text: str) -> list[Capture]:
    """The rows of an answer, JSON or text; a resume key after an empty line is no row."""
    if not text or text == "[]":
        return []
    if text.startswith("["):
        try:
            table = json.loads(text)
        except ValueError as exc:
            raise SourceUnavailable(f"{NAME} sent half an answer.") from exc
        if not all(isinstance(row, list) for row in table):
            raise SourceUnavailable(f"{NAME} sent an answer of an unknown shape.")
        names = [str(name) for name in table[0]]
        rows = [dict(zip(names, map(str, row), strict=False)) for row in table[1:] if row]
    elif not re.match(r"\S+\)\S* \d{4,14} ", text):
        raise SourceUnavailable(f"{NAME} sent something that is no list of captures: {text[:100]}")
    else:
        names = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
        lines = text.split("\n\n", 1)[0].splitlines()
        rows = [dict(zip(names, line.split(" "), strict=False)) for line in lines]
    return [capture for row in rows if (capture := _capture(row)) is not None]


def _capture(row: dict[str, str]) -> Capture | None:
    original, stamp, status = row.get("original", ""), row.get("timestamp", ""), row.get("statuscode", "")
    try:
        taken_at = dt.datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    if not original.startswith(("http://", "https://")) or taken_at.year < 1994:
        return None
    return Capture(
        original, taken_at, int(status) if status.isdigit() else None, row.get("digest", ""), row.get("mimetype", "")
    )


def play(capture: Capture) -> Memento | None:
    """The archived bytes of a capture, or None where the Archive has none to play. It may lead to a nearer one."""
    try:
        response = http.fetch(
            f"{settings.WAYBACK_URL}/web/{capture.timestamp}id_/{capture.url}",
            manner="service",
            pace=PLAYING,
            trusted=True,
        )
    except FetchError as exc:
        if exc.retriable:
            raise SourceUnavailable(f"{NAME}: {exc}", retry_after=exc.retry_after) from exc
        raise SourceError(f"{NAME}: {exc}") from exc
    played = response.headers.get("memento-datetime")
    if not played:
        if response.status in (429, 503):
            raise SourceUnavailable(
                f"{NAME} asks for a pause.", retry_after=response.retry_after or asking.PAUSE_SECONDS
            )
        if response.status >= 500:
            raise SourceUnavailable(f"{NAME} has a fault of its own (status {response.status}).")
        return None
    try:
        taken_at = email.utils.parsedate_to_datetime(played).astimezone(dt.UTC)
    except (ValueError, TypeError):
        return None
    return Memento(Capture(capture.url, taken_at, response.status, capture.digest, response.content_type), response)


def save(url: str) -> str:
    """Ask the Archive to keep a page now; the job's name. Publishing by saving is the desk's decision, per case."""
    if not settings.WAYBACK_KEY:
        raise SourceDisabled("No key is configured: set WAYBACK_KEY to save pages in the Wayback Machine.")
    body = urlencode({"url": url, "capture_all": "1", "skip_first_archive": "1", "if_not_archived_within": "24h"})
    response = asking.get(
        f"{settings.WAYBACK_URL}/save",
        name=NAME,
        pace=SAVING,
        method="POST",
        body=body.encode(),
        headers={**_signed(), "Content-Type": "application/x-www-form-urlencoded"},
    )
    asking.refuse_bad_status(response, NAME)
    answer = asking.parsed(response, NAME)
    job = asking.word(asking.shaped(answer, "job_id"))
    if not job:
        _refuse(answer)
        raise SourceUnavailable(f"{NAME} did not say which job saves the page.")
    return job


def saved(job: str) -> Capture | None:
    """The capture a job has made, or None while it is under way."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", job):
        raise SourceError("This is not the name of a job.")
    answer = asking.get_json(
        f"{settings.WAYBACK_URL}/save/status/{job}", name=NAME, pace=PLAYING, headers=_signed(), kept_for=0
    )
    match asking.shaped(answer, "status"):
        case "success":
            row = {"timestamp": str(answer.get("timestamp", "")), "original": str(answer.get("original_url", ""))}
            capture = _capture(row | {"statuscode": "200"})
            if capture is None:
                raise SourceUnavailable(f"{NAME} says it has saved the page, but not where.")
            return capture
        case "pending":
            return None
        case _:
            _refuse(answer)
            raise SourceUnavailable(f"{NAME} sent an answer of an unknown shape.")


_FOR_GOOD = ("blocked-url", "not-found", "no-access", "invalid-url-syntax", "invalid-host-resolution", "blocked")


def _refuse(answer: object) -> None:
    if asking.shaped(answer, "status") != "error" and not asking.shaped(answer, "message"):
        return
    code = asking.word(asking.shaped(answer, "status_ext")).removeprefix("error:")
    said = asking.word(asking.shaped(answer, "message")) or code
    if code in _FOR_GOOD:
        raise SourceError(f"{NAME} cannot save this page: {said}")
    raise SourceUnavailable(f"{NAME} could not save the page now: {said}", retry_after=asking.PAUSE_SECONDS)


def _signed() -> dict[str, str]:
    return {"Accept": "application/json", "Authorization": f"LOW {settings.WAYBACK_KEY}"}
