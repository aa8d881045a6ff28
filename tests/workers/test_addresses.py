import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers import addresses

AMBIGUOUS = [
    "http://good.example\\@127.0.0.1/",
    "http://good.example:80#\\@127.0.0.1/",
    "http://user@good.example/",
    "http://user:secret@good.example/",
    "http://good.example /",
    "http://good.example\t/",
    "http://good\u200b.example/",
    "http://good.example\r\nHost: other.example/",
    "http:good.example/",
    "http:/good.example/",
    "http:///good.example/",
    "//good.example/",
    "http://",
    "http://:80/",
    "http://good.example:/",
    "http://good.example:080/",
    "http://good.example:0/",
    "http://good.example:65536/",
    "http://good..example/",
    "http://.example/",
    "http://%31%32%37.0.0.1/",
    "http://[::1/",
    "http://[fe80::1%25eth0]/",
    "http://[::1]x/",
    "http://a" + "a" * 63 + ".example/",
    "http://xn--a/",
    "http://ⓔⓧⓐⓜⓟⓛⓔ.ⓒⓞⓜ/",
    "http://１２７.0.0.1/",
    "http://good。example/",
    "ftp://good.example/",
    "file:///etc/passwd",
    "gopher://good.example/_x",
    "javascript:alert(1)",
    "data:text/html,x",
    "",
    "x" * 5000,
]
NUMERIC = ["0x7f.1", "2130706433", "0177.0.0.1", "127.1", "0", "0x7f000001", "127.0.0.0x1", "1.2.3.4.5", "256.1.1.1"]


@pytest.mark.parametrize("url", AMBIGUOUS)
def test_an_address_that_programs_read_differently_is_refused(url):
    with pytest.raises(addresses.BadAddress):
        addresses.read(url)


@pytest.mark.parametrize("host", NUMERIC)
def test_a_number_in_disguise_is_refused(host):
    with pytest.raises(addresses.BadAddress, match="looks like a number"):
        addresses.read(f"http://{host}/")


def test_parts_are_read_once_and_written_back_the_same():
    address = addresses.read("HTTPS://News.Example:443/a b?q=ü#part")

    assert (address.scheme, address.host, address.port) == ("https", "news.example", 443)
    assert str(address) == "https://news.example/a%20b?q=%C3%BC"
    assert addresses.read(str(address)) == address


def test_a_name_with_umlauts_is_encoded():
    assert addresses.read("http://müller.example/").host == "xn--mller-kva.example"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/b", "http://a.example/b"),
        ("c?d=1", "http://a.example/x/c?d=1"),
        ("//b.example/c", "http://b.example/c"),
        ("https://b.example", "https://b.example/"),
    ],
)
def test_a_redirect_is_read_against_where_it_stands(location, expected):
    assert str(addresses.follow(addresses.read("http://a.example/x/y"), location)) == expected


@pytest.mark.parametrize(
    "location", ["///b.example/", "http:b.example", "\\\\b.example", "file:///etc/passwd", "/\x00"]
)
def test_a_redirect_that_programs_read_differently_is_refused(location):
    with pytest.raises(addresses.BadAddress):
        addresses.follow(addresses.read("http://a.example/"), location)


NOT_PUBLIC = """
    127.0.0.1 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 100.100.100.200
    192.0.0.192 192.88.99.1 198.18.0.1 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::808:808
    2002:7f00:1:: 2001:0:7f00:1:: 2001:db8::1 3fff::1 5f00::1 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd00:ec2::254 ff02::1
""".split()  # noqa: SIM905


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_plainly_public_is_not(address):
    assert not addresses.public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_an_ordinary_address_is_public(address):
    assert addresses.public(address)


@given(st.ip_addresses(v=4))
def test_no_wrapping_makes_a_private_address_public(inner):
    wrapped = [
        ipaddress.IPv6Address((0xFFFF << 32) | int(inner)),
        ipaddress.IPv6Address(int(inner)),
        ipaddress.IPv6Address((0x2002 << 112) | (int(inner) << 80)),
        ipaddress.IPv6Address((0x20010000 << 96) | (int(inner) ^ 0xFFFFFFFF)),
    ]
    assert not any(addresses.public(str(ip)) for ip in wrapped)
    nat64 = ipaddress.IPv6Address((0x64FF9B << 96) | int(inner))
    assert addresses.public(str(nat64)) == addresses.public(str(inner))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    for candidate in (text, f"http://{text}", f"http://good.example/{text}"):
        try:
            address = addresses.read(candidate)
        except addresses.BadAddress:
            continue
        assert addresses.read(str(address)) == address
