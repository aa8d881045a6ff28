"""The bulk feed of published fact-checks: fetched when it has changed, read piece by piece, remembered."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from claims.models import Newsroom
from claims.operations import remembering
from claims.operations.remembering import CheckDraft
from workers import claimreview, http
from workers.answers import Seen
from workers.pagetext import Unreadable

PIECE = 256 * 1024
REASONS = 20  # refusals told with their reason; all are counted
_SEEN = "claimfeed:seen"


@dataclass(slots=True)
class Imported:
    """What an import did."""

    kept: int = 0
    refused: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    unchanged: bool = False


def update() -> Imported:
    """Bring the earlier checks up to date with the feed. Raises `FetchError` or `Unreadable`."""
    known = cache.get(_SEEN)
    with tempfile.TemporaryFile() as file:
        response = http.fetch(
            settings.CLAIMREVIEW_FEED_URL,
            manner="service",
            accept=None,
            into=file,
            max_bytes=settings.CLAIMREVIEW_FEED_MAX_BYTES,
            deadline=settings.CLAIMREVIEW_FEED_SECONDS,
            conditional=Seen(*known) if known else None,
            trusted=True,
        )
        if response.status == 304:
            return Imported(unchanged=True)
        if not response.ok:
            raise Unreadable(f"The feed of claim reviews answered with status {response.status}.")
        file.seek(0)
        done = remember(claimreview.from_feed(iter(lambda: file.read(PIECE), b"")))
    cache.set(_SEEN, (response.seen.etag, response.seen.last_modified), timeout=None)
    return done


def remember_file(path: Path) -> Imported:
    """Remember the checks of a downloaded feed."""
    with path.open("rb") as file:
        return remember(claimreview.from_feed(iter(lambda: file.read(PIECE), b"")))


def remember(found: Iterable[claimreview.Read], *, newsroom: Newsroom | None = None) -> Imported:
    """Keep what can be used, for a newsroom or for all; count what cannot with its reasons.

    A check that is known already is brought up to date: that is how corrections at the origin come in.
    """
    done = Imported()

    def usable() -> Iterator[CheckDraft]:
        for read in found:
            if isinstance(read, CheckDraft):
                yield read
            else:
                done.refused += 1
                reason = str(read)
                if reason in done.reasons or len(done.reasons) < REASONS:
                    done.reasons[reason] = done.reasons.get(reason, 0) + 1

    done.kept = remembering.remember(usable(), newsroom=newsroom)
    return done
