"""Whether two statements are the same claim."""

from __future__ import annotations

import collections

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.analysis import alignment, dictionary, extraction, matching
from claims.analysis.types import Date, Outcome, Passage, Quantity, Span

from .decoys import SAME, Decoy, pairs

GLOSSARY = dictionary.glossary()
DECOYS = list(pairs())


def facts(text: str, language: str):
    return extraction.facts(text, language, None)


def compare(one: str, other: str, language: str, target: str | None = None) -> matching.Match:
    return matching.compare(
        one,
        facts(one, language),
        other,
        facts(other, target or language),
        language=language,
        candidate_language=target,
        bridge=GLOSSARY,
    )


def test_there_are_more_than_three_hundred_decoys_in_six_languages():
    counts = collections.Counter(decoy.language for decoy in DECOYS)

    assert len(DECOYS) >= 300
    assert len(counts) >= 6 and min(counts.values()) >= 30


@pytest.mark.parametrize("language", sorted({decoy.language for decoy in DECOYS}))
def test_no_decoy_is_ever_the_same_claim(language):
    wrong = [decoy for decoy in DECOYS if decoy.language == language and compare(decoy.one, decoy.other, language).same]

    assert wrong == []


@pytest.mark.parametrize("language", sorted({decoy.language for decoy in DECOYS}))
def test_the_guard_gives_a_reason_for_every_decoy(language):
    silent = [
        decoy for decoy in DECOYS if decoy.language == language and not compare(decoy.one, decoy.other, language).guard
    ]

    assert silent == []


def _held_against(decoy: Decoy) -> list[str]:
    """The values that differ and are called a match all the same."""
    ours, theirs = facts(decoy.one, decoy.language), facts(decoy.other, decoy.language)
    passage = Passage("d", Span(0, len(decoy.other)), decoy.other, decoy.language, theirs)
    found = alignment.align(decoy.one, decoy.language, ours, passage, bridge=GLOSSARY)
    same_words = {fact.text for fact in theirs}
    return [
        row.fact.text
        for row in found.rows
        if row.outcome is Outcome.MATCH
        and isinstance(row.fact, Quantity | Date)
        and (decoy.difference == "negation" or row.fact.text not in same_words)
    ]


@pytest.mark.parametrize("difference", ["number", "date", "unit", "negation"])
def test_no_value_of_a_decoy_is_aligned_as_a_match(difference):
    wrong = [(decoy, found) for decoy in DECOYS if decoy.difference == difference and (found := _held_against(decoy))]

    assert wrong == []


@pytest.mark.parametrize(("language", "one", "other"), SAME)
def test_the_same_claim_in_other_words_is_the_same_claim(language, one, other):
    found = compare(one, other, language)

    assert found.guard == ""
    assert found.same


def test_a_match_shows_the_words_and_facts_it_rests_on():
    one, other = "In Leipzig demonstrierten rund 4.200 Menschen.", "Rund 4.200 Menschen waren in Leipzig."
    found = compare(one, other, "de")

    assert {span.of(one) for span in found.highlights} >= {"Leipzig", "Menschen", "4.200"}
    assert {span.of(other) for span in found.candidate_highlights} >= {"Leipzig", "Menschen", "4.200"}


def test_a_claim_is_found_again_in_another_language_by_facts_names_and_glossary():
    german, english = "Nordkorea schickte 11.000 Soldaten nach Russland.", "North Korea sent 11,000 soldiers to Russia."

    found = compare(german, english, "de", "en")

    assert found.guard == ""
    assert found.score > 0.6


def test_keys_of_a_claim_hold_its_values_names_and_rare_words():
    text = "Nordkorea baute bis Mai 2024 einen 40 Kilometer langen Zaun."

    found = matching.keys(text, "de", facts(text, "de"))

    assert "q:length:40000" in found
    assert "d:2024-05" in found
    assert "e:iso:KP" in found
    assert "t:zaun" in found


def test_the_same_length_in_another_unit_has_the_same_key_up_to_conversion():
    one, other = "The road is 40 km long.", "The road is 40,000 m long."

    assert "q:length:40000" in set(matching.keys(one, "en", facts(one, "en"))) & set(
        matching.keys(other, "en", facts(other, "en"))
    )


def test_the_check_that_shares_most_stands_first():
    found = matching.rank(
        "A shark swims on the flooded highway in Houston",
        "en",
        [
            matching.Candidate("shark", "Photo shows a shark swimming on a highway in Houston", "en"),
            matching.Candidate("houston", "Houston has banned plastic straws", "en"),
            matching.Candidate("other", "Vaccines contain microchips", "en"),
        ],
        bridge=GLOSSARY,
    )

    assert [standing.candidate.id for standing in found] == ["shark", "houston", "other"]
    assert found[0].score == pytest.approx(sum(found[0].signals.values()))


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_score_lies_between_nought_and_one_and_highlights_lie_in_the_texts(one, other):
    found = matching.compare(one, (), other, (), language="de", bridge=GLOSSARY)

    assert 0 <= found.score <= 1
    assert all(span.end <= len(one) for span in found.highlights)
    assert all(span.end <= len(other) for span in found.candidate_highlights)
