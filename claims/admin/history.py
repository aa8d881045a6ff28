"""What happened to a claim, from the ledger, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Claim, LedgerEntry, User
from claims.workflow import MOVES, Status

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    entry: LedgerEntry
    who: str
    what: str
    note: str
    symbol: str


def name_of(user: User | None) -> str:
    """How a person is called on the desk; the system has a name too."""
    if user is None:
        return _("The system")
    return user.get_full_name() or user.get_username()


def of(claim: Claim, *, blind: bool = False) -> list[Line]:
    """The claim's history, newest first. `blind`: what the others' reviews say is left out."""
    entries = claim.history.select_related("actor").order_by("-sequence")[:SHOWN]
    return [line_of(entry, blind=blind) for entry in entries]


def line_of(entry: LedgerEntry, *, blind: bool = False) -> Line:
    given = entry.payload
    if blind and entry.kind == "review.submitted":
        return Line(entry=entry, who=name_of(entry.actor), what=_("Reviewed"), note="", symbol="rate_review")
    what, symbol = _words(entry.kind, given)
    note = given.get("note") or given.get("reason") or given.get("notice") or ""
    return Line(entry=entry, who=name_of(entry.actor), what=what, note=str(note), symbol=symbol)


_KNOWN = {
    "claim.submitted": (gettext_lazy("Handed in"), "inbox"),
    "callback.asked": (gettext_lazy("A program is told what becomes of it"), "webhook"),
    "claim.taken_over": (gettext_lazy("Taken over from %(from_name)s"), "move_to_inbox"),
    "publication.cosigned": (gettext_lazy("Co-signed by %(newsroom_name)s"), "approval_delegation"),
    "publication.unsigned": (gettext_lazy("No longer co-signed by %(newsroom_name)s"), "approval_delegation"),
    "claim.assessed": (gettext_lazy("Assessed: %(documents)s documents, %(origins)s origins"), "fact_check"),
    "claim.assigned": (gettext_lazy("Assigned"), "person"),
    "claim.said_again": (gettext_lazy("Said again: %(url)s"), "record_voice_over"),
    "claim.said_apart": (gettext_lazy("Another claim after all: not said again"), "call_split"),
    "claim.asked_again": (gettext_lazy("Handed in once more"), "add_alert"),
    "check.changed": (gettext_lazy("A cited check was changed: %(before)s → %(after)s"), "published_with_changes"),
    "lookup.answered": (gettext_lazy("%(source)s answered: %(documents)s documents"), "travel_explore"),
    "lookup.unavailable": (gettext_lazy("%(source)s could not be asked"), "cloud_off"),
    "lookup.retried": (gettext_lazy("%(source)s asked again"), "refresh"),
    "evidence.added": (gettext_lazy("Passage added"), "format_quote"),
    "evidence.brought": (gettext_lazy("Page or file added"), "add_notes"),
    "evidence.judged": (gettext_lazy("Passage judged"), "balance"),
    "evidence.answered": (gettext_lazy("Contradicting passage answered"), "reply"),
    "evidence.protected": (gettext_lazy("Source protected"), "shield"),
    "origins.cut": (gettext_lazy("Connection cut: %(origins)s origins"), "content_cut"),
    "origins.added": (gettext_lazy("Connection added: %(origins)s origins"), "link"),
    "origins.restored": (gettext_lazy("Connection taken back: %(origins)s origins"), "undo"),
    "review.submitted": (gettext_lazy("Reviewed: %(rating)s"), "rate_review"),
    "review.recused": (gettext_lazy("Stepped back"), "do_not_disturb_on"),
    "review.readmitted": (gettext_lazy("Somebody was let back"), "person_check"),
    "reply.asked": (gettext_lazy("%(party)s was asked for a reply"), "forum"),
    "reply.answered": (gettext_lazy("A reply came in"), "mark_chat_read"),
    "reply.waived": (gettext_lazy("Nobody was asked for a reply"), "speaker_notes_off"),
    "checklist.ticked": (gettext_lazy("Ticked off: %(item)s"), "check_box"),
    "checklist.unticked": (gettext_lazy("Tick taken back: %(item)s"), "check_box_outline_blank"),
    "verdict.proposed": (gettext_lazy("Verdict proposed"), "gavel"),
    "verdict.approved": (gettext_lazy("Verdict approved"), "verified"),
    "publication.published": (gettext_lazy("Published"), "campaign"),
    "publication.scheduled": (gettext_lazy("Publication planned"), "schedule"),
    "publication.unscheduled": (gettext_lazy("Planned publication taken back"), "event_busy"),
    "publication.held": (gettext_lazy("Held back: not published as planned"), "pause_circle"),
    "comment.added": (gettext_lazy("Commented"), "chat"),
    "comment.withdrawn": (gettext_lazy("Comment taken back"), "chat"),
    "errand.given": (gettext_lazy("Task given"), "add_task"),
    "errand.done": (gettext_lazy("Task done"), "task_alt"),
    "errand.undone": (gettext_lazy("Task not done after all"), "undo"),
    "publication.corrected": (gettext_lazy("Corrected in public"), "edit_note"),
    "publication.withdrawn": (gettext_lazy("Withdrawn"), "visibility_off"),
    "complaint.received": (gettext_lazy("Complaint received"), "feedback"),
    "complaint.acknowledged": (gettext_lazy("Complaint acknowledged"), "feedback"),
    "complaint.taken": (gettext_lazy("Complaint taken"), "feedback"),
    "complaint.answered": (gettext_lazy("Complaint answered"), "feedback"),
    "complaint.resumed": (gettext_lazy("Complaint opened again"), "feedback"),
    "complaint.forgotten": (gettext_lazy("Complainant forgotten"), "person_off"),
    "document.archived": (gettext_lazy("Page archived: %(outcome)s"), "history"),
    "archive.wanted": (gettext_lazy("A public copy was asked for"), "history"),
    "recheck.changed": (gettext_lazy("A cited passage changed: %(outcome)s"), "warning"),
    "recheck.unreadable": (gettext_lazy("A cited page cannot be read: %(outcome)s"), "warning"),
    "evidence.learned": (gettext_lazy("New evidence since the sources were asked"), "travel_explore"),
    "audit.packed": (gettext_lazy("Audit pack made"), "folder_zip"),
    "export.made": (gettext_lazy("Exported: %(table)s"), "download"),
    "newsroom.exported": (gettext_lazy("The whole newsroom was exported"), "download"),
    "newsroom.imported": (gettext_lazy("The newsroom came in with an import"), "upload"),
    "checks.imported": (gettext_lazy("Earlier checks imported: %(new)s new"), "upload"),
    "recheck.closed": (gettext_lazy("The verdict stands"), "done_all"),
    "evidence.carried": (gettext_lazy("What people had added was taken along into this cycle"), "input"),
    "assessment.revived": (gettext_lazy("The assessment is tried again"), "refresh"),
    "search.revived": (gettext_lazy("The source is asked again"), "refresh"),
    "watch.revived": (gettext_lazy("A cited passage is visited again"), "refresh"),
    "archive.revived": (gettext_lazy("The archive is asked again"), "refresh"),
    "schedule.revived": (gettext_lazy("Publishing at the set time is tried again"), "refresh"),
    "consultation.revived": (gettext_lazy("A machine model is asked again"), "refresh"),
    "claim.overdue": (gettext_lazy("The deadline passed without a verdict"), "alarm"),
    "claim.escalated": (gettext_lazy("Passed on to people higher up"), "alarm"),
}


def _words(kind: str, given: dict[str, Any]) -> tuple[str, str]:
    if kind == "claim.moved":
        move = MOVES.get(given.get("move", ""))
        target = Status(given["target"]).label if given.get("target") in Status.values else given.get("target", "")
        label = move.label if move else given.get("move", "")
        return f"{label} → {target}", "arrow_forward"
    if kind == "claim.assigned" and not given.get("to"):
        return _("Set free for everybody"), "person_off"
    if kind == "claim.triaged":
        return _triaged(given.get("after", {})), "event"
    words, symbol = _KNOWN.get(kind, (kind, "circle"))
    documents = given.get("documents", "")
    values = {**given, "documents": len(documents) if isinstance(documents, list) else documents}
    try:
        return str(words) % values, symbol
    except (KeyError, ValueError):  # an entry of another time, which lacks what is said now
        return kind, symbol


def _triaged(after: dict[str, Any]) -> str:
    """What was set, such as "Topic: energy · Severity: high"."""
    said = []
    if "topic" in after:
        said.append(_("Topic: %(topic)s") % {"topic": after["topic"] or "–"})
    if "severity" in after:
        said.append(_("Severity: %(severity)s") % {"severity": dict(Claim.Severity.choices).get(after["severity"], "")})
    if "due_at" in after:
        due = parse_datetime(after["due_at"] or "")
        said.append(_("Due: %(due)s") % {"due": date_format(localtime(due), "SHORT_DATETIME_FORMAT") if due else "–"})
    return " · ".join(said)
