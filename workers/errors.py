"""Why nothing usable came back, as a small tree; each error has its reason in words.

FetchError
  Blocked            our own rules forbid it; asking again changes nothing
    RobotsDenied     the site's robots.txt asks machines to stay away
  TooLarge           more bytes than we take, or compressed beyond reason
  BadResponse        an answer, but none that can be used
  Unreachable        no answer: unknown name, no connection, broken connection   (may be tried again)
  DeadlineExceeded   the server is too slow                                     (may be tried again)
  Throttled          we or they asked for a pause; `retry_after` says how long   (may be tried again)
    Resting          the host is left alone: it failed or asked for a pause
"""

from __future__ import annotations

from typing import ClassVar

_SHOWN = "The address could not be fetched."


class FetchError(Exception):
    """Nothing usable came back. `str()` is the reason for the desk, `shown` the one for strangers."""

    retriable: ClassVar[bool] = False
    retry_after: float | None = None

    @property
    def shown(self) -> str:
        return str(self)


class Blocked(FetchError):
    """Our own rules forbid it."""

    @property
    def shown(self) -> str:
        return _SHOWN  # the same words as for an unreachable address, so that nobody can map our network


class RobotsDenied(Blocked):
    """The site asks machines to stay away."""

    @property
    def shown(self) -> str:
        return str(self)


class TooLarge(FetchError):
    """More than we are willing to hold in memory."""


class BadResponse(FetchError):
    """An answer that cannot be used."""


class Unreachable(FetchError):
    """No answer."""

    retriable = True

    @property
    def shown(self) -> str:
        return _SHOWN


class DeadlineExceeded(FetchError):
    """Too slow."""

    retriable = True


class Throttled(FetchError):
    """Not now: a budget is used up or the host asked for a pause."""

    retriable = True

    def __init__(self, reason: str, *, retry_after: float) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Resting(Throttled):
    """The host is left alone for a while: it failed several times in a row, or it asked for a pause."""
