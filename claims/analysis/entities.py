"""Countries, capitals, institutions, people and other names of a text, with canonical ids.

The gazetteer comes first (`gazetteer`), then the desk's own aliases; capital letters only propose. In
German they are a poor sign, so a run of capitals counts as a person only with a given name or an
office before it. A surname alone is the person of that name met earlier in the same text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from claims.analysis import gazetteer, tables
from claims.analysis.aliasing import NONE, Aliases, overlay
from claims.analysis.gazetteer import Name, Token
from claims.analysis.types import Entity, Span

# Country pairs that "the North" and "the South" can mean.
_PAIRS = (("iso:KP", "iso:KR"), ("iso:SD", "iso:SS"))
_SIDES = {
    "de": re.compile(
        r"\b(?:[Dd]er|[Dd]es|[Dd]em|[Dd]en|[Ii]m|[Vv]om|[Zz]um)\s+(?P<side>(?P<north>Norden)s?|Südens?)\b"
        r"(?!\s+(?:des|der|von|vom|[A-ZÄÖÜ]\w+s)\b)"
    ),
    "en": re.compile(r"\b(?:[Tt]he)\s+(?P<side>(?P<north>North)|South)\b(?!['’]?[- ]?[A-Z-])"),
}
_PARTICLES = {
    "von",
    "van",
    "de",
    "del",
    "della",
    "di",
    "da",
    "bin",
    "ibn",
    "al",
    "el",
    "zu",
    "der",
    "den",
    "la",
    "le",
    "dos",
}
_ORGANISATION = re.compile(
    r"(?:University|Ministry|Department|Company|Corporation|Corp|Inc|Ltd|Agency|Party|Bank|Institute|Council|Commission|"
    r"Committee|Association|Union|Court|Office|Bureau|Authority|Foundation|Times|Post|News|AG|GmbH|SE|KG|eV|Co|"
    r"\w*(?:universität|institut|ministerium|verband|partei|gesellschaft|kommission|behörde|amt|gericht|stiftung|verein))"
)
_PLACE = re.compile(r"(?:River|Street|Avenue|City|County|Island|Islands|Mountains?|Lake|Sea|Bay|Valley|Airport|Park)")
_TITLES = {"Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Sen", "Rep", "Gov", "Lt", "Col", "Sgt", "Capt", "Maj", "Rev", "St"}
_WHERE = {"in", "aus", "bei", "near", "from", "outside"}
_CURRENCY = {"Dollar", "Dollars", "Pfund"}


def find(text: str, language: str, *, aliases: Aliases = NONE) -> list[Entity]:
    """Every name found in `text`, in order, without overlaps; `aliases` maps a spelling to the one the desk means."""
    language = language[:2].lower()
    words = gazetteer.tokens(text)
    known = _without_overlaps(_listed(text, words, language))
    known.extend(_sides(text, language, known))
    taken = [entity.span for entity in known]
    found = _without_overlaps([*known, *_by_capitals(text, words, language, taken)])
    return [fact for fact in overlay(text, found, aliases) if isinstance(fact, Entity)]


def _without_overlaps(found: Iterable[Entity]) -> list[Entity]:
    """The found in order; where two overlap, the earlier start, then the longer, wins."""
    kept: list[Entity] = []
    for entity in sorted(found, key=lambda one: (one.span.start, -one.span.end)):
        if not kept or entity.span.start >= kept[-1].span.end:
            kept.append(entity)
    return kept


def _entity(text: str, span: Span, id_: str, type_: str, via: str, confidence: float = 1.0) -> Entity:
    return Entity(span=span, text=span.of(text), id=id_, type=type_, via=via, confidence=confidence)


def _listed(text: str, words: Sequence[Token], language: str) -> Iterator[Entity]:
    """What the gazetteer knows, the longest name at each place."""
    index = gazetteer.index(language)
    waiting: list[tuple[Span, list[Name]]] = []
    found: list[Entity] = []
    at = 0
    while at < len(words):
        if language == "de" and (adjective := _adjective(words, at)):
            id_, length = adjective
            span = Span(words[at].start, words[at + length - 1].end)
            found.append(_entity(text, span, id_, "country", "demonym"))
            at += length
            continue
        names = [
            name for name in _starting(index, words[at].text, language) if gazetteer.fits(name, words, at, language)
        ]
        names = [name for name in names if not name.id.startswith("place:") or _is_place(name, words, at, language)]
        if names and not _is_other_word(names[0], words, at):
            length = max(len(name.words) for name in names)
            best = [name for name in names if len(name.words) == length]
            span = Span(words[at].start, words[at + length - 1].end)
            if best[0].context:
                waiting.append((span, best))
            else:
                found.append(_entity(text, span, best[0].id, best[0].type, best[0].via))
            at += length
            continue
        at += 1
    yield from found
    yield from _in_context(text, waiting, found)


def _in_context(text: str, waiting: Iterable[tuple[Span, list[Name]]], found: Sequence[Entity]) -> Iterator[Entity]:
    """Names that need a country: the country just before them decides, else the one spoken of most."""
    countries = Counter(entity.id.removeprefix("iso:") for entity in found if entity.id.startswith("iso:"))
    for span, names in waiting:
        likely = [name for name in names if countries[name.context]]
        before = [one.id.removeprefix("iso:") for one in found if 0 <= span.start - one.span.end <= 24]
        if likely:
            name = max(likely, key=lambda one: (one.context in before, countries[one.context]))
            yield _entity(text, span, name.id, name.type, name.via)


def _starting(index: gazetteer.Index, word: str, language: str) -> Iterator[Name]:
    yield from index.get(word, ())
    if language == "de" and word.endswith("s") and len(word) > 4:
        yield from (name for name in index.get(word[:-1], ()) if len(name.words) == 1)
        if word.endswith("es"):
            yield from (name for name in index.get(word[:-2], ()) if len(name.words) == 1)


def _is_other_word(name: Name, words: Sequence[Token], at: int) -> bool:
    """ "US-Dollar" is money, "mali" no country, "Paris" before a family name perhaps a person."""
    end = at + len(name.words)
    after = [token.text for token in words[end : end + 2]]
    if after[:1] == ["-"] and len(after) > 1 and after[1] in _CURRENCY:
        return True
    if after and after[0].capitalize() in _CURRENCY and name.words[0] in ("US", "U"):
        return True
    return not any(char.isupper() for char in name.words[0]) and name.via != "demonym"


def _is_place(name: Name, words: Sequence[Token], at: int, language: str) -> bool:
    """ "Boston" but not "Boston Globe" or "Jack London"; "Essen" and "Nice" only after a word such as "in"."""
    before = words[at - 1].text if at else ""
    if name.ambiguous and before.lower() not in _WHERE:
        return False
    if before in _given():
        return False
    if language == "de":
        return True
    behind = words[at + len(name.words) : at + len(name.words) + 1]
    if behind and behind[0].text[:1].isupper():
        return False
    return not before[:1].isupper() or before.lower() in _plain_words(language) | _WHERE


def _adjective(words: Sequence[Token], at: int) -> tuple[str, int] | None:
    """A German adjective at this place, and how many tokens it takes ("US-amerikanische" takes three)."""
    for length in (3, 1):
        parts = [token.text for token in words[at : at + length]]
        if length == 3 and (len(parts) < 3 or parts[1] != "-" or words[at].end != words[at + 2].start - 1):
            continue
        if id_ := gazetteer.german_adjective(parts):
            return id_, length
    return None


def _sides(text: str, language: str, known: Sequence[Entity]) -> Iterator[Entity]:
    """ "Der Norden" and "the North", only where the text speaks of exactly one pair they can mean."""
    pattern = _SIDES.get(language)
    ids = {entity.id for entity in known}
    pairs = [pair for pair in _PAIRS if pair[0] in ids and pair[1] in ids]
    if pattern is None or len(pairs) != 1:
        return
    for hit in pattern.finditer(text):
        span = Span(*hit.span("side"))
        if not any(span.overlaps(entity.span) for entity in known):
            yield _entity(text, span, pairs[0][0 if hit["north"] else 1], "country", "gazetteer", 0.8)


@cache
def _given() -> frozenset[str]:
    return frozenset(row["name"] for row in tables.rows("given_names") if row["order"] == "given")


@cache
def _family_first() -> frozenset[str]:
    return frozenset(row["name"] for row in tables.rows("given_names") if row["order"] == "family")


@cache
def _roles(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    rows = tables.rows("roles", language)
    endings = tuple(row["word"].lower() for row in rows if row["ending"])
    return frozenset(row["word"] for row in rows), endings


def is_role(word: str, language: str) -> bool:
    """Whether a word names an office, title or calling ("Außenminister", "President")."""
    exact, endings = _roles(language)
    bare = word[:-1] if language == "de" and word.endswith("s") and len(word) > 5 else word
    return word in exact or bare in exact or bool(endings and bare.lower().endswith(endings))


def _plain_words(language: str) -> frozenset[str]:
    return tables.column("stopwords", language, "word")


def _runs(text: str, words: Sequence[Token], language: str, taken: Sequence[Span]) -> Iterator[list[Token]]:
    """Maximal runs of capitalised words on one line with nothing but a space, hyphen or particle between."""
    busy = {span.start for span in taken}
    run: list[Token] = []
    plain, stops = _plain_words(language), tables.column("no_names", None, "word")
    for at, word in enumerate(words):
        joins = bool(run) and text[run[-1].end : word.start] in (" ", "\u00a0", "", " \u00ad")
        capital = word.text[:1].isupper() and word.start not in busy and word.text not in stops
        initial = bool(run) and word.text == "." and (len(run[-1].text) == 1 or run[-1].text in _TITLES)
        following = words[at + 1].text if at + 1 < len(words) else ""
        particle = bool(run) and word.text in _PARTICLES and following[:1].isupper()
        hyphen = (
            bool(run)
            and word.text in "-'"
            and text[run[-1].end : word.start] == ""
            and following[:1].isupper()
            and at + 1 < len(words)
            and words[at + 1].start == word.end
        )
        if joins and (capital or initial or particle or hyphen):
            run.append(word)
            continue
        if run:
            yield run
        run = [word] if capital and word.text.lower() not in plain else []
    if run:
        yield run


def _by_capitals(text: str, words: Sequence[Token], language: str, taken: Sequence[Span]) -> Iterator[Entity]:
    """People and, in English, other names; then every later mention of a person by the family name alone."""
    found: list[Entity] = []
    family: dict[str, str] = {}
    singles: list[Token] = []
    for whole in _runs(text, words, language, taken):
        run, office = _after_roles(_before_genitive(whole, language), language)
        singles.extend(token for token in whole if len(token.text) > 1)
        entity = _named(text, run, office, language)
        if entity is None:
            continue
        found.append(entity)
        names = [token.text for token in run if token.text[:1].isupper() and len(token.text) > 1]
        if entity.type == "person" and names:
            known = family.get(names[0]) if len(names) == 1 else None
            found[-1] = _entity(text, entity.span, known or entity.id, "person", "capitals", entity.confidence)
            family.setdefault(names[-1], known or entity.id)
            if names[0] in _family_first():
                family.setdefault(names[0], known or entity.id)
    spans = [entity.span for entity in found]
    for token in singles:
        word = token.text
        bare = word[:-1] if language == "de" and word.endswith("s") and word not in family else word
        span = Span(token.start, token.end)
        if (person := family.get(bare)) and not any(span.overlaps(other) for other in spans):
            found.append(_entity(text, span, person, "person", "capitals", 0.8))
    yield from found


def _after_roles(run: list[Token], language: str) -> tuple[list[Token], bool]:
    """The run without the offices before the name, and whether there were any."""
    at = 0
    for offset, token in enumerate(run[:-1]):
        if is_role(token.text, language):
            at = offset + 1
    while at < len(run) and (run[at].text in "-.'" or run[at].text in _PARTICLES - {"al", "el", "bin", "ibn"}):
        at += 1
    return run[at:], at > 0


def _before_genitive(run: list[Token], language: str) -> list[Token]:
    """ "Kim Jong Uns Regime" without the thing owned: a German genitive -s ends the name."""
    if language == "de":
        for at, token in enumerate(run[:-1]):
            if at and token.text.endswith("s") and token.text not in _given() and len(token.text) > 2:
                owned = run[at + 1].text
                if owned[:1].isupper() and owned not in _given() and not is_role(token.text, language):
                    return run[: at + 1]
    return run


def _named(text: str, run: list[Token], office: bool, language: str) -> Entity | None:
    while run and not run[-1].text[:1].isalnum():
        run = run[:-1]
    names = [token for token in run if token.text[:1].isupper()]
    if not names:
        return None
    span = Span(run[0].start, run[-1].end)
    given = names[0].text in _given() or (names[0].text in _family_first() and len(names) > 1)
    bare = span.of(text)
    if language == "de" and bare.endswith("s") and len(names) > 1 and not bare.endswith(("ss", "us", "is", "as", "os")):
        bare = bare[:-1]
    id_ = "name:" + " ".join(bare.lower().split())
    if (given and 1 < len(names) <= 5) or (office and 1 <= len(names) <= 4):
        if _ORGANISATION.fullmatch(names[-1].text):
            return _entity(text, span, id_, "organisation", "capitals", 0.6)
        return _entity(text, span, id_, "person", "capitals", 0.9 if given else 0.7)
    if language == "de" or len(names) < 2:
        return None
    if any(_ORGANISATION.fullmatch(token.text) for token in names):
        return _entity(text, span, id_, "organisation", "capitals", 0.7)
    if _PLACE.fullmatch(names[-1].text):
        return _entity(text, span, id_, "place", "capitals", 0.6)
    return _entity(text, span, id_, "other", "capitals", 0.5)
