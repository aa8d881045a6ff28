"""French, Spanish, Italian, Dutch, Polish, Ukrainian, Russian: numbers, dates and countries, and no more is claimed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.analysis import compounds, declension, entities, extraction
from claims.analysis.types import Date, Entity, Quantity, Speaker

PUBLISHED = dt.date(2024, 12, 24)  # a Tuesday


def on(year: int, month: int, day: int) -> tuple[dt.date, dt.date]:
    return (dt.date(year, month, day),) * 2


LAST_WEEK = (dt.date(2024, 12, 16), dt.date(2024, 12, 22))
SENTENCES = [
    ("fr", "Le 1er mai 2023, plus de 1 200 ânes ont traversé la Türkiye et l'Espagne.", 1200, on(2023, 5, 1), "iso:ES"),
    ("fr", "La semaine dernière, l'Italie a vendu quatre-vingt-dix-sept cloches.", 97, LAST_WEEK, "iso:IT"),
    ("es", "El 14 de marzo de 2023 Francia perdió 3.400 millones de euros.", 3400000000.0, on(2023, 3, 14), "iso:FR"),
    ("es", "La semana pasada llegaron a Polonia doscientas treinta y cinco campanas.", 235, LAST_WEEK, "iso:PL"),
    ("it", "Il 1º maggio 2023 la Germania ha spento duecentocinquantatré lampioni.", 253, on(2023, 5, 1), "iso:DE"),
    ("it", "Lunedì scorso l'Ucraina ha comprato 2,5 milioni di campane.", 2500000.0, on(2024, 12, 23), "iso:UA"),
    ("nl", "Op 3 april 2023 kocht Duitsland vijfentwintigduizend klokken.", 25000, on(2023, 4, 3), "iso:DE"),
    ("nl", "Vorige week verloor Spanje 1.200 boten.", 1200, LAST_WEEK, "iso:ES"),
    ("pl", "14 marca 2023 roku we Francji spadło 2,5 tys. dzwonów.", 2500, on(2023, 3, 14), "iso:FR"),
    ("pl", "W zeszłym tygodniu w Hiszpanii było dwustu pięćdziesięciu rybaków.", 250, LAST_WEEK, "iso:ES"),
    ("uk", "14 березня 2023 року у Франції збудували 40 км мосту.", 40, on(2023, 3, 14), "iso:FR"),
    ("uk", "Минулого тижня в Польщі продали двісті тридцять п'ять дзвонів.", 235, LAST_WEEK, "iso:PL"),
    ("ru", "14 марта 2023 года во Франции построили 40 км моста.", 40, on(2023, 3, 14), "iso:FR"),
    ("ru", "На прошлой неделе в Польше продали двести тридцать пять колоколов.", 235, LAST_WEEK, "iso:PL"),
]


@pytest.mark.parametrize(("language", "text", "amount", "day", "country"), SENTENCES)
def test_numbers_dates_and_countries_are_read(
    language: str, text: str, amount: float, day: tuple[dt.date, dt.date], country: str
) -> None:
    reading = extraction.read(text, language=language, published=PUBLISHED)

    assert [fact.lo for fact in reading.facts if isinstance(fact, Quantity)] == [amount]
    assert [(fact.first, fact.last) for fact in reading.facts if isinstance(fact, Date)] == [day]
    assert country in [fact.id for fact in reading.facts if isinstance(fact, Entity)]
    assert all(text[fact.span.start : fact.span.end] == fact.text for fact in reading.facts)


@pytest.mark.parametrize(("language", "text"), sorted({row[0]: row[1] for row in SENTENCES}.items()))
def test_a_language_that_is_not_covered_says_so_in_the_result(language: str, text: str) -> None:
    reading = extraction.read(text, language=language, published=PUBLISHED)

    assert not reading.covered
    assert f"({language}) is not covered" in reading.notes[0]
    assert not any(isinstance(fact, Speaker) for fact in reading.facts)
    assert [claim.status for claim in reading.claims] == ["candidate"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_covered_language_says_nothing_of_the_kind(language: str) -> None:
    reading = extraction.read("2019: 40.", language=language, published=PUBLISHED)
    assert reading.covered
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("pl", "Wrócił z Izraela.", "IL"),
        ("pl", "Mieszka we Włoszech.", "IT"),
        ("pl", "Leci do Arabii Saudyjskiej.", "SA"),
        ("uk", "Він живе в Ірані.", "IR"),
        ("uk", "Вона з Туреччини.", "TR"),
        ("uk", "Вони в Нідерландах.", "NL"),
        ("ru", "Он живёт в Великобритании.", "GB"),
        ("ru", "Она из Израиля.", "IL"),
        ("ru", "Они в Саудовской Аравии.", "SA"),
    ],
)
def test_a_country_is_known_in_its_cases(language: str, text: str, country: str) -> None:
    assert [entity.id for entity in entities.find(text, language)] == [f"iso:{country}"]


def test_cases_are_made_for_three_languages_and_long_enough_names_only() -> None:
    assert "Francji" in set(declension.cases("Francja", "pl"))
    assert list(declension.cases("Frankreich", "de")) == []
    assert list(declension.cases("Чад", "ru")) == []
    assert list(declension.cases("США", "ru")) == []


@given(st.text(max_size=12), st.sampled_from(compounds.LANGUAGES))
def test_a_word_is_a_number_below_a_million_or_none(word: str, language: str) -> None:
    value = compounds.value(word, language)
    assert value is None or 0 < value < 1_000_000


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("fr", "soixante-dix-sept cloches, quatre-vingts cloches, vingt et un moulins", [77, 80, 21]),
        ("es", "veintiún molinos, mil quinientos molinos", [21, 1500]),
        ("it", "ventuno mulini, tremilacinquecento mulini", [21, 3500]),
        ("nl", "drieëntwintig molens, tweehonderdvijftig molens", [23, 250]),
        ("pl", "dwadzieścia pięć młynów, stu rybaków", [25, 100]),
        ("uk", "п'ять тисяч млинів, сто двадцять млинів", [5000, 120]),
        ("ru", "пять тысяч мельниц, пятьсот мельниц", [5000, 500]),
    ],
)
def test_numbers_in_words(language: str, text: str, values: list[float]) -> None:
    found = extraction.read(text, language=language, published=None).facts
    assert [fact.lo for fact in found if isinstance(fact, Quantity)] == values
