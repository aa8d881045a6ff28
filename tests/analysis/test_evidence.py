"""Which sentences of a page to read first, and whether two articles tell one story."""

from __future__ import annotations

import pytest

from claims.analysis import copying, dictionary, evidence, stories
from claims.analysis.evaluation import holding

GLOSSARY = dictionary.glossary()
PAGE = [
    "Welcome to our pages.",
    "The Halden bridge was opened in 1931.",
    "It was designed by the engineer Mathilde Krog.",
    "Tickets for the tram can be bought on board.",
    "Please accept all cookies.",
]


def test_the_sentences_chosen_cover_the_claim_together():
    claim = "The Halden bridge, designed by Mathilde Krog, was opened in 1931."

    assert set(evidence.choose(claim, "en", PAGE, "en", limit=2, bridge=GLOSSARY)) == {1, 2}


def test_every_sentence_is_chosen_at_most_once():
    chosen = evidence.choose("The Halden bridge", "en", PAGE, "en", limit=99, bridge=GLOSSARY)

    assert sorted(chosen) == list(range(len(PAGE)))


def test_an_empty_page_gives_nothing():
    assert evidence.choose("The Halden bridge", "en", [], "en") == []


STORIES = [
    stories.Story("fire", "Fire destroys the town hall of Halden\nThe roof fell in at noon. Nobody was hurt.", "en"),
    stories.Story("same", "Halden town hall burns down\nA fire broke out on Monday; its roof fell in by noon.", "en"),
    stories.Story("vote", "Voters in Oslo choose a new council\nThe count will take until Friday.", "en"),
    stories.Story("fish", "Herring catch at a record low\nFishermen blame the warm winter.", "en"),
]


def test_two_articles_on_one_happening_are_more_alike_than_any_other_two():
    together = stories.Stories(STORIES)

    assert together.likeness("fire", "same") > max(together.likeness("fire", "vote"), together.likeness("vote", "fish"))


def test_likeness_does_not_depend_on_the_order():
    together = stories.Stories(STORIES)

    assert together.likeness("fire", "same") == pytest.approx(together.likeness("same", "fire"))


SOURCE = "The bridge was drawn by Krog in four weeks and built by nine hundred men, of whom eleven lost their lives."


def test_a_rewritten_text_owes_its_source_more_than_one_of_its_own():
    texts = {
        "rewritten": (
            "Krog drew the bridge in four weeks; nine hundred men built it and eleven lost their lives.",
            "en",
        ),
        "own": ("Its arches of grey stone cross the river where a ferry used to run, and trams use it today.", "en"),
        "other": ("Painters have shown the bridge in every season, most of all in the snow.", "en"),
    }
    reuse = copying.Reuse(texts)

    assert reuse.derived("rewritten", SOURCE, "en") >= copying.REUSED > reuse.derived("own", SOURCE, "en")


@pytest.mark.parametrize(
    ("text", "day"),
    [("posted — Ann (@ann) January 14, 2020", "2020-01-14"), ("26 May 2015", "2015-05-26"), ("no day", None)],
)
def test_a_printed_day_is_read_from_a_post(text, day):
    found = holding.printed_day(text)

    assert (found and found.isoformat()) == day


def test_predictions_never_read_gold_fields():
    class Guarded(dict):
        def __getitem__(self, key):
            assert key not in ("label", "relevant", "supporting_sets", "category", "overall", "numeric")
            return super().__getitem__(key)

    base = {"id": "1", "lang": "en", "label": "x", "category": "x", "relevant": ["a"], "supporting_sets": [[0]]}
    row = Guarded(
        base | {"text_a": SOURCE, "text_b": SOURCE, "claim": "A", "evidence": "B", "evidence_sentences": PAGE}
    )

    assert holding.predict_stance([row])[0]["label"] in ("supports", "refutes", "neutral")
    assert holding.predict_evidence([row])[0]["ranked"]
    assert holding.predict_pairs([row])[0]["label"] in (0, 1)
    assert holding.predict_reuse([row])[0]["label"] in (0, 1)
    query = Guarded({"query_id": "q", "lang": "en", "text": "A shark on the highway", "relevant": ["d"]})
    corpus = [{"doc_id": "d", "lang": "en", "claim": "Shark swims on a highway"}]
    assert holding.predict_retrieval([query], corpus) == [{"query_id": "q", "ranked": ["d"]}]
