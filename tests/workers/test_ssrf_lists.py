"""Public lists of addresses that fooled other programs. They are not ours to ship, so these tests need the folder."""

import csv
import ipaddress
import json

import pytest

from tests.workers.loopback import shared_folder
from workers import addresses, http, wire
from workers.errors import Blocked, FetchError

SHARED = shared_folder()
pytestmark = pytest.mark.skipif(SHARED is None, reason="the public bypass lists are not on this machine")

INTERNAL = {"localhost": "127.0.0.1", "169.254.169.254.nip.io": "169.254.169.254"}


class _Sink(Exception):
    """Reached: a socket would have been opened."""


def _resolver(host, port):
    return [INTERNAL.get(host, "93.184.216.34")]


class _Backend(wire.GuardedBackend):
    """Everything but the socket itself."""

    def _connect(self, address, port):
        raise _Sink(address)


def _reached(url):
    """The address a fetch of this URL would connect to, or None if it is refused."""
    try:
        address = addresses.read(url)
    except addresses.BadAddress:
        return None
    backend = _Backend(resolver=_resolver, allowed=(), ports=frozenset({80, 443}))
    try:
        with wire.deadline(5):
            backend.connect_tcp(address.host, address.port)
    except wire.Refused:
        return None
    except _Sink as sink:
        return str(sink)


def test_no_bypass_url_reaches_anything_internal():
    reached = {}
    lines = (SHARED / "samples/ssrf/bypass_urls.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for expectation, url in (line.split("\t")[:2] for line in lines):
        to = _reached(url)
        if to is not None:
            assert addresses.public(to), url
            reached[url] = expectation
    # What is let through names an ordinary public host; the redirect behind it is checked when it comes.
    assert set(reached.values()) <= {"control-public-host", "block-after-resolve-or-redirect"}
    assert not any("nip.io" in url or "metadata" in url.split("/")[2] for url in reached)


def test_a_browser_would_go_to_the_same_host_or_we_refuse():
    read = 0
    for case in json.loads((SHARED / "samples/ssrf/urltestdata.json").read_text(encoding="utf-8")):
        if isinstance(case, str):
            continue
        try:
            base = case.get("base")
            address = addresses.follow(addresses.read(base), case["input"]) if base else addresses.read(case["input"])
        except addresses.BadAddress:
            continue
        read += 1
        assert not case.get("failure"), case["input"]
        assert address.host == case["hostname"].strip("[]"), case["input"]
        assert str(address.port) == (case["port"] or {"http:": "80", "https:": "443"}[case["protocol"]])
    assert read > 100


@pytest.mark.parametrize("version", ["4", "6"])
def test_no_block_of_the_special_registries_counts_as_public(version):
    path = SHARED / f"samples/ssrf/iana-ipv{version}-special-registry-1.csv"
    with path.open(encoding="utf-8", newline="") as file:
        blocks = [block for row in csv.DictReader(file) for block in row["Address Block"].split(",")]
    for block in blocks:
        network = ipaddress.ip_network(block.split()[0].split("[")[0])
        if network == ipaddress.ip_network("64:ff9b::/96"):
            continue  # judged by the IPv4 address inside
        for ip in (network[0], network[-1], network[network.num_addresses // 2]):
            assert not addresses.public(str(ip)), block


def test_fetch_itself_refuses_the_whole_list(settings):
    settings.FETCH_PACE_PERCENT = 100_000
    door = http.Door(resolver=lambda host, port: ["127.0.0.1"])
    for line in (SHARED / "samples/ssrf/bypass_urls.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        with pytest.raises(FetchError) as refusal:
            http.fetch(line.split("\t")[1], door=door, manner="visit")
        assert isinstance(refusal.value, Blocked)
