import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from claims.analysis.evaluation import normalisation

SHARED = Path(os.environ.get("FACTCHECK_SHARED", Path(__file__).parents[3] / "shared")) / "data"
needs_data = pytest.mark.skipif(
    not (SHARED / "normalisation").is_dir(), reason="the public evaluation data is not beside this checkout"
)


def row(text: str, language: str, model: str, reference: str = "2021-05-12T10:30:00") -> dict[str, Any]:
    return {"id": "1", "text": text, "lang": language, "model": model, "reference": reference}


@pytest.mark.parametrize(
    ("text", "model", "expected"),
    [
        ("We saw 14 ships and 3.5 tons", "NumberModel", [14, 3.5]),
        ("the 23rd and the seventh", "OrdinalModel", [23, 7]),
        ("it fell by 12 percent", "PercentModel", [12]),
        ("they paid $1.2 million for 3 cars", "CurrencyModel", [1.2e6]),
        ("a 14 km road for 3 cars", "DimensionModel", [14]),
        ("she is 44 years old, he has 3 cars", "AgeModel", [44]),
        ("it was 21 degrees celsius on 3 days", "TemperatureModel", [21]),
    ],
)
def test_only_numbers_of_the_kind_asked_for_are_returned(text: str, model: str, expected: list[float]) -> None:
    (prediction,) = normalisation.predict_numbers([row(text, "en", model)])
    assert [value["value"] for value in prediction["values"]] == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("see you tomorrow at 4pm", "en", {"value": "2021-05-13 16:00:00"}),
        ("we were away last month", "en", {"start": "2021-04-01", "end": "2021-05-01"}),
        ("the next 4 days", "en", {"start": "2021-05-13", "end": "2021-05-17"}),
        ("since 2011", "en", {"start": "2011-01-01"}),
        ("from 3 to 5 pm", "en", {"start": "15:00:00", "end": "17:00:00"}),
        ("übermorgen um 9 Uhr", "de", {"value": "2021-05-14 09:00:00"}),
        ("in den nächsten 2 Wochen", "de", {"start": "2021-05-13", "end": "2021-05-27"}),
    ],
)
def test_a_phrase_becomes_what_an_assistant_would_book(text: str, language: str, expected: dict[str, str]) -> None:
    (prediction,) = normalisation.predict_datetime([row(text, language, "DateTimeModel")])
    assert prediction["values"] == [expected]


@pytest.mark.parametrize(
    ("text", "language", "model", "expected"),
    [
        ("six and a half thousand", "en", "Numeral", {"value": 6500}),
        ("the 22nd", "en", "Ordinal", {"value": 22}),
        ("40 minutes", "en", "Duration", {"value": 40}),
        ("between 30 and 40 euros", "en", "AmountOfMoney", {"value": None, "low": 30, "high": 40}),
        ("more than 9 km", "en", "Distance", {"value": None, "low": 9}),
        ("übermorgen", "de", "Time", {"value": "2021-05-14T00:00:00"}),
        ("this afternoon", "en", "Time", {"value": "2021-05-12T12:00:00", "end": "2021-05-12T19:00:00"}),
        ("last 3 months", "en", "Time", {"value": "2021-02-01T00:00:00", "end": "2021-05-01T00:00:00"}),
        ("three weeks ago", "en", "Time", {"value": "2021-04-21T00:00:00"}),
        ("no number here", "en", "Numeral", {"value": None}),
    ],
)
def test_a_phrase_has_one_value_of_its_kind(text: str, language: str, model: str, expected: dict[str, Any]) -> None:
    (prediction,) = normalisation.predict_duckling([row(text, language, model)])
    assert {key: value for key, value in prediction.items() if key != "id"} == expected


def test_timex_values_stand_at_their_places() -> None:
    text = "Am Dienstag kam sie, vor zwei Jahren war sie krank."
    (prediction,) = normalisation.predict_timex([{"id": "1", "lang": "de", "text": text, "doc_time": "2021-05-12"}])
    assert [(text[t["start"] : t["end"]], t["value"]) for t in prediction["timex"]] == [
        ("Dienstag", "2021-05-11"),
        ("zwei Jahren", "P2Y"),
    ]


def test_an_expression_alone_has_its_value() -> None:
    rows = [{"id": "1", "lang": "en", "text": "early next month", "doc_time": "2021-05-12"}]
    assert normalisation.predict_timexstr(rows) == [{"id": "1", "value": "2021-06"}]


def test_gold_fields_are_not_read() -> None:
    class Sealed(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            assert key not in ("gold", "timex", "value"), key
            return super().__getitem__(key)

    sealed = Sealed(row("am 3. Mai", "de", "DateTimeModel"), doc_time="2021-05-12", gold=[], timex=[], value="x")
    for predict in (
        normalisation.predict_numbers,
        normalisation.predict_datetime,
        normalisation.predict_duckling,
        normalisation.predict_timex,
        normalisation.predict_timexstr,
    ):
        assert predict([sealed])


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("public_scorer", SHARED / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gold(name: str, every: int) -> list[dict[str, Any]]:
    lines = (SHARED / "normalisation" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[::every]]


@needs_data
@pytest.mark.parametrize("language", ["en", "de"])
def test_public_numbers_stay_above_the_bar(scorer: ModuleType, language: str) -> None:
    rows = [r for r in gold("recognizers.en_de.jsonl", 2) if r["lang"] == language and r["model"] != "DateTimeModel"]
    assert scorer.numbers(rows, normalisation.predict_numbers(rows))["f1"] >= 0.9


@needs_data
@pytest.mark.parametrize("language", ["en", "de"])
def test_public_dates_and_times_stay_above_the_bar(scorer: ModuleType, language: str) -> None:
    rows = [r for r in gold("recognizers.en_de.jsonl", 3) if r["lang"] == language and r["model"] == "DateTimeModel"]
    assert scorer.datetime_(rows, normalisation.predict_datetime(rows))["f1"] >= 0.8


@needs_data
def test_dates_of_german_news_stay_above_the_bar(scorer: ModuleType) -> None:
    rows = gold("krauts_timex.de.jsonl", 3)
    assert scorer.timex(rows, normalisation.predict_timex(rows))["value"]["f"] >= 0.75
