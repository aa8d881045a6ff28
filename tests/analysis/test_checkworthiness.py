"""Scores that explain themselves, and weights learned from decisions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.analysis import checkworthiness as worth
from claims.analysis import extraction
from claims.analysis.types import CLAIM_KINDS, Sentence, Span


def score(text: str, language: str = "de") -> float:
    facts = extraction.facts(text, language, None)
    return worth.score(Sentence(Span(0, len(text)), text), language, facts=facts)[0]


@pytest.mark.parametrize(
    ("language", "better", "worse"),
    [
        ("de", "Die Miete stieg 2023 in Oslo um 12 Prozent.", "Ich finde das einfach schön."),
        ("de", "Norwegen lieferte 40 Züge an Schweden.", "Danke, bis morgen!"),
        ("en", "Rents rose by 12 percent in Oslo in 2023.", "I think that is just wonderful."),
        ("en", "Norway shipped 40 trains to Sweden.", "We should all hope for a better tomorrow."),
    ],
)
def test_a_checkable_statement_scores_above_an_opinion(language: str, better: str, worse: str) -> None:
    assert score(better, language) >= worth.CLAIM > worth.CANDIDATE > score(worse, language)


def test_an_opinion_in_front_does_not_hide_the_fact_behind_it() -> None:
    plain = score("Die Werft hat 200 Leute entlassen.")

    assert score("Alarmierend ist, dass die Werft 200 Leute entlassen hat.") >= plain


def test_the_reasons_add_up_to_the_score() -> None:
    text = "Die Miete stieg 2023 in Oslo um 12 Prozent."
    facts = extraction.facts(text, "de", None)
    value, _, reasons = worth.score(Sentence(Span(0, len(text)), text), "de", facts=facts)

    total = worth.HAND.bias + sum(reason.weight for reason in reasons)
    assert value == pytest.approx(1 / (1 + math.exp(-total)))
    assert all(span.end <= len(text) for reason in reasons for span in reason.spans)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Die Miete stieg um 12 Prozent.", "quantity"),
        ("Der Lärm führt zu Schlafstörungen.", "causation"),
        ("Das Gesetz verbietet das Parken.", "rule"),
        ("Künftig wird die Stadt bauen.", "prediction"),
        ("Als ich jung war, gab es keine Busse, meine Mutter lief.", "experience"),
        ("Die Ministerin sagte, die Brücke sei sicher.", "quotation"),
        ("Der Hund schläft unter dem Tisch.", "other"),
    ],
)
def test_the_seven_kinds_are_told_apart(text: str, kind: str) -> None:
    facts = extraction.facts(text, "de", None)

    assert worth.score(Sentence(Span(0, len(text)), text), "de", facts=facts)[1] == kind
    assert kind in CLAIM_KINDS


def decisions() -> list[worth.Decision]:
    """A desk that only ever checks ships."""
    made = []
    for number in range(40):
        for noun, kept in (("Fähre", True), ("Straße", False)):
            text = f"Die {noun} Nummer {number} wurde im Mai gebaut und kostete viel."
            made.append(worth.Decision(Sentence(Span(0, len(text)), text), extraction.facts(text, "de", None), kept))
    return made


def test_trained_weights_follow_the_desk() -> None:
    weights = worth.train(decisions(), "de")

    def trained(text: str) -> tuple[float, list[str]]:
        sentence = Sentence(Span(0, len(text)), text)
        facts = extraction.facts(text, "de", None)
        value, _, reasons = worth.score(sentence, "de", facts=facts, weights=weights)
        return value, [reason.feature for reason in reasons]

    ship, reasons = trained("Die Fähre wurde im Juni gebaut.")
    road, _ = trained("Die Straße wurde im Juni gebaut.")
    assert ship >= weights.claim > road
    assert any("fähre" in reason for reason in reasons)


def test_training_twice_gives_the_same_weights() -> None:
    assert worth.train(decisions(), "de") == worth.train(decisions(), "de")


@given(st.text(max_size=80), st.sampled_from(["de", "en", "fr"]))
def test_any_text_has_a_score_between_nought_and_one(text: str, language: str) -> None:
    value, kind, _ = worth.score(Sentence(Span(0, len(text)), text), language)

    assert 0 <= value <= 1
    assert kind in CLAIM_KINDS
