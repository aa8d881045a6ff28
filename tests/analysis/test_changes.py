"""Whether a cited page still says what it said."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.analysis import changes
from claims.analysis.types import Span

PASSAGE = "Am Dienstag wurden in Bremen rund 1.200 Haushalte vom Strom getrennt."
PAGE = (
    "Stromausfall im Norden\n\n"
    "Ein Bagger hat bei Bauarbeiten ein Kabel beschädigt, wie der Netzbetreiber mitteilte. "
    f"{PASSAGE} Am Abend brannte überall wieder Licht. Der Schaden wird auf mehrere Tausend Euro geschätzt."
)


def compare(new: str, passage: str = PASSAGE, old: str = PAGE, language: str = "de") -> changes.Change:
    return changes.compare(old, new, passage, language)


def test_the_same_page_is_unchanged():
    found = compare(PAGE)

    assert (found.outcome, found.severity, found.reopens) == ("unchanged", "none", False)
    assert found.new_span is not None and found.new_span.of(PAGE) == PASSAGE


@pytest.mark.parametrize(
    "edit",
    [
        lambda page: page.replace("Stromausfall im Norden", "Plötzlich dunkel: Stromausfall im Norden"),
        lambda page: page + "\n\nMehr zum Thema: So sparen Sie Strom",
        lambda page: page.replace("1.200 Haushalte", "1.200\u00a0Haushalte"),
        lambda page: page.replace(" ", "  "),
        lambda page: unicodedata.normalize("NFD", page),
        lambda page: page.replace("wie der Netzbetreiber mitteilte", "wie der Netzbetreiber am Mittwoch mitteilte"),
    ],
    ids=["headline", "teaser", "no-break space", "double spaces", "decomposed letters", "other sentence"],
)
def test_edits_outside_the_passage_and_typography_reopen_nothing(edit):
    assert not compare(edit(PAGE)).reopens


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("rund 1.200", "rund 1.500", "number"),
        ("rund 1.200", "1.200", "number"),
        ("rund 1.200", "mehr als 1.200", "number"),
        ("in Bremen", "in Berlin", "name"),
        ("wurden in", "wurden nicht in", "denial"),
        ("wurden in", "wurden angeblich in", "hedge"),
    ],
)
def test_a_changed_fact_hedge_or_denial_is_material(old, new, word):
    found = compare(PAGE.replace(PASSAGE, PASSAGE.replace(old, new)))

    assert found.outcome == "material"
    assert found.severity == "high"
    assert any(word in detail for detail in found.details)


def test_another_day_is_material():
    old = PAGE.replace("Am Dienstag", "Am 3. März 2024")
    passage = PASSAGE.replace("Am Dienstag", "Am 3. März 2024")

    assert compare(old.replace("3. März", "4. März"), passage, old).outcome == "material"


def test_a_passage_taken_away_is_gone():
    found = compare(PAGE.replace(PASSAGE, "Die Feuerwehr war nicht im Einsatz."))

    assert (found.outcome, found.severity) == ("passage_gone", "high")
    assert found.new_span is None


def test_a_correction_notice_reopens_even_if_the_passage_stands():
    found = compare(PAGE + "\n\nAnmerkung der Redaktion: In einer früheren Version stand ein falscher Ort.")

    assert found.outcome == "correction_notice"


def test_a_notice_that_was_there_before_is_no_news():
    old = PAGE + "\n\nKorrektur: Der Ort stimmt nun."

    assert not compare(old + "\n\nMehr zum Thema", old=old).reopens


@pytest.mark.parametrize("new", ["", "   \n", "Bitte stimmen Sie der Verwendung von Cookies zu."])
def test_an_empty_or_tiny_page_is_unreadable_and_not_gone(new):
    assert compare(new).outcome == "unreadable"


def test_a_passage_that_moved_is_found_again():
    sentences = PAGE.split(". ")
    moved = ". ".join([*sentences[:1], *sentences[2:]]) + " " + PASSAGE

    found = compare(moved)

    assert not found.reopens
    assert found.new_span is not None and found.new_span.of(moved) == PASSAGE


def test_a_changed_day_of_speaking_is_no_change_of_words():
    old = "The mine closed on Monday after a fire, the owner said. Nobody was hurt in the long tunnel."
    new = old.replace("closed on Monday", "closed Monday")

    assert not changes.compare(old, new, "The mine closed on Monday after a fire, the owner said.", "en").reopens


def test_a_span_can_be_given_instead_of_the_words():
    start = PAGE.index(PASSAGE)

    found = changes.compare(PAGE, PAGE + " ", Span(start, start + len(PASSAGE)), "de")

    assert found.outcome == "unchanged"


def test_words_that_never_stood_there_are_refused():
    with pytest.raises(ValueError, match="does not stand"):
        compare(PAGE, passage="Davon war nie die Rede.")


@given(st.text(max_size=120))
@settings(deadline=None, max_examples=40)
def test_spans_always_lie_in_their_texts(new):
    found = compare(new)

    assert found.old_span is not None and found.old_span.of(PAGE) == PASSAGE
    assert found.new_span is None or found.new_span.end <= len(new)
