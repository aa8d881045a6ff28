"""A claim against passages: the five outcomes and the gates before them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.analysis import alignment, dictionary, intervals
from claims.analysis.types import Date, Modifier, Outcome, Quantity, Span

from . import located

GLOSSARY = dictionary.glossary()

LOSSES = "Nordkorea hat in Kursk 1.100 Verluste erlitten."
SENT = "Pjöngjang begann im Dezember 2023, Truppen in die Ukraine zu schicken."


def losses():
    return (
        located.entity(LOSSES, "Nordkorea", "iso:KP"),
        located.quantity(LOSSES, "1.100", 1100, counted="casualty", event="suffer_losses"),
    )


def sent():
    return (
        located.entity(SENT, "Pjöngjang", "iso:KP", via="metonym"),
        located.month(SENT, "Dezember 2023", 2023, 12, event="deploy"),
        located.entity(SENT, "Ukraine", "iso:UA"),
    )


def align(text, facts, passage, language="de"):
    return alignment.align(text, language, facts, passage, bridge=GLOSSARY)


def row(found, kind):
    return next(one for one in found.rows if isinstance(one.fact, kind))


def test_the_same_number_with_a_hedge_is_a_match():
    text = "North Korea has taken some 1,100 casualties."
    passage = located.passage(
        text,
        located.entity(text, "North Korea", "iso:KP"),
        located.quantity(text, "1,100", 1100, counted="casualty", modifier=Modifier.ABOUT),
    )

    found = align(LOSSES, losses(), passage)

    assert row(found, Quantity).outcome is Outcome.MATCH
    assert found.stance == "agrees"


def test_another_number_of_the_same_thing_is_a_mismatch():
    text = "More than 3,000 North Korean casualties were counted."
    passage = located.passage(
        text,
        located.quantity(text, "3,000", 3000, counted="casualty", modifier=Modifier.MORE_THAN),
        located.entity(text, "North Korean", "iso:KP", via="demonym"),
    )

    assert row(align(LOSSES, losses(), passage), Quantity).outcome is Outcome.MISMATCH


def test_the_same_number_of_another_thing_is_only_a_value():
    text = "North Korea lost 1,100 balloons."
    passage = located.passage(
        text,
        located.entity(text, "North Korea", "iso:KP"),
        located.quantity(text, "1,100", 1100, counted="balloon"),
    )

    found = row(align(LOSSES, losses(), passage), Quantity)

    assert found.outcome is Outcome.VALUE_ONLY
    assert found.note == "Counted thing differs."


def test_more_losses_than_dead_do_not_contradict_each_other():
    text = "North Korea counts 300 dead."
    passage = located.passage(
        text,
        located.entity(text, "North Korea", "iso:KP"),
        located.quantity(text, "300", 300, counted="dead", event="kill"),
    )

    assert row(align(LOSSES, losses(), passage), Quantity).outcome is Outcome.ABSENT


def test_another_month_of_the_same_event_is_a_mismatch():
    text = "North Korea began sending troops in October 2024."
    passage = located.passage(
        text,
        located.entity(text, "North Korea", "iso:KP"),
        located.month(text, "October 2024", 2024, 10, event="deploy"),
    )

    found = align(SENT, sent(), passage)

    assert row(found, Date).outcome is Outcome.MISMATCH
    assert found.stance == "disagrees"


def test_the_same_month_in_a_text_about_something_else_is_no_match():
    text = "The shipyard hired 400 welders in December 2023."
    passage = located.passage(text, located.month(text, "December 2023", 2023, 12, event="hire"))

    assert row(align(SENT, sent(), passage), Date).outcome is Outcome.VALUE_ONLY


def test_the_table_calls_a_wrong_year_a_mismatch_although_an_unrelated_text_agrees():
    right = "North Korea began sending troops in October 2024."
    off = "The shipyard hired welders in December 2023."
    passages = [
        located.passage(off, located.month(off, "December 2023", 2023, 12, event="hire"), document="off"),
        located.passage(
            right,
            located.entity(right, "North Korea", "iso:KP"),
            located.month(right, "October 2024", 2024, 10, event="deploy"),
            document="right",
        ),
    ]
    facts = sent()

    table = alignment.facts_table(facts, [align(SENT, facts, passage) for passage in passages])

    date = next(one for one in table if isinstance(one.fact, Date))
    assert date.outcome is Outcome.MISMATCH
    assert date.agreeing is None
    assert date.disagreeing is not None and date.disagreeing[0].passage.document == "right"


def test_the_table_shows_both_figures_where_sources_differ():
    agreeing, other = "North Korea took 1,100 casualties.", "North Korea took 3,000 casualties."
    passages = [
        located.passage(
            text,
            located.entity(text, "North Korea", "iso:KP"),
            located.quantity(text, number, value, counted="casualty"),
            document=text,
        )
        for text, number, value in ((agreeing, "1,100", 1100), (other, "3,000", 3000))
    ]
    facts = losses()

    table = alignment.facts_table(facts, [align(LOSSES, facts, passage) for passage in passages])

    number = next(one for one in table if isinstance(one.fact, Quantity))
    assert number.outcome is Outcome.MATCH
    assert number.agreeing is not None and number.disagreeing is not None
    assert number.note == "Other passages give another value."


def test_kilometres_and_miles_agree_and_the_note_says_so():
    claim = "Der Zaun ist 40 Kilometer lang."
    facts = (located.quantity(claim, "40", 40, unit="km", dimension="length", base=40_000, step=500),)
    text = "The fence is 25 miles long."
    passage = located.passage(
        text, located.quantity(text, "25", 25, unit="mi", dimension="length", base=40_233.6, step=804.7)
    )

    found = row(align(claim, facts, passage), Quantity)

    assert found.outcome is Outcome.MATCH
    assert "Converted from mi to km" in found.note


@pytest.mark.parametrize(("dimension", "unit"), [("points", "percentage_point"), ("money:USD", "USD")])
def test_different_dimensions_are_never_compared(dimension, unit):
    claim = "Die Inflation stieg um 2 Prozent."
    facts = (located.quantity(claim, "2", 2, unit="percent", dimension="share"),)
    text = "Inflation rose by 2."
    passage = located.passage(text, located.quantity(text, "2", 2, unit=unit, dimension=dimension))

    assert row(align(claim, facts, passage), Quantity).outcome is Outcome.ABSENT


def test_a_passage_fact_that_answers_one_date_is_not_held_against_another():
    claim = "Troops were sent in October 2024 and withdrawn in March 2025."
    facts = (
        located.entity(claim, "Troops", "name:troops"),
        located.month(claim, "October 2024", 2024, 10),
        located.month(claim, "March 2025", 2025, 3),
    )
    passage = located.passage(claim, *facts)

    found = align(claim, facts, passage, "en")

    assert [one.outcome for one in found.rows if isinstance(one.fact, Date)] == [Outcome.MATCH, Outcome.MATCH]


def test_quoted_words_in_another_mouth_are_a_mismatch_across_languages():
    claim = "Die USA nannten die Entsendung eine „leichtfertige Provokation“."
    by_usa = located.speaker(claim, "Die USA", "iso:US", said="leichtfertige Provokation")
    facts = (
        located.entity(claim, "USA", "iso:US"),
        located.quotation(claim, "leichtfertige Provokation", by_usa, "de"),
    )
    text = "North Korea's foreign ministry said the joint statement was a reckless provocation."
    by_north = located.speaker(
        text, "North Korea's foreign ministry", "name:north korea's foreign ministry", said="a reckless provocation"
    )
    passage = located.passage(text, located.entity(text, "North Korea", "iso:KP"), by_north)

    found = found_row = align(claim, facts, passage)
    found_row = next(one for one in found.rows if one.fact.kind == "quotation")

    assert found_row.outcome is Outcome.MISMATCH
    assert "North Korea's foreign ministry" in found_row.note
    assert found_row.found is not None and found_row.found.span.of(text) == "reckless provocation"


def test_quoted_words_from_the_same_speaker_match():
    claim = "Nordkorea sprach von einer „leichtfertigen Provokation“."
    by = located.speaker(claim, "Nordkorea", "iso:KP", said="leichtfertigen Provokation")
    facts = (
        located.entity(claim, "Nordkorea", "iso:KP"),
        located.quotation(claim, "leichtfertigen Provokation", by, "de"),
    )
    text = "North Korea's foreign ministry called it a reckless provocation."
    passage = located.passage(
        text,
        located.entity(text, "North Korea", "iso:KP"),
        located.speaker(text, "North Korea's foreign ministry", "name:ministry", said="a reckless provocation"),
    )

    found = align(claim, facts, passage)

    assert next(one for one in found.rows if one.fact.kind == "quotation").outcome is Outcome.MATCH


def test_a_year_that_was_inferred_stays_open():
    claim = "Im Juni 2024 wurde der Pakt unterzeichnet."
    facts = (located.month(claim, "Juni 2024", 2024, 6),)
    text = "The pact was signed in June."
    june = Date(
        span=located.span(text, "June"),
        text="June",
        first=dt.date(2025, 6, 1),
        last=dt.date(2025, 6, 30),
        precision="month",
        month=6,
        year_inferred=True,
        alternatives=((dt.date(2024, 6, 1), dt.date(2024, 6, 30)),),
    )

    found = row(align(claim, facts, located.passage(text, june)), Date)

    assert found.outcome is Outcome.COMPATIBLE
    assert "ear inferred" in found.note


values = st.floats(min_value=0.001, max_value=1e12, allow_nan=False)
# A limit is taken at its word in a claim and as it is meant in a source, so it matters who says it.
symmetric = st.sampled_from([Modifier.EXACT, Modifier.ABOUT, Modifier.NEARLY, Modifier.JUST_OVER])
modifiers = st.sampled_from([m for m in Modifier if m not in (Modifier.RANGE, Modifier.VAGUE)])


@given(values, values, symmetric, symmetric)
def test_relating_two_numbers_does_not_depend_on_their_order(one, other, first, second):
    a = Quantity(span=Span(0, 1), text="x", lo=one, hi=one, modifier=first)
    b = Quantity(span=Span(0, 1), text="x", lo=other, hi=other, modifier=second)

    assert intervals.best_relation(a, b)[0] == intervals.best_relation(b, a)[0]


@pytest.mark.parametrize(
    ("claim", "source", "outcome"),
    [
        ((Modifier.MORE_THAN, 108), (Modifier.EXACT, 108), "disjoint"),
        ((Modifier.MORE_THAN, 1000), (Modifier.EXACT, 1000), "equal"),
        ((Modifier.MORE_THAN, 1200), (Modifier.MORE_THAN, 1100), "disjoint"),
        ((Modifier.MORE_THAN, 1100), (Modifier.MORE_THAN, 1200), "inside"),
        ((Modifier.LESS_THAN, 60), (Modifier.MORE_THAN, 60), "disjoint"),
        ((Modifier.MORE_THAN, 350), (Modifier.EXACT, 4000), "overlap"),
        ((Modifier.AT_MOST, 10_000), (Modifier.AT_MOST, 10_000), "equal"),
        ((Modifier.EXACT, 1100), (Modifier.MORE_THAN, 3000), "disjoint"),
        ((Modifier.ABOUT, 1100), (Modifier.EXACT, 1150), "inside"),
        ((Modifier.EXACT, 1100), (Modifier.EXACT, 1150), "disjoint"),
    ],
)
def test_a_claim_is_taken_at_its_word_and_a_source_as_it_means(claim, source, outcome):
    ours, theirs = (Quantity(span=Span(0, 1), text="x", lo=v, hi=v, modifier=m, step=0.5) for m, v in (claim, source))

    assert intervals.best_relation(ours, theirs)[0] == outcome


@given(values, modifiers)
def test_a_number_is_equal_to_itself(value, modifier):
    a = Quantity(span=Span(0, 1), text="x", lo=value, hi=value, modifier=modifier)

    assert intervals.best_relation(a, a)[0] == "equal"


@given(st.dates(), st.dates(), st.dates(), st.dates())
def test_relating_two_dates_does_not_depend_on_their_order(a, b, c, d):
    one = Date(span=Span(0, 1), text="x", first=min(a, b), last=max(a, b), precision="day")
    other = Date(span=Span(0, 1), text="x", first=min(c, d), last=max(c, d), precision="day")

    assert intervals.relate_dates(one, other) == intervals.relate_dates(other, one)
