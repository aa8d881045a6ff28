import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claims.analysis import sentences


def texts(text: str, language: str = "de") -> list[str]:
    return [sentence.text for sentence in sentences.split(text, language)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Am 1. Mai reiste Dr. Weber ab.",
        "Nach § 7 Abs. 3 BauGB gilt z. B. das Gegenteil.",
        "Im 19. Jahrhundert lebten u. a. hier Fischer.",
        "Ludwig II. baute das Schloss am 3. Tag.",
        "Rund 3 Mio. Menschen kamen, d. h. alle.",
        "„Wir gehen. Wir bleiben nicht“, sagte die Sprecherin.",
        "Sie fragte: „Warum? Wozu?“, und ging.",
        "Beim 60. Jubiläum sprach Prof. h. c. Lang.",
    ],
)
def test_a_full_stop_inside_a_german_sentence_does_not_end_it(sentence: str) -> None:
    assert texts(sentence + " Danach war Ruhe.") == [sentence, "Danach war Ruhe."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Hale met Gen. Ortiz on Jan. 5.",
        "The U.S. Army sent 5.5 tons, i.e. enough.",
        "It opened at 9 a.m. on Sunday.",
        "J. R. Smith said no.",
    ],
)
def test_a_full_stop_inside_an_english_sentence_does_not_end_it(sentence: str) -> None:
    assert texts(sentence + " Then it was quiet.", "en") == [sentence, "Then it was quiet."]


def test_a_closing_quotation_mark_stays_with_its_sentence() -> None:
    assert texts("„Ja!“ Er ging. „Nein.“ Sie blieb.") == ["„Ja!“", "Er ging.", "„Nein.“", "Sie blieb."]


def test_a_newline_ends_a_block_and_a_short_line_without_a_full_stop_is_a_heading() -> None:
    found = sentences.split("Drohnen über dem Hafen\r\nEin Satz. Noch einer.", "de")
    assert [(s.kind, s.text) for s in found] == [
        ("heading", "Drohnen über dem Hafen"),
        ("sentence", "Ein Satz."),
        ("sentence", "Noch einer."),
    ]
    assert [s.paragraph for s in found] == [0, 1, 1]


def test_a_quoted_headline_is_a_heading_even_with_a_question_mark() -> None:
    found = sentences.split("Ein Satz.\n„Risiko: Was kommt jetzt?“\nNoch ein Satz.", "de")
    assert [s.kind for s in found] == ["sentence", "heading", "sentence"]


def test_a_single_line_is_a_statement_not_a_heading() -> None:
    assert sentences.split("Der Hafen verlor 40 Schiffe", "de")[0].kind == "sentence"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "M. Dupont a parlé. Il est parti.", ["M. Dupont a parlé.", "Il est parti."]),
        ("pl", "Wzrost o 5 proc. cen. Koniec.", ["Wzrost o 5 proc. cen.", "Koniec."]),
        ("es", "Hay 3,5 en total. Nada más.", ["Hay 3,5 en total.", "Nada más."]),
    ],
)
def test_other_languages_are_split_too(language: str, text: str, expected: list[str]) -> None:
    assert texts(text, language) == expected


LANGUAGES = st.sampled_from(["de", "en", "fr", "uk", "ar", "zh", "xx", ""])


@given(st.text(st.characters(exclude_categories=())), LANGUAGES)  # lone surrogates too
@settings(max_examples=300, deadline=None)
@example("Il a dit \ud800 oui. Elle a dit non.", "fr")
def test_every_sentence_stands_where_it_says_it_does(text: str, language: str) -> None:
    end = 0
    for sentence in sentences.split(text, language):
        assert text[sentence.span.start : sentence.span.end] == sentence.text
        assert sentence.text and sentence.span.start >= end
        end = sentence.span.end


@given(
    st.lists(
        st.sampled_from(["Am 3. ", "„Ja“, ", "z. B. ", "Haus. ", "e\u0301t\u00e9 ", "🎈 ", "\r\n", "שלום. ", "U.S. "])
    ),
    LANGUAGES,
)
@settings(max_examples=100, deadline=None)
def test_nothing_but_space_falls_between_two_sentences(parts: list[str], language: str) -> None:
    text = "".join(parts)
    covered = "".join(sentence.text for sentence in sentences.split(text, language))
    assert "".join(covered.split()) == "".join(text.split())
