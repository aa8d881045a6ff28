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


@pytest.mark.parametrize(
    ("text", "language", "said", "timex"),
    [
        ("Gestern regnete es.", "de", "Gestern", "2024-12-23"),
        ("In der vergangenen Woche regnete es.", "de", "vergangenen Woche", "2024-W51"),
        ("Das war Mitte vorigen Jahres.", "de", "Mitte vorigen Jahres", "2023"),
        ("Im zweiten Halbjahr 2023 war es so.", "de", "zweiten Halbjahr 2023", "2023-H2"),
        ("Im Sommer 1998 war es heiß.", "de", "Sommer 1998", "1998-SU"),
        ("In den siebziger Jahren war es so.", "de", "siebziger Jahren", "197"),
        ("Vor drei Jahren begann es.", "de", "Vor drei Jahren", "2021"),
        ("Es dauerte dreieinhalb Stunden.", "de", "dreieinhalb Stunden", "PT3.5H"),
        ("Seit Jahren ist das so.", "de", "Jahren", "PXY"),
        ("Der Markt ist jeden Mittwoch.", "de", "jeden Mittwoch", "XXXX-WXX-3"),
        ("Er kam am Ostermontag 2023.", "de", "Ostermontag 2023", "2023-04-10"),
        ("Um halb vier ging sie.", "de", "halb vier", "T03:30"),
        ("Um 20.30 Uhr ging sie.", "de", "20.30 Uhr", "T20:30"),
        ("It rained yesterday.", "en", "yesterday", "2024-12-23"),
        ("It rained last week.", "en", "last week", "2024-W51"),
        ("In the third quarter of 2019 it fell.", "en", "third quarter of 2019", "2019-Q3"),
        ("They met three days after Christmas 2020.", "en", "three days after Christmas 2020", "2020-12-28"),
        ("It took 2 hours 15 minutes.", "en", "2 hours 15 minutes", "PT2H15M"),
        ("They meet every Monday.", "en", "every Monday", "XXXX-WXX-1"),
        ("It began two months ago.", "en", "two months ago", "2024-10"),
        ("on Oct. 12, 1989", "en", "Oct. 12, 1989", "1989-10-12"),
        ("in the first week of March 2021", "en", "the first week of March 2021", "2021-W09"),
    ],
)
def test_what_is_said_about_time_has_a_timeml_value(text: str, language: str, said: str, timex: str) -> None:
    date = one(text, language)
    assert (date.text, date.timex) == (said, timex)


@pytest.mark.parametrize(
    ("text", "language", "first", "last", "relation"),
    [
        ("Zwischen 1973 und 1988 war es so.", "de", (1973, 1, 1), (1988, 12, 31), "from_to"),
        ("Von März bis Mai 2020 war es so.", "de", (2020, 3, 1), (2020, 5, 31), "from_to"),
        ("from 10 to 12 March 2021", "en", (2021, 3, 10), (2021, 3, 12), "from_to"),
        ("It lasted from November 2019 to February 2020.", "en", (2019, 11, 1), (2020, 2, 29), "from_to"),
        ("until the end of 2030", "en", (2030, 1, 1), (2030, 12, 31), "until"),
        ("bis zum 3. April 2022", "de", (2022, 4, 3), (2022, 4, 3), "until"),
        ("after 2016", "en", (2016, 1, 1), (2016, 12, 31), "after"),
    ],
)
def test_ranges_and_open_ends_keep_their_days(
    text: str, language: str, first: tuple[int, int, int], last: tuple[int, int, int], relation: str
) -> None:
    date = one(text, language)
    assert (date.first, date.last, date.relation) == (dt.date(*first), dt.date(*last), relation)


def test_a_list_of_days_shares_its_month() -> None:
    found = dates.find("Am 3., 4. und 7. Oktober 2012 wird gespielt.", "de", published=PUBLISHED)
    assert [(date.text, date.first) for date in found] == [
        ("3.", dt.date(2012, 10, 3)),
        ("4.", dt.date(2012, 10, 4)),
        ("7. Oktober 2012", dt.date(2012, 10, 7)),
    ]


def test_a_clock_time_belongs_to_the_day_named_in_its_sentence() -> None:
    found = dates.find("Das Konzert am 9. Juli 2015 im Schloss beginnt um 20 Uhr.", "de", published=PUBLISHED)
    assert [(date.first, date.time) for date in found] == [(dt.date(2015, 7, 9), ""), (dt.date(2015, 7, 9), "20:00")]


def test_the_day_before_counts_from_the_day_named_last() -> None:
    found = dates.find("Am 6. Februar 2015 siegte sie. Am Tag zuvor war sie Zweite.", "de", published=PUBLISHED)
    assert [date.first for date in found] == [dt.date(2015, 2, 6), dt.date(2015, 2, 5)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("This may take longer.", "en"),
        ("He will march on.", "en"),
        ("A 53-year-old came.", "en"),
        ("Eine 53-Jährige kam.", "de"),
        ("Er ist 12 Jahre alt.", "de"),
        ("Guten Morgen!", "de"),
        ("Version 3.11.2 ist da.", "de"),
        ("deliver 2000 pieces", "en"),
        ("Es kostete 1998 Euro.", "de"),
        ("at 60 miles an hour", "en"),
        ("Am 30. Februar", "xx"),
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str, language: str) -> None:
    assert dates.find(text, language, published=PUBLISHED) == []


def test_a_day_that_does_not_exist_has_no_days() -> None:
    date = one("Er kam am 30. Februar 2023.", "de")
    assert (date.first, date.last, date.timex) == (None, None, "2023-02-30")


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
        )
    ).map("".join),
)


@given(
    TEXTS,
    st.sampled_from(["de", "en", "fr", "uk", "xx", ""]),
    st.sampled_from([None, dt.date(1, 1, 1), dt.date(9999, 12, 31), PUBLISHED]),
)
@settings(max_examples=120, deadline=None)
def test_every_date_stands_where_it_says_it_does(text: str, language: str, published: dt.date | None) -> None:
    for date in dates.find(text, language, published=published):
        assert text[date.span.start : date.span.end] == date.text
        assert date.first is None or date.last is None or date.first <= date.last
