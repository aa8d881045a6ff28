import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.analysis import dates, quantities
from claims.analysis.types import Modifier, Quantity


def one(text: str, language: str) -> Quantity:
    spans = [date.span for date in dates.find(text, language, published=dt.date(2024, 12, 24))]
    found = quantities.find(text, language, taken=spans)
    assert len(found) == 1, [quantity.text for quantity in found]
    return found[0]


def none(text: str, language: str) -> bool:
    spans = [date.span for date in dates.find(text, language, published=dt.date(2024, 12, 24))]
    return not quantities.find(text, language, taken=spans)


@pytest.mark.parametrize(
    ("text", "language", "modifier", "hedge"),
    [
        ("etwa 900 Boote", "de", Modifier.ABOUT, "etwa"),
        ("knapp 900 Boote", "de", Modifier.NEARLY, "knapp"),
        ("gut 900 Boote", "de", Modifier.JUST_OVER, "gut"),
        ("mehr als 900 Boote", "de", Modifier.MORE_THAN, "mehr als"),
        ("weniger als 900 Boote", "de", Modifier.LESS_THAN, "weniger als"),
        ("bis zu 900 Boote", "de", Modifier.AT_MOST, "bis zu"),
        ("mindestens 900 Boote", "de", Modifier.AT_LEAST, "mindestens"),
        ("mehr als insgesamt 900 Boote", "de", Modifier.MORE_THAN, "mehr als"),
        ("some 900 boats", "en", Modifier.ABOUT, "some"),
        ("as many as 900 boats", "en", Modifier.AT_MOST, "as many as"),
        ("no fewer than 900 boats", "en", Modifier.AT_LEAST, "no fewer than"),
        ("900 or more boats", "en", Modifier.AT_LEAST, "or more"),
        ("environ 900 bateaux", "fr", Modifier.ABOUT, "environ"),
        ("понад 900 кораблів", "uk", Modifier.MORE_THAN, "понад"),
    ],
)
def test_a_hedge_is_kept_with_its_place(text: str, language: str, modifier: Modifier, hedge: str) -> None:
    found = one(text, language)
    assert (found.text, found.lo, found.modifier) == ("900", 900, modifier)
    assert found.modifier_span is not None and found.modifier_span.of(text) == hedge


@pytest.mark.parametrize(
    ("text", "language", "said", "value", "unit", "dimension"),
    [
        ("ein 240-mm-Geschütz", "de", "240-mm", 240, "mm", "length"),
        ("eine Strecke von 12 Kilometern", "de", "12 Kilometern", 12, "km", "length"),
        ("a 25-mile wall", "en", "25-mile", 25, "mi", "length"),
        ("at 60 miles an hour", "en", "60 miles an hour", 60, "mph", "speed"),
        ("bei 120 Kilometern pro Stunde", "de", "120 Kilometern pro Stunde", 120, "km/h", "speed"),
        ("3,5 Mio. Tonnen Weizen", "de", "3,5 Mio. Tonnen", 3.5e6, "t", "mass"),
        ("um 3 Prozentpunkte", "de", "3 Prozentpunkte", 3, "percentage_point", "points"),
        ("um 3 Prozent", "de", "3 Prozent", 3, "percent", "share"),
        ("$16.4 million", "en", "$16.4 million", 16.4e6, "USD", "money:USD"),
        ("£5m", "en", "£5m", 5e6, "GBP", "money:GBP"),
        ("zwei Milliarden Euro", "de", "zwei Milliarden Euro", 2e9, "EUR", "money:EUR"),
        ("it was -5 degrees Celsius", "en", "-5 degrees Celsius", -5, "°C", "temperature"),
        ("3 millions d'euros", "fr", "3 millions d'euros", 3e6, "EUR", "money:EUR"),
        ("40 километров", "ru", "40 километров", 40, "km", "length"),
        ("5 proc.", "pl", "5 proc", 5, "percent", "share"),
        ("eine 53-Jährige", "de", "53-Jährige", 53, "year", "age"),
        ("a 53-year-old", "en", "53-year-old", 53, "year", "age"),
        ("eine zehnwöchige Pause", "de", "zehnwöchige", 10, "week", "time"),
        ("zwei Drittel der Stimmen", "de", "zwei Drittel", 2 / 3, "", "share"),
        ("jeder Fünfte", "de", "jeder Fünfte", 0.2, "", "share"),
        ("one in five voters", "en", "one in five", 0.2, "", "share"),
        ("dreimal so viel", "de", "dreimal", 3, "", "multiple"),
        ("tempo: 5 ft 6 in", "en", "5 ft 6 in", 5.5, "ft", "length"),
    ],
)  # fmt: skip
def test_a_number_is_read_with_what_it_measures(
    text: str, language: str, said: str, value: float, unit: str, dimension: str
) -> None:
    found = one(text, language)
    assert (found.text, found.unit, found.dimension) == (said, unit, dimension)
    assert found.lo == pytest.approx(value)


def test_units_of_one_dimension_meet_in_the_base_unit() -> None:
    german, english = one("40 Kilometer Zaun", "de"), one("a 25-mile fence", "en")
    assert german.base_lo == pytest.approx(40_000)
    assert english.base_lo == pytest.approx(40_233.6)
    assert english.step == pytest.approx(1609.344 / 2)


