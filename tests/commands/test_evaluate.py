"""Every evaluation task takes the files of its scorer, odd rows included, and never looks at the answers."""

import gzip
import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from factcheck.management.commands import evaluate

SHARED = Path(os.environ.get("FACTCHECK_SHARED", Path(__file__).parents[3] / "shared")) / "data"
PAGE = "<html lang='en'><body><article><h1>Trees</h1><p>{}</p></article></body></html>".format(
    "The city of Eulenburg planted 1,250 trees along the harbour road in March 2024, its mayor told reporters. " * 6
)
TREES = "Eulenburg planted 1,250 trees in March 2024."
NOW = "2013-02-12T04:30:00-02:00"

ROWS = {
    "binary": [{"id": "1", "lang": "en", "text": TREES, "label": 1}, {"id": "2", "lang": "en", "text": "", "label": 0}],
    "quotes": [
        {"id": "1", "lang": "de", "text": "„Wir pflanzen Bäume“, sagte Anna Weber.", "quotations": []},
        {"id": "2", "lang": "de", "text": "", "quotations": []},
    ],
    "numbers": [
        {"id": "1", "lang": "en", "model": "NumberModel", "text": "twelve ships", "gold": [{"value": 12.0}]},
        {"id": "2", "lang": "de", "model": "AgeModel", "text": "", "gold": []},
    ],
    "datetime": [
        {"id": "1", "lang": "en", "model": "DateTimeModel", "text": "on 3 May 2019", "reference": None, "gold": []},
    ],
    "duckling": [
        {
            "id": "1",
            "lang": "en",
            "model": "time",
            "text": "tomorrow",
            "reference": NOW,
            "gold": [{"type": "time", "grain": "day", "value": "2013-02-13T00:00:00.000-02:00"}],
        },
        {
            "id": "2",
            "lang": "de",
            "model": "TimeModel",
            "text": "übermorgen",
            "reference": "2013-02-12T04:30:00",
            "gold": [{"type": "time", "grain": "day", "value": "2013-02-14T00:00:00"}],
        },
        {
            "id": "3",
            "lang": "en",
            "model": "distance",
            "text": "between 3 and 5 kilometres",
            "gold": [{"type": "range", "low": 3, "high": 5}],
        },
        {
            "id": "4",
            "lang": "de",
            "model": "AmountOfMoney",
            "text": "42 Euro",
            "gold": [{"type": "value", "value": 42.0, "unit": "EUR"}],
        },
        {
            "id": "5",
            "lang": "en",
            "model": "numeral",
            "text": "thirty-three",
            "reference": None,
            "gold": [{"type": "value", "value": 33}],
        },
        {
            "id": "6",
            "lang": "en",
            "model": "DurationModel",
            "text": "two weeks",
            "gold": [{"type": "value", "value": 2, "unit": "week"}],
        },
        {
            "id": "7",
            "lang": "de",
            "model": "ordinal",
            "text": "der vierte",
            "gold": [{"type": "value", "value": 4}],
        },
    ],
    "timex": [
        {"id": "1", "lang": "de", "doc_time": "2014-02-18", "text": "Am 3. Mai 2013 begann es.", "timex": []},
        {"id": "2", "lang": "de", "doc_time": "2014-02-18", "text": "", "timex": []},
    ],
    "timexstr": [
        {"id": "1", "lang": "en", "doc_time": "1989-10-30", "text": "September", "type": "DATE", "value": "1989-09"},
        {"id": "2", "lang": "en", "doc_time": "1989-10-30", "text": "", "type": "DATE", "value": "1989"},
    ],
    "stance": [
        {"id": "1", "lang": "en", "claim": TREES, "evidence": "It planted 900 trees.", "label": "refutes"},
        {"id": "2", "lang": "en", "claim": "", "evidence": "", "label": "neutral"},
    ],
    "evidence": [
        {"id": "1", "lang": "en", "claim": TREES, "evidence_sentences": ["Rain.", TREES], "supporting_sets": [[1]]},
        {"id": "2", "lang": "en", "claim": "", "evidence_sentences": [], "supporting_sets": [[0]]},
    ],
    "pairs": [
        {"id": "1", "lang": "en", "text_a": TREES, "text_b": TREES, "label": "same_story", "overall": 1.0},
        {"id": "2", "lang": "en", "text_a": "", "text_b": TREES, "label": "different", "overall": 4.0},
    ],
    "reuse": [
        {"id": "1", "lang": "en", "text_a": TREES, "text_b": TREES, "category": "cut"},
        {"id": "2", "lang": "en", "text_a": TREES, "text_b": "", "category": "independent"},
    ],
    "extract": [
        {"id": "1", "url": "https://paper.example/1", "html": "html/1.html.gz", "gold_text": "The city of Eulenburg"},
        {"id": "2", "html": "html/2.html.gz", "gold_text": "Nothing"},
    ],
    "retrieval": [
        {"query_id": "1", "lang": "en", "text": "1,250 trees planted in Eulenburg", "relevant": ["trees"]},
        {"query_id": "2", "lang": "en", "text": "", "relevant": ["ships"]},
    ],
}
ODD = {"id": "odd", "query_id": "odd", "lang": "xx", "text": "Zzz 5 ¤", "html": "html/2.html.gz", "new key": [1]}
BARE = {"id": "bare", "query_id": "bare", "html": "html/1.html.gz"}
# Retrieval goes through the database as its owner, on a connection of its own.
MARKS = {"retrieval": pytest.mark.django_db(transaction=True)}
TASKS = pytest.mark.parametrize("task", [pytest.param(task, marks=MARKS.get(task, ())) for task in sorted(ROWS)])
CORPUS = [{"doc_id": "trees", "lang": "en", "claim": TREES}, {"doc_id": "ships", "claim": "Twelve ships sank."}]


