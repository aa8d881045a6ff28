"""`python3 manage.py evaluate TASK GOLD`: predict on public evaluation data and print the metrics of its scorer.

The scorer (`score.py`) is not part of this project: it stands in the data's folder, or FACTCHECK_SHARED names it. Gold
fields are never read when predicting, except those of the file given with --train.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import importlib.util
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from claims import earlier
from claims.analysis import extraction
from claims.analysis import language as languages
from claims.analysis.evaluation import holding, normalisation, reading
from claims.models import EarlierCheck, Newsroom
from claims.operations import remembering
from claims.operations.remembering import CheckDraft
from claims.ownership import as_owner
from workers import pagetext
from workers import reading as page_reading

Rows = list[dict[str, Any]]
GOLD = {
    *("label", "gold", "timex", "overall", "category", "relevant", "quotations", "supporting_sets", "value"),
    *("gold_text", "must_contain", "must_not_contain", "claim_label", "entropy", "has_claimreview"),
}


TEXTS = ("text", "text_a", "text_b", "claim", "evidence")
A_DAY = "2020-01-01"  # for rows that should name the day of their document and do not


class Command(BaseCommand):
    help = "Predict a task's file with the reading of this version and print the scorer's metrics."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("task", choices=sorted(TASKS), metavar="TASK", help=f"one of {', '.join(sorted(TASKS))}")
        parser.add_argument("gold", type=Path, metavar="GOLD", help="rows as JSON lines, plain or gzip")
        parser.add_argument("--train", type=Path, help="rows to train on, where the task may be trained")
        parser.add_argument("--predictions", type=Path, help="write the predictions to this file")
        parser.add_argument("--lang", default="", help="only rows of this language")

    def handle(self, **options: Any) -> None:
        gold: Path = options["gold"]
        rows = [row for row in load(gold) if not options["lang"] or row.get("lang") == options["lang"]]
        train = load(options["train"]) if options["train"] else None
        predictions = TASKS[options["task"]](rows, train, gold)
        if options["predictions"]:
            with options["predictions"].open("w", encoding="utf-8") as out:
                out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in predictions)
        known = scorers(gold)
        if known is None:
            self.stdout.write(f"{len(predictions)} predictions. No score.py beside the data: nothing is scored.")
            return
        for name, value in known[options["task"]](rows, predictions).items():
            self.stdout.write(f"{name}: {value:.4f}" if isinstance(value, float) else f"{name}: {value}")


def load(file: Path) -> Rows:
    """The rows of a JSON lines file, plain or gzip."""
    opened = gzip.open if file.suffix == ".gz" else open
    try:
        with opened(file, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines if line.strip()]
    except OSError as exc:
        raise CommandError(f"{file} cannot be read: {exc.strerror or exc}.") from exc
    except ValueError as exc:
        raise CommandError(f"{file} does not hold JSON lines: {exc}.") from exc


def scorers(gold: Path) -> dict[str, Callable[[Rows, Rows], dict[str, Any]]] | None:
    """The data's own scorers by task, found in a folder above the rows."""
    folders = [*gold.resolve().parents]
    if shared := os.environ.get("FACTCHECK_SHARED"):
        folders.insert(0, Path(shared) / "data")
    for folder in folders:
        spec = importlib.util.spec_from_file_location("evaluation_scorer", folder / "score.py")
        if (folder / "score.py").is_file() and spec and spec.loader:
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            found: dict[str, Callable[[Rows, Rows], dict[str, Any]]] = module.TASKS
            return found
    return None


def _corpus_of(queries: Path) -> Path:
    base = queries.name.removesuffix(".gz").removesuffix(".jsonl").removesuffix(".queries")
    for name in (f"{base}.corpus.jsonl", f"{base}.corpus.jsonl.gz"):
        if (queries.parent / name).exists():
            return queries.parent / name
    raise CommandError(f"The corpus {base}.corpus.jsonl[.gz] does not stand beside {queries.name}.")


class _Undo(Exception):
    """Ends the transaction in which a corpus was loaded: an evaluation leaves nothing behind."""


