"""The machine's own words, said in the reader's language."""

from __future__ import annotations

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
