import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.analysis import numerals


def values(text: str, language: str) -> list[float]:
    return [numeral.value for numeral in numerals.find(text, language) if not numeral.code]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1.250.000 Menschen", "de", 1_250_000),
        ("2,75 Tonnen", "de", 2.75),
        ("dreihundertvierundzwanzig", "de", 324),
        ("neunzehnhundertachtundsechzig", "de", 1968),
        ("viereinhalb Milliarden", "de", 4.5e9),
        ("anderthalb Millionen", "de", 1.5e6),
        ("eine halbe Million", "de", 500_000),
        ("ein halbes Dutzend", "de", 6),
        ("drei Komma sieben", "de", 3.7),
        ("7 Mio. Hektar", "de", 7e6),
        ("zwei Drittel", "de", 2 / 3),
        ("zwölf Prozent", "de", 12),
        ("1,250,000 people", "en", 1_250_000),
        ("twelve thousand four hundred and six", "en", 12_406),
        ("half a million", "en", 500_000),
        ("six million and a half", "en", 6.5e6),
        ("three quarters", "en", 0.75),
        ("forty-four fifths", "en", 8.8),
        ("minus eleven", "en", -11),
        ("two point nought six", "en", 2.06),
        ("7 lakh", "en", 700_000),
        ("3½ hours", "en", 3.5),
        ("5e3", "en", 5000),
        ("1 250 000 habitants", "fr", 1_250_000),
        ("2,5 millions", "fr", 2.5e6),
        ("3.400 personas", "es", 3400),
        ("mil millones", "es", 1e9),
        ("3,4 miliardi", "it", 3.4e9),
        ("2,5 miljoen", "nl", 2.5e6),
        ("2,5 mln", "pl", 2.5e6),
        ("2,5 мільйона", "uk", 2.5e6),
        ("3 тысячи", "ru", 3000),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(text: str, language: str, expected: float) -> None:
    assert values(text, language) == [pytest.approx(expected)]


def test_a_german_billion_is_a_thousand_english_ones() -> None:
    assert values("3 Billionen", "de") == [3e12]
    assert values("3 billion", "en") == [3e9]


def test_a_comma_before_three_digits_keeps_both_readings_in_german() -> None:
    (numeral,) = numerals.find("4,500 Soldaten", "de")
    assert (numeral.value, numeral.alternatives) == (4.5, (4500.0,))


@pytest.mark.parametrize("text", ["Version 3.11.2", "F-16", "Covid-19", "+49-30-901820", "A4", "192.0.2.17"])
def test_names_versions_and_telephone_numbers_are_no_numbers(text: str) -> None:
    assert values(text, "de") == []


def test_an_address_is_left_alone() -> None:
    assert values("see https://example.org/2020/12?q=3 or 7@example.org", "en") == []


@given(st.text(), st.sampled_from(["de", "en", "fr", "uk", "ar", "xx", ""]))
@settings(max_examples=200, deadline=None)
def test_every_number_stands_where_it_says_it_does(text: str, language: str) -> None:
    end = 0
    for numeral in numerals.find(text, language):
        assert end <= numeral.start < numeral.end <= len(text)
        end = numeral.end
