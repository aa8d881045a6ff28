"""The address a request comes from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The caller's address. Behind our proxy it is the last one of X-Forwarded-For: the only one the proxy wrote."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTS_PROXY:
        given = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or given
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        return None
