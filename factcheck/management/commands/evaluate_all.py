"""`python3 manage.py evaluate_all DATA`: every task on the public data, as the table of docs/quality.md."""

from __future__ import annotations

import argparse
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from factcheck.management.commands import evaluate


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table: a task on a file, the metric that counts, and what simple peers reach."""

    what: str
    task: str
    file: str
    metric: str
    peer: str
    language: str = ""
    numeric: bool = False
    halves: bool = False  # trained on one half of the file and measured on the other, both ways


MEASURES = (
    Measure("check-worthiness, en, trained", "binary", "checkworthiness/claimbuster.en", "f1_pos", ".825", halves=True),
    Measure("check-worthiness, en, untrained", "binary", "checkworthiness/claimbuster.en", "ap", ""),
    Measure(
        "factual claims, de, trained",
        "binary",
        "checkworthiness/germeval21_factclaim.de",
        "f1_pos",
        ".594",
        halves=True,
    ),
    Measure(
        "objective sentences, de, trained",
        "binary",
        "checkworthiness/ct25t1_objective.de",
        "macro_f1",
        ".671",
        halves=True,
    ),
    Measure("earlier checks, tweets, en", "retrieval", "claim_retrieval/ct22_2a_snopes.en.queries", "map@5", ".849"),
    Measure(
        "earlier checks, debates, en", "retrieval", "claim_retrieval/ct22_2b_politifact.en.queries", "map@5", ".367"
    ),
    Measure(
        "earlier checks, posts, de", "retrieval", "claim_retrieval/ct25t2_posts.multi.queries", "map@5", ".578", "de"
    ),
    Measure("numbers, en", "numbers", "normalisation/recognizers.en_de", "", ".458", "en"),
    Measure("numbers, de", "numbers", "normalisation/recognizers.en_de", "", ".513", "de"),
    Measure("dates and times, en", "datetime", "normalisation/recognizers.en_de", "", ".148", "en"),
    Measure("dates and times, de", "datetime", "normalisation/recognizers.en_de", "", ".141", "de"),
    Measure("dates in German news", "timex", "normalisation/krauts_timex.de", "", ".702"),
    Measure("stance, numeric rows, en", "stance", "stance/vitaminc_real.en", "macro_f1", ".510", numeric=True),
    Measure("evidence sentences, en", "evidence", "evidence_retrieval/wice_claims.en", "recall@5", ".826"),
    Measure("same story", "pairs", "duplicates/semeval22t8_news_pairs.en_de_es", "", ".752", halves=True),
    Measure("reused text", "reuse", "duplicates/clough_stevenson_reuse.en", "", ".962", halves=True),
    Measure("quotations and speakers, de", "quotes", "attribution/quotes.de", "", ".310"),
    Measure("text of pages, en", "extract", "extraction/aeb_articles.en", "f1", ""),
    Measure("text of pages, de", "extract", "extraction/trafilatura_pages.de", "f1", ""),
)


class Command(BaseCommand):
    help = "Measure every task on the public evaluation data and print the table of docs/quality.md."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("data", type=Path, metavar="DATA", help="the folder that holds score.py and the data")
        parser.add_argument("--only", default="", help="only measures whose name holds this")

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Measured {dt.datetime.now(tz=dt.UTC).date().isoformat()}.\n")
        self.stdout.write("| what | data | figures | simple peer |\n| --- | --- | --- | --- |")
        for measure in MEASURES:
            if options["only"] in measure.what:
                figures = _measure(measure, options["data"])
                shown = ", ".join(f"{name} {_plain(value)}" for name, value in figures.items())
                self.stdout.write(f"| {measure.what} | `{measure.file}` | {shown} | {measure.peer} |")
                self.stdout.flush()


def _measure(measure: Measure, data: Path) -> dict[str, Any]:
    file = next(file for end in (".jsonl", ".jsonl.gz") if (file := data / f"{measure.file}{end}").exists())
    rows = [row for row in evaluate.load(file) if not measure.language or row.get("lang") == measure.language]
    if measure.numeric:
        rows = [row for row in rows if row.get("numeric")]
    predict = evaluate.TASKS[measure.task]
    scorers = evaluate.scorers(file)
    if scorers is None:
        return {"": "no score.py"}
    if not measure.halves:
        return scorers[measure.task](rows, predict(rows, None, file))
    one, other = rows[::2], rows[1::2]
    predictions = [*predict(one, other, file), *predict(other, one, file)]
    return scorers[measure.task](rows, predictions)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} {_plain(item)}" for key, item in value.items()) + "}"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
