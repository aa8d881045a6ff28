"""The main text of a page: trafilatura's, asked about as little of the page as will do.

Its rules look at every element many times over, and most of a page is menus, teasers and scripts. So the part that
holds nearly all paragraphs is found first, in one pass, and is all that trafilatura is shown. Where what it makes of
that does not hold most of the words of the page, the whole page is read, in the end with trafilatura's second opinions.
"""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Callable
from typing import Any

import trafilatura
from lxml import etree
from trafilatura.external import SANITIZED_XPATH
from trafilatura.settings import Extractor
from trafilatura.xpaths import BODY_XPATH

NEARLY_ALL = 0.95  # of the characters in paragraphs
_WHOLE = re.compile(r"\s*<(?:html|!doctype)", re.I)
_DATA = etree.XPath("//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]")
_SHORT = 250  # characters: less is looked at again by trafilatura, too
_NOT_SHOWN = ("script", "style", "noscript")


def text_of(tree: Any, source: str, url: str, *, parse: Callable[[str], Any]) -> str:
    """The main text of a page, or nothing. The tree is used up: read from it before, or parse the source again."""
    if not _WHOLE.match(source):
        # A piece of a page: trafilatura has its own way of making a whole of it.
        return _text(trafilatura.bare_extraction(source, options=_options(url, fast=False)))
    # The posts of a thread stand where comments do, which only its data tells apart.
    part = None if "DiscussionForumPosting" in source else _part(tree)
    if part is None:
        _lighten(tree)
    shown = trafilatura.bare_extraction(tree if part is None else part, options=_options(url, fast=True))
    if shown is None or not _stands(shown, _words(tree)):
        whole = parse(source)
        _lighten(whole)
        shown = trafilatura.bare_extraction(whole, options=_options(url, fast=False))
    return _text(shown)


def _text(found: Any) -> str:
    return (getattr(found, "text", None) or "").strip()


@functools.cache
def _usual() -> Extractor:
    return Extractor(output_format="python", comments=False, tables=True)


def _options(url: str, *, fast: bool) -> Extractor:
    """A copy of the usual ones: making them anew reads a configuration each time."""
    options = copy.copy(_usual())
    options.url = url or None
    options.fast = fast
    return options


def _lighten(tree: Any) -> None:
    """Take out what no reader of the text looks at. Data about the article stays: it may hold the text itself."""
    kept = data_of(tree)
    for script in kept:
        script.tag = "kept"
    etree.strip_elements(tree, "script", "style", with_tail=False)
    for script in kept:
        script.tag = "script"


def data_of(tree: Any) -> list[Any]:
    """The scripts of a page that may hold JSON-LD."""
    return list(_DATA(tree))


def _part(tree: Any) -> Any:
    """A page of nothing but the part trafilatura would choose, if nearly all paragraphs are in there.

    With it come the elements around it, without what else they hold: some rules look at them.
    """
    held: dict[Any, int] = {}
    total = 0
    for paragraph in tree.iter("p"):
        length = len(paragraph.text_content())
        total += length
        parent = paragraph.getparent()
        held[parent] = held.get(parent, 0) + length
    if not total:
        return None
    lengths: dict[Any, int] = {}
    for parent, length in held.items():
        lengths[parent] = lengths.get(parent, 0) + length
        for above in parent.iterancestors():
            lengths[above] = lengths.get(above, 0) + length
    around = [element for element, length in lengths.items() if length >= NEARLY_ALL * total]
    chosen = _chosen(around)
    if chosen is None:
        return None
    part = copy.deepcopy(chosen)
    part.tail = None
    for above in chosen.iterancestors():
        shell = tree.makeelement(above.tag, _marks(above))
        shell.append(part)
        part = shell
    return part


def _chosen(around: list[Any]) -> Any:
    for rule in BODY_XPATH:
        for element in sorted(around, key=_depth):
            if _matches(rule, element):
                return element
    return None


def _depth(element: Any) -> int:
    return sum(1 for _ in element.iterancestors())


def _matches(rule: Any, element: Any) -> bool:
    alone = etree.Element("body")
    etree.SubElement(alone, element.tag, _marks(element))
    return bool(rule(alone))


def _marks(element: Any) -> dict[str, str]:
    """What the rules choose elements by; odd attributes cannot be given to a new one."""
    return {name: element.get(name) for name in ("id", "class", "itemprop", "role") if element.get(name)}


def _words(tree: Any) -> int:
    """How many characters of a page are words outside links. The links are gone then."""
    etree.strip_elements(tree, "a", *_NOT_SHOWN, with_tail=False)
    return len(" ".join(tree.text_content().split()))


def _stands(found: Any, words: int) -> bool:
    """Whether a first reading is clean and holds at least half of all words that are no links.

    The second opinion (readability, half of the work) is taken only when it has found more than twice as much.
    """
    length = len(found.text)
    if length < _SHORT or found.body.xpath(SANITIZED_XPATH):
        return False
    if not found.body.xpath(".//p//text()") or len(found.body.findall(".//table")) > len(found.body.findall(".//p")):
        return False
    # A text longer than what can be seen was not read from the page but from its data.
    return bool(words <= 2 * length <= 3 * words)
