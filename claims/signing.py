"""Signatures of outgoing webhooks, as Standard Webhooks has them. Standard library only."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
TOLERANCE_SECONDS = 300


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of id, time and body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(held: Sequence[str], *, id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What goes with a delivery; with two secrets held, while one replaces the other, both sign."""
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(one, id=id, timestamp=timestamp, body=body) for one in held),
    }


def fits(secret: str, given: dict[str, str], body: bytes, *, now: int) -> bool:
    """What a receiver checks: one of the signatures is ours, and it is not old."""
    try:
        timestamp = int(given["webhook-timestamp"])
        wanted = signature(secret, id=given["webhook-id"], timestamp=timestamp, body=body)
    except (KeyError, ValueError, binascii.Error):
        return False
    if abs(now - timestamp) > TOLERANCE_SECONDS:
        return False
    return any(hmac.compare_digest(one.encode(), wanted.encode()) for one in given["webhook-signature"].split(" "))
