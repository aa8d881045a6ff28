"""The sample article against the sample archive, read by the real reader: what samples/README.md promises."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from claims.analysis import alignment, dictionary, extraction, origins, passages, sentences
from claims.analysis.types import ClaimDraft, Date, Outcome, Passage, Quantity, Quotation, SourceText, Speaker

SAMPLES = Path(__file__).parents[2] / "samples"
TELLINGS = {
    "northwire-casualties",
    "harbour-courier-casualties",
    "lakeside-post-casualties",
    "metro-brief-casualties",
    "eastern-ledger-casualties",
    "rheinbote-verluste",
}


@cache
def documents() -> dict[str, SourceText]:
    found = {}
    for path in sorted((SAMPLES / "archive").glob("*.json")):
        page = json.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = SourceText(
            path.stem,
            page["title"] + "\n\n" + page["text"],
            page["language"],
            publisher=page["publisher"],
            credit=page["credit"],
            url=page["url"],
            published=dt.datetime.fromisoformat(page["published_at"]),
        )
    for path in sorted((SAMPLES / "archive").glob("*.html")):
        page = path.read_text(encoding="utf-8")
        blocks = re.findall(r"<(?:h1|p)>(.*?)</(?:h1|p)>", page, re.DOTALL)
        when = re.search(r'published_time" content="([^"]+)"', page)
        assert when is not None
        found[path.stem] = SourceText(
            path.stem, "\n\n".join(blocks), "en", published=dt.datetime.fromisoformat(when[1])
        )
    return found


@cache
def windows() -> list[Passage]:
    found = []
    for one in documents().values():
        assert one.published is not None
        facts = extraction.facts(one.text, one.language, one.published.date())
        found += passages.windows(one.id, one.text, one.language, sentences.split(one.text, one.language), facts)
    return found


@cache
def held(words: str) -> tuple[ClaimDraft, tuple[alignment.FactRow, ...], tuple[alignment.Alignment, ...]]:
    text = (SAMPLES / "article.de.txt").read_text(encoding="utf-8")
    reading = extraction.read(text, language="de", published=dt.date(2024, 12, 24))
    claim = next(claim for claim in reading.claims if words in claim.text)
    bridge = dictionary.glossary()
    ranked = passages.rank(claim.text, "de", claim.facts, windows(), limit=12, bridge=bridge)
    found = [alignment.align(claim.text, "de", claim.facts, one.passage, ranked=one, bridge=bridge) for one in ranked]
    return claim, tuple(alignment.facts_table(claim.facts, found)), tuple(found)


def row(words: str, kind: type) -> alignment.FactRow:
    return next(row for row in held(words)[1] if isinstance(row.fact, kind))


def test_eleven_hundred_is_a_match_and_stands_against_three_thousand():
    found = row("Rund 1.100", Quantity)

    assert found.outcome is Outcome.MATCH
    assert found.disagreeing is not None and found.disagreeing[1].found is not None
    assert found.disagreeing[1].found.text == "3,000"


def test_december_2023_is_a_mismatch_with_october_2024():
    found = row("Dezember 2023", Date)

    assert found.outcome is Outcome.MISMATCH
    assert found.agreeing is None
    assert found.disagreeing is not None and isinstance(found.disagreeing[1].found, Date)
    assert found.disagreeing[1].found.timex == "2024-10"


def test_the_quotation_has_another_speaker():
    found = row("leichtfertige Provokation", Quotation)

    assert found.outcome is Outcome.MISMATCH
    assert "another speaker" in found.note


def test_forty_kilometres_and_twenty_five_miles_agree():
    found = [row for row in held("40 Kilometer")[1] if isinstance(row.fact, Quantity)]

    assert {row.outcome for row in found} == {Outcome.MATCH}


def test_all_tellings_of_the_agency_story_are_one_origin():
    attributions: dict[str, list[Speaker]] = defaultdict(list)
    for one in windows():
        if one.document in TELLINGS and any(isinstance(f, Quantity) and f.lo == 1100 for f in one.facts):
            attributions[one.document] += [f for f in one.facts if isinstance(f, Speaker)]

    found = origins.trace([documents()[name] for name in sorted(TELLINGS)], attributions=attributions)

    assert found.documents == len(TELLINGS)
    assert [(origin.id, origin.kind) for origin in found.origins] == [("org:jcs-kr", "primary")]
