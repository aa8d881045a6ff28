"""Earlier checks: kept once, brought by the database, ranked, and never called the same when a fact differs."""

import datetime as dt

import pytest

from claims import earlier
from claims.models import EarlierCheck
from claims.operations import aliasing, remembering
from claims.operations.remembering import CheckDraft
from tests import make

pytestmark = pytest.mark.django_db

TREES = "Eulenburg planted 1,250 trees in March 2024, the mayor's office said."


def remember(*texts: str, newsroom=None, language: str = "en") -> None:
    drafts = [
        CheckDraft(identifier=f"https://checks.example/{text}", claim_text=text, language=language) for text in texts
    ]
    remembering.remember(drafts, newsroom=newsroom)


def found(claim, **fields):
    earlier.forget_statistics()
    return {one.check.claim_text: one for one in earlier.match(claim, **fields)}


def test_the_same_claim_in_other_words_is_found_first():
    remember("The city of Eulenburg planted 1,250 trees in March 2024.", "Lake Orra lost a third of its water.")
    claim = make.claim_submitted(text=TREES)
    first = next(iter(found(claim).values()))
    assert first.check.claim_text.startswith("The city of Eulenburg")
    assert first.match.same, first.match.guard


@pytest.mark.parametrize(
    "other",
    [
        "Eulenburg planted 1,520 trees in March 2024, the mayor's office said.",
        "Eulenburg planted 1,250 trees in March 2023, the mayor's office said.",
        "Eulenburg planted no 1,250 trees in March 2024, the mayor's office said.",
        "Poland planted 1,250 trees in March 2024, the mayor's office said.",
    ],
    ids=["number", "date", "negation", "place"],
)
def test_another_value_is_shown_with_its_difference_and_is_not_the_same(other: str):
    remember(other)
    one = found(make.claim_submitted(text=TREES))[other]
    assert not one.match.same
    assert one.match.guard


def test_a_check_that_comes_again_is_brought_up_to_date():
    first = CheckDraft(identifier="https://checks.example/1", claim_text=TREES, language="en", rating="False")
    remembering.remember([first], newsroom=None)
    corrected = CheckDraft(identifier="https://checks.example/1", claim_text=TREES, language="en", rating="Half true")
    remembering.remember([corrected], newsroom=None)
    assert list(EarlierCheck.objects.values_list("rating", flat=True)) == ["Half true"]


def test_an_own_check_of_another_newsroom_is_not_brought():
    room, other = make.newsroom(), make.newsroom()
    remember(TREES, newsroom=other)
    assert found(make.claim_submitted(room, text=TREES)) == {}
    remember(TREES, newsroom=None)
    assert len(found(make.claim_submitted(room, text=TREES))) == 1


def test_a_claim_finds_the_check_of_the_same_names_and_figures_in_another_language():
    remember("Südkorea meldet 1.100 Verluste nordkoreanischer Truppen im Dezember 2024.", language="de")
    claim = make.claim_submitted(
        text="South Korea reports 1,100 casualties among North Korean troops in December 2024."
    )
    assert len(found(claim)) == 1


def test_a_check_made_before_the_claim_was_said_is_kept_with_its_day():
    draft = CheckDraft(identifier="a", claim_text=TREES, language="en", checked_on=dt.date(2024, 4, 5))
    remembering.remember([draft], newsroom=None)
    assert EarlierCheck.objects.get().checked_on == dt.date(2024, 4, 5)


def test_a_spelling_the_desk_has_taught_names_the_same_person_in_the_check():
    text, check = "Anna Kowar opened the museum on 3 May 2024.", "Anna Kovář opened the museum on 3 May 2024."
    claim = make.claim_submitted(text=text)
    remember(check)
    before = found(claim)[check].match

    names = [
        {"written": written, "canonical": "Anna Kovář", "kind": "person", "wikidata": "Q9", "language": ""}
        for written in ("Anna Kowar", "Anna Kovář")
    ]
    aliasing.take_in(names, newsroom=claim.newsroom, by=None)
    after = found(claim)[check].match

    assert (before.same, after.same) == (False, True), (before.guard, after.guard)
    elsewhere = make.claim_submitted(make.newsroom(), text=text)
    assert not found(elsewhere)[check].match.same
