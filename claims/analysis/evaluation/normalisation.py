"""Predictions for the public data on numbers, dates and times.

Each function takes rows of a gold file and returns predictions; it reads `id`, `text`, the language, the kind asked for
and the day of reference, never what the row gives as the answer.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from claims.analysis import dates, numerals, quantities, timex
from claims.analysis.datefacts import Expression
from claims.analysis.evaluation import duckling, recognizers
from claims.analysis.numerals import Numeral
from claims.analysis.timepoints import Frame, Length, Point, Repeat, Stretch, shared
from claims.analysis.types import Quantity

GoldRow = Mapping[str, Any]
Prediction = dict[str, Any]

_NOT_A_DIMENSION = ("count", "share", "points", "multiple", "time", "age", "temperature")


def predict_numbers(rows: Iterable[GoldRow]) -> list[Prediction]:
    """The values of the kind each row asks for: numbers, ordinals, percentages, money, measures, ages, temperatures."""
    return [{"id": row["id"], "values": [{"value": v} for v in _values(row)]} for row in rows]


def _values(row: GoldRow) -> list[float]:
    text, language, model = row["text"], row["lang"], row["model"]
    if model in ("NumberModel", "WordNumber", "OrdinalModel"):
        return _plain_numbers(text, language, model)
    found = quantities.find(text, language)
    if model == "PercentModel":
        return [q.lo for q in found if q.dimension in ("share", "points") and q.unit]
    if model == "AgeModel":
        return [q.lo for q in found if q.role == "age"]
    if model == "CurrencyModel":
        return [value for q in found if q.role == "money" for value in _ends(q)]
    if model == "TemperatureModel":
        return [q.lo for q in found if q.dimension == "temperature"]
    if model == "DimensionModel":
        return [
            v for q in found if q.role != "money" and q.unit and q.dimension not in _NOT_A_DIMENSION for v in _ends(q)
        ]
    return []


def _ends(quantity: Quantity) -> tuple[float, ...]:
    return (quantity.lo,) if quantity.lo == quantity.hi else (quantity.lo, quantity.hi)


def _plain_numbers(text: str, language: str, model: str) -> list[float]:
    found = numerals.find(text, language)
    if model == "OrdinalModel":
        return [n.value for n in found if n.kind == "ordinal"]
    values: list[float] = []
    for numeral in found:
        if _asked(numeral, language, model):
            piece = text[numeral.start : numeral.end]
            values += [float(part) for part in re.findall(r"\d+", piece)] if numeral.code else [numeral.value]
    return values


def _asked(numeral: Numeral, language: str, model: str) -> bool:
    if numeral.kind == "ordinal":
        return model == "WordNumber"
    if numeral.kind == "article":
        return language == "de"
    return not numeral.glued and numeral.kind not in ("multiple", "both", "vague")


# -- TimeML ------------------------------------------------------------------------------------------------------------


def predict_timex(rows: Iterable[GoldRow]) -> list[Prediction]:
    """Every TIMEX3 of a document with its span and value."""
    return [{"id": row["id"], "timex": _timexes(row["text"], row["lang"], row["doc_time"])} for row in rows]


def _timexes(text: str, language: str, doc_time: str) -> list[dict[str, Any]]:
    """German annotation keeps clock times and days apart, and "vor fünf Jahren" is a length there."""
    german = language == "de"
    found = []
    spoken = dates.expressions(text, language, apart=german)
    daily = _reports_daily(spoken)
    for expression, frame in dates.in_order(text, language, spoken, dt.datetime.fromisoformat(doc_time)):
        if expression.kind in ("REFWEAK", "DEFINITE") and german:
            continue
        found += _pieces(text, expression, frame, language, daily=daily)
    return found


def _reports_daily(spoken: list[Expression]) -> bool:
    """A text that speaks of yesterday or tomorrow means the day when it says today; a weekly means these times."""
    return any(isinstance(e.value, Point) and e.value.shift in (("day", -1), ("day", 1)) for e in spoken)


def _frame(doc_time: str, leaning: Any) -> Frame:
    return Frame(dt.datetime.fromisoformat(doc_time).replace(tzinfo=None), leaning)


def _pieces(text: str, expression: Expression, frame: Frame, language: str, *, daily: bool) -> list[dict[str, Any]]:
    value = expression.value
    start, end = expression.span.start, expression.span.end
    if isinstance(value, Stretch) and value.cores:
        ends = [p for p in shared(value.first, value.last) if p is not None]
        spans = dates.core_spans(text, value)
        return [
            {"start": span.start, "end": span.end, "value": _end_value(point, frame)}
            for span, point in zip(spans, ends, strict=False)
        ]
    said = text[start:end]
    if language == "de" and isinstance(value, Point):
        if value.offset is not None and value.anchor is None and value.sign < 0:
            opener = re.match(r"[Vv]or\s+", said)
            start += opener.end() if opener else 0
            return [{"start": start, "end": end, "value": timex.length(value.offset)}]
        if said.lower() == "heute" and not daily:
            return [{"start": start, "end": end, "value": "PRESENT_REF"}]
    return [{"start": start, "end": end, "value": _timex_value(value, frame, language)}]


def _end_value(point: Point, frame: Frame) -> str:
    """One end of a range; a clock time without a day stays without one."""
    if point.hour is not None and not point.dated:
        return f"T{point.hour:02d}:{point.minute or 0:02d}"
    return timex.point(point, frame)


def _timex_value(value: Point | Length | Stretch | Repeat, frame: Frame, language: str) -> str:
    match value:
        case Point():
            return timex.point(value, frame)
        case Length():
            return timex.length(value)
        case Repeat():
            return timex.repeat(value)
        case Stretch():
            return timex.stretch(value, frame)


def predict_timexstr(rows: Iterable[GoldRow]) -> list[Prediction]:
    """The TimeML value of a time expression given alone, with the day of its document."""
    return [{"id": row["id"], "value": _string_value(row["text"], row["lang"], row["doc_time"])} for row in rows]


def _string_value(text: str, language: str, doc_time: str) -> str | None:
    frame = _frame(doc_time, "past")
    found = dates.expressions(text, language)
    if not found:
        return None
    longest = max(found, key=lambda e: e.span.end - e.span.start)
    return _timex_value(longest.value, frame, language)


# -- assistants --------------------------------------------------------------------------------------------------------


def predict_datetime(rows: Iterable[GoldRow]) -> list[Prediction]:
    """Dates and times as Recognizers-Text resolves them against the row's day of reference."""
    found = []
    for row in rows:
        now = dt.datetime.fromisoformat(row["reference"]) if row.get("reference") else dt.datetime(2018, 1, 1)  # noqa: DTZ001
        found.append({"id": row["id"], "values": recognizers.values(row["text"], row["lang"], now)})
    return found


def predict_duckling(rows: Iterable[GoldRow]) -> list[Prediction]:
    """One value per phrase, of the kind its row asks for."""
    return [{"id": row["id"], **_phrase(row)} for row in rows]


def _phrase(row: GoldRow) -> Prediction:
    text, language, model = row["text"], row["lang"], str(row["model"]).lower()
    reference = row.get("reference") or "2013-02-12T04:30:00"
    now = dt.datetime.fromisoformat(str(reference)).replace(tzinfo=None)
    if "duration" in model:
        return duckling.duration(text, language)
    if "time" in model or "date" in model:
        return duckling.time(text, language, now)
    if "ordinal" in model or "numeral" in model or "number" in model:
        return duckling.number(text, language, ordinal="ordinal" in model)
    return duckling.quantity(text, language, money="money" in model)
