"""Words for what happens after publication."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Claim, LedgerEntry, Schedule

register = template.Library()

_WORDS = {
    "complaint.received": _("Complaint received"),
    "complaint.acknowledged": _("Complaint acknowledged"),
    "complaint.taken": _("Complaint taken"),
    "complaint.answered": _("Complaint answered"),
    "complaint.resumed": _("Complaint opened again"),
}


@register.filter
def complaint_word(entry: LedgerEntry) -> str:
    """What happened to a complaint, in words."""
    return str(_WORDS.get(entry.kind, entry.kind))


@register.simple_tag
def schedule_of(claim: Claim) -> Schedule | None:
    """The last time that was set for this cycle's verdict, unless it was taken back."""
    rows = Schedule.objects.filter(verdict__claim=claim, verdict__cycle=claim.cycle)
    return rows.exclude(outcome=Schedule.Outcome.CANCELLED).select_related("set_by").first()


@register.filter
def refusal_word(reason: str) -> str:
    """A refusal that was kept, in the reader's language."""
    return said(FactcheckError(reason))