def _retrieval(rows: Rows, _train: Rows | None, gold: Path) -> Rows:
    """Through the real road: the corpus becomes earlier checks, the database brings the candidates."""
    corpus = load(_corpus_of(gold))
    predictions: Rows = []
    call_command("migrate", verbosity=0)  # a fresh clone has servers, but no tables yet
    with as_owner() as connection, contextlib.suppress(_Undo), transaction.atomic():  # the owner alone may ANALYZE
        room = Newsroom.objects.create(slug="evaluation-in-progress", name="Evaluation")
        remembering.remember((_draft(row) for row in corpus), newsroom=room)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE claims_earliercheck")
        earlier.forget_statistics()
        names = dict(EarlierCheck.objects.filter(newsroom=room).values_list("pk", "identifier"))
        predictions += [_ranked(row, room, names) for row in _without_gold(rows)]
        raise _Undo
    earlier.forget_statistics()
    return predictions


def _draft(row: dict[str, Any]) -> CheckDraft:
    return CheckDraft(
        identifier=str(row["doc_id"]),
        claim_text=str(row.get("claim") or ""),
        language=str(row.get("lang") or "en"),
        title=str(row.get("title") or ""),
        more=str(row.get("subtitle") or ""),
        claimant=str(row.get("speaker") or ""),
        checked_on=holding.printed_day(str(row.get("date") or "")),
    )


def _ranked(row: dict[str, Any], room: Newsroom, names: dict[int, str]) -> dict[str, Any]:
    text, language = row["text"], row["lang"]
    facts = extraction.facts(text, language, None)
    found = earlier.candidates(text, language, facts, newsrooms=[room.pk])
    standings = earlier.rank(text, language, found, appeared=holding.printed_day(text))
    return {"query_id": row["query_id"], "ranked": [names[int(one.candidate.id)] for one in standings[:20]]}


def _without_gold(rows: Rows) -> Rows:
    return [_filled({key: value for key, value in row.items() if key not in GOLD}) for row in rows]


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    """The row with what it leaves out: an empty text is read as empty, a missing language is found out."""
    texts = {name: str(row.get(name) or "") for name in TEXTS}
    return {
        **row,
        **texts,
        "lang": str(row.get("lang") or languages.identify(" ".join(texts.values())) or "en"),
        "model": str(row.get("model") or ""),
        "doc_time": str(row.get("doc_time") or A_DAY),
        "evidence_sentences": row.get("evidence_sentences") or [],
    }


def _plain(predict: Callable[[Sequence[Any]], Rows]) -> Callable[[Rows, Rows | None, Path], Rows]:
    return lambda rows, _train, _gold: list(predict(_without_gold(rows)))


def _trained(predict: Callable[..., Rows]) -> Callable[[Rows, Rows | None, Path], Rows]:
    return lambda rows, train, _gold: list(predict(_without_gold(rows), train and [_filled(row) for row in train]))


def _extract(rows: Rows, _train: Rows | None, gold: Path) -> Rows:
    """The text of stored pages, read as a worker reads them."""
    predictions = []
    for row in _without_gold(rows):
        content = gzip.decompress((gold.parent / str(row["html"])).read_bytes())
        try:
            text = page_reading.read(content, content_type="text/html", url=str(row.get("url") or "")).text
        except pagetext.Unreadable:
            text = ""
        predictions.append({"id": row["id"], "text": text})
    return predictions


TASKS: dict[str, Callable[[Rows, Rows | None, Path], Rows]] = {
    "binary": _trained(reading.predict_binary),
    "quotes": _plain(reading.predict_quotes),
    "numbers": _plain(normalisation.predict_numbers),
    "datetime": _plain(normalisation.predict_datetime),
    "duckling": _plain(normalisation.predict_duckling),
    "timex": _plain(normalisation.predict_timex),
    "timexstr": _plain(normalisation.predict_timexstr),
    "stance": _plain(holding.predict_stance),
    "evidence": _plain(holding.predict_evidence),
    "pairs": _trained(holding.predict_pairs),
    "reuse": _trained(holding.predict_reuse),
    "retrieval": _retrieval,
    "extract": _extract,
}
