import ipaddress

import pytest
import redis
from django.core.cache import cache

from workers import robots


@pytest.fixture
def loopback_allowed(settings):
    """The world of these tests: loopback may be fetched, nothing is remembered of earlier tests, nobody waits."""
    settings.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    settings.FETCH_CONTACT = "https://desk.example/contact; mailto:desk@desk.example"
    settings.FETCH_PACE_PERCENT = 100_000
    settings.FETCH_PAGES_AT_ONCE = 100
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    robots._lately.clear()
    store = redis.Redis.from_url(settings.REDIS_URL)
    for kind in ("fetch", "cache"):
        for key in store.scan_iter(f"factcheck:{kind}:*"):
            store.delete(key)
    store.close()
    return settings
