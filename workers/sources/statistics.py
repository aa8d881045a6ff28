"""Which statistic a claim is about, and its figures as sentences a desk can quote.

Finding the right series is the hard part of asking a statistics office, so it is a table (`tables/indicators.tsv`)
that a desk can read and extend, not a search.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

from claims.analysis import entities
from workers.sources.base import Finding, Findings, Query, SourceError, SourceUnavailable

TABLE = Path(__file__).parent / "tables" / "indicators.tsv"
MOST_INDICATORS, MOST_COUNTRIES = 3, 3


@dataclass(frozen=True, slots=True)
class Indicator:
    """One series of one office, and the words that call for it."""

    service: str
    code: str
    parameters: str
    label_en: str
    label_de: str
    unit_en: str
    unit_de: str
    words: str

    def called_by(self, text: str) -> int:
        """How well a text calls for this series: the letters of the longest of its words that is there, 0 for none."""
        return max((len(word) for word in self.words.split("|") if word in text), default=0)

    def label(self, language: str) -> str:
        return self.label_de if language == "de" else self.label_en

    def unit(self, language: str) -> str:
        return self.unit_de if language == "de" else self.unit_en


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a series; `note` is what the office says about it (provisional, estimated, break)."""

    period: str
    value: float
    note: str = ""


@functools.cache
def table() -> tuple[Indicator, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Indicator(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def indicators(service: str, query: Query) -> list[Indicator]:
    """The series of a service that a claim calls for, the most fitting first."""
    text = " ".join([query.text, *(search for searches in query.terms.values() for search in searches)]).lower()
    scored = [(indicator.called_by(text), indicator) for indicator in table() if indicator.service == service]
    scored = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return [indicator for _, indicator in scored[:MOST_INDICATORS]]


def countries(query: Query) -> list[str]:
    """The countries a claim names, as two letters; "EU" and "XK" as the gazetteer has them."""
    found = entities.find(query.text, query.language or "en")
    codes = (entity.id.removeprefix("iso:") for entity in found if entity.id.startswith("iso:"))
    return list(dict.fromkeys(code for code in codes if len(code) == 2))[:MOST_COUNTRIES]


def country_name(code: str, language: str) -> str:
    try:
        return str(Locale(language).territories.get(code, code))
    except (UnknownLocaleError, ValueError):
        return str(Locale("en").territories.get(code, code))


def sentences(indicator: Indicator, country: str, figures: list[Figure], *, language: str, updated: str) -> str:
    """The figures in words, newest first, one sentence each, with the date of the office's last update."""
    spoken = "de" if language == "de" else "en"
    name, label, unit = country_name(country, spoken), indicator.label(spoken), indicator.unit(spoken)
    lines = []
    for figure in figures:
        value = format_decimal(figure.value, format="#,##0.##", locale=spoken)
        amount = f"{value} {unit}".strip()
        note = f" ({figure.note})" if figure.note else ""
        if spoken == "de":
            lines.append(f"{label} in {name} {_period(figure.period, 'de')}: {amount}{note}.")
        else:
            lines.append(f"{label[:1].upper()}{label[1:]} in {name} {_period(figure.period, 'en')}: {amount}{note}.")
    if updated:
        lines.append(f"{'Stand der Daten' if spoken == 'de' else 'Data as of'}: {updated[:10]}.")
    return "\n".join(lines)


def _period(period: str, language: str) -> str:
    """ "2024", "2024-10", "2024-Q3", "2024-S1" as people say it."""
    year, _, part = period.partition("-")
    if part.isdigit() and 1 <= int(part) <= 12:
        return f"im {_month(int(part), 'de')} {year}" if language == "de" else f"in {_month(int(part), 'en')} {year}"
    if part.startswith("Q"):
        return f"im {part[1:]}. Quartal {year}" if language == "de" else f"in quarter {part[1:]} of {year}"
    if part.startswith("S"):
        return f"im {part[1:]}. Halbjahr {year}" if language == "de" else f"in half-year {part[1:]} of {year}"
    return f"im Jahr {year}" if language == "de" else f"in {year}"


def _month(number: int, language: str) -> str:
    return str(Locale(language).months["stand-alone"]["wide"][number])


def search(service: str, query: Query, ask: Callable[[Indicator, list[str], Query], list[Finding]]) -> Findings:
    """Ask one office for each series a claim calls for, by the countries it names.

    A series that cannot be read costs a note; when none could, the reasons are raised. An office that cannot be asked
    now (`SourceUnavailable`) ends the search.
    """
    wanted, places = indicators(service, query), countries(query)
    if not wanted or not places:
        return Findings(note=f"The claim calls for no {'country' if wanted else 'statistic of the list'}.")
    found: list[Finding] = []
    notes: list[str] = []
    for indicator in wanted:
        try:
            found += ask(indicator, places, query)
        except SourceUnavailable:
            raise
        except SourceError as exc:
            notes.append(str(exc))
    if not found and notes:
        raise SourceError(" ".join(notes))
    return Findings(tuple(found)[: query.limit], " ".join(notes))
