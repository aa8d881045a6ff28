"""Who is calling: a program with a key (`Authorization: Bearer fck_...`), or a person with a session."""

from __future__ import annotations

import datetime as dt
import ipaddress

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from claims import storage
from claims.addresses import address_of
from claims.models import ApiKey, User
from claims.roles import lent_by

NOTE_USE_EVERY = dt.timedelta(minutes=1)  # a busy key is not worth a write per request


class KeyAuthentication(TokenAuthentication):  # type: ignore[misc]
    """A key opens the door to its newsroom only, as its person, within its scopes.

    Unlike knox's own, this finds the key by its hash in one query and deletes nothing: a key that expired
    stays to be seen in the desk.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        found: tuple[User, ApiKey] | None = super().authenticate(request)
        if found is not None and not _may_come_from(found[1], address_of(request._request) or ""):
            raise AuthenticationFailed(_("This key may not be used from this address."), code="foreign_address")
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiKey]:
        try:
            digest = hash_token(token.decode("ascii"))
        except UnicodeDecodeError:
            raise AuthenticationFailed(_("Invalid key.")) from None
        key = ApiKey.objects.opening(digest)
        if key is None:
            raise AuthenticationFailed(_("Invalid key."))
        now = timezone.now()
        if key.last_used_at is None or now - key.last_used_at > NOTE_USE_EVERY:
            _note_use(key, now)
        key.user.confine(key.newsroom_id, lent_by(key.scopes))
        return key.user, key


def _note_use(key: ApiKey, now: dt.datetime) -> None:
    """Worth no request: while nothing can be saved, those who only read are served all the same."""
    try:
        with transaction.atomic():
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    except DatabaseError as exc:
        if not storage.refusal(exc):
            raise


def _may_come_from(key: ApiKey, address: str) -> bool:
    if not key.allowed_networks:
        return True
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(caller in ipaddress.ip_network(network) for network in key.allowed_networks)


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "claims.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A newsroom's key. It begins with `fck_`; make one with `manage.py create_key`.",
        }
