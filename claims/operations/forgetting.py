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
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from claims import transitions
from claims.models import (
    ChatPost,
    Delivery,
    FollowedItem,
    JobRun,
    KeyUsage,
    Mail,
    Newsroom,
    Notice,
    Recheck,
    SignIn,
    Step,
)
from claims.operations.chatting import TEST

FORGOTTEN = "…"  # stands where the words of a complaint were
BATCH = 2_000  # rows deleted in one transaction
MOST = 200_000  # rows of one kind in one night; what is left goes in the next

# Notices of something that happens once: an entry in the ledger, a comment, a visit, a day. What the clock or a feed
# finds again each time it looks (a verdict that is overdue, a state of a check) is told once because its notice stands
# there, so those stay.
HAPPENS_ONCE = frozenset(
    {
        Notice.Kind.MENTION,
        Notice.Kind.COMMENT,
        Notice.Kind.ERRAND,
        Notice.Kind.ERRAND_DONE,
        Notice.Kind.COMPLAINT,
        Notice.Kind.PUBLISHED,
        Notice.Kind.HELD,
        Notice.Kind.SOURCE,
        Notice.Kind.SAID,
        Notice.Kind.ASSIGNED,
        Notice.Kind.GIVEN_BACK,
        Notice.Kind.CHAT_STOPPED,
        Notice.Kind.CHANGED,
        Notice.Kind.LATE_EVIDENCE,
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of rows that is deleted after so many days: 0 keeps them for good."""

    name: str
    days: int
    about: str
    old: Callable[[Any], QuerySet[Any]]  # the rows older than a moment
    first: Callable[[list[int]], object] | None = None  # what has to be done to others before these go


def _dull_rechecks(moment: Any) -> QuerySet[Any]:
    """Visits that found nothing, but for the last of each passage."""
    later = Recheck.objects.filter(watch=OuterRef("watch"), pk__gt=OuterRef("pk"))
    dull = Recheck.objects.filter(at__lt=moment, outcome__in=["unchanged", "cosmetic", "unreachable"])
    return dull.filter(Exists(later), confirmed=False, document=None)


def _finished_mails(moment: Any) -> QuerySet[Mail]:
    """Mails that were sent or not needed, but for the first to a person about a claim: later ones answer it."""
    earlier = Mail.objects.filter(person=OuterRef("person"), claim=OuterRef("claim"), pk__lt=OuterRef("pk"))
    done = Mail.objects.filter(made_at__lt=moment, state=Step.State.DONE, settled_at__lt=moment)
    return done.filter(Q(claim__isnull=True) | Exists(earlier))


def _let_notices_go(mails: list[int]) -> None:
    """A notice whose mail is gone does not wait for another."""
    Notice.objects.filter(mail__in=mails).update(mail=None, rhythm="")


def _finished_posts(moment: Any) -> QuerySet[ChatPost]:
    posts = ChatPost.objects.filter(made_at__lt=moment, state=Step.State.DONE, settled_at__lt=moment)
    return posts.filter(kind__in=[*HAPPENS_ONCE, TEST])


def _items_nobody_follows(moment: Any) -> QuerySet[FollowedItem]:
    """Items no article came of, whose source is not followed any more. The others are how a source's news is told
    from what it showed before.
    """
    items = FollowedItem.objects.filter(seen_at__lt=moment, article=None).exclude(state=Step.State.OPEN)
    return items.filter(source__removed_at__lt=moment)


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
        lambda at: Delivery.objects.filter(made_at__lt=at, state=Step.State.DONE, settled_at__lt=at),
    ),
    Rule("mails", 180, "mails that are done, but for the first of each thread", _finished_mails, _let_notices_go),
    Rule("chat_posts", 180, "posts to chats of what happens once", _finished_posts),
    Rule(
        "notices",
        365,
        "notices of what happens once, read or not",
        lambda at: Notice.objects.filter(at__lt=at, kind__in=HAPPENS_ONCE),
    ),
    Rule(
        "followed_items", 365, "items of sources nobody follows, where no article came of them", _items_nobody_follows
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
            gone[rule.name] = _delete(rule.old(timezone.now() - timedelta(days=days)), rule.first)
    return gone


def _delete(rows: QuerySet[Any], first: Callable[[list[int]], object] | None) -> int:
    """Once through the rows, from the oldest: what stays is not looked at again with every batch."""
    deleted, last = 0, None
    while deleted < MOST:
        some = rows.order_by("pk") if last is None else rows.filter(pk__gt=last).order_by("pk")
        pks = list(some.values_list("pk", flat=True)[:BATCH])
        if not pks:
            break
        with transaction.atomic():
            if first is not None:
                first(pks)
            rows.model._default_manager.filter(pk__in=pks).delete()
        deleted, last = deleted + len(pks), pks[-1]
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
