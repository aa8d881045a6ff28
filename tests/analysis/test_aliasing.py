"""The desk's own names over what was read."""

from __future__ import annotations

import pytest

from claims.analysis import alignment, extraction
from claims.analysis.aliasing import Aliases, Known, overlay
from claims.analysis.types import Entity, Outcome, Passage, Span, Speaker

KOVAR = Known("wd:Q9", "person")
TABLE: Aliases = {"Anna Kovar": KOVAR, "Kowar": KOVAR, "Kovář": KOVAR, "Kovar": KOVAR}


def ids(text: str, language: str, aliases: Aliases = TABLE) -> list[str]:
    return [fact.id for fact in extraction.facts(text, language, None, aliases=aliases) if isinstance(fact, Entity)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Gestern trat Kowar zurück.", "de"),
        ("Kowars Rücktritt kam spät.", "de"),
        ("President Anna Kovar resigned.", "en"),
        ("President Kovar resigned.", "en"),
        ("Anna Kovář a démissionné.", "fr"),
    ],
)
def test_every_spelling_means_the_same_person(text: str, language: str) -> None:
    assert ids(text, language) == ["wd:Q9"]


def test_another_person_of_that_family_name_stays_another_person() -> None:
    assert "wd:Q9" not in ids("Michael Kovar resigned on Monday.", "en")


def test_a_listed_longer_name_is_not_broken_by_a_short_spelling() -> None:
    assert "alias:7" not in ids("The European Union met.", "en", {"Union": "7"})


def test_facts_kept_before_the_table_changed_take_its_names() -> None:
    text = "President Kovar said the tax would rise."
    kept = extraction.facts(text, "en", None)
    now = overlay(text, kept, TABLE)
    assert [fact.id for fact in now if isinstance(fact, Entity)] == ["wd:Q9"]
    assert {fact.id for fact in now if isinstance(fact, Speaker)} == {"wd:Q9"}
    assert all(fact.span.of(text) == fact.text for fact in now)


def test_a_claim_and_a_passage_in_two_spellings_match() -> None:
    claim, found = "Kowar eröffnete das Museum.", "The museum was opened by Anna Kovar."
    facts = extraction.facts(claim, "de", None, aliases=TABLE)
    passage = Passage("1", Span(0, len(found)), found, "en", extraction.facts(found, "en", None, aliases=TABLE))
    rows = alignment.align(claim, "de", facts, passage).rows
    assert [row.outcome for row in rows if isinstance(row.fact, Entity)] == [Outcome.MATCH]
    bare = Passage("1", Span(0, len(found)), found, "en", extraction.facts(found, "en", None))
    assert alignment.align(claim, "de", facts, bare).rows[0].outcome is Outcome.ABSENT
