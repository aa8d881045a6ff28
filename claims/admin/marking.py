"""Texts with marked spans as HTML. Pure: spans in, escaped markup out; marks may overlap and nest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked stretch of a text: `text[start:end]`."""

    start: int
    end: int
    css: str
    title: str = ""
    href: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


def marked(text: str, marks: Iterable[Mark]) -> SafeString:
    """The text with its marks. Where marks overlap, a piece carries the classes of all and the link of the shortest."""
    inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    edges = sorted({0, len(text), *(mark.start for mark in inside), *(mark.end for mark in inside)})
    pieces = [
        _piece(text[start:end], [mark for mark in inside if mark.start <= start and end <= mark.end])
        for start, end in pairwise(edges)
    ]
    return mark_safe("".join(pieces))  # noqa: S308 - every piece was escaped by format_html


def _piece(text: str, marks: list[Mark]) -> SafeString:
    if not marks:
        return format_html("{}", text)
    marks = sorted(marks, key=lambda mark: mark.start - mark.end)  # the longest first: classes of the shortest win
    css = " ".join(dict.fromkeys(name for mark in marks for name in mark.css.split()))
    title = " · ".join(mark.title for mark in marks if mark.title)
    href = next((mark.href for mark in reversed(marks) if mark.href), "")
    extra = format_html_join("", ' {}="{}"', ((key, value) for mark in marks for key, value in mark.attributes.items()))
    if href:
        return format_html('<a class="{}" title="{}" href="{}"{}>{}</a>', css, title, href, extra, text)
    return format_html('<mark class="{}" title="{}"{}>{}</mark>', css, title, extra, text)
