"""Adding: people bring pages and files to a claim. A worker fetches and reads them like what a source found."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from claims import transitions
from claims.errors import InvalidInput, RuleBroken
from claims.models import Addition, Claim, Document, Lookup, User
from claims.operations import accepting, researching
from claims.signals import announce_work

_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


@transaction.atomic
def add_page(
    claim: Claim,
    *,
    by: User,
    url: str,
    note: str = "",
    private: bool = False,
    protected_reason: str = "",
    published_on: dt.date | None = None,
) -> Addition:
    """Have a page fetched and held against the claim. `private` keeps its copy from other newsrooms."""
    claim = researching.locked(claim, by)
    url = accepting.checked_url(url.strip())
    if not url:
        raise InvalidInput("Give a full address that begins with http:// or https://.", field="url", code="bad_url")
    meant = same_page(url)
    same = Q(url__in={url, meant}) | Q(canonical_url__in={url, meant})
    found = documents_of(claim).filter(same).order_by("pk").first()
    if found is not None:
        raise RuleBroken(
            f"This page was found for the claim already (document {found.pk}). Quote from its stored copy.",
            code="found_already",
            field="url",
        )
    return _open(
        Addition(
            claim=claim,
            url=url,
            private=private or bool(protected_reason.strip()),
            fingerprint=_digest(meant.encode()),
            note=note.strip(),
            protected_reason=protected_reason.strip(),
            published_on=published_on,
            added_by=by,
        ),
        field="url",
    )


@transaction.atomic
def add_file(
    claim: Claim,
    *,
    by: User,
    name: str,
    content: bytes,
    note: str = "",
    protected_reason: str = "",
    published_on: dt.date | None = None,
) -> Addition:
    """Have a file read and held against the claim: PDF, text or HTML. It stays in the newsroom."""
    claim = researching.locked(claim, by)
    if not content.strip():
        raise InvalidInput("The file is empty.", field="file", code="blank")
    if not content.startswith((b"%PDF-", *_BOMS)) and _BINARY.search(content[:2048]):
        raise InvalidInput("Give a PDF, a text or an HTML page.", field="file", code="unreadable")
    most = most_bytes(content)
    if len(content) > most:
        raise InvalidInput(f"The file is larger than {most:,} bytes.", field="file", code="too_large")
    return _open(
        Addition(
            claim=claim,
            name=_file_name(name),
            content=content,
            size=len(content),
            private=True,
            fingerprint=_digest(content),
            note=note.strip(),
            protected_reason=protected_reason.strip(),
            published_on=published_on,
            added_by=by,
        ),
        field="file",
    )


def _open(addition: Addition, *, field: str) -> Addition:
    """Keep the addition with its lookup, under the claim's lock."""
    claim, by = addition.claim, addition.added_by
    if addition.published_on and addition.published_on > timezone.localdate():
        raise InvalidInput(f"{addition.published_on} is in the future.", field="published_on", code="in_the_future")
    if Addition.objects.filter(claim=claim, cycle=claim.cycle, fingerprint=addition.fingerprint).exists():
        raise RuleBroken("This was added to the claim already.", code="added_already", field=field)
    addition.cycle = claim.cycle
    addition.lookup = Lookup.objects.create(claim=claim, cycle=claim.cycle, source=Lookup.BY_HAND)
    addition.save()
    researching.contributed(claim, by)
    transitions.record(
        "evidence.brought",
        newsroom=claim.newsroom_id,
        by=by,
        claim=claim,
        addition=addition.pk,
        lookup=addition.lookup_id,
        url=addition.url,
        name=addition.name,
        sha256=addition.fingerprint if addition.name else "",
        private=addition.private,
        protected=bool(addition.protected_reason),
        reason=addition.protected_reason,
        note=addition.note,
    )
    announce_work(Lookup, [addition.lookup_id])
    return addition


def documents_of(claim: Claim) -> QuerySet[Document]:
    """What was found for a claim in its cycle."""
    return Document.objects.filter(hits__lookup__claim=claim, hits__lookup__cycle=claim.cycle).distinct()


def twin_of(addition: Addition, sha256: str) -> Document | None:
    """A document of the claim that says the same, word for word."""
    return documents_of(addition.claim).filter(sha256=sha256).order_by("pk").first()


def most_bytes(content: bytes) -> int:
    """The most that is taken of such a file; as much as of such a page."""
    return int(settings.FETCH_MAX_PDF_BYTES if content.startswith(b"%PDF-") else settings.FETCH_MAX_BYTES)


def same_page(url: str) -> str:
    """An address without what does not change the page: the mark within it, capitals in the host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _file_name(given: str) -> str:
    last = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "", given.replace("\\", "/").rsplit("/", 1)[-1])
    return last.strip()[-200:] or "file"
