"""Words for what happens after publication."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.admin import talkforms
from claims.admin.refusals import said
from claims.errors import FactcheckError
from claims.models import Claim, Comment, Errand, LedgerEntry, Notice, Schedule, User
from claims.workflow import Permission

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


@register.simple_tag
def talk_of(claim: Claim, user: User) -> dict[str, Any]:
    """What a person may read of the talk about a claim, and which of it is new to them."""
    comments = Comment.objects.readable_by(user).filter(claim=claim).select_related("author")
    told = Notice.objects.of(user).unread().filter(claim=claim)
    return {
        "comments": list(comments.order_by("pk")),
        "errands": list(Errand.objects.filter(claim=claim).select_related("assignee", "made_by", "done_by")),
        "new": set(told.values_list("subject", flat=True)),
        "comment_form": talkforms.CommentForm(auto_id="comment-%s", label_suffix=""),
        "errand_form": talkforms.ErrandForm(auto_id="task-%s", label_suffix="", claim=claim),
        "may": user.may(Permission.SUBMIT, claim.newsroom_id),
        "today": timezone.localdate(),
    }


@register.filter
def subject_of(row: Comment | Errand) -> str:
    """How a notice names this row."""
    return f"{type(row).__name__.lower()}:{row.pk}"
