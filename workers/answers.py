"""An answer from outside, as it was received: status, headers, decoded bytes, and the way there."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from dataclasses import dataclass


class Headers:
    """Response headers: names in any case, order and repeats kept."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[tuple[str, str], ...]) -> None:
        self.items = items

    def get(self, name: str, default: str = "") -> str:
        """The first value of this name."""
        return next((value for key, value in self.items if key.lower() == name), default)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.items if key.lower() == name]


@dataclass(frozen=True, slots=True)
class Seen:
    """What we hold already, for a conditional request."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way."""

    url: str
    status: int
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer as it was received, decoded, capped and timed. Any status: read `status` or `ok`."""

    url: str
    final_url: str
    status: int
    headers: Headers
    content: bytes
    content_type: str  # sniffed, not believed
    elapsed: float
    fetched_at: dt.datetime
    from_cache: bool = False  # then `fetched_at` is when the server was asked
    peer: str = ""
    method: str = "GET"
    sent: tuple[tuple[str, str], ...] = ()
    redirects: tuple[Hop, ...] = ()

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> float | None:
        """Seconds the server asks us to wait, if it does."""
        return parse_retry_after(self.headers.get("retry-after", ""), now=self.fetched_at)

    @property
    def seen(self) -> Seen:
        return Seen(self.headers.get("etag", ""), self.headers.get("last-modified", ""))


def parse_retry_after(value: str, *, now: dt.datetime) -> float | None:
    """Seconds from a Retry-After header: a number or a date; nonsense is no answer."""
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,7}(\.[0-9]*)?", value):
        return float(value)
    try:
        until = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - now).total_seconds())
