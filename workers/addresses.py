"""Which addresses may be asked: one strict URL reader, and the rule what counts as a public address.

Strict means: whatever two parsers could read differently is refused, so the host that is checked is the host
that is connected to. No name is looked up here; `workers.http` does that once per connection.
"""

from __future__ import annotations

import functools
import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urljoin

import idna

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

URL_LIMIT = 4096
_PORTS = {"http": 80, "https": 443}
_SHAPE = re.compile(r"(?P<scheme>[a-z]+)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)(?:#.*)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\[\]:@]+)(?::(?P<port>[1-9][0-9]{0,4}))?", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"}
_KEPT = "!$&'()*+,;=:@/?%-._~[]"

# Names that never mean a host on the public internet, whatever a resolver says.
_PRIVATE_NAMES = ("localhost", "local", "internal", "intranet", "localdomain", "lan", "home", "corp", "arpa", "onion")

# The IANA special-purpose registries, the globally reachable entries included: nobody publishes news there.
_SPECIAL = [
    ipaddress.ip_network(block)
    for block in (  # noqa: SIM905
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 "
        "198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
        "168.63.129.16/32 "  # a public number, but the host under every Azure machine
        "::/96 ::ffff:0:0/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32 2002::/16 "
        "2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8"
    ).split()
]
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class BadAddress(ValueError):
    """Not an address we ask. The text says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """A URL, read once: what is shown, checked and connected to are the same parts."""

    scheme: str
    host: str  # lower case, IDNA-encoded, without brackets
    port: int
    target: str  # path and query as sent

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.target}"


def read(url: str) -> Address:
    """The parts of an absolute http(s) URL, or `BadAddress`."""
    if len(url) > URL_LIMIT:
        raise BadAddress(f"The address is longer than {URL_LIMIT} characters.")
    url = url.strip(" ")
    if _unseen(url) or "\\" in url:
        raise BadAddress("The address contains characters that different programs read differently.")
    shape = _SHAPE.fullmatch(url)
    if shape is None:
        raise BadAddress("This is not a complete http or https address.")
    scheme = shape["scheme"].lower()
    if scheme not in _PORTS:
        raise BadAddress(f"Only http and https are fetched, not {scheme}.")
    if "@" in shape["authority"]:
        raise BadAddress("Addresses with a user name are not fetched.")
    authority = _AUTHORITY.fullmatch(shape["authority"])
    if authority is None:
        raise BadAddress("The address has no readable host name.")
    port = int(authority["port"] or _PORTS[scheme])
    if port > 65535:
        raise BadAddress("The port does not exist.")
    rest = shape["rest"]
    if not rest.startswith("/"):
        rest = "/" + rest
    return Address(scheme, _host(authority["host"]), port, quote(rest, safe=_KEPT))


def _unseen(text: str) -> bool:
    """Whether there are characters in it that are not seen. Ordinary ASCII, which nearly all is, is told at once."""
    if text.isascii() and text.isprintable():
        return False
    return any(unicodedata.category(c) in _UNSEEN for c in text)


def follow(here: Address, location: str) -> Address:
    """Where a redirect leads, read as strictly as a first address."""
    location = location.strip(" ")
    if "\\" in location or _unseen(location):
        raise BadAddress("The page redirects to an address that different programs read differently.")
    if _SCHEME.match(location) and not re.match(r"https?://[^/]", location, re.IGNORECASE):
        raise BadAddress("The page redirects to something that is not a complete http or https address.")
    if location.startswith("//") and not re.match(r"//[^/]", location):
        raise BadAddress("The page redirects to an address without a host.")
    try:
        return read(urljoin(str(here), location))
    except BadAddress:
        raise
    except ValueError as exc:
        raise BadAddress(f"The page redirects to an unreadable address: {exc}.") from exc


@functools.lru_cache(maxsize=4096)
def _host(host: str) -> str:
    if host.startswith("["):
        try:
            return str(ipaddress.IPv6Address(host[1:-1]))
        except ValueError as exc:
            raise BadAddress("The address holds a malformed IPv6 number.") from exc
    if not host.isascii():
        # Only what is already written as a name is encoded; look-alikes that need mapping are refused.
        try:
            labels = unicodedata.normalize("NFC", host.lower()).split(".")
            host = ".".join(label if label.isascii() else idna.alabel(label).decode() for label in labels)
        except (idna.IDNAError, UnicodeError) as exc:
            raise BadAddress("The host name holds characters that no host name has.") from exc
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if any(label.startswith("xn--") for label in labels):
        try:
            idna.decode(host)
        except (idna.IDNAError, UnicodeError) as exc:
            raise BadAddress("The host name holds an encoding that stands for no name.") from exc
    if _NUMERIC_LABEL.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError as exc:
            raise BadAddress("The host looks like a number but is not a plain IPv4 address.") from exc
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddress("The host name is malformed.")
    return host


def private_name(host: str) -> bool:
    """Whether the name is one that only means something inside a network."""
    if ":" in host or host.replace(".", "").isdigit():
        return False
    return "." not in host or host.rsplit(".", 1)[-1] in _PRIVATE_NAMES


def unwrapped(ip: IP) -> IP:
    """The IPv4 address meant by an IPv4-mapped or NAT64 one; any other address is itself."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def allowed(address: str, among: tuple[Network, ...]) -> bool:
    """Whether the operator has allowed this very network."""
    ip = unwrapped(ipaddress.ip_address(address))
    return any(ip in network for network in among)


def public(address: str) -> bool:
    """Whether a resolved address is an ordinary public one. Tunnels and embedded private addresses are not."""
    if "%" in address:
        return False
    ip = ipaddress.ip_address(address)
    if ip in _NAT64:  # how a v6-only network reaches the v4 internet: judged by the address meant
        ip = unwrapped(ip)
    if any(ip in block for block in _SPECIAL) or ip.is_multicast or not ip.is_global:
        return False
    return isinstance(ip, ipaddress.IPv4Address) or ip in _UNICAST
