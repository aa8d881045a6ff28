"""ClaimReview as fact-checkers publish it: on pages (JSON-LD, microdata), in Google's answers, in the bulk feed.

Real records break every rule of the format; each is read as far as it makes sense or refused with a reason. Ratings
are kept word for word and never mapped here: what "Größtenteils falsch" means on a desk's scale is the desk's to say.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from claims.analysis import language as languages
from claims.operations.remembering import CheckDraft
from workers import pages
from workers.pagetext import Unreadable, moment, one_line, plain

KINDS = {"ClaimReview", "MediaReview"}
LONGEST_ITEM = 2_000_000  # characters of one element of the feed
_BETWEEN = re.compile(r"[ \t\r\n,]*")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|ref|igshid", re.I)


class NotUsable(Unreadable):
    """A record that says too little to be an earlier check. The reason is in words."""


Read = CheckDraft | NotUsable


def on_page(content: bytes, *, url: str, charset: str = "") -> list[Read]:
    """All reviews a page carries, in JSON-LD and in microdata; the same review in both counts once."""
    found = [record for record in pages.linked_data(content, charset=charset) if kinds(record) & KINDS]
    found += [record for record in pages.microdata(content, charset=charset) if kinds(record) & KINDS]
    return of_records(found, page=url)


def from_feed(pieces: Iterable[bytes]) -> Iterator[Read]:
    """The reviews of a Data Commons feed, read piece by piece: the file is far too large to be held."""
    for element in _elements(pieces):
        item = element.get("item")
        records = item if isinstance(item, list) else [item]
        yield from of_records(
            [record for record in records if isinstance(record, dict)], page=plain(element.get("url"))
        )


def from_google(claim: dict[str, Any]) -> list[Read]:
    """The reviews of one claim as Google's Fact Check Tools list them."""
    found: list[Read] = []
    for review in claim.get("claimReview") or []:
        record = {
            "claimReviewed": claim.get("text") or review.get("title"),
            "url": review.get("url"),
            "name": review.get("title"),
            "author": {
                "name": (review.get("publisher") or {}).get("name") or (review.get("publisher") or {}).get("site")
            },
            "reviewRating": {"alternateName": review.get("textualRating")},
            "itemReviewed": {"author": {"name": claim.get("claimant")}, "datePublished": claim.get("claimDate")},
            "datePublished": review.get("reviewDate"),
            "inLanguage": review.get("languageCode"),
        }
        found += of_records([record], page="")
    return found


def of_records(records: list[dict[str, Any]], *, page: str) -> list[Read]:
    """Records as drafts. A second review of a page gets a number behind its address; repeats are left out."""
    found: list[Read] = []
    seen: dict[str, set[str]] = {}
    for record in records:
        try:
            draft = read(record, page=page)
        except NotUsable as exc:
            found.append(exc)
            continue
        claims = seen.setdefault(draft.identifier, set())
        if draft.claim_text in claims:
            continue
        claims.add(draft.claim_text)
        if len(claims) > 1:
            draft = _numbered(draft, len(claims))
        found.append(draft)
    return found


def _numbered(draft: CheckDraft, number: int) -> CheckDraft:
    return replace(draft, identifier=f"{draft.identifier}#{number}")


def read(record: dict[str, Any], *, page: str = "") -> CheckDraft:
    """One ClaimReview or MediaReview object as an earlier check, or `NotUsable`."""
    if isinstance(record.get("properties"), dict):
        record = {**record["properties"], **record}
    item = _object(record.get("itemReviewed"))
    claim = _first(
        record.get("claimReviewed"),
        _object(item.get("interpretedAsClaim")).get("description"),
        record.get("originalMediaContextDescription"),
        item.get("claimReviewed"),
        item.get("headline"),
        item.get("name"),
        item.get("description"),
    )
    if len(claim) < 3:
        raise NotUsable("The review names no claim.")
    url = (
        _address(record.get("url"), page) or _address(_object(record.get("mainEntityOfPage")).get("@id"), page) or page
    )
    if not url.startswith(("http://", "https://")):
        raise NotUsable("The review has no address.")
    rating = _rating(record)
    if not rating:
        raise NotUsable("The review gives no rating.")
    author = _object(record.get("author")) or _object(record.get("publisher"))
    said = _object(item.get("author")) or _object(item.get("creator"))
    restricted = bool(record.get("sdLicense"))
    spoken = plain(record.get("inLanguage")).split("-")[0].lower()
    return CheckDraft(
        identifier=_identifier(url),
        claim_text=claim,
        language=spoken if re.fullmatch(r"[a-z]{2,3}", spoken) else languages.identify(claim),
        title=_first(record.get("headline"), record.get("name")),
        more="" if restricted else one_line(_first(_object(record.get("reviewRating")).get("ratingExplanation")), 2000),
        claimant=_first(said.get("name")) or (plain(item.get("author")) if isinstance(item.get("author"), str) else ""),
        claimed_on=_day(item.get("datePublished")),
        publisher=_first(author.get("name")) or host_of(plain(author.get("url"))) or host_of(url),
        url=url,
        rating=rating,
        checked_on=_day(record.get("datePublished")) or _day(record.get("dateModified")),
    )


