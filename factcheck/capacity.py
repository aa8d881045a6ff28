"""How many machines a number of newsrooms needs: arithmetic over the figures in docs/measured.tsv.

    python3 -m factcheck.capacity --newsrooms 1000

No Django. The table in docs/scaling.md is made from it by `python3 manage.py document`.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from dataclasses import dataclass
from pathlib import Path

MEASURED = Path(__file__).resolve().parent.parent / "docs" / "measured.tsv"
DAY = 86_400
SIZES = (1, 20, 200, 1000)


@dataclass(frozen=True, slots=True)
class Habits:
    """What one newsroom does on a working day. Assumed, not measured: change it to what yours does."""

    articles: int = 10
    claims: int = 30
    sources: int = 12
    documents: int = 20  # read for the first time, per claim
    published: int = 2
    passages: int = 4  # cited per publication
    visits: int = 8  # of a passage within its first year: 1, 6 h, 1, 3, 7, 30, 90 days, then every 90
    people: int = 5
    pages: int = 400  # opened by one person
    peak: int = 4  # the busiest hour beside the mean of the day
    days: int = 250  # working days in a year


@dataclass(frozen=True, slots=True)
class Need:
    """What a number of newsrooms needs: cores at the peak, and what a year adds."""

    newsrooms: int
    documents: float  # per year
    years_to_100_million: float
    gathering: float  # cores at the peak
    analysis: float
    web: float
    messages: float  # per second at the peak
    rows: float  # GB a year in PostgreSQL
    warc: float  # GB a year of snapshots


def measured(path: Path = MEASURED) -> dict[str, float]:
    """The figures by name. Milliseconds of processor time, kB."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: float(row["value"]) for row in csv.DictReader(lines, delimiter="\t")}


def need(newsrooms: int, figures: dict[str, float], habits: Habits | None = None) -> Need:
    """The arithmetic. Cores are of the machine the figures were measured on, kept at 70 %."""
    one = habits or Habits()
    claims = newsrooms * one.claims
    documents = claims * one.documents
    visits = newsrooms * one.published * one.passages * one.visits
    fetched = documents * (figures["fetch"] + figures["extract"]) + visits * figures["recheck"]
    analysed = newsrooms * one.articles * figures["read_article"] + claims * (
        one.documents * figures["assess"] + figures["match"]
    )
    opened = newsrooms * one.people * one.pages * figures["page"]
    lookups = claims * one.sources
    rows = (
        documents * figures["document_row"]
        + claims * (figures["claim_row"] + one.documents * figures["assessment_row"])
        + lookups * figures["lookup_row"]
    )
    return Need(
        newsrooms=newsrooms,
        documents=documents * one.days,
        years_to_100_million=1e8 / (documents * one.days),
        gathering=_cores(fetched, one),
        analysis=_cores(analysed, one),
        web=_cores(opened, one),
        messages=(lookups + claims + visits + newsrooms * one.articles) * one.peak / DAY,
        rows=rows * one.days / 1e6,
        warc=documents * figures["warc"] * one.days / 1e6,
    )


def _cores(milliseconds: float, habits: Habits) -> float:
    return milliseconds / 1000 * habits.peak / DAY / 0.7


def table(sizes: tuple[int, ...] = SIZES) -> str:
    """The needs as a table in Markdown."""
    figures = measured()
    lines = [
        "| newsrooms | documents a year | 100 million after | cores: gathering | analysis | web | messages/s, peak | "
        "PostgreSQL grows by | snapshots grow by |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for size in sizes:
        one = need(size, figures)
        cells = (
            f"{size:,}",
            f"{one.documents / 1e6:.1f} million",
            _years(one.years_to_100_million),
            *map(_up, (one.gathering, one.analysis, one.web)),
            f"{one.messages:.1f}",
            f"{one.rows:,.0f} GB a year",
            f"{one.warc:,.0f} GB a year",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _years(years: float) -> str:
    return f"{years:.1f} years" if years >= 1 else f"{years * 12:.0f} months"


def _up(cores: float) -> str:
    """Cores rounded up to a tenth, so that nothing is said to cost nothing."""
    return f"{math.ceil(cores * 10) / 10:.1f}"


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m factcheck.capacity", description=__doc__)
    parser.add_argument("--newsrooms", type=int, action="append", help="how many; repeatable")
    sys.stdout.write(table(tuple(parser.parse_args(words).newsrooms or SIZES)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
