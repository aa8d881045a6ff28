"""Telling: webhooks are registered, and every event of a newsroom is told to each of them, in order per claim.

The ledger is the outbox. `spread` reads it for a webhook from where it last stopped, so that an event is on its way if
and only if its change was committed; a lost message, worker or broker only delays it.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Now
from django.utils import timezone

from claims import signing, transitions
from claims.errors import InvalidInput, RuleBroken
from claims.events import KINDS, TEST
from claims.models import CallbackCursor, Delivery, LedgerEntry, Membership, Newsroom, Step, User, Webhook
from claims.roles import Role
from claims.sealing import seal, unseal
from claims.signals import announce_work
from claims.workflow import Permission

MINUTE, HOUR = 60, 3600
SCHEDULE = (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
JITTER = 0.2
GONE = 410
BATCH = 500
TRIES_KEPT = 20
EXCERPT = 300  # characters kept of what a receiver answered
OVERLAP = dt.timedelta(days=1)  # in which an old secret still signs


@transaction.atomic
def register(
    newsroom: Newsroom, *, url: str, by: User | None, label: str = "", types: Sequence[str] = ()
) -> tuple[Webhook, str]:
    """Make a webhook, told of everything from now on. Returns it and its secret, which is shown once."""
    transitions.require(by, Permission.ADMINISTER, newsroom)
    _check(url, types)
    secret = signing.new_secret()
    entry = transitions.record("webhook.registered", newsroom=newsroom, by=by, url=url, types=sorted(set(types)))
    entry.refresh_from_db(fields=["sequence"])
    webhook = Webhook.objects.create(
        newsroom=newsroom,
        url=url,
        label=label.strip()[:80],
        types=sorted(set(types)),
        sealed_secret=seal(secret),
        told_through=entry.sequence,
        created_by=by,
    )
    return webhook, secret


@transaction.atomic
def change(webhook: Webhook, *, by: User | None, url: str, label: str, types: Sequence[str]) -> Webhook:
    """Change where a webhook leads and what it is told."""
    transitions.require(by, Permission.ADMINISTER, webhook.newsroom_id)
    _check(url, types)
    webhook.url, webhook.label, webhook.types = url, label.strip()[:80], sorted(set(types))
    webhook.save(update_fields=["url", "label", "types"])
    transitions.record("webhook.changed", newsroom=webhook.newsroom_id, by=by, webhook=webhook.pk, url=url)
    return webhook


@transaction.atomic
def rotate_secret(webhook: Webhook, *, by: User | None) -> str:
    """A new secret, shown once. For a day both sign, so that the receiver can be changed over."""
    transitions.require(by, Permission.ADMINISTER, webhook.newsroom_id)
    secret = signing.new_secret()
    webhook.sealed_old_secret, webhook.old_secret_until = webhook.sealed_secret, timezone.now() + OVERLAP
    webhook.sealed_secret = seal(secret)
    webhook.save(update_fields=["sealed_secret", "sealed_old_secret", "old_secret_until"])
    transitions.record("webhook.secret_rotated", newsroom=webhook.newsroom_id, by=by, webhook=webhook.pk)
    return secret


def secrets_of(webhook: Webhook) -> list[str]:
    """The secrets that sign now, the newest first."""
    held = [unseal(webhook.sealed_secret)]
    if webhook.old_secret_until and webhook.old_secret_until > timezone.now():
        held.append(unseal(webhook.sealed_old_secret))
    return held


@transaction.atomic
def disable(webhook: Webhook, *, by: User | None, reason: str) -> Webhook:
    """Stop telling an address. What happens meanwhile is told when it is enabled again."""
    transitions.require(by, Permission.ADMINISTER, webhook.newsroom_id)
    if not reason.strip():
        raise InvalidInput("Say why.", field="reason", code="blank")
    webhook.disabled_at, webhook.disabled_reason = timezone.now(), reason.strip()
    webhook.mail_due = by is None and not webhook.is_callback  # nobody saw it happen
    webhook.save(update_fields=["disabled_at", "disabled_reason", "mail_due"])
    transitions.record(
        "webhook.disabled", newsroom=webhook.newsroom_id, by=by, webhook=webhook.pk, url=webhook.url, reason=reason
    )
    return webhook


def admins_of(webhook: Webhook) -> list[str]:
    """The mail addresses of those who administer its newsroom."""
    members = Membership.objects.filter(
        newsroom=webhook.newsroom_id, active=True, roles__contains=[Role.ADMIN], user__is_active=True
    ).exclude(user__email="")
    return sorted(set(members.values_list("user__email", flat=True)))


def notice_of(webhook: Webhook) -> tuple[str, str]:
    """Subject and text of the mail that says a webhook was disabled."""
    name = " ".join(str(webhook).split())
    return (
        f"Factcheck: the webhook {name[:80]} was disabled",
        f"{webhook.newsroom}: events are not delivered to {webhook.url} any more.\n\n"
        f"Reason: {webhook.disabled_reason}\n\n"
        "Mend the receiver, then enable the webhook in the desk under Webhooks. It is told what it missed.\n",
    )


@transaction.atomic
def enable(webhook: Webhook, *, by: User) -> Webhook:
    """Tell an address again, beginning with what it missed and what had failed."""
    transitions.require(by, Permission.ADMINISTER, webhook.newsroom_id)
    webhook.disabled_at, webhook.disabled_reason, webhook.failing_since, webhook.mail_due = None, "", None, False
    webhook.save(update_fields=["disabled_at", "disabled_reason", "failing_since", "mail_due"])
    transitions.record("webhook.enabled", newsroom=webhook.newsroom_id, by=by, webhook=webhook.pk)
    _open_again(webhook.deliveries.exclude(state=Step.State.DONE).values_list("pk", flat=True))
    return webhook


@transaction.atomic
def replay(webhook: Webhook, *, by: User, since: int, until: int) -> int:
    """Tell the events of a range once more, with the ids they had. Returns how many."""
    transitions.require(by, Permission.ADMINISTER, webhook.newsroom_id)
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if until < since:
        raise InvalidInput("The range ends before it begins.", field="until", code="backwards")
    if until - since >= 10_000:
        raise RuleBroken("At most 10,000 events are told again at once.", code="too_many")
    if webhook.disabled_at:
        raise RuleBroken("This webhook is disabled: enable it first.", code="disabled")
    entries = _told(webhook).filter(sequence__gte=since, sequence__lte=min(until, _through(webhook)))
    _put_on_the_way(webhook, list(entries))
    again = list(
        webhook.deliveries.filter(entry__in=entries).exclude(state=Step.State.OPEN).values_list("pk", flat=True)
    )
    _open_again(again)
    transitions.record(
        "webhook.replayed", newsroom=webhook.newsroom_id, by=by, webhook=webhook.pk, since=since, until=until
    )
    return int(entries.count())


@transaction.atomic
def test(webhook: Webhook, *, by: User) -> Delivery:
    """Send one event that means nothing, to see whether it arrives."""
    transitions.require(by, Permission.ADMINISTER, webhook.newsroom_id)
    if webhook.disabled_at:
        raise RuleBroken("This webhook is disabled: enable it first.", code="disabled")
    entry = transitions.record(TEST, newsroom=webhook.newsroom_id, by=by, webhook=webhook.pk)
    [made] = _put_on_the_way(webhook, [entry])
    return made


@transaction.atomic
def spread(webhook_id: int) -> bool:
    """Put what happened since the last time on its way to a webhook. Safe to call at once and often.

    Returns whether there may be more: a batch at a time.
    """
    webhook = Webhook.objects.active().select_for_update(skip_locked=True).filter(pk=webhook_id).first()
    if webhook is None:
        return False
    news = LedgerEntry.objects.filter(newsroom=webhook.newsroom_id, sequence__gt=webhook.told_through)
    through = news.order_by("sequence")[:BATCH].aggregate(last=Max("sequence"))["last"]
    if through is None:
        return False
    wanted = _told(webhook).filter(sequence__gt=webhook.told_through, sequence__lte=through)
    _put_on_the_way(webhook, list(wanted.order_by("sequence")))
    Webhook.objects.filter(pk=webhook.pk).update(told_through=through)
    return True


def arrived(delivery: Delivery, *, status: int, seconds: float, answer: str = "") -> bool:
    """Note that the receiver took an event. The next of the same claim is on its way at once."""
    with transaction.atomic():
        if not Delivery.objects.settle(delivery):
            return False
        _note(delivery, status=status, seconds=seconds, answer=answer)
        Webhook.objects.filter(pk=delivery.webhook_id, failing_since__isnull=False).update(failing_since=None)
        following = Delivery.objects.filter(
            webhook=delivery.webhook_id, claim=delivery.claim_id, entry__gt=delivery.entry_id, state=Step.State.OPEN
        )
        if delivery.claim_id is not None:
            announce_work(Delivery, following.order_by("entry").values_list("pk", flat=True)[:1])
    return True


def failed(
    delivery: Delivery,
    *,
    reason: str,
    seconds: float = 0.0,
    status: int | None = None,
    retry_after: float | None = None,
    answer: str = "",
) -> None:
    """Note that an event did not arrive, and when it is tried next; after the last try the webhook is disabled."""
    with transaction.atomic():
        last = delivery.attempts > len(SCHEDULE)
        gone = status == GONE
        if gone or last:
            held = Delivery.objects.bury(delivery, error=reason)
        else:
            held = _postpone(delivery, reason, _wait(delivery.attempts, retry_after))
        if not held:
            return
        _note(delivery, status=status, seconds=seconds, reason=reason, answer=answer)
        webhook = Webhook.objects.select_for_update().get(pk=delivery.webhook_id)
        if webhook.failing_since is None:
            Webhook.objects.filter(pk=webhook.pk).update(failing_since=timezone.now())
        if gone:
            disable(webhook, by=None, reason="The receiver says it is gone for good (410).")
        elif last:
            disable(webhook, by=None, reason=f"It did not take an event for three days. Last: {reason}")


def held_back(delivery: Delivery, *, seconds: float) -> None:
    """Give a delivery back that was not tried at all: its host is left alone just now."""
    Delivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token, state=Step.State.OPEN).update(
        leased_until=None, attempts=delivery.attempts - 1, next_attempt_at=Now() + dt.timedelta(seconds=seconds)
    )


def _wait(attempts: int, retry_after: float | None) -> float:
    wait = SCHEDULE[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  spreads load, hides nothing
    return max(wait, min(retry_after or 0.0, 24 * HOUR))


def _postpone(delivery: Delivery, reason: str, seconds: float) -> bool:
    return bool(
        Delivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token, state=Step.State.OPEN).update(
            leased_until=None, last_error=reason[:4000], next_attempt_at=Now() + dt.timedelta(seconds=seconds)
        )
    )


def _note(delivery: Delivery, *, status: int | None, seconds: float, reason: str = "", answer: str = "") -> None:
    one: dict[str, Any] = {"at": timezone.now().isoformat(), "status": status, "seconds": round(seconds, 3)}
    if reason:
        one["reason"] = reason[:300]
    if answer.strip():
        one["answer"] = answer.replace("\0", "").strip()[:EXCERPT]
    Delivery.objects.filter(pk=delivery.pk).update(tries=[*delivery.tries, one][-TRIES_KEPT:], last_status=status)


def _through(webhook: Webhook) -> int:
    """How far the ledger was read for it."""
    if not webhook.is_callback:
        return webhook.told_through
    found: int = CallbackCursor.objects.values_list("told_through", flat=True).get(pk=webhook.newsroom_id)
    return found


def _told(webhook: Webhook) -> Any:
    kinds = set(webhook.types) & set(KINDS) if webhook.types else set(KINDS)
    entries = LedgerEntry.objects.filter(newsroom=webhook.newsroom_id, kind__in=kinds)
    if webhook.claim_id is not None:
        return entries.filter(claim=webhook.claim_id)
    if webhook.article_id is not None:
        its_own = Q(kind__startswith="article.", body__regex=rf'"article":{webhook.article_id}[,}}]')
        return entries.filter(its_own | Q(claim__article=webhook.article_id))
    return entries


def _put_on_the_way(webhook: Webhook, entries: list[LedgerEntry]) -> list[Delivery]:
    known = set(webhook.deliveries.filter(entry__in=entries).values_list("entry", flat=True))
    made = Delivery.objects.bulk_create(
        Delivery(webhook=webhook, entry=entry, claim_id=entry.claim_id) for entry in entries if entry.pk not in known
    )
    announce_work(Delivery, [one.pk for one in made])
    return made


def _open_again(pks: Any) -> None:
    found = list(pks)
    Delivery.objects.filter(pk__in=found).update(
        state=Step.State.OPEN,
        leased_until=None,
        lease_token=None,
        attempts=0,
        settled_at=None,
        next_attempt_at=Now(),
    )
    announce_work(Delivery, found)


def check_address(url: str, *, field: str = "url") -> None:
    """Refuse what is no address. Whether it may be asked is for the door to say."""
    if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", url) or len(url) > 2000:
        raise InvalidInput("Give an address that begins with https://.", field=field, code="bad_url")


def _check(url: str, types: Sequence[str]) -> None:
    check_address(url)
    unknown = sorted(set(types) - set(KINDS))
    if unknown:
        raise InvalidInput(f"There is no event {unknown[0]!r}.", field="types", code="unknown")