@pytest.mark.parametrize(
    ("text", "language", "name", "event"),
    [
        ("Die Armee hat 1.300 Verluste erlitten.", "de", "casualty", "suffer_losses"),
        ("1.300 Soldaten wurden getötet.", "de", "soldier", "kill"),
        ("Der Norden schickte 600 Ballons.", "de", "balloon", "send"),
        ("Some 1,300 troops were killed.", "en", "soldier", "kill"),
        ("They built 40 houses.", "en", "house", "build"),
        ("1 300 soldats tués", "fr", "soldier", "kill"),
    ],
)
def test_what_is_counted_and_what_happened_to_it_are_named(text: str, language: str, name: str, event: str) -> None:
    found = one(text, language)
    assert found.counted is not None
    assert (found.counted.name, found.event) == (name, event)
    assert found.counted.span.of(text) == found.counted.text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A score of protesters were led away.", [20]),
        ("Three score horses were sold.", [60]),
        ("Four score of the ships came back.", [80]),
        ("The strikers score often.", []),
        ("They score 24 goals a season.", [24]),
        ("The score was 3 all.", [3]),
        ("She got a score of 90 in the test.", [90]),
        ("A credit score of 700 will do.", [700]),
        ("He has a score to settle.", []),
        ("The judges counted 10 score marks.", [10]),
    ],
)
def test_score_is_twenty_only_where_it_counts(text: str, values: list[float]) -> None:
    spans = [date.span for date in dates.find(text, "en", published=None)]
    assert [quantity.lo for quantity in quantities.find(text, "en", taken=spans)] == values


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Some 3.2 million viewers watched.", "viewer"),
        ("About 900 listeners called the station.", "listener"),
        ("About 20 sports clubs folded.", "club"),
    ],
)
def test_a_verb_is_not_what_is_counted(text: str, name: str) -> None:
    quantity = one(text, "en")
    assert quantity.counted is not None
    assert quantity.counted.name == name
    assert one("Two million watched.", "en").counted is None


def test_a_thing_without_a_class_keeps_its_own_name() -> None:
    found = one("Sie fanden 40 Teekannen.", "de")
    assert found.counted is not None
    assert (found.counted.name, found.counted.known) == ("teekanne", False)


@pytest.mark.parametrize(
    ("text", "language", "lo", "hi"),
    [
        ("zwischen 100 und 200 Euro", "de", 100, 200),
        ("100 bis 300 Milliarden Sterne", "de", 100e9, 300e9),
        ("5-10 houses", "en", 5, 10),
        ("between 10 and 20 ships", "en", 10, 20),
    ],
)
def test_two_ends_make_one_range(text: str, language: str, lo: float, hi: float) -> None:
    found = one(text, language)
    assert (found.lo, found.hi, found.modifier) == (lo, hi, Modifier.RANGE)


def test_a_rise_from_one_value_to_another_is_no_range() -> None:
    assert len(quantities.find("It rose from 10 to 20 percent.", "en")) == 2


def test_vague_words_are_quantities_too() -> None:
    found = one("Tausende Menschen flohen.", "de")
    assert (found.modifier, found.lo, found.hi) == (Modifier.VAGUE, 2000, 9999)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Im Jahr 2019 war es so.", "de"),
        ("Das war 1998 anders.", "de"),
        ("Der Ballon flog am 19. Juni 2024.", "de"),
        ("Version 3.11.2 ist da.", "de"),
        ("Rufen Sie +49-30-901820 an.", "de"),
        ("open 6.30-10am", "en"),
        ("In the 1990s it was so.", "en"),
        ("im 19. Jahrhundert", "de"),
        ("in den 70er Jahren", "de"),
        ("No one knew.", "en"),
        ("Einer der beiden ging.", "de"),
    ],
)
def test_years_dates_clocks_and_codes_are_no_quantities(text: str, language: str) -> None:
    assert none(text, language)


def test_four_digits_before_a_plural_are_a_count_not_a_year() -> None:
    assert one("2000 people died.", "en").lo == 2000
    assert one("Es kamen 2000 Menschen.", "de").lo == 2000


def test_digits_of_a_date_found_before_are_not_counted_again() -> None:
    text = "Am 12. Mai 2023 kamen 12 Boote."
    spans = [date.span for date in dates.find(text, "de", published=None)]
    assert [quantity.text for quantity in quantities.find(text, "de", taken=spans)] == ["12"]


WORDS = [
    "etwa ", "3 ", "1.000,5 ", "Millionen ", "Euro", "€", "km", " bis ", "-", "Prozent ", "½", "é", "🎈",
    "\r\n", "שלוש ", "jeder ", "Fünfte ", "10^99 ", "tausend ", "٣", "between ", "and ", "two thirds ", "$",
    "(", "\xad", "an hour ", "pro Stunde ", "a year ",
]  # fmt: skip


@given(
    st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=20).map("".join)),
    st.sampled_from(["de", "en", "fr", "ru", "he", "xx", ""]),
)
@settings(max_examples=120, deadline=None)
def test_every_quantity_stands_where_it_says_it_does(text: str, language: str) -> None:
    spans = [date.span for date in dates.find(text, language, published=dt.date(2024, 2, 29))]
    for quantity in quantities.find(text, language, taken=spans):
        assert text[quantity.span.start : quantity.span.end] == quantity.text
        assert quantity.lo <= quantity.hi
        assert not any(span.overlaps(quantity.span) for span in spans)
        if quantity.counted is not None:
            assert quantity.counted.span.of(text) == quantity.counted.text
        if quantity.modifier_span is not None:
            assert quantity.modifier_span.of(text)
