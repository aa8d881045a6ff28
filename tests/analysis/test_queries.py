"""What is asked about a claim."""

from __future__ import annotations

from claims.analysis import dictionary, queries
from claims.analysis.types import Modifier

from . import located

CLAIM = "Nordkorea begann im Dezember 2023, etwa 1.500 Soldaten auf das Schlachtfeld der Ukraine zu schicken."
FACTS = (
    located.entity(CLAIM, "Nordkorea", "iso:KP"),
    located.month(CLAIM, "Dezember 2023", 2023, 12),
    located.quantity(CLAIM, "1.500", 1500, counted="soldier", modifier=Modifier.ABOUT),
    located.entity(CLAIM, "Ukraine", "iso:UA"),
)


def build(text=CLAIM, facts=FACTS, **more):
    return queries.build(text, "de", facts, bridge=dictionary.glossary(), **more)


def test_no_question_is_bound_to_the_claimed_date():
    assert not [query for query in build() if "2023" in query.text or "Dezember" in query.text]


def test_the_first_question_has_names_and_telling_nouns_but_no_number():
    topic = build()[0]

    assert (topic.kind, topic.language) == ("topic", "de")
    assert {"Nordkorea", "Ukraine", "Schlachtfeld"} <= set(topic.text.split())
    assert "1.500" not in topic.text


def test_the_number_is_asked_for_apart():
    assert [query.text for query in build() if query.kind == "value" and "1.500" in query.text]


def test_the_other_language_is_asked_with_its_own_country_names_and_words():
    other = next(query for query in build() if query.kind == "other_language")

    assert other.language == "en"
    assert "North Korea" in other.text and "battlefield" in other.text


def test_the_desks_own_names_win():
    other = next(query for query in build(aliases={"iso:KP": {"en": "DPRK"}}) if query.language == "en")

    assert "DPRK" in other.text


def test_a_quotation_is_asked_for_word_by_word_and_in_translation():
    claim = "Die USA sprachen von einer „leichtfertigen Provokation“."
    facts = (
        located.entity(claim, "USA", "iso:US"),
        located.quotation(claim, "leichtfertigen Provokation", None, "de"),
    )
    found = build(claim, facts)

    assert '"leichtfertigen Provokation"' in [query.text for query in found if query.kind == "quotation"]
    assert [query for query in found if query.kind == "other_language" and "reckless provocation" in query.text]


def test_the_same_claim_always_gives_the_same_questions():
    assert build() == build()


def test_a_claim_without_words_asks_nothing():
    assert queries.build("…", "de", ()) == []
