"""What a page says about itself outside the fields made for it: headings, signed lines, dates in the text.

The rules are trafilatura's. They cost more than reading the text, so each is asked for only where the page itself has
left something out, and those that look for signs in the whole page only where the page holds such a sign.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from htmldate import find_date
from trafilatura import metadata
from trafilatura.settings import set_date_params

# Every word by which an author is looked for; without any of them the search, half of all the work, finds nobody.
_SIGNED = (
    *("author", "byl", "bbl", "username", "zuozhe", "bianji", "xiaobian", "channel-name", "submitted-by"),
    *("posted-by", "journalist-name", "screenname", "writer", "<rel"),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What could be made out; empty where nothing was."""

    title: str = ""
    byline: str = ""
    publisher: str = ""
    date: str = ""


def guess(tree: Any, source: str, *, url: str, missing: Collection[str]) -> Guess:
    """The missing ones of "title", "byline", "publisher" and "date", from a whole page and its tree."""
    if not missing:
        return Guess()
    if "publisher" in missing:  # needs most of the others, and pages that do not name their site leave out much
        found = metadata.extract_metadata(tree, url or None)
        return Guess(found.title or "", found.author or "", found.sitename or "", found.date or "")
    found = metadata.examine_meta(tree)
    if found.author and " " not in found.author:
        found.author = None
    with contextlib.suppress(Exception):  # odd JSON breaks it in many ways; the page has other signs
        found = metadata.extract_meta_json(tree, found)
    if "title" in missing and not found.title:
        found.title = metadata.extract_title(tree)
    if "byline" in missing and not found.author and _signed(source.lower()):
        found.author = metadata.extract_author(tree)
    if "date" in missing:
        found.date = find_date(tree, url=found.url or metadata.extract_url(tree, url), **set_date_params())
    found.clean_and_trim()
    return Guess(title=found.title or "", byline=found.author or "", date=found.date or "")


def _signed(lowered: str) -> bool:
    return any(word in lowered for word in _SIGNED)
