"""Eurostat: official figures of the EU and its members, read from JSON-stat with every dimension fixed."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import parse_qsl

from django.conf import settings

from workers.budgets import Pace
from workers.sources import asking, statistics
from workers.sources.base import Finding, Findings, Query, SourceError, SourceUnavailable, fingerprint
from workers.sources.statistics import Figure, Indicator

PACE = Pace(per_second=1.0)
PERIODS = 24
LICENCE = "Eurostat, reuse with attribution"
_GEO = {"GR": "EL", "GB": "UK", "EU": "EU27_2020"}
_FLAGS = {
    "p": "provisional", "e": "estimated", "b": "break in the series", "r": "revised", "u": "low reliability",
    "d": "other definition", "s": "Eurostat estimate", "f": "forecast",
}  # fmt: skip


class Eurostat:
    """The series of the indicator table, for the countries a claim names."""

    slug: ClassVar[str] = "eurostat"
    name: ClassVar[str] = "Eurostat"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        return None

    def search(self, query: Query) -> Findings:
        return statistics.search("eurostat", query, _findings)


def _findings(indicator: Indicator, places: list[str], query: Query) -> list[Finding]:
    found = []
    for place in places:
        params = [*parse_qsl(indicator.parameters), ("geo", _GEO.get(place, place)), ("lastTimePeriod", str(PERIODS))]
        url = asking.url_with(
            f"{settings.EUROSTAT_URL}/{indicator.code}", {"format": "JSON", "lang": "EN", **dict(params)}
        )
        answer = asking.get_json(url, name="Eurostat", pace=PACE, check=_refuse, kept_for=24 * 3600)
        figures, updated = read(answer), asking.word(answer.get("updated"))
        if not figures:
            continue
        language = "de" if query.language == "de" else "en"
        text = statistics.sentences(indicator, place, figures, language=language, updated=updated)
        found.append(
            Finding(
                url=f"https://ec.europa.eu/eurostat/databrowser/view/{indicator.code}/default/table?geo={place}",
                title=f"{statistics.country_name(place, language)}: {indicator.label(language)} (Eurostat)",
                snippet=text.split("\n", 1)[0],
                published_at=asking.instant(updated),
                language=language,
                publisher="Eurostat",
                content=text.encode(),
                content_type="text/plain; charset=utf-8",
                licence=LICENCE,
                fingerprint=fingerprint("eurostat", indicator.code, params),
                details={"query": url, "updated": updated, "dataset": indicator.code},
            )
        )
    return found


def _refuse(answer: Any) -> None:
    if errors := asking.rows(asking.shaped(answer, "error")):
        said = asking.word(errors[0].get("label")) or asking.word(errors[0].get("status"))
        raise SourceError(f"Eurostat refuses the question: {said}")
    if warning := asking.shaped(answer, "warning"):
        said = asking.word(asking.shaped(asking.rows(warning), 0, "label"))
        raise SourceUnavailable(f"Eurostat prepares the answer; ask again later: {said}", retry_after=300.0)
    if asking.shaped(answer, "class") != "dataset" or not isinstance(asking.shaped(answer, "id"), list):
        raise SourceUnavailable("Eurostat sent an answer of an unknown shape.")


def read(answer: dict[str, Any]) -> list[Figure]:
    """The figures of a JSON-stat dataset of one series, newest first.

    Values are addressed by their place in a table stored row by row; with all other dimensions of size one the
    place is that of the period.
    """
    names, sizes = answer["id"], answer.get("size")
    if not isinstance(sizes, list) or len(sizes) != len(names) or "time" not in names:
        raise SourceUnavailable("Eurostat sent an answer of an unknown shape.")
    if any(size != 1 for name, size in zip(names, sizes, strict=True) if name != "time"):
        raise SourceError("Eurostat has more than one series for this; the indicator table needs another parameter.")
    periods = asking.shaped(answer, "dimension", "time", "category", "index") or {}
    if isinstance(periods, list):
        periods = {period: place for place, period in enumerate(periods)}
    values, flags = answer.get("value") or {}, answer.get("status") or {}
    figures = []
    for period, place in periods.items():
        value = _at(values, place)
        if isinstance(value, int | float):
            marks = str(_at(flags, place) or "")
            note = ", ".join(_FLAGS[mark] for mark in marks if mark in _FLAGS)
            figures.append(Figure(str(period), float(value), note))
    return sorted(figures, key=lambda figure: figure.period, reverse=True)


def _at(values: Any, place: int) -> Any:
    if isinstance(values, dict):
        return values.get(str(place))
    return values[place] if isinstance(values, list) and 0 <= place < len(values) else None