def written(folder: Path, task: str, rows: list[dict], *, packed: bool) -> Path:
    (folder / "html").mkdir(exist_ok=True)
    (folder / "html" / "1.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (folder / "html" / "2.html.gz").write_bytes(gzip.compress(b""))
    end = ".jsonl.gz" if packed else ".jsonl"
    name = "x.queries" if task == "retrieval" else "x"
    for stem, lines in ((name, rows), ("x.corpus", CORPUS)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        if packed:
            (folder / f"{stem}{end}").write_bytes(gzip.compress(text.encode()))
        else:
            (folder / f"{stem}{end}").write_text(text)
    return folder / f"{name}{end}"


def predicted(folder: Path, task: str, rows: list[dict], *, packed: bool = False, train: Path | None = None) -> Path:
    gold = written(folder, task, rows, packed=packed)
    out = folder / "predictions.jsonl"
    call_command("evaluate", task, gold, predictions=out, train=train, stdout=StringIO())
    return out


def test_the_rows_below_cover_every_task():
    assert set(ROWS) == set(evaluate.TASKS)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@TASKS
def test_each_task_answers_every_row_however_odd(task, packed, tmp_path, monkeypatch):
    monkeypatch.setattr(evaluate, "scorers", lambda gold: None)  # the scorer wants answers, which odd rows lack
    rows = [*ROWS[task], ODD, BARE]

    found = [json.loads(line) for line in predicted(tmp_path, task, rows, packed=packed).read_text().splitlines()]

    name = "query_id" if task == "retrieval" else "id"
    assert [row[name] for row in found] == [row[name] for row in rows]


@TASKS
def test_the_answers_of_the_gold_file_change_no_prediction(task, tmp_path, monkeypatch):
    monkeypatch.setattr(evaluate, "scorers", lambda gold: None)
    bare = [{key: value for key, value in row.items() if key not in evaluate.GOLD} for row in ROWS[task]]
    false = [{**row, **{key: "wrong" for key in evaluate.GOLD if key in row}} for row in ROWS[task]]
    assert bare != ROWS[task]

    first, second, third = (predicted(tmp_path, task, rows).read_text() for rows in (ROWS[task], bare, false))

    assert first == second == third


@pytest.mark.skipif(not (SHARED / "score.py").exists(), reason="needs the scorer of the public evaluation data")
@TASKS
def test_the_printed_metrics_are_those_of_the_written_file(task, tmp_path, monkeypatch):
    monkeypatch.setenv("FACTCHECK_SHARED", str(SHARED.parent))
    gold, out, said = written(tmp_path, task, ROWS[task], packed=False), tmp_path / "out.jsonl", StringIO()

    call_command("evaluate", task, gold, predictions=out, stdout=said)

    scores = evaluate.scorers(gold)[task](evaluate.load(gold), evaluate.load(out))
    assert said.getvalue().splitlines() == [
        f"{name}: {value:.4f}" if isinstance(value, float) else f"{name}: {value}" for name, value in scores.items()
    ]


@pytest.mark.skipif(not (SHARED / "score.py").exists(), reason="needs the scorer of the public evaluation data")
def test_phrases_are_read_as_duckling_reads_them_in_either_shape(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTCHECK_SHARED", str(SHARED.parent))
    rows = ROWS["duckling"]
    out = predicted(tmp_path, "duckling", rows)

    scores = evaluate.scorers(out)["duckling"](rows, evaluate.load(out))

    assert scores["accuracy"] == 1.0, scores["by"]


def test_a_queries_file_without_its_corpus_is_refused_in_words(tmp_path):
    gold = written(tmp_path, "retrieval", ROWS["retrieval"], packed=False)
    (tmp_path / "x.corpus.jsonl").unlink()

    with pytest.raises(CommandError, match=r"The corpus x\.corpus\.jsonl\[\.gz\] does not stand beside"):
        call_command("evaluate", "retrieval", gold)
