"""Words for what happens after publication."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from claims.models import LedgerEntry

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
