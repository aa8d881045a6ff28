"""Forgetting: what only served for a time is deleted, and who complained is forgotten when the newsroom's time is over.

Never forgotten: claims, evidence, reviews, verdicts, publications, corrections, and the ledger that tells of all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from claims import transitions
from claims.models import Delivery, JobRun, KeyUsage, Newsroom, Recheck, SignIn, Step

FORGOTTEN = "…"  # stands where the words of a complaint were
BATCH = 2_000  # rows deleted in one transaction
MOST = 200_000  # rows of one kind in one night; what is left goes in the next


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of rows that is deleted after so many days: 0 keeps them for good."""

    name: str
    days: int
    about: str
    old: Callable[[Any], QuerySet[Any]]  # the rows older than a moment


def _dull_rechecks(moment: Any) -> QuerySet[Any]:
    """Visits that found nothing, but for the last of each passage."""
    later = Recheck.objects.filter(watch=OuterRef("watch"), pk__gt=OuterRef("pk"))
    dull = Recheck.objects.filter(at__lt=moment, outcome__in=["unchanged", "cosmetic", "unreachable"])
    return dull.filter(Exists(later), confirmed=False, document=None)


RULES = (
    Rule("sessions", 1, "sessions, counted from their end", lambda at: Session.objects.filter(expire_date__lt=at)),
    Rule(
        "sign_ins",
        180,
        "where somebody was signed in, with address and browser",
        lambda at: SignIn.objects.filter(seen_at__lt=at),
    ),
    Rule(
        "sign_in_attempts",
        90,
        "failed and good tries to sign in, with their address",
        lambda at: AccessAttempt.objects.filter(attempt_time__lt=at),
    ),
    Rule("sign_in_log", 90, "the log of tries", lambda at: AccessLog.objects.filter(attempt_time__lt=at)),
    Rule(
        "sign_in_failures",
        90,
        "the log of failed tries",
        lambda at: AccessFailureLog.objects.filter(attempt_time__lt=at),
    ),
    Rule(
        "deliveries",
        90,
        "events brought to webhooks, with the log of their tries",
        lambda at: Delivery.objects.filter(state=Step.State.DONE, settled_at__lt=at),
    ),
    Rule("rechecks", 365, "visits that found nothing new, but for the last of each passage", _dull_rechecks),
    Rule("key_usage", 730, "requests per key and day", lambda at: KeyUsage.objects.filter(day__lt=at.date())),
    Rule("runs", 30, "runs of the schedule", lambda at: JobRun.objects.filter(started_at__lt=at)),
    Rule("admin_log", 365, "Django's own log of admin forms", lambda at: LogEntry.objects.filter(action_time__lt=at)),
)


def days_of(rule: Rule) -> int:
    """How long the installation keeps them: RETENTION, or what is usual."""
    return int(settings.RETENTION.get(rule.name, rule.days))


def forget_old() -> dict[str, int]:
    """Delete what has had its time, in small transactions. Returns how many rows of each kind went."""
    gone = {}
    for rule in RULES:
        days = days_of(rule)
        if days:
            gone[rule.name] = _delete(rule.old(timezone.now() - timedelta(days=days)))
    return gone


def _delete(rows: QuerySet[Any]) -> int:
    deleted = 0
    while deleted < MOST:
        some = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not some:
            break
        rows.model._default_manager.filter(pk__in=some).delete()
        deleted += len(some)
    return deleted


def forget_complainants() -> int:
    """Take the names, addresses and words of complainants away when their newsroom's time is over.

    How it ended, the reasons that were given and the hash of the text in the ledger stay: the register keeps its
    figures.
    """
    return sum(_forget_in(newsroom) for newsroom in Newsroom.objects.filter(forget_complainants_days__gt=0))


def _forget_in(newsroom: Newsroom) -> int:
    forgotten = 0
    while batch := _forget_some(newsroom):
        forgotten += batch
    return forgotten


@transaction.atomic
def _forget_some(newsroom: Newsroom) -> int:
    closed = timezone.now() - timedelta(days=newsroom.forget_complainants_days)
    due = newsroom.complaints.filter(forgotten_at__isnull=True, closed_at__lt=closed).order_by("pk")
    complaints = list(due.select_related("publication").select_for_update(skip_locked=True, of=("self",))[:100])
    for complaint in complaints:
        complaint.complainant, complaint.contact, complaint.text = "", "", FORGOTTEN
        complaint.forgotten_at = timezone.now()
        complaint.save(update_fields=["complainant", "contact", "text", "forgotten_at"])
        transitions.record(
            "complaint.forgotten",
            newsroom=newsroom,
            by=None,
            claim=complaint.publication.claim,
            complaint=complaint.pk,
        )
    return len(complaints)
