"""Desk flags: what a person should look at in the article itself, no source needed."""

from __future__ import annotations

from collections.abc import Sequence

from claims.analysis.types import Flag, Reading


def raise_flags(reading: Reading) -> Sequence[Flag]:
    """Every flag the reading gives cause for."""
    return ()
