"""Reading HTML: the main text without its surroundings, and what the page says about itself.

The text is trafilatura's; dates, byline, canonical link and publisher come from JSON-LD and meta elements, in
that order. Walls (cookies, payment, "enable JavaScript") are told apart from texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from workers import addresses, mainpart
from workers.guessing import guess
from workers.pagetext import PageText, Unreadable, decode, moment

ARTICLE_TYPES = {"Article", "NewsArticle", "ReportageNewsArticle", "BlogPosting", "Report", "ScholarlyArticle"}
ARTICLE_TYPES |= {"AnalysisNewsArticle", "OpinionNewsArticle", "LiveBlogPosting", "WebPage", "ClaimReview"}
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
_XML_CHARSET = re.compile(rb"\A<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})", re.I)
_CONTROLS = bytes(sorted({*range(32)} - {*b"\t\n\r"}))
_NO_CONTROLS = dict.fromkeys((*_CONTROLS, 0xFFFE, 0xFFFF))
_NO_CHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")
_DOCTYPE = re.compile(r"\A< ?! ?doctype[^>]*/[^<>]*>", re.I)
_CLOSED = re.compile(r"(<html\b[^<>]*?)\s*/>", re.I)
_PUBLISHED = ("article:published_time", "og:published_time", "date", "dc.date.issued", "dc.date")

# Short pages that say nothing but this are walls. Longer ones may only mention it.
_WALLS = (
    (
        "The page asks for consent to cookies instead of showing its text.",
        re.compile(
            r"cookies? (?:zustimmen|akzeptieren|einwilligen)|(?:accept|consent to) (?:all )?cookies|"
            r"mit werbung weiterlesen|zustimmen und weiter|we value your privacy|wir brauchen ihre zustimmung|"
            r"(?:your|ihre) (?:privacy|datenschutz)[- ]?(?:choices|einstellungen)",
            re.I,
        ),
    ),
    (
        "The page asks for payment or a login instead of showing its text.",
        re.compile(
            r"subscribe to (?:continue|read)|already a subscriber|to continue reading|register to (?:continue|read)|"
            r"jetzt abonnieren|weiterlesen mit|nur für abonnent|mit einem abo|bereits abonnent|"
            r"melden sie sich an, um|log ?in to (?:continue|read)|sign in to (?:continue|read)",
            re.I,
        ),
    ),
    (
        "The page shows its text only to browsers that run scripts.",
        re.compile(
            r"(?:enable|activate|aktivieren sie|please turn on) (?:bitte )?java ?script|java ?script (?:is )?(?:"
            r"required|disabled|deaktiviert|erforderlich)",
            re.I,
        ),
    ),
    (
        "The site shows a check for robots instead of its text.",
        re.compile(
            r"(?:are you|bist du|sind sie) (?:a |an |ein |kein )?(?:human|robot|roboter|mensch)|verify you are human|"
            r"checking your browser|unusual traffic|captcha|access denied|zugriff verweigert|attention required",
            re.I,
        ),
    ),
)
_WALL_UP_TO = 1200  # characters


def read(content: bytes, *, charset: str = "", url: str = "") -> PageText:
    """The main text of an HTML page with its metadata, or `Unreadable`."""
    source = decode(content, charset or _declared(content))
    tree = _tree(source)
    if tree is None:
        raise Unreadable("The page holds no HTML that can be read.")
    records = list(_linked_data(tree))
    metas = _metas(tree)
    article = next((record for record in records if _types(record) & ARTICLE_TYPES), {})
    own = {
        "title": _first(article.get("headline"), metas.get("og:title")),
        "byline": _first(_names(article.get("author")), metas.get("author")),
        "publisher": _first(metas.get("og:site_name"), _names(article.get("publisher"))),
        "date": _moment(article.get("datePublished"), *map(metas.get, _PUBLISHED)),
    }
    links, canonical, title = _links(tree, url), _canonical(tree, metas, url), _title(tree)
    missing = [name for name, value in own.items() if not value]
    try:
        guessed = guess(tree, source, url=url, missing=missing)
        text = mainpart.text_of(tree, source, url, parse=_tree)
    except (ValueError, TypeError, AttributeError, RecursionError, etree.LxmlError) as exc:
        raise Unreadable("The page is built in a way that cannot be read.") from exc
    _refuse_walls(text, source, paid=_paid(article))
    return PageText(
        text=text,
        title=_first(own["title"], guessed.title, title),
        language=_first(tree.get("lang"), article.get("inLanguage"), metas.get("og:locale"), metas.get("language")),
        byline=_first(own["byline"], guessed.byline),
        publisher=_first(own["publisher"], guessed.publisher),
        published_at=own["date"] or _moment(guessed.date),
        modified_at=_moment(
            article.get("dateModified"),
            metas.get("article:modified_time"),
            metas.get("og:updated_time"),
            metas.get("last-modified"),
        ),
        canonical_url=canonical,
        links=links,
    )


def _declared(content: bytes) -> str:
    head = content[:4096]
    match = _XML_CHARSET.search(head) or _META_CHARSET.search(head)
    return match[1].decode("ascii") if match else ""


def _tree(source: str) -> Any:
    parser = lxml_html.HTMLParser(
        encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    # All elements alike: choosing a class for each by its name takes longer than parsing.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement))
    try:
        return lxml_html.document_fromstring(_mended(source), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def tree_of(content: bytes, *, charset: str = "") -> Any:
    """The elements of a page, or None where there is no HTML."""
    return _tree(decode(content, charset or _declared(content)))


def _mended(source: str) -> bytes:
    """The page without what the parser stumbles over: control characters, old doctypes, an <html/> closed at once."""
    head = _CLOSED.sub(r"\1>", _DOCTYPE.sub("", source[:4096].translate(_NO_CONTROLS), count=1), count=1)
    content = (head + source[4096:]).encode("utf-8", "replace").translate(None, _CONTROLS)
    return _NO_CHARACTERS.sub(b"", content) if b"\xef\xbf" in content else content


def linked_data(content: bytes, *, charset: str = "") -> list[dict[str, Any]]:
    """All JSON-LD objects of a page, `@graph` unfolded, broken blocks mended where that is plain."""
    tree = _tree(decode(content, charset or _declared(content)))
    return [] if tree is None else list(_linked_data(tree))


def microdata(content: bytes, *, charset: str = "") -> list[dict[str, Any]]:
    """All top-level microdata items of a page, as objects like those of JSON-LD."""
    tree = _tree(decode(content, charset or _declared(content)))
    if tree is None:
        return []
    return [_item(element) for element in tree.xpath("//*[@itemscope][not(@itemprop)]")[:50]]


def _item(element: Any, depth: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": str(element.get("itemtype", "")).split()[:1]}
    waiting = list(element)
    while waiting:
        child = waiting.pop(0)
        if not isinstance(child.tag, str):
            continue
        inner = child.get("itemscope") is not None
        for name in str(child.get("itemprop", "")).split():
            found.setdefault(name, _item(child, depth + 1) if inner and depth < 6 else _property(child))
        if not inner:
            waiting[:0] = list(child)
    return found


def _property(element: Any) -> str:
    for name in ("content", "datetime", "href", "src"):
        if element.get(name):
            return str(element.get(name))
    return " ".join(str(element.text_content()).split())


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    for script in mainpart.data_of(tree):
        if str(script.get("type", "")).split(";")[0].strip().lower() == "application/ld+json":
            yield from _objects(_loads(script.text or ""))


def _loads(text: str) -> Any:
    """JSON as publishers write it: comments around, raw line breaks within, commas at the end."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = re.sub(r"\A(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\Z", "", text).strip().rstrip(";")
    mended = re.sub(r",(\s*[}\]])", r"\1", re.sub(r",(?:\s*,)+", ",", text))
    for candidate in (text, mended):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
            yield from _objects(value.get(key), depth + 1)


def _types(record: dict[str, Any]) -> set[str]:
    kinds = record.get("@type", record.get("type"))
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return {str(kind).strip().rsplit("/", 1)[-1] for kind in kinds if kind}


def _names(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(name for name in map(_names, value[:10]) if name)
    if isinstance(value, dict):
        return _names(value.get("name"))
    return value.strip() if isinstance(value, str) and not value.startswith("http") else ""


def _metas(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv")
        if name and meta.get("content"):
            found.setdefault(name.strip().lower(), meta.get("content").strip())
    return found


def _first(*candidates: Any) -> str:
    return next((value.strip() for value in candidates if isinstance(value, str) and value.strip()), "")


def _moment(*candidates: Any) -> Any:
    return next((found for found in map(moment, candidates) if found), None)


def _title(tree: Any) -> str:
    title = tree.find(".//title")
    return (title.text_content() if title is not None else "") or ""


def _canonical(tree: Any, metas: dict[str, str], url: str) -> str:
    for link in tree.iter("link"):
        if "canonical" in str(link.get("rel", "")).lower().split() and link.get("href"):
            return absolute(url, link.get("href"))
    return absolute(url, metas.get("og:url", ""))


def absolute(base: str, href: str) -> str:
    """A link as a full http(s) address, or nothing if it is none."""
    if not href.strip():
        return ""
    try:
        return str(addresses.read(urljoin(base, href.strip())))
    except ValueError:
        return ""


def _links(tree: Any, url: str) -> tuple[str, ...]:
    """Where the text itself links to: anchors in paragraphs, not in menus."""
    found: dict[str, None] = {}
    for anchor in tree.xpath("//p//a[@href] | //blockquote//a[@href] | //article//li//a[@href]")[:400]:
        target = absolute(url, anchor.get("href"))
        if target and target != url:
            found.setdefault(target)
    return tuple(found)[:100]


def _paid(article: dict[str, Any]) -> bool:
    """Whether the page itself says that its article is not for everybody to read."""
    return str(article.get("isAccessibleForFree", "")).strip().rsplit("/", 1)[-1].lower() == "false"


def _refuse_walls(text: str, source: str, *, paid: bool) -> None:
    shown = text
    if not shown:
        tree = _tree(source)
        body = tree.find(".//body")
        shown = " ".join((body if body is not None else tree).text_content().split())[:_WALL_UP_TO]
    if len(shown) <= _WALL_UP_TO:
        for reason, pattern in _WALLS:
            if pattern.search(shown):
                raise Unreadable(reason)
        if paid:
            raise Unreadable("The page shows a beginning only: its article is for subscribers.")
    if not text:
        raise Unreadable("No main text was found on the page.")
