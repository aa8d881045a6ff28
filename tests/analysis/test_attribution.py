"""Who said what, in German and English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.analysis import attribution, entities, sentences
from claims.analysis.types import Quotation, Speaker


def speakers(text: str, language: str = "de") -> list[Speaker]:
    split = sentences.split(text, language)
    return attribution.find(text, language, sentences=split, entities=entities.find(text, language))


def quotations(text: str, language: str = "de") -> list[Quotation]:
    split = sentences.split(text, language)
    return attribution.quotations(text, language, sentences=split, entities=entities.find(text, language))


def said(text: str, language: str = "de") -> list[tuple[str, str]]:
    return [(one.text, one.said.of(text)) for one in speakers(text, language) if one.said]


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        ("Die Ministerin sagte, die Brücke sei sicher.", "Die Ministerin", "die Brücke sei sicher"),
        ("Laut Polizei kamen 300 Menschen.", "Polizei", "kamen 300 Menschen"),
        ("Nach Angaben der Feuerwehr brannten zwei Häuser.", "Angaben der Feuerwehr", "brannten zwei Häuser"),
        ("Dem Bericht zufolge fehlen 40 Lehrer.", "Dem Bericht", "fehlen 40 Lehrer"),
        ("Die Brücke sei sicher, sagte der Statiker.", "der Statiker", "Die Brücke sei sicher"),
        ("Der Verband kündigte an, die Preise zu senken.", "Der Verband", "die Preise zu senken"),
        ("Am Montag teilte die Bahn mit, dass zwei Züge ausfallen.", "die Bahn", "dass zwei Züge ausfallen"),
        (
            "Wie der Sprecher, Jens Holm, mitteilte, fehlen zwei Züge.",
            "der Sprecher",
            "fehlen zwei Züge",
        ),
        (
            "Eva Holm, Sprecherin des Vereins, betonte, dass niemand fehlt.",
            "Eva Holm",
            "dass niemand fehlt",
        ),
    ],
)
def test_a_german_frame_gives_speaker_and_words(text: str, speaker: str, words: str) -> None:
    assert said(text) == [(speaker, words)]


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        ("The minister said the bridge was safe.", "The minister", "the bridge was safe"),
        ("According to police, 300 people came.", "police", "300 people came"),
        ("“The bridge is safe,” said Eva Holm, the engineer.", "Eva Holm", "The bridge is safe,"),
        ("“The bridge is safe,” the engineer said on Monday.", "the engineer", "The bridge is safe,"),
        ("In early November Norwegian officers said that two ships left.", "Norwegian officers", "two ships left"),
        ("The union called the offer “an insult”.", "The union", "an insult"),
    ],
)
def test_an_english_frame_gives_speaker_and_words(text: str, speaker: str, words: str) -> None:
    assert said(text, "en") == [(speaker, words)]


def test_words_held_against_somebody_belong_to_the_subject() -> None:
    (quotation,) = quotations(
        "Norwegen und seine Nachbarn verurteilten den Test als „gefährliches Spiel“, was Oslo freute."
    )

    assert quotation.text == "gefährliches Spiel"
    assert quotation.speaker is not None
    assert quotation.speaker.text == "Norwegen und seine Nachbarn"


def test_a_quoted_heading_is_nobodys_words() -> None:
    text = "„Streit um die Brücke“\nDie Stadt plant den Abriss. „Sie ist zu alt“, sagte der Statiker."

    assert [quotation.text for quotation in quotations(text)] == ["Sie ist zu alt"]


def test_a_quotation_over_several_sentences_stays_whole() -> None:
    (quotation,) = quotations("Der Statiker sagte: „Sie ist zu alt. Sie muss weg. Und zwar bald.“")

    assert quotation.text == "Sie ist zu alt. Sie muss weg. Und zwar bald."
    assert quotation.speaker is not None
    assert quotation.speaker.text == "Der Statiker"


def test_konjunktiv_goes_on_with_the_speaker_before() -> None:
    text = "Die Ministerin sagte, die Brücke sei sicher. Sie werde jedes Jahr geprüft."
    last = speakers(text)[-1]

    assert (last.text, last.attribution, last.inferred) == ("Die Ministerin", "conjunctive", True)


def test_a_weak_past_is_not_taken_for_konjunktiv() -> None:
    assert speakers("Am Morgen startete der Zug und erreichte die Küste.") == []


def test_he_is_the_person_named_last() -> None:
    text = "President Eva Holm met Jens Berg. He said that nothing was signed."

    assert [one.id for one in speakers(text, "en")] == ["name:jens berg"]


def test_a_pronoun_without_anybody_before_is_nobody() -> None:
    (speaker,) = speakers("He said that nothing was signed.", "en")

    assert (speaker.named, speaker.id) == (False, "")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Es wird angenommen, dass die Werft schließt.", "de"),
        ("Aus Regierungskreisen verlautete, die Werft schließe.", "de"),
        ("It is believed that the yard will close.", "en"),
        ("The yard will reportedly close.", "en"),
    ],
)
def test_a_source_nobody_can_ask_is_unnamed(text: str, language: str) -> None:
    assert [one.named for one in speakers(text, language)] == [False]


def test_a_thing_that_underlines_says_nothing() -> None:
    assert speakers("Diese Entwicklung unterstreicht den Bedarf an neuen Brücken.") == []


def test_what_follows_a_genitive_is_not_part_of_the_source() -> None:
    (speaker,) = speakers("Demnach gab es nach Angaben des Generalstabs Verluste.")

    assert speaker.text == "Angaben des Generalstabs"


@given(st.text(alphabet='„“"»« ,.:;!?()aäZ\n’sgteir', max_size=80), st.sampled_from(["de", "en"]))
def test_every_span_is_exact_for_any_text(text: str, language: str) -> None:
    for one in speakers(text, language):
        assert one.span.of(text) == one.text
        assert one.said is None or one.said.end <= len(text)
    for quotation in quotations(text, language):
        assert quotation.span.of(text) == quotation.text
