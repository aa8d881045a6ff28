"""Digits of an address measure nothing; the same digits before a thing do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.analysis import postal, quantities


def amounts(text: str, language: str) -> list[float]:
    return [quantity.lo for quantity in quantities.find(text, language)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The detective moved to 221B Baker Street.", "en"),
        ("He left 10 Downing Street by the back door.", "en"),
        ("10 Downing Street says nothing.", "en"),
        ("The shop at 350 Fifth Avenue, New York, NY 10118, was shut.", "en"),
        ("Letters go to 12 Elm Street, Springfield, IL 62704.", "en"),
        ("The office has moved to London SW1A 2AA.", "en"),
        ("Das Amt sitzt in der Hauptstraße 12.", "de"),
        ("Die Wohnung in der Goethestr. 5a wurde durchsucht.", "de"),
        ("Der Laden liegt Hauptstraße 12, 99998 Körner.", "de"),
        ("Die Firma aus 60311 Frankfurt am Main schweigt.", "de"),
        ("Am Alexanderplatz 4 wurden Fenster eingeworfen.", "de"),
        ("Schreiben Sie an Postfach 4711.", "de"),
        ("Le magasin se trouve au 12, rue de Rivoli, 75001 Paris.", "fr"),
        ("La tienda está en la calle Mayor 12, 28013 Madrid.", "es"),
        ("Il negozio si trova in via Roma 5, 00184 Roma.", "it"),
        ("De winkel zit in de Kalverstraat 12 in 1012 AB Amsterdam.", "nl"),
        ("Sklep jest przy ul. Marszałkowskiej 5 w Warszawie.", "pl"),
        ("Магазин розташований на вул. Хрещатик 22 у Києві.", "uk"),
        ("Магазин находится на ул. Тверская, 7 в Москве.", "ru"),
    ],
)
def test_an_address_is_no_quantity(text: str, language: str) -> None:
    assert amounts(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("They closed 10 streets.", "en", 10),
        ("Fire reached 10 Main Street businesses.", "en", 10),
        ("They own 12 Downing Street houses.", "en", 12),
        ("In der Hauptstraße 12 Autos zerkratzt, das gab es nie.", "de", 12),
        ("An der Hauptstraße 12 beschädigte Autos zählte die Polizei.", "de", 12),
        ("Es kamen 10115 Berliner.", "de", 10115),
        ("Am Arbeitsplatz 12 Stunden zu sitzen, ist ungesund.", "de", 12),
        ("Dans la rue de Rivoli, 40 vitrines ont été brisées.", "fr", 40),
        ("En la calle Mayor 12 personas protestaron.", "es", 12),
        ("На улице Тверская 7 человек протестовали.", "ru", 7),
    ],
)
def test_a_thing_counted_in_a_street_is_one(text: str, language: str, value: float) -> None:
    assert amounts(text, language) == [value]


@given(
    st.lists(
        st.sampled_from(
            [
                "12",
                "Hauptstraße",
                "am",
                "Markt",
                ",",
                "10115",
                "Berlin",
                "Baker",
                "Street",
                "5a",
                "rue",
                "ул.",
                "\ud800",
            ]
        )
        | st.text(max_size=6)
    ).map(" ".join),
    st.sampled_from(["de", "en", "fr", "es", "it", "nl", "pl", "uk", "ru", "ja"]),
)
@settings(max_examples=150, deadline=None)
def test_every_address_lies_in_the_text_and_holds_a_digit(text: str, language: str) -> None:
    for span in postal.spans(text, language):
        assert 0 <= span.start < span.end <= len(text)
        assert any(char.isdigit() for char in text[span.start : span.end])
