"""Secrets that have to be read again are kept sealed with a key that comes from the environment."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


class Unreadable(Exception):
    """Sealed with a key this server does not have any more."""


def seal(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret. A former SECRET_KEY still opens what it sealed while it stands in SECRET_KEY_FALLBACKS."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as exc:
        raise Unreadable("This secret was sealed with another SECRET_KEY.") from exc


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"factcheck.sealing:" + force_bytes(key)).digest()))
        for key in keys
    )
