import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.analysis import dates
from claims.analysis.types import Date

PUBLISHED = dt.date(2024, 12, 24)


def one(text: str, language: str, published: dt.date | None = PUBLISHED) -> Date:
    found = dates.find(text, language, published=published)
    assert len(found) == 1, [date.text for date in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "language", "said", "first", "last"),
    [
        ("Der Vertrag stammt vom 19. Juni 2024.", "de", "19. Juni 2024", (2024, 6, 19), (2024, 6, 19)),
        ("Im Dezember 2023 begann es.", "de", "Dezember 2023", (2023, 12, 1), (2023, 12, 31)),
        ("They signed it on June 19, 2024.", "en", "June 19, 2024", (2024, 6, 19), (2024, 6, 19)),
        ("It began in October 2024.", "en", "October 2024", (2024, 10, 1), (2024, 10, 31)),
        ("In the 1990s it was quiet.", "en", "1990s", (1990, 1, 1), (1999, 12, 31)),
        ("Im 19. Jahrhundert war es still.", "de", "19. Jahrhundert", (1800, 1, 1), (1899, 12, 31)),
        ("Er kam am 22.04.2016 an.", "de", "22.04.2016", (2016, 4, 22), (2016, 4, 22)),
        ("Signé le 19 juin 2024.", "fr", "19 juin 2024", (2024, 6, 19), (2024, 6, 19)),
        ("El 19 de junio de 2024 llegó.", "es", "19 de junio de 2024", (2024, 6, 19), (2024, 6, 19)),
        ("Il 19 giugno 2024 piove.", "it", "19 giugno 2024", (2024, 6, 19), (2024, 6, 19)),
        ("Op 19 juni 2024 begon het.", "nl", "19 juni 2024", (2024, 6, 19), (2024, 6, 19)),
        ("Podpisano 19 czerwca 2024.", "pl", "19 czerwca 2024", (2024, 6, 19), (2024, 6, 19)),
        ("Підписано 19 червня 2024.", "uk", "19 червня 2024", (2024, 6, 19), (2024, 6, 19)),
        ("Подписано 19 июня 2024.", "ru", "19 июня 2024", (2024, 6, 19), (2024, 6, 19)),
    ],
)
def test_a_full_date_means_the_days_it_names(
    text: str, language: str, said: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    date = one(text, language)
    assert (date.text, date.first, date.last) == (said, dt.date(*first), dt.date(*last))
    assert not date.year_inferred


def test_a_missing_year_is_filled_in_marked_and_kept_open() -> None:
    date = one("Der Pakt wurde im Juni geschlossen.", "de")
    assert (date.first, date.year_inferred, date.month) == (dt.date(2024, 6, 1), True, 6)
    assert date.alternatives[0][0] == dt.date(2023, 6, 1)


def test_an_announcement_looks_ahead() -> None:
    assert one("Das Fest wird im Februar beginnen.", "de").first == dt.date(2025, 2, 1)


def test_without_a_day_of_publication_nothing_is_guessed() -> None:
    date = one("Der Pakt wurde am 5. Juni geschlossen.", "de", published=None)
    assert (date.first, date.month, date.day, date.timex) == (None, 6, 5, "XXXX-06-05")


def test_since_and_the_end_of_a_month_are_told_apart_from_the_month_itself() -> None:
    since = one("Seit Mai fliegen Ballons.", "de")
    ended = one("Die Flüge wurden Ende November eingestellt.", "de")
    assert (since.text, since.relation, since.first) == ("Mai", "since", dt.date(2024, 5, 1))
    assert (ended.text, ended.modifier, ended.precision) == ("Ende November", "END", "month")


TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                "am ",
                "3. ",
                "Mai ",
                "2024 ",
                "um ",
                "14 ",
                "Uhr ",
                "12:30",
                "bis ",
                "vor ",
                "next ",
                "week ",
                "31/12/99 ",
                "'98 ",
                "9999-12-31 ",
                "0000 ",
                "30. Februar ",
                "🎈",
                "e\u0301",
                "Ma\u0308rz ",
                "\r\n",
                "ש ",
                "999999999999 years ago ",
                "-",
                "۳",
            ]
        )  # fmt: skip
    ).map("".join),
)


@given(
    TEXTS,
    st.sampled_from(["de", "en", "fr", "uk", "xx", ""]),
    st.sampled_from([None, dt.date(1, 1, 1), dt.date(9999, 12, 31), PUBLISHED]),
)
@settings(max_examples=300, deadline=None)
def test_every_date_stands_where_it_says_it_does(text: str, language: str, published: dt.date | None) -> None:
    for date in dates.find(text, language, published=published):
        assert text[date.span.start : date.span.end] == date.text
        assert date.first is None or date.last is None or date.first <= date.last
