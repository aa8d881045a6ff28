"""Desk flags on the article itself."""

from __future__ import annotations

import datetime as dt

from claims.analysis import extraction
from claims.analysis.types import Flag

DAY = dt.date(2024, 5, 2)


def flags(text: str, language: str = "de", published: dt.date | None = DAY) -> dict[str, Flag]:
    return {flag.code: flag for flag in extraction.read(text, language=language, published=published).flags}


def test_a_hedge_that_was_dropped_shows_both_places() -> None:
    text = "Der Sturm beschädigte 300 Häuser. Nach Angaben der Feuerwehr waren es etwa 300 Häuser."
    flag = flags(text)["dropped_hedge"]

    assert [span.of(text) for span in flag.spans] == ["300", "300"]
    assert "etwa 300" in flag.message


def test_a_source_nobody_can_ask_is_shown() -> None:
    text = "Es wird angenommen, dass die Werft schließt."

    assert [span.of(text) for span in flags(text)["unnamed_attribution"].spans] == ["angenommen"]


def test_quoted_words_without_a_speaker_are_shown() -> None:
    text = "Am Ende blieb der Satz. „Wir haben davon nichts gewusst.“"

    assert "no_speaker" in flags(text)


def test_the_same_words_in_two_mouths_are_a_conflict() -> None:
    text = "Norwegen nannte den Test „ein gefährliches Spiel“. Schweden nannte den Test „ein gefährliches Spiel“."

    assert "speaker_conflict" in flags(text)


def test_a_text_without_any_date_is_missing_one() -> None:
    assert "missing_date" in flags("Die Werft schließt.", published=None)
    assert "missing_date" not in flags("Die Werft schloss am 4. März 2023.", published=None)
    assert "missing_date" not in flags("Die Werft schließt.")


def test_a_year_that_is_not_stated_is_shown() -> None:
    assert "year_inferred" in flags("Im März schloss die Werft.")


def test_words_that_judge_are_shown_unless_quoted() -> None:
    assert "loaded_words" in flags("Die skandalöse Werft schließt.")
    assert "loaded_words" not in flags("„Die skandalöse Werft schließt“, sagte Eva Holm.")


def test_one_voice_behind_most_claims_is_shown() -> None:
    text = " ".join(f"Laut Polizei kamen {number} Menschen nach Oslo." for number in (100, 200, 300))

    assert "single_origin" in flags(text)
