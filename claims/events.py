"""Events: what a newsroom's programs are told of the ledger.

The ledger is the outbox: an event exists if and only if its change was committed. Sequences have no gaps and are
handed out under a lock that is held until commit, so whoever has read up to a number has missed nothing before it.
"""

from __future__ import annotations

from typing import Any

from claims.models import LedgerEntry

# What of an entry's body is told. Reasons, notes and names stay in the ledger.
TOLD = (
    "move",
    "source",
    "target",
    "cycle",
    "outcome",
    "rating",
    "article",
    "same_as",
    "verdict",
    "review",
    "evidence",
    "document",
    "publication",
    "correction",
    "cosignature",
    "recheck",
    "complaint",
    "content_hash",
    "type",
    "duplicate_of",
    "occurrence",
    "check",
)

KINDS = {
    "article.received": "An article came in.",
    "article.fetched": "The page of an address that was handed in is here; it is read next.",
    "article.not_fetched": "An address that was handed in led to no text; `outcome` says why.",
    "article.read": "An article was read; its claims are there.",
    "claim.submitted": "A claim is there, found in an article or handed in.",
    "claim.moved": "A claim took a step; `target` is its new status.",
    "claim.assigned": "A claim was given to somebody.",
    "claim.said_again": "A followed article says a claim that is there already.",
    "claim.said_apart": "Somebody said that it was another claim after all.",
    "claim.asked_again": "Somebody handed in a claim that was there already.",
    "check.changed": "An earlier check this claim cites was changed by its publisher.",
    "claim.triaged": "A claim got another topic, severity or deadline.",
    "claim.overdue": "A claim's deadline passed without a verdict.",
    "claim.escalated": "An overdue claim was passed on to people higher up.",
    "claim.assessed": "The machine laid facts and passages side by side.",
    "lookup.answered": "A source answered; `outcome` is hits or empty.",
    "lookup.unavailable": "A source could not be asked.",
    "lookup.retried": "A source is asked again on a person's wish.",
    "evidence.added": "A passage was added by a person.",
    "evidence.brought": "A person brought a page or a file to be read.",
    "evidence.learned": "A repeated search brought a new origin or another value.",
    "evidence.judged": "A passage was judged by a person.",
    "evidence.answered": "A passage that speaks against the rating was answered.",
    "evidence.protected": "A source was hidden from the public.",
    "document.archived": "A cited page has a public copy; `outcome` is found or saved.",
    "review.submitted": "A review was given.",
    "review.recused": "A reviewer stepped back.",
    "review.readmitted": "Somebody who had stepped back was let back.",
    "reply.asked": "Whoever a claim is about was asked for a reply.",
    "reply.answered": "A reply came in.",
    "reply.waived": "It was said why nobody is asked for a reply.",
    "checklist.ticked": "A line of the checklist was ticked off.",
    "checklist.unticked": "A tick was taken back.",
    "verdict.proposed": "A verdict waits for approval.",
    "verdict.approved": "A verdict was approved.",
    "publication.published": "A check went public.",
    "publication.scheduled": "A time was set for a verdict to be published.",
    "publication.unscheduled": "That time was taken back.",
    "publication.held": "A planned verdict was not published: its approval did not hold any more.",
    "publication.corrected": "A check was corrected in the open.",
    "publication.withdrawn": "A check was withdrawn.",
    "publication.cosigned": "Another newsroom put its name under a check of yours.",
    "publication.unsigned": "Another newsroom's name under a check of yours does not stand any more.",
    "cosignature.given": "Your newsroom co-signed another's check.",
    "cosignature.ended": "Your newsroom's name under another's check does not stand any more; `outcome` says why.",
    "claim.taken_over": "A claim was taken over from the pool.",
    "complaint.received": "A complaint about a check came in.",
    "complaint.taken": "Somebody looks into a complaint.",
    "complaint.answered": "A complaint was answered; `outcome` tells how it ended.",
    "complaint.resumed": "An answered complaint is open again.",
    "complaint.overdue": "A complaint was not answered in time.",
    "recheck.changed": "A cited passage changed; two visits agree.",
    "recheck.unreadable": "A cited page could not be read for long.",
    "recheck.closed": "Somebody looked at a change: the verdict stands.",
}

TEST = "webhook.tested"


def event_id(entry: LedgerEntry) -> str:
    """The same at every delivery; holds no dot, since webhook signatures are joined by dots."""
    return f"evt_{entry.newsroom_id}_{entry.sequence}"


def as_event(entry: LedgerEntry) -> dict[str, Any]:
    """An entry as programs see it: thin, to be followed by a question for the thing itself."""
    payload = entry.payload
    if payload.get("blind"):
        payload = {key: value for key, value in payload.items() if key != "rating"}
    return {
        "id": event_id(entry),
        "type": entry.kind,
        "timestamp": entry.at.isoformat() if entry.at else "",
        "sequence": entry.sequence,
        "data": {"claim": entry.claim_id, **{key: payload[key] for key in TOLD if key in payload}},
    }
