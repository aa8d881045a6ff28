import ipaddress

import pytest


@pytest.fixture
def loopback_allowed(settings):
    """The world of these tests: loopback may be fetched, nothing else is needed."""
    settings.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    settings.FETCH_CONTACT = "https://desk.example/contact; mailto:desk@desk.example"
    return settings
