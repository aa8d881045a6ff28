"""Which sources there are: those named in settings and those other packages bring along.

A source that cannot be imported or does not keep the contract is left out with a log line; the others work on.
"""

from __future__ import annotations

import functools
import logging
from importlib.metadata import entry_points
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from workers.sources.base import Source

log = logging.getLogger(__name__)

ENTRY_POINTS = "factcheck.sources"


class UnknownSource(LookupError):
    """No source of this name is installed."""


def every() -> dict[str, Source]:
    """All installed sources by slug, those of settings first. Sources are made once per process."""
    return _load(tuple(settings.SOURCES))


def get(slug: str) -> Source:
    """The source of this name, usable or not; ask its `available()`."""
    try:
        return every()[slug]
    except KeyError:
        raise UnknownSource(f"There is no source called {slug!r}.") from None


@functools.cache
def _load(paths: tuple[str, ...]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for path in paths:
        _add(found, path, lambda path=path: import_string(path))
    for point in entry_points(group=ENTRY_POINTS):
        _add(found, f"{point.name} ({point.value})", point.load)
    return found


def _add(found: dict[str, Source], label: str, load: Any) -> None:
    try:
        source = load()()
    except Exception:  # a stranger's module may fail in any way; the other sources must not
        log.exception("Source %s left out: it cannot be loaded.", label)
        return
    if lacking := [name for name in ("slug", "name", "languages", "polite") if not hasattr(source, name)]:
        log.error("Source %s left out: it has no %s.", label, ", ".join(lacking))
    elif not callable(getattr(source, "search", None)) or not callable(getattr(source, "available", None)):
        log.error("Source %s left out: it needs available() and search(query).", label)
    elif source.slug in found:
        log.error("Source %s left out: the name %r is taken.", label, source.slug)
    else:
        found[source.slug] = source
