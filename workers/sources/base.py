"""What every source promises: asked with a `Query`, it answers with `Findings` or says why it could not.

Three outcomes are never mixed up: hits, searched and empty (`Findings` without hits), and could not search (a
`SourceError`). Many services report the third with HTTP 200; telling it apart is the connector's first duty.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol


class SourceError(Exception):
    """The source was asked and cannot answer; asking again would not help. The text is the reason people see."""


class SourceUnavailable(SourceError):
    """The source could not be asked now. `retry_after` is in seconds, None when nobody said."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class SourceDisabled(SourceError):
    """The source is switched off here: a key, a contact or a setting is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One claim, as a source is asked about it."""

    text: str
    language: str = ""
    languages: tuple[str, ...] = ()  # to search in, best first; the claim's own when empty
    entities: tuple[str, ...] = ()  # names in the text, most telling first
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # language -> search strings, best first
    urls: tuple[str, ...] = ()  # addresses the claim or its article names; archives are asked about them
    since: dt.date | None = None
    until: dt.date | None = None
    limit: int = 10
    newsroom: int | None = None  # whose own archives may be searched; None: only what every newsroom may see

    @property
    def asked_in(self) -> tuple[str, ...]:
        """The languages to search in; never empty."""
        return self.languages or ((self.language,) if self.language else ("en",))

    def searches(self, language: str) -> tuple[str, ...]:
        """Search strings for one language, best first: the prepared ones, else the names, else the text."""
        if prepared := self.terms.get(language):
            return prepared
        if language == self.language or not self.entities:
            return (self.text,)
        return (" ".join(self.entities),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One hit. `content` is set when the source already holds the text, so that nothing has to be fetched."""

    url: str
    title: str = ""
    snippet: str = ""
    published_at: dt.datetime | None = None
    language: str = ""
    publisher: str = ""
    credit: str = ""  # credit line or byline as printed
    content: bytes | None = None
    content_type: str = ""
    licence: str = ""
    fingerprint: str = ""  # of the request that found it
    details: Mapping[str, Any] = field(default_factory=dict)  # the service's own record, verbatim


@dataclass(frozen=True, slots=True)
class Findings:
    """A search that took place. No hits means searched and empty."""

    hits: tuple[Finding, ...] = ()
    note: str = ""  # what people should know about this search: a language left out, a list cut short


class Source(Protocol):
    """A place to look things up. Listed by dotted path in `SOURCES` or by entry point in "factcheck.sources"."""

    slug: ClassVar[str]
    name: ClassVar[str]
    languages: ClassVar[tuple[str, ...]]  # () means any
    polite: ClassVar[bool]  # its operator asks for a contact in the User-Agent

    def available(self) -> str | None:
        """The reason this source cannot be used here, or None if it can. Asks nobody outside."""

    def search(self, query: Query) -> Findings:
        """Look the claim up. Raises `SourceError` or `SourceUnavailable`, nothing else.

        It runs in a thread of its own; requests through the door end at the lookup's deadline, and a search that
        goes on past it is not waited for.
        """


def fingerprint(*parts: object) -> str:
    """A short, stable name for a request: the same question to the same service has the same one."""
    plain = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:32]
