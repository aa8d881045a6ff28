"""The machine's own words, said in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

from claims.admin import phrasing


@pytest.mark.parametrize(
    ("reason", "german"),
    [
        ("signed by NW", "gezeichnet von NW"),
        ("names the mayor as the source", "nennt the mayor als Quelle"),
        ("91 % of the shorter text stands in the other", "91 % des kürzeren Textes stehen im anderen"),
        (
            "91 % of the shorter text stands in the other, 40 words in one run; kept apart by a person",
            "91 % des kürzeren Textes stehen im anderen, 40 Wörter in einem Stück; von einem Menschen getrennt",
        ),
        ("something new", "something new"),
    ],
)
def test_the_reason_of_a_connection_is_told_in_the_readers_language(reason: str, german: str) -> None:
    with translation.override("de"):
        assert phrasing.connection_words(reason) == german
    with translation.override("en"):
        assert phrasing.connection_words(reason) == reason


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"agree": 2, "disagree": 1}, "2 origins agree, 1 origin disagrees"),
        ({"agree": 1}, "1 origin agrees"),
        ({"disagree": 3}, "3 origins disagree"),
        ({}, ""),
    ],
)
def test_a_fact_says_how_many_origins_stand_on_each_side(counts: dict[str, int], words: str) -> None:
    with translation.override("en"):
        assert phrasing.origin_words(counts) == words


@pytest.mark.parametrize(
    ("timex", "said"), [("P3Y6M", "3 Jahre, 6 Monate"), ("PT1H", "1 Stunde"), ("PXM", "Monaten"), ("", "Monaten")]
)
def test_a_duration_is_told_in_words_and_never_in_the_machines_signs(timex: str, said: str) -> None:
    with translation.override("de"):
        assert phrasing.fact_words({"kind": "date", "type": "DURATION", "timex": timex, "text": "Monaten"}) == said


@pytest.mark.parametrize(
    ("message", "german"),
    [
        ("The year is not stated: “Juni”, “Mai”.", "Das Jahr steht nicht da: „Juni“, „Mai“."),
        ("Words that judge: “Regime”.", "Wertende Wörter: „Regime“."),
        (
            "Two figures for what looks like one thing: “900” and “1,250”.",
            "Zwei Zahlen für etwas, das dasselbe scheint: „900“ und „1,250“.",
        ),
        ("Something new.", "Something new."),
    ],
)
def test_what_the_desk_should_look_at_is_told_in_the_readers_language(message: str, german: str) -> None:
    with translation.override("de"):
        assert phrasing.flag_words(message) == german
    with translation.override("en"):
        assert phrasing.flag_words(message) == message


def test_every_message_of_the_flags_is_known_to_the_desk() -> None:
    """A new or reworded flag would show up in English on a German page."""
    source = (Path(phrasing.__file__).parents[1] / "analysis" / "flags.py").read_text()
    written = re.findall(r'(?:Flag\("\w+", |message = |^ +)f?"([^"]+\.)"', source, re.M)
    assert len(written) == len(phrasing.FLAGS)
    for message in written:
        said = re.sub(r"\{(?:count|len\(voices\))\}", "3", message)
        said = re.sub(r"\{words\}", "“words”", said)
        assert any(pattern.fullmatch(re.sub(r"\{[^}]+\}", "words", said)) for pattern, _ in phrasing.FLAGS), message
