"""Cities and regions: found in two languages, told apart, and held within their countries."""

from __future__ import annotations

import pytest

from claims.analysis import alignment, extraction, matching
from claims.analysis.types import Entity, Outcome, Passage, Span


def places(text: str, language: str) -> list[str]:
    facts = extraction.facts(text, language, None)
    return [fact.id for fact in facts if isinstance(fact, Entity) and fact.id.startswith("place:")]


@pytest.mark.parametrize(
    ("text", "language", "id_"),
    [
        ("Der Angriff auf Charkiw dauerte an.", "de", "place:UA:kharkiv"),
        ("The attack on Kharkiv went on.", "en", "place:UA:kharkiv"),
        ("Münchens Bürgermeister sprach.", "de", "place:DE:munich"),
        ("He travelled to Munich by train.", "en", "place:DE:munich"),
        ("Er wohnt in Essen.", "de", "place:DE:essen"),
        ("She was born in Nice.", "en", "place:FR:nice"),
        ("In New York streiken die Fahrer.", "de", "place:US:new york"),
        ("Voters in Catalonia stayed at home.", "en", "place:ES:catalonia"),
    ],
)
def test_a_place_is_found_under_its_name_in_each_language(text: str, language: str, id_: str) -> None:
    assert places(text, language) == [id_]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nice weather was expected.", "en"),
        ("Reading helps children.", "en"),
        ("The tours split opinion.", "en"),
        ("Das Essen war kalt.", "de"),
        ("Der Hof war leer.", "de"),
        ("The Boston Globe reported it.", "en"),
    ],
)
def test_a_word_that_only_looks_like_a_place_is_none(text: str, language: str) -> None:
    assert places(text, language) == []


def outcome(claim: str, found: str) -> list[Outcome]:
    facts = extraction.facts(claim, "en", None)
    passage = Passage("1", Span(0, len(found)), found, "en", extraction.facts(found, "en", None))
    rows = alignment.align(claim, "en", facts, passage).rows
    return [row.outcome for row in rows if isinstance(row.fact, Entity) and row.fact.id.startswith("place:")]


def test_the_same_event_in_another_city_is_a_mismatch() -> None:
    assert outcome("A drone hit a depot in Kursk.", "A drone hit a depot in Belgorod.") == [Outcome.MISMATCH]


def test_a_passage_about_something_else_elsewhere_contradicts_nothing() -> None:
    assert outcome("A drone hit a depot in Kursk.", "The theatre in Belgorod opens.") == [Outcome.ABSENT]


def test_a_city_is_compatible_with_its_country() -> None:
    assert outcome("The trial in Munich began.", "The trial in Germany began.") == [Outcome.COMPATIBLE]


def same(one: str, other: str) -> matching.Match:
    facts = [extraction.facts(text, "en", None) for text in (one, other)]
    return matching.compare(one, facts[0], other, facts[1], language="en")


def test_another_city_is_never_the_same_claim() -> None:
    found = same("A drone hit the oil depot in Kursk.", "A drone hit the oil depot in Belgorod.")
    assert not found.same
    assert "another place" in found.guard


def test_a_city_with_its_country_beside_it_is_the_same_claim() -> None:
    assert not same("The trial in Munich, Germany began.", "The trial in Munich began.").guard
