"""Sitemaps and pages that list articles: which addresses they name, newest first, whatever state they are in."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from urllib.parse import urlsplit

from lxml import etree

from claims.operations.following import ITEMS, Entry
from workers import pages
from workers.pagetext import Unreadable, moment, one_line

LARGEST = 10_000_000  # bytes of an unpacked sitemap that are read
SHORT = 15  # characters: what is shorter is no headline but a menu
_ENTITY = re.compile(rb"<!(?:ENTITY|DOCTYPE)", re.I)
_OUTSIDE = "ancestor::nav or ancestor::header or ancestor::footer or ancestor::aside or ancestor::form"


def unpacked(body: bytes) -> bytes:
    """The body itself where it came packed as a file, as sitemaps do, no longer than is read."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, LARGEST)
    except zlib.error as exc:
        raise Unreadable("The file is packed, and broken.") from exc


def sitemap(body: bytes) -> tuple[list[Entry], list[str]]:
    """The pages a sitemap lists, newest first, and the sitemaps it leads to, newest first. Raises `Unreadable`."""
    if _ENTITY.search(body[:10_000]):
        raise Unreadable("The sitemap defines entities, which is refused.")
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(unpacked(body).lstrip(), parser)
    except etree.XMLSyntaxError as exc:
        raise Unreadable("This is not a sitemap.") from exc
    if root is None or _name(root) not in ("urlset", "sitemapindex"):
        raise Unreadable("This is not a sitemap.")
    found = [entry for child in root if (entry := _listed(child)) is not None]
    found.sort(key=lambda entry: entry.published_at or _LONG_AGO, reverse=True)
    if _name(root) == "sitemapindex":
        return [], [entry.url for entry in found]
    return found[:ITEMS], []


_LONG_AGO = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _listed(element: etree._Element) -> Entry | None:
    said: dict[str, str] = {}
    for part in element.iter():
        said.setdefault(_name(part), (part.text or "").strip())
    url = pages.absolute("", said.get("loc", ""))
    if not url:
        return None
    changed = said.get("lastmod", "")
    published = moment(said.get("publication_date") or changed)
    return Entry(url, one_line(said.get("title", ""), 500), changed, published)


def links(body: bytes, url: str) -> list[Entry]:
    """The articles a page links to, in its order: links with a headline, to the page's own site, not those of menus."""
    tree = pages.tree_of(body)
    if tree is None:
        raise Unreadable("The page holds no HTML that can be read.")
    host = _host(url)
    found: dict[str, Entry] = {}
    for anchor in tree.xpath(f"//a[@href][not({_OUTSIDE})]")[:2000]:
        target = (pages.absolute(url, anchor.get("href")) or "").partition("#")[0]
        words = one_line(" ".join(anchor.itertext()), 500)
        if not target or target == url or _host(target) != host or urlsplit(target).path in ("", "/"):
            continue
        if len(words) >= SHORT:
            found.setdefault(target, Entry(target, words))
    return list(found.values())[:ITEMS]


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