def kinds(record: dict[str, Any]) -> set[str]:
    """The types of an object as they are found: under "type", with spaces, as an address."""
    named = record.get("@type", record.get("type"))
    named = named if isinstance(named, list) else [named]
    return {str(kind).strip().rstrip("/").rsplit("/", 1)[-1] for kind in named if kind}


def _rating(record: dict[str, Any]) -> str:
    """The rating in words; for media the categories; a bare number only with its scale."""
    given = record.get("reviewRating")
    if isinstance(given, list):
        given = next((one for one in given if one), None)
    if isinstance(given, str):
        return one_line(plain(given), 300)
    rating = _object(given)
    rating = {**_object(rating.get("properties")), **rating}
    if words := _first(rating.get("alternateName"), rating.get("name"), rating.get("description")):
        return one_line(words, 300)
    categories = record.get("mediaAuthenticityCategory")
    categories = categories if isinstance(categories, list) else [categories]
    if named := ", ".join(plain(kind).rsplit("/", 1)[-1] for kind in categories if plain(kind)):
        return one_line(named, 300)
    value, best = str(rating.get("ratingValue", "")).strip(), str(rating.get("bestRating", "")).strip()
    if re.fullmatch(r"\d+(\.\d+)?", value) and re.fullmatch(r"\d+", best) and best != "0":
        return f"{value} of {best}"
    return ""


def _first(*candidates: object) -> str:
    """The first that is text; of a list its first text, of an object its name."""
    for candidate in candidates:
        if isinstance(candidate, list):
            candidate = next((one for one in candidate if one), None)
        if isinstance(candidate, dict):
            candidate = candidate.get("name") or candidate.get("@value")
        if text := plain(candidate):
            return text
    return ""


def _object(value: object) -> dict[str, Any]:
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, dict)), None)
    return value if isinstance(value, dict) else {}


def _address(value: object, page: str) -> str:
    text = plain(value[0] if isinstance(value, list) and value else value)
    if not text:
        return ""
    try:
        found = urljoin(page, text)
        return found if urlsplit(found).hostname else ""
    except ValueError:
        return ""


def _identifier(url: str) -> str:
    """The address without what changes between two copies of one record: scheme, www, tracking, closing slash."""
    parts = urlsplit(url)
    kept = urlencode([(name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(name)])
    host = (parts.hostname or "").removeprefix("www.")
    bare = urlunsplit(("", host, parts.path.rstrip("/"), kept, "")).removeprefix("//")
    if len(bare) <= 480:
        return bare
    return bare[:400] + "#" + hashlib.sha256(bare.encode()).hexdigest()[:32]


def host_of(url: str) -> str:
    """The host of an address without its www."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _day(value: object) -> Any:
    text = plain(value[0] if isinstance(value, list) and value else value)
    found = moment(re.sub(r"\s*UTC$", "+00:00", text))
    return found.date() if found else None


def _elements(pieces: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The members of "dataFeedElement", one after the other, with one of them in memory at a time."""
    decoder, whole = codecs.getincrementaldecoder("utf-8")("replace"), json.JSONDecoder(strict=False)
    waiting, begun = "", False
    for piece in pieces:
        waiting += decoder.decode(piece)
        if not begun:
            start = re.search(r'"dataFeedElement"\s*:\s*\[', waiting)
            if start is None:
                if len(waiting) > LONGEST_ITEM:
                    raise Unreadable("This is not a feed of claim reviews.")
                continue
            waiting, begun = waiting[start.end() :], True
        at = 0
        while True:
            between = _BETWEEN.match(waiting, at)
            at = between.end() if between else at
            if waiting.startswith("]", at):
                return
            try:
                element, at = whole.raw_decode(waiting, at)
            except ValueError:
                break
            if isinstance(element, dict):
                yield element
        waiting = waiting[at:]
        if len(waiting) > LONGEST_ITEM:
            raise Unreadable("The feed of claim reviews is broken.")
    raise Unreadable("The feed of claim reviews ends too early." if begun else "This is not a feed of claim reviews.")
