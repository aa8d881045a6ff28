"""Keying: keys for a newsroom's programs are issued, rotated and revoked. The secret is returned once, never kept."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.errors import InvalidInput, RuleBroken
from claims.models import ApiKey, Newsroom, User
from claims.roles import Scope
from claims.workflow import Permission


@transaction.atomic
def issue(
    newsroom: Newsroom,
    *,
    user: User,
    by: User | None,
    label: str,
    scopes: Sequence[str],
    expires_at: dt.datetime | None = None,
    allowed_networks: Sequence[str] = (),
) -> tuple[ApiKey, str]:
    """Make a key that lets a program act as `user` in one newsroom, within `scopes`. Returns it and its secret."""
    transitions.require(by, Permission.ADMINISTER, newsroom)
    if not label.strip():
        raise InvalidInput("Say which program the key is for.", field="label", code="blank")
    if not scopes or not set(scopes) <= set(Scope.values):
        raise InvalidInput(f"Choose among {', '.join(Scope.values)}.", field="scopes", code="unknown")
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput("The expiry has to lie in the future.", field="expires_at", code="in_past")
    if not user.memberships.filter(newsroom=newsroom, active=True).exists():
        raise RuleBroken(f"{user} is not a member of this newsroom.", code="not_a_member", field="user")
    key, secret = ApiKey.objects.create(
        user=user,
        newsroom=newsroom,
        label=label.strip()[:80],
        scopes=sorted(set(scopes)),
        allowed_networks=[_network(one) for one in allowed_networks],
        created_by=by,
    )
    if expires_at is not None:
        key.expiry = expires_at
        key.save(update_fields=["expiry"])
    transitions.record(
        "key.issued", newsroom=newsroom, by=by, key=key.token_key, user=user.pk, scopes=key.scopes, label=key.label
    )
    return key, secret


@transaction.atomic
def rotate(key: ApiKey, *, by: User | None, overlap: dt.timedelta = dt.timedelta(days=1)) -> tuple[ApiKey, str]:
    """Issue a key that replaces this one, which goes on working for `overlap` so that programs can be changed over."""
    transitions.require(by, Permission.ADMINISTER, key.newsroom)
    key = ApiKey.objects.select_for_update(of=("self",)).select_related("newsroom", "user").get(pk=key.pk)
    if key.revoked_at is not None or key.replaced_by_id is not None:
        raise RuleBroken("This key was revoked or replaced already.", code="not_current")
    fresh, secret = issue(
        key.newsroom,
        user=key.user,
        by=by,
        label=key.label,
        scopes=key.scopes,
        allowed_networks=key.allowed_networks,
    )
    ends = timezone.now() + overlap
    key.expiry = min(key.expiry, ends) if key.expiry else ends
    key.replaced_by = fresh
    key.save(update_fields=["expiry", "replaced_by"])
    return fresh, secret


@transaction.atomic
def change(
    key: ApiKey, *, by: User | None, label: str, allowed_networks: Sequence[str], expires_at: dt.datetime | None
) -> ApiKey:
    """Change what a key is called, from where it may be used and until when. Scopes stay: for others, make another."""
    transitions.require(by, Permission.ADMINISTER, key.newsroom_id)
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is not None:
        raise RuleBroken("This key was revoked or replaced already.", code="not_current")
    if not label.strip():
        raise InvalidInput("Say which program the key is for.", field="label", code="blank")
    if expires_at is not None and expires_at != key.expiry and expires_at <= timezone.now():
        raise InvalidInput("The expiry has to lie in the future.", field="expires_at", code="in_past")
    key.label, key.expiry = label.strip()[:80], expires_at
    key.allowed_networks = [_network(one) for one in allowed_networks]
    key.save(update_fields=["label", "expiry", "allowed_networks"])
    transitions.record(
        "key.changed",
        newsroom=key.newsroom_id,
        by=by,
        key=key.token_key,
        label=key.label,
        networks=key.allowed_networks,
        expires_at=expires_at.isoformat() if expires_at else None,
    )
    return key


@transaction.atomic
def revoke(key: ApiKey, *, by: User | None) -> ApiKey:
    """Close a key at once, for good. Revoking twice is the same as once."""
    transitions.require(by, Permission.ADMINISTER, key.newsroom)
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        transitions.record("key.revoked", newsroom=key.newsroom_id, by=by, key=key.token_key)
    return key


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError as exc:
        raise InvalidInput(
            f"{text!r} is not a network such as 203.0.113.0/24.", field="allowed_networks", code="bad_network"
        ) from exc
