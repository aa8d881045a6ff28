"""The reader from end to end."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.analysis import extraction, language
from claims.analysis.types import Entity, Quotation, Reading, Speaker, to_json

DAY = dt.date(2024, 12, 24)
TEXT = (
    "Die Reederei hat 2019 in Oslo 40 Schiffe verkauft.\n"
    "„Ein Hafen im Wandel“\n"
    "Alarmierend ist, dass sie offenbar weitere Verkäufe vorbereitet. Ist das klug?\n"
    "„Wir brauchen das Geld“, sagte Direktorin Eva Holm. Sie hoffe auf neue Aufträge."
)


def read(text: str, code: str | None = "de") -> Reading:
    return extraction.read(text, language=code, published=DAY)


def test_every_sentence_and_heading_comes_back_with_a_score() -> None:
    reading = read(TEXT)

    assert [draft.sentence for draft in reading.claims] == [sentence.span for sentence in reading.sentences]
    assert reading.claims[0].status == "claim"
    assert {draft.status for draft in reading.claims} <= {"claim", "candidate", "none"}


def test_a_reported_fact_behind_an_opinion_is_not_lost() -> None:
    alarming = next(draft for draft in read(TEXT).claims if draft.text.startswith("Alarmierend"))

    assert alarming.status in ("claim", "candidate")


def test_a_claim_knows_its_claimant_and_its_facts() -> None:
    quoted = next(draft for draft in read(TEXT).claims if draft.text.startswith("„Wir brauchen"))

    assert quoted.claimant is not None
    assert quoted.claimant.id == "name:eva holm"
    assert all(quoted.span.covers(fact.span) for fact in quoted.facts)


def test_a_sentence_is_cut_only_where_both_sides_carry_a_fact() -> None:
    two = "Die Stadt baute 2019 eine Brücke, während der Kreis 40 Straßen sperrte."
    one = "Die Stadt baute 2019 eine Brücke, während der Kreis Straßen sperrte."

    assert [draft.text for draft in read(two).claims] == [
        "Die Stadt baute 2019 eine Brücke",
        "während der Kreis 40 Straßen sperrte.",
    ]
    assert [draft.text for draft in read(one).claims] == [one]


def test_a_claim_sent_in_alone_is_always_a_claim() -> None:
    reading = extraction.read_claim("  Gut so!  ", language="de", published=None)

    (draft,) = reading.claims
    assert (draft.text, draft.status) == ("Gut so!", "claim")


def test_a_language_without_tables_says_so_and_still_reads_facts() -> None:
    reading = read("La Norvège a vendu 40 navires en 2019.", "fr")

    assert not reading.covered
    assert "fr" in reading.notes[0]
    assert [fact.id for fact in reading.facts if isinstance(fact, Entity)] == ["iso:NO"]
    assert reading.claims[0].status == "candidate"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Die Reederei hat im vergangenen Jahr vierzig Schiffe verkauft.", "de"),
        ("The shipping company sold forty vessels last year.", "en"),
        ("1234 + 5678", "und"),
    ],
)
def test_the_language_is_recognised(text: str, code: str) -> None:
    assert language.identify(text, among=("de", "en", "fr")) == code


def test_a_text_without_letters_is_read_without_complaint() -> None:
    assert read("12 + 30 = 42", None).language == "und"


@pytest.mark.parametrize("text", ["", " \n", "\x00", "\ud800", "e\u0301", "\u202eabc", "«»„“", "“" * 50, "." * 500])
def test_odd_texts_are_read_without_complaint(text: str) -> None:
    for code in ("de", "en", "ru"):
        to_json(read(text, code))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=100), st.sampled_from(["de", "en", "fr", "ja"]))
def test_everything_stands_exactly_where_it_says(text: str, code: str) -> None:
    reading = read(text, code)

    for located in (*reading.sentences, *reading.facts, *reading.claims):
        assert located.span.of(text) == located.text
    for flag in reading.flags:
        assert all(span.end <= len(text) for span in flag.spans)


def test_an_article_of_five_kilobytes_is_read_at_once_when_warm() -> None:
    article = "\n".join([TEXT] * 17)[:5000]
    read(article)
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        read(article)
        took.append(time.perf_counter() - begun)

    assert min(took) < 1.0  # promised is 0.15 s on an idle machine; here other tests run beside


SHARED = Path(os.environ.get("FACTCHECK_SHARED", Path(__file__).parents[3] / "shared"))
SEED = SHARED / "seed" / "article.de.txt"


@pytest.mark.skipif(not SEED.exists(), reason="the seed article is not part of the repository; set FACTCHECK_SHARED")
def test_the_seed_article_is_read_as_a_desk_would() -> None:
    text = SEED.read_text(encoding="utf-8")
    reading = read(text)
    ranked = sorted(reading.claims, key=lambda draft: -draft.score)
    provocation = next(
        fact for fact in reading.facts if isinstance(fact, Quotation) and fact.text == "leichtfertige Provokation"
    )
    people = {fact.id for fact in reading.facts if isinstance(fact, Entity) and fact.type == "person"}
    voices = {fact.id for fact in reading.facts if isinstance(fact, Speaker)}

    assert provocation.speaker is not None
    assert provocation.speaker.id == "iso:US"
    assert people == {"name:kim jong un", "name:yoon suk yeol"}
    assert {"org:jcs-kr", "iso:KR", "iso:US", "name:yoon suk yeol"} <= voices
    assert not any(fact.text.startswith("Waffen und Drohnen") for fact in reading.facts if isinstance(fact, Quotation))
    assert any(draft.text.startswith("Alarmierend ist") for draft in ranked[:20])
