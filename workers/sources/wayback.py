"""The Wayback Machine as a source: pages a claim names, as they were at the time."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from workers import wayback
from workers.http import contact_missing
from workers.sources.base import Finding, Findings, Query, SourceError, SourceUnavailable, fingerprint

MOST_ADDRESSES = 4


class Wayback:
    """One capture per address the claim or its article names, nearest to when it was said."""

    slug: ClassVar[str] = "wayback"
    name: ClassVar[str] = "Wayback Machine"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = True

    def available(self) -> str | None:
        return contact_missing()

    def search(self, query: Query) -> Findings:
        if not query.urls:
            return Findings(note="The claim names no address to look up.")
        near = dt.datetime.combine(query.until, dt.time(12), dt.UTC) if query.until else None
        found, notes = [], []
        for url in query.urls[:MOST_ADDRESSES]:
            try:
                finding = _look_up(url, near)
            except SourceUnavailable:
                raise
            except SourceError as exc:
                notes.append(f"{url}: {exc}")
                continue
            if finding is not None:
                found.append(finding)
        if not found and notes:
            raise SourceError(" ".join(notes))
        return Findings(tuple(found), " ".join(notes))


def _look_up(url: str, near: dt.datetime | None) -> Finding | None:
    captures = wayback.captures(url, near=near, limit=5 if near else 200)
    for capture in captures[:2] if near else captures[-1:]:
        memento = wayback.play(capture)
        if memento is not None and memento.content:
            taken = memento.capture
            return Finding(
                url=taken.address,
                title=f"{url} ({taken.taken_at:%Y-%m-%d})",
                snippet=f"As archived on {taken.taken_at:%Y-%m-%d %H:%M} UTC.",
                content=memento.content,
                content_type=memento.response.content_type,
                fingerprint=fingerprint("wayback", url, near),
                details={"original": url, "taken_at": taken.taken_at.isoformat(), "status": taken.status},
            )
    return None
