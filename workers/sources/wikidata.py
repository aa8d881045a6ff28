"""Wikidata: dated, referenced statements about the things a claim names, as plain sentences.

Only statements a desk checks are read (dates, offices, counts, places). Each item is linked in the revision read.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from django.conf import settings

from workers.budgets import Pace
from workers.http import contact_missing
from workers.sources import asking
from workers.sources.base import Finding, Findings, Query, fingerprint
from workers.sources.wikipedia import refuse

PACE = Pace(per_second=3.0, in_a_row=3, at_once=2)
NAMES, ITEMS_PER_NAME, ITEMS = 4, 2, 6
STATEMENTS_PER_PROPERTY = 12
LICENCE = "CC0"

# What a desk checks: when, how many, who held which office, where.
PROPERTIES = (
    "P31", "P569", "P570", "P571", "P576", "P580", "P582", "P585", "P577", "P1619", "P27", "P39", "P106",
    "P102", "P108", "P463", "P607", "P17", "P131", "P159", "P36", "P35", "P6", "P169", "P112", "P1082", "P2046",
    "P2048", "P2043", "P2044", "P1083", "P1120", "P1339", "P1590", "P1345", "P1603", "P1128", "P2139", "P2295",
    "P2131", "P1081", "P2124", "P4876", "P166",
)  # fmt: skip
_START, _END, _AT = "P580", "P582", "P585"


class Wikidata:
    """Statements of Wikidata about the named things of a claim."""

    slug: ClassVar[str] = "wikidata"
    name: ClassVar[str] = "Wikidata"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = True

    def available(self) -> str | None:
        return contact_missing()

    def search(self, query: Query) -> Findings:
        if not query.entities:
            return Findings(note="The claim names nothing that could be looked up.")
        language = (query.language or query.asked_in[0]).split("-")[0].lower()
        ids: dict[str, None] = {}
        for name in query.entities[:NAMES]:
            for hit in _find(name, language):
                ids.setdefault(hit)
        chosen = list(ids)[: min(ITEMS, query.limit)]
        if not chosen:
            return Findings()
        items = _entities(chosen, language, props="info|labels|descriptions|claims")
        labels = _labels(items, language)
        mark = fingerprint(self.slug, language, *chosen)
        found = (_finding(item, labels, language, mark) for item in items)
        return Findings(tuple(finding for finding in found if finding is not None))


def _find(name: str, language: str) -> list[str]:
    answer = _ask(
        action="wbsearchentities", search=name[:250], language=language, uselang=language, type="item",
        limit=ITEMS_PER_NAME,
    )  # fmt: skip
    return [hit["id"] for hit in asking.rows(asking.shaped(answer, "search")) if isinstance(hit.get("id"), str)]


def _entities(ids: Iterable[str], language: str, *, props: str) -> list[dict[str, Any]]:
    """The entities asked for; a merged one comes under its new id."""
    languages = "|".join(dict.fromkeys((language, "en")))
    answer = _ask(action="wbgetentities", ids="|".join(ids), props=props, languages=languages)
    entities = asking.shaped(answer, "entities")
    return [entity for entity in (entities or {}).values() if isinstance(entity, dict) and "missing" not in entity]


def _ask(**params: object) -> dict[str, Any]:
    url = asking.url_with(settings.WIKIDATA_URL, {"format": "json", "formatversion": 2, "maxlag": 5, **params})
    answer: dict[str, Any] = asking.get_json(
        url, name="Wikidata", pace=PACE, check=functools.partial(refuse, "Wikidata")
    )
    return answer


def _labels(items: Iterable[dict[str, Any]], language: str) -> dict[str, str]:
    """The names of everything the chosen statements mention, in one or two questions."""
    wanted: dict[str, None] = {}
    for item in items:
        for name, statement in _statements(item):
            wanted.setdefault(name)
            snaks = [statement["mainsnak"], *(s for group in _qualifiers(statement).values() for s in group)]
            for snak in snaks:
                value = asking.shaped(snak, "datavalue", "value")
                if isinstance(value, dict):
                    mentioned = value.get("id") or str(value.get("unit", "")).rsplit("/", 1)[-1]
                    if str(mentioned).startswith("Q"):
                        wanted.setdefault(str(mentioned))
    ids = list(wanted)[:150]
    found = {}
    for start in range(0, len(ids), 50):
        for entity in _entities(ids[start : start + 50], language, props="labels"):
            found[str(entity.get("id"))] = _label(entity, language)
    return found


def _statements(item: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The statements worth reading, those preferred first, deprecated ones left out."""
    for name in PROPERTIES:
        group = asking.rows(asking.shaped(item, "claims", name))
        group = [row for row in group if row.get("rank") != "deprecated" and isinstance(row.get("mainsnak"), dict)]
        group.sort(key=lambda row: row.get("rank") != "preferred")
        yield from ((name, row) for row in group[:STATEMENTS_PER_PROPERTY])


