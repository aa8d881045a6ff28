"""The World Bank: yearly figures of all countries. Its errors are one-element lists with HTTP 200."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings

from workers.budgets import Pace
from workers.sources import asking, statistics
from workers.sources.base import Finding, Findings, Query, SourceError, SourceUnavailable, fingerprint
from workers.sources.statistics import Figure, Indicator

PACE = Pace(per_second=1.0)
YEARS, PAGES = 15, 5
LICENCE = "CC BY 4.0"


class WorldBank:
    """The series of the indicator table, for the countries a claim names."""

    slug: ClassVar[str] = "worldbank"
    name: ClassVar[str] = "World Bank"
    languages: ClassVar[tuple[str, ...]] = ()
    polite: ClassVar[bool] = False

    def available(self) -> str | None:
        return None

    def search(self, query: Query) -> Findings:
        return statistics.search("worldbank", query, _findings)


def _findings(indicator: Indicator, places: list[str], query: Query) -> list[Finding]:
    base = f"{settings.WORLDBANK_URL}/country/{';'.join(places)}/indicator/{indicator.code}"
    rows: list[dict[str, Any]] = []
    updated = ""
    for page in range(1, PAGES + 1):
        url = asking.url_with(base, {"format": "json", "per_page": 1000, "page": page, "mrv": YEARS})
        answer = asking.get_json(url, name="World Bank", pace=PACE, check=_refuse, kept_for=24 * 3600)
        rows += asking.rows(answer[1])
        updated = asking.word(asking.shaped(answer, 0, "lastupdated"))
        if page >= int(asking.shaped(answer, 0, "pages") or 0):
            break
    language = "de" if query.language == "de" else "en"
    found = []
    for place in places:
        figures = [
            Figure(str(row.get("date")), float(row["value"]))
            for row in rows
            if asking.shaped(row, "country", "id") == place and isinstance(row.get("value"), int | float)
        ]
        if not figures:
            continue
        figures.sort(key=lambda figure: figure.period, reverse=True)
        text = statistics.sentences(indicator, place, figures, language=language, updated=updated)
        found.append(
            Finding(
                url=f"https://data.worldbank.org/indicator/{indicator.code}?locations={place}",
                title=f"{statistics.country_name(place, language)}: {indicator.label(language)} (World Bank)",
                snippet=text.split("\n", 1)[0],
                published_at=asking.instant(updated),
                language=language,
                publisher="World Bank",
                content=text.encode(),
                content_type="text/plain; charset=utf-8",
                licence=LICENCE,
                fingerprint=fingerprint("worldbank", indicator.code, place),
                details={"query": base, "updated": updated, "series": indicator.code},
            )
        )
    return found


def _refuse(answer: Any) -> None:
    if messages := asking.rows(asking.shaped(answer, 0, "message")):
        said = " ".join(asking.word(message.get("value")) for message in messages)
        raise SourceError(f"The World Bank refuses the question: {said}")
    if not (isinstance(answer, list) and len(answer) == 2 and isinstance(answer[0], dict)):
        raise SourceUnavailable("The World Bank sent an answer of an unknown shape.")
