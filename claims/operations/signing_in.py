"""Signing in: where a person is signed in, how that ends, and the lock after too many wrong passwords."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from claims import transitions
from claims.errors import RuleBroken
from claims.models import Membership, SignIn, User
from claims.workflow import Permission


@dataclass(frozen=True, slots=True)
class Lock:
    """An account that one address may not sign in to for a while."""

    address: str
    failures: int
    until: dt.datetime


def tell(user: User, kind: str, *, by: User | None, **payload: Any) -> None:
    """Write what happened to an account into the ledger of each of its newsrooms."""
    for newsroom in sorted(user.newsroom_ids()):
        transitions.record(kind, newsroom=newsroom, by=by, user=user.pk, **payload)


def begin(user: User, *, session_key: str, address: str | None, agent: str) -> SignIn:
    """Note that a person has signed in with a browser."""
    noted, _ = SignIn.objects.update_or_create(
        session_key=session_key, defaults={"user": user, "address": address, "agent": agent[:300], "ended_at": None}
    )
    return noted


def seen(session_key: str) -> None:
    SignIn.objects.filter(session_key=session_key).update(seen_at=timezone.now())


@transaction.atomic
def end(sign_in: SignIn, *, by: User) -> None:
    """Sign one browser of one's own out, at once."""
    if sign_in.user_id != by.pk:
        raise RuleBroken("This is not your session.", code="not_yours")
    _close([sign_in.session_key])


@transaction.atomic
def end_others(user: User, *, keep: str) -> int:
    """Sign a person out everywhere but here."""
    return _close(user.sign_ins.open().exclude(session_key=keep).values_list("session_key", flat=True))


def end_all(user: User) -> int:
    return end_others(user, keep="")


@transaction.atomic
def end_for(membership: Membership, *, by: User) -> int:
    """Sign a member out everywhere, as the newsroom's admin."""
    transitions.require(by, Permission.ADMINISTER, membership.newsroom_id)
    ended = end_all(membership.user)
    transitions.record(
        "member.signed_out", newsroom=membership.newsroom_id, by=by, user=membership.user_id, sessions=ended
    )
    return ended


@transaction.atomic
def password_changed(user: User, *, kept: str, was: str) -> None:
    """After a new password only the browser that set it stays signed in; its session has a new key."""
    SignIn.objects.filter(session_key=was).update(session_key=kept)
    end_others(user, keep=kept)
    tell(user, "member.password_changed", by=user)


def _close(session_keys: Any) -> int:
    keys = list(session_keys)
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys, ended_at__isnull=True).update(ended_at=timezone.now())
    return len(keys)


def locks_of(username: str) -> list[Lock]:
    """From where an account is locked just now."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    failed = (
        AccessAttempt.objects.filter(username=username, attempt_time__gte=since)
        .values("ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    return [Lock(one["ip_address"] or "", one["failures"], one["last"] + settings.AXES_COOLOFF_TIME) for one in failed]


def locked(username: str, *, address: str) -> None:
    """Write the lock of an account that exists into the ledger of its newsrooms."""
    user = User.objects.filter(username=username).first()
    if user is not None:
        tell(user, "member.locked", by=None, address=address)


@transaction.atomic
def unlock(membership: Membership, *, by: User) -> None:
    """Let a member try again at once, from every address."""
    transitions.require(by, Permission.ADMINISTER, membership.newsroom_id)
    reset(username=membership.user.get_username())
    transitions.record("member.unlocked", newsroom=membership.newsroom_id, by=by, user=membership.user_id)
