"""Words for what is followed: where a claim was said again, and why it stands where it does."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Count, Min, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import priority
from claims.models import Claim, Occurrence, Reach, User
from claims.workflow import Permission

register = template.Library()
SHOWN = 20


@register.simple_tag
def occurrences_of(claim: Claim, user: User) -> dict[str, Any]:
    """Where else a claim was said and who else asked for it: how often, first when, the latest of each."""
    rows = Occurrence.objects.of(claim)
    counted = rows.aggregate(
        said=Count("pk", filter=Q(kind=Occurrence.Kind.SAID)),
        asked=Count("pk", filter=Q(kind=Occurrence.Kind.ASKED)),
        first=Min("said_on"),
    )
    doubles = claim.duplicates.aggregate(number=Count("pk"), first=Min("said_on"))
    days = [day for day in (claim.said_on, counted["first"], doubles["first"]) if day is not None]
    shown = rows.select_related("article", "found_by", "asked_by").defer("article__text", "article__search", "kept")
    return {
        "said": 1 + counted["said"] + doubles["number"],
        "asked": counted["asked"],
        "duplicates": doubles["number"],
        "first": min(days) if days else None,
        "rows": list(shown.order_by("-pk")[:SHOWN]),
        "more": max(0, counted["said"] + counted["asked"] - SHOWN),
        "may": user.may(Permission.PICK, claim.newsroom_id),
    }


def _figure(number: float) -> str:
    return number_format(round(number, 2), 2)  # which cuts off and does not round


@register.filter
def priority_of(claim: Claim) -> str:
    """The priority as a number, such as 0.75."""
    return _figure(priority.of(claim))


@register.filter
def priority_words(claim: Claim) -> str:
    """What makes the priority: "worth checking 0.50 + came in 2 times 0.15 + regional 0.10"."""
    said = []
    for part in priority.parts(claim):
        if part.kind == "score":
            words = _("worth checking")
        elif part.kind == "demand":
            number = int(part.value)
            words = ngettext("came in %(n)d time", "came in %(n)d times", number) % {"n": number}
        else:
            words = str(Reach(int(part.value)).label)
        said.append(f"{words} {_figure(part.counts)}")
    return " + ".join(said)