def _qualifiers(statement: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    given = statement.get("qualifiers")
    return {name: asking.rows(group) for name, group in given.items()} if isinstance(given, dict) else {}


def _label(entity: dict[str, Any], language: str) -> str:
    labels = entity.get("labels") or {}
    for spoken in (language, "en"):
        if value := asking.word(asking.shaped(labels, spoken, "value")):
            return value
    return str(entity.get("id", ""))


def _finding(item: dict[str, Any], labels: dict[str, str], language: str, mark: str) -> Finding | None:
    title = _label(item, language)
    about = asking.word(asking.shaped(item, "descriptions", language, "value")) or asking.word(
        asking.shaped(item, "descriptions", "en", "value")
    )
    lines = [f"{title}: {about}." if about else f"{title}."]
    for name, statement in _statements(item):
        value = _value(statement["mainsnak"], labels)
        if value:
            references = len(asking.rows(statement.get("references")))
            lines.append(f"{title}, {labels.get(name, name)}: {value}{_when(statement, labels)}.")
            if not references:
                lines[-1] = lines[-1][:-1] + " (without a reference)."
    if len(lines) == 1:
        return None
    revision = item.get("lastrevid")
    page = f"https://www.wikidata.org/w/index.php?title={item.get('id')}"
    return Finding(
        url=f"{page}&oldid={revision}" if revision else page,
        title=title,
        snippet=lines[0],
        published_at=asking.instant(item.get("modified")),
        language=language,
        publisher="Wikidata",
        content="\n".join(lines).encode(),
        content_type="text/plain; charset=utf-8",
        licence=LICENCE,
        fingerprint=mark,
        details={"id": item.get("id"), "revision": revision},
    )


def _when(statement: dict[str, Any], labels: dict[str, str]) -> str:
    given = _qualifiers(statement)

    def first(name: str) -> str:
        return next((_value(snak, labels) for snak in given.get(name, [])), "")

    start, end, at = first(_START), first(_END), first(_AT)
    parts = [f"from {start}" if start else "", f"until {end}" if end else "", f"in {at}" if at else ""]
    said = " ".join(part for part in parts if part)
    return f" ({said})" if said else ""


def _value(snak: dict[str, Any], labels: dict[str, str]) -> str:
    kind, value = asking.shaped(snak, "datavalue", "type"), asking.shaped(snak, "datavalue", "value")
    match kind:
        case "time":
            return _date(str(value.get("time", "")), value.get("precision"), str(value.get("calendarmodel", "")))
        case "quantity":
            amount = str(value.get("amount", "")).lstrip("+")
            unit = labels.get(str(value.get("unit", "")).rsplit("/", 1)[-1], "")
            return f"{_grouped(amount)} {unit}".strip()
        case "wikibase-entityid":
            return labels.get(str(value.get("id", "")), "")
        case "string":
            return asking.word(value)[:200]
        case "monolingualtext":
            return asking.word(value.get("text"))[:200]
        case _:
            return ""


def _grouped(amount: str) -> str:
    try:
        number = float(amount)
    except ValueError:
        return ""
    return f"{number:,.0f}" if number == int(number) else f"{number:,}"


def _date(time: str, precision: object, calendar: str) -> str:
    """A date as far as it is known: "11 April 2012", "April 2012", "2012", "2010s"."""
    sign, digits = time[:1], time[1:].split("T", 1)[0].split("-")
    if len(digits) != 3 or not all(part.isdigit() for part in digits):
        return ""
    year, month, day = (int(part) for part in digits)
    era = " BC" if sign == "-" else ""
    old = " (Julian calendar)" if calendar.endswith("Q1985786") else ""
    try:
        match precision:
            case 11 | 12 | 13 | 14 if not era:
                return f"{dt.date(year, month, day):%-d %B %Y}{old}"
            case 10 if not era:
                return f"{dt.date(year, month, 1):%B %Y}{old}"
            case 9 | 10 | 11:
                return f"{year}{era}{old}"
            case 8:
                return f"{year // 10 * 10}s{era}"
            case 7:
                return f"{(year + 99) // 100}. century{era}"
            case _:
                return ""
    except ValueError:
        return ""


def names(ids: Sequence[str], languages: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """The labels and other names of items in some languages, as (spelling, language), labels first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for start in range(0, len(ids), 50):
        answer = _ask(
            action="wbgetentities",
            ids="|".join(ids[start : start + 50]),
            props="labels|aliases",
            languages="|".join(languages),
        )
        entities = asking.shaped(answer, "entities")
        for id_, entity in (entities or {}).items() if isinstance(entities, dict) else ():
            pairs = [
                (asking.word(row.get("value"))[:200], language)
                for language in languages
                for row in (
                    asking.shaped(entity, "labels", language) or {},
                    *asking.rows(asking.shaped(entity, "aliases", language)),
                )
                if isinstance(row, dict)
            ]
            if named := [pair for pair in dict.fromkeys(pairs) if pair[0]]:
                found[str(id_)] = named
    return found
