"""GDELT: who reported it, in 65 languages. Titles and addresses only; the pages are fetched from their publishers.

Its errors are plain text with HTTP 200, its limit is one request in five seconds and is enforced by banning, and the
date it gives is when it saw a page, not when the page was published.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings

from workers.budgets import Pace
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, SourceError, SourceUnavailable, fingerprint

PACE = Pace(per_second=1 / 8)
WINDOW_DAYS = 85  # three months is what it promises
WORDS = 6
LANGUAGES = {
    "ar": "arabic", "bg": "bulgarian", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "fi": "finnish", "fr": "french", "he": "hebrew", "hi": "hindi", "hr": "croatian",
    "hu": "hungarian", "id": "indonesian", "it": "italian", "ja": "japanese", "ko": "korean", "nl": "dutch",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "th": "thai", "tr": "turkish", "uk": "ukrainian", "vi": "vietnamese", "zh": "chinese",
}  # fmt: skip
_CODES = {name: code for code, name in LANGUAGES.items()}


class Gdelt:
    """News pages of the last three months that mention the words of a claim."""

    slug: ClassVar[str] = "gdelt"
    name: ClassVar[str] = "GDELT"
    languages: ClassVar[tuple[str, ...]] = tuple(LANGUAGES)
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        return None

    def search(self, query: Query) -> Findings:
        found: dict[str, Finding] = {}
        notes = []
        for language in query.asked_in[:2]:
            code = language.split("-")[0].lower()
            if code not in LANGUAGES:
                notes.append(f"GDELT does not read {language!r}.")
                continue
            words = _words(query.searches(language)[0])
            if not words:
                notes.append(f"No word of the claim is long enough for GDELT ({language}).")
                continue
            for article in self._articles(f"{words} sourcelang:{LANGUAGES[code]}", query):
                finding = _finding(article, fingerprint(self.slug, words, code, query.since, query.until))
                if finding is not None:
                    found.setdefault(_bare(finding.url), finding)
        return Findings(tuple(found.values())[: query.limit], " ".join(notes))

    def _articles(self, words: str, query: Query) -> list[dict[str, Any]]:
        params: dict[str, object] = {
            "query": words,
            "mode": "artlist",
            "format": "json",
            "sort": "hybridrel",
            "maxrecords": min(250, query.limit * 3),
        }
        if query.since or query.until:
            until = query.until or (query.since or dt.date.min) + dt.timedelta(days=WINDOW_DAYS)
            since = query.since or until - dt.timedelta(days=WINDOW_DAYS)
            params |= {"startdatetime": f"{since:%Y%m%d}000000", "enddatetime": f"{until:%Y%m%d}235959"}
        else:
            params["timespan"] = f"{WINDOW_DAYS}d"
        response = asking.get(asking.url_with(settings.GDELT_URL, params), name=self.name, pace=PACE)
        asking.refuse_bad_status(response, self.name)
        return asking.rows(asking.shaped(_parsed(response.content), "articles"))


def _parsed(body: bytes) -> Any:
    """The JSON, illegal characters blanked; a text is one of GDELT's complaints."""
    text = body.decode("utf-8", "replace").strip()
    if not text:
        raise SourceUnavailable("GDELT sent nothing.")
    if text[0] in "{[":
        for candidate in (text, re.sub(r'\\(?!["\\/bfnrtu])', r"\\\\", re.sub(r"[\x00-\x1f]", " ", text))):
            try:
                return json.loads(candidate, strict=False)
            except ValueError:
                continue
        raise SourceUnavailable("GDELT sent broken JSON.")
    said = asking.word(text)[:200]
    if re.search(r"limit requests|too many|quota", said, re.I):
        raise SourceUnavailable(f"GDELT asks for a pause: {said}", retry_after=60.0)
    if re.search(r"too short|too long|too common|parenthes|phrase|invalid|illegal|must|query", said, re.I):
        raise SourceError(f"GDELT refuses the question: {said}")
    raise SourceUnavailable(f"GDELT cannot answer now: {said}")


def _words(search: str) -> str:
    """The longest words of a search; short ones are refused there, operators are not ours to send."""
    words = dict.fromkeys(re.findall(r"[^\W\d_]{3,}(?:-[^\W\d_]{3,})*|\d{3,}", search))
    longest = sorted(words, key=len, reverse=True)[:WORDS]
    return " ".join(f'"{word}"' if "-" in word else word for word in words if word in longest)


def _bare(url: str) -> str:
    """The address without tracking, to tell the same story sent twice."""
    parts = urlsplit(url)
    kept = [
        (name, value) for name, value in parse_qsl(parts.query) if not re.match(r"utm_|ref|fbclid|gclid|cmp|src", name)
    ]
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"), urlencode(kept), ""))


def _finding(article: dict[str, Any], mark: str) -> Finding | None:
    url = asking.word(article.get("url"))
    if not url.startswith(("http://", "https://")):
        return None
    title = re.sub(r"\s+([,.;:!?%)])", r"\1", asking.word(article.get("title")))
    return Finding(
        url=url,
        title=title,
        language=_CODES.get(asking.word(article.get("language")).lower(), ""),
        publisher=asking.word(article.get("domain")),
        fingerprint=mark,
        details={"seen": article.get("seendate"), "country": article.get("sourcecountry")},
    )
