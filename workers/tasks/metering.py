"""What was counted in Redis becomes rows."""

from typing import Any

import redis
from celery import shared_task
from django.conf import settings

from claims.operations import metering
from workers.tasks.periodic import Periodic

TAKEN = "usage:taken"


@shared_task(base=Periodic)
def write_usage_down() -> int:
    """Write the usage of keys down. A run that broke off is finished by the next; one at a time."""
    store = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=2)
    lock = store.lock("usage:lock", timeout=50)
    if not lock.acquire(blocking=False):
        return 0
    try:
        if not store.exists(TAKEN):
            if not store.exists(metering.WAITING):
                return 0
            store.rename(metering.WAITING, TAKEN)
        held: Any = store.hgetall(TAKEN)
        counted = {name.decode(): int(number) for name, number in held.items()}
        written = metering.write_down(counted)
        store.delete(TAKEN)
    finally:
        lock.release()
    return written
