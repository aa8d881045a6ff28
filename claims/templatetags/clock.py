"""What the desk's templates say about time: how late, how long still."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from claims.models import Claim
from claims.models.claim import BEFORE_THE_VERDICT
from claims.templatetags.desk import symbol

register = template.Library()
SOON = dt.timedelta(hours=24)


@register.simple_tag
def deadline(claim: Claim) -> SafeString | str:
    """When a verdict is due: late ones in red with the word, near ones marked, nothing once there is a verdict."""
    if claim.due_at is None or claim.status not in BEFORE_THE_VERDICT:
        return ""
    now = timezone.now()
    exact = date_format(timezone.localtime(claim.due_at), "SHORT_DATETIME_FORMAT")
    if claim.due_at < now:
        words = _("late by %(time)s") % {"time": _length(claim.due_at, now)}
        return _tag("d-tag d-hot", claim.due_at, exact, symbol("alarm"), words)
    words = _("due in %(time)s") % {"time": _length(now, claim.due_at)}
    css, icon = ("d-tag d-near", symbol("schedule")) if claim.due_at - now < SOON else ("d-quiet", "")
    return _tag(css, claim.due_at, exact, icon, words)


def _length(start: dt.datetime, end: dt.datetime) -> str:
    if end - start < dt.timedelta(minutes=1):
        return _("less than a minute")
    return timesince(start, now=end, depth=1)


def _tag(css: str, moment: dt.datetime, exact: str, icon: str, words: str) -> SafeString:
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}{}</time>', css, moment.isoformat(), exact, icon, words
    )
