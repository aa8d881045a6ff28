"""Metering: how often keys were used. Counted in Redis with every request, written down once a minute."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from claims.models import ApiKey, KeyUsage

WAITING = "usage:waiting"  # the hash in Redis that requests are counted in
COUNTS = ("requests", "throttled")


def field(key: str, what: str) -> str:
    """Where in the hash one count of a key stands, by the day in UTC."""
    return f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}|{what}|{key}"


@transaction.atomic
def write_down(counted: Mapping[str, int]) -> int:
    """Add what was counted to the days of the keys. Keys that are gone are passed over. Returns how many rows."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for name, number in counted.items():
        day, what, key = name.split("|", 2)
        if what in COUNTS:
            found[key, day][what] = number
    known = set(ApiKey.objects.filter(pk__in={key for key, _ in found}).values_list("pk", flat=True))
    written = 0
    for (key, day), numbers in sorted(found.items()):
        if key not in known:
            continue
        row, _ = KeyUsage.objects.get_or_create(key_id=key, day=dt.date.fromisoformat(day))
        KeyUsage.objects.filter(pk=row.pk).update(**{what: F(what) + number for what, number in numbers.items()})
        written += 1
    return written


def since(days: int) -> dt.date:
    return timezone.now().astimezone(dt.UTC).date() - dt.timedelta(days=days - 1)
