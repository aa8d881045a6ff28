"""Whom a text means when it names its source: one id and one name for all the ways of saying it.

"Seoul's generals" are the one body of that country the document speaks of; "the statement" and "he" are nobody,
unless the document names somebody else beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from rapidfuzz import fuzz

from claims.analysis import credits, entities, tables, terms
from claims.analysis.types import SourceText, Speaker

_KNOWN = ("org:", "alias:", "wd:", "agency:")


@dataclass(frozen=True, slots=True)
class Named:
    """A source as it was resolved: `id` is empty where nobody can be told from the words."""

    id: str
    name: str
    speaker: Speaker


@cache
def countries() -> Mapping[str, str]:
    """Institutions by id with the country they belong to, where they have one."""
    return {row["id"]: row["context"] for row in tables.rows("institutions") if row.get("context")}


@cache
def _titles() -> Mapping[str, str]:
    """The longest international name of each institution."""
    found: dict[str, str] = {}
    for row in tables.rows("institutions", "en"):
        for name in row["names"].split("|"):
            if len(name) > len(found.get(row["id"], "")):
                found[row["id"]] = name
    return found


class Sources:
    """The sources named by the documents of one check, resolved once and made one across spellings."""

    def __init__(self, documents: Mapping[str, SourceText], attributions: Mapping[str, Sequence[Speaker]]) -> None:
        self.of: dict[str, list[Named]] = {}
        spellings: list[str] = []
        for name, speakers in attributions.items():
            if name not in documents:
                continue
            found = []
            for speaker in speakers:
                named = _resolve(speaker, documents[name])
                same = next((id_ for id_ in spellings if one_name(id_, named.id)), "") if named.id else ""
                if same:
                    named = replace(named, id=same)
                elif named.id:
                    spellings.append(named.id)
                found.append(named)
            self.of[name] = found


def _resolve(speaker: Speaker, document: SourceText) -> Named:
    language = document.language or "en"
    if not speaker.named:
        return Named("", speaker.text, speaker)
    for agency in credits.agencies():
        if terms.fold(speaker.text) in {terms.fold(part) for part in (agency.name, *agency.credits, *agency.mentions)}:
            return Named(agency.id, agency.name, speaker)
    if speaker.id.startswith(_KNOWN):
        return Named(speaker.id, _titles().get(speaker.id, speaker.text), speaker)
    if speaker.id.startswith("iso:"):
        return _body(speaker.id[4:], speaker, document)
    inside = entities.find(speaker.text, language)
    one = next((entity for entity in inside if entity.type == "person" or entity.id.startswith(_KNOWN)), None)
    if one is not None:
        return Named(one.id, _titles().get(one.id, one.text), speaker)
    # "The North Korean Foreign Ministry": the country tells more than the word ministry does.
    country = next((entity for entity in inside if entity.id.startswith("iso:")), None)
    if country is not None:
        return _body(country.id[4:], speaker, document)
    one = next((entity for entity in inside if entity.type == "organisation"), None)
    if one is not None:
        return Named(one.id, one.text, speaker)
    if inside or _has_name(speaker.text, language):
        return Named(speaker.id, speaker.text, speaker)
    return Named("", speaker.text, speaker)


def _body(code: str, speaker: Speaker, document: SourceText) -> Named:
    """The one body of a country the document names, if it names one; else the country."""
    found = entities.find(document.text, document.language or "en")
    bodies = {entity.id for entity in found if countries().get(entity.id) == code}
    if len(bodies) == 1:
        id_ = bodies.pop()
        return Named(id_, _titles().get(id_, speaker.text), speaker)
    return Named(f"iso:{code}", speaker.text, speaker)


def _has_name(text: str, language: str) -> bool:
    """A capital behind the article. In German every noun has one, so there only a table or a role tells a name."""
    if language == "de":
        return False
    stop = terms.stopwords(language)
    words = [word for word, _, _ in terms.tokens(text) if terms.fold(word) not in stop]
    return any(word[0].isupper() for word in words)


def one_name(one: str, other: str) -> bool:
    """Two ids of one source: equal, or a person's name spelt or shortened another way."""
    if not (one.startswith("name:") and other.startswith("name:")):
        return one == other
    a, b = one[5:].split(), other[5:].split()
    if not a or not b:
        return False
    if a[-1] == b[-1] and len(a[-1]) > 3:
        return len(a) == 1 or len(b) == 1 or a[0][0] == b[0][0]
    return fuzz.ratio(one, other) >= 92


def country_of(id_: str) -> str:
    """The country code behind an id: of a country itself, or of one of its bodies."""
    return id_[4:] if id_.startswith("iso:") else countries().get(id_, "")
