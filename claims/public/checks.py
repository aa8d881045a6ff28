"""A publication as readers see it: plain values for the templates and feeds, nothing that is not public."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime

from claims.models import CoSignature, Evidence, Publication, Rating, Verdict
from claims.protection import protected_urls, without_protected

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_SHAPES = frozenset({"tick", "cross", "half", "circle", "question"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A rating as shape, word and colour: never by colour alone."""

    label: str
    shape: str
    colour: str


SPEAKS = {"agrees", "disagrees", "mixed"}


@dataclass(frozen=True, slots=True)
class Source:
    """A quoted passage and where it stands. `address` is empty when readers cannot go there."""

    quote: str
    stance: str
    answered: str
    title: str
    publisher: str
    address: str
    host: str
    archived: str
    published: dt.datetime | None
    seen: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Media:
    """What was found about a picture or recording, in words."""

    kind: str
    finding: str
    original: str
    context: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Another newsroom's name under the check, with its verdict on its own scale and in the shared words."""

    newsroom: str
    address: str
    mark: Mark
    shared: str
    note: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Check:
    publication: Publication
    mark: Mark
    sources: Sequence[Source]
    said_on: dt.date | None
    appearance: str
    content: dict[str, Any]
    media: Media | None = None

    @property
    def spoke(self) -> list[Source]:
        """The sources that say something for or against, or that the desk answered; all of them when none does."""
        return [one for one in self.sources if one.stance in SPEAKS or one.answered] or list(self.sources)

    @property
    def beside(self) -> list[Source]:
        """The sources that are on the subject only."""
        return [one for one in self.sources if one not in self.spoke]

    @property
    def speaks_in_quotes(self) -> bool:
        """Whether the claim brings quotation marks of its own, so that none are put around it."""
        return any(mark in self.content["claim"] for mark in '„“”"«»')

    @property
    def withdrawn(self) -> bool:
        return self.publication.state == Publication.State.WITHDRAWN

    @property
    def replaced(self) -> bool:
        return self.publication.state == Publication.State.REPLACED

    @property
    def under_review(self) -> bool:
        return self.publication.state == Publication.State.UNDER_REVIEW


def check(publication: Publication, *, with_copies: bool = False) -> Check:
    """The check; `with_copies` asks for public copies of its sources that were made after it was published."""
    content = publication.content
    if with_copies:
        content = without_protected(content, protected_urls(publication.newsroom_id))
    copies = _copies(content["evidence"]) if with_copies else {}
    return Check(
        publication=publication,
        content=content,
        mark=mark(content["rating"], content["language"]),
        sources=[_source(one, copies.get(one["id"], "")) for one in content["evidence"]],
        said_on=parse_date(content["said_on"]) if content["said_on"] else None,
        appearance=web_address(content["appearance"]),
        media=_media(content.get("media"), content["language"]),
    )


def _media(found: dict[str, str] | None, language: str) -> Media | None:
    if not found:
        return None
    with translation.override(language):
        return Media(
            kind=str(Verdict.Media(found["type"]).label),
            finding=str(Verdict.Authenticity(found["authenticity"]).label),
            original=web_address(found["original_url"]),
            context=found["original_context"],
        )


def signatures(publication: Publication) -> list[Signature]:
    """The newsrooms that stand by the check, in the order they signed; none once nobody vouches for it."""
    if publication.state not in (Publication.State.LIVE, Publication.State.UNDER_REVIEW):
        return []
    standing = CoSignature.objects.standing().filter(publication=publication).select_related("newsroom")
    language = publication.content["language"]
    with translation.override(language):
        return [
            Signature(
                newsroom=one.newsroom.name,
                address=f"/checks/?newsroom={one.newsroom.slug}",
                mark=mark(one.given, language),
                shared=str(Rating.Shared(one.given["shared"]).label),
                note=one.note,
                at=one.signed_at,
            )
            for one in standing
        ]


def mark(rating: dict[str, Any], language: str) -> Mark:
    labels = rating["labels"]
    colour, shape = rating["colour"], rating["shape"]
    return Mark(
        label=str(labels.get(language) or labels.get("en") or next(iter(labels.values()), rating["slug"])),
        shape=shape if shape in _SHAPES else "circle",
        colour=colour if _COLOUR.fullmatch(colour) else "#666666",
    )


def web_address(url: str) -> str:
    """The address if readers can follow it, else nothing: no scripts, no files of the newsroom's own archive."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def _copies(evidence: list[dict[str, Any]]) -> dict[int, str]:
    """Public copies of the quoted pages that came after the check was published, by the id of the passage."""
    missing = [one["id"] for one in evidence if not one["archived_url"]]
    if not missing:
        return {}
    found = Evidence.objects.filter(pk__in=missing, protected=False).exclude(document__archived_url="")
    return dict(found.values_list("pk", "document__archived_url"))


def _source(one: dict[str, Any], copy: str) -> Source:
    address = web_address(one["url"])
    return Source(
        quote=one["quote"],
        stance=one["stance"],
        answered=one["answered"],
        title=one["title"] or (address or one["publisher"]),
        publisher=one["publisher"],
        address=address,
        host=urlsplit(address).hostname or "" if address else "",
        archived=web_address(one["archived_url"] or copy),
        published=parse_datetime(one["published_at"]) if one["published_at"] else None,
        seen=parse_datetime(one["fetched_at"]) if one["fetched_at"] else None,
    )
