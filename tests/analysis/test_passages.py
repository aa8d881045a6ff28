"""Windows of sentences and their rank."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claims.analysis import dictionary, passages, sentences
from claims.analysis.types import Span

from . import located

GLOSSARY = dictionary.glossary()
CLAIM = "Nordkorea hat 1.100 Verluste in Kursk erlitten."


def claim_facts():
    return (
        located.entity(CLAIM, "Nordkorea", "iso:KP"),
        located.quantity(CLAIM, "1.100", 1100, counted="casualty"),
    )


def told(number: str, value: float, document: str, country: str = "North Korea"):
    text = f"{country} suffered {number} casualties in Kursk."
    return located.passage(
        text,
        located.entity(text, country, "iso:KP" if country == "North Korea" else "iso:BR"),
        located.quantity(text, number, value, counted="casualty"),
        document=document,
    )


def rank(found, **more):
    return passages.rank(CLAIM, "de", claim_facts(), found, bridge=GLOSSARY, limit=more.pop("limit", 10), **more)


def test_another_value_does_not_change_the_score():
    same, other = rank([told("1,100", 1100, "a"), told("3,000", 3000, "b")])

    assert same.score == other.score


def test_a_passage_about_the_claim_stands_above_one_that_shares_a_number():
    found = rank([told("1,100", 1100, "off", country="Brazil"), told("3,000", 3000, "on")])

    assert found[0].passage.document == "on"


def test_the_best_passage_with_another_value_stays_in_a_short_list():
    same = [told("1,100", 1100, str(at)) for at in range(5)]
    found = rank([*same, told("3,000", 3000, "other", country="Brazil")], limit=2)

    assert "other" in [one.passage.document for one in found]


def test_ten_copies_do_not_fill_the_list():
    copies = [told("1,100", 1100, str(at)) for at in range(10)]
    text = "Russia counts North Korean dead in Kursk."
    own = located.passage(text, located.entity(text, "North Korea", "iso:KP"), document="own")

    found = rank([*copies, own], limit=3, clusters=dict.fromkeys(map(str, range(10)), "agency"))

    assert "own" in [one.passage.document for one in found]


def test_windows_hold_one_to_three_sentences_with_their_facts():
    text = "One thing happened. In March came another. A third followed. Then it ended."
    fact = located.month(text, "March", 2024, 3)

    found = passages.windows("d", text, "en", sentences.split(text, "en"), [fact])

    assert {len(sentences.split(one.text, "en")) for one in found} == {1, 2, 3}
    assert all((fact in one.facts) == one.span.covers(fact.span) for one in found)


@given(st.text(max_size=400))
def test_every_window_stands_in_its_document(text):
    for one in passages.windows("d", text, "de", sentences.split(text, "de"), []):
        assert text[one.span.start : one.span.end] == one.text
        assert one.span.start < one.span.end <= len(text)


def test_no_passages_give_no_ranks():
    assert rank([]) == []
    assert passages.rank("…", "de", (), [located.passage("x.")], limit=3) == []


def test_the_window_a_fact_crosses_out_of_does_not_hold_it():
    text = "First. Second."
    fact = located.entity(text, "First. Second", "name:x")

    found = passages.windows("d", text, "en", sentences.split(text, "en"), [fact])

    assert all(Span(0, 6) != one.span or fact not in one.facts for one in found)
