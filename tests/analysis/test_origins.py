"""Counting sources by where their information comes from."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.analysis import copying, origins
from claims.analysis.types import Edge, SourceText, Span, Speaker

STORY = (
    "The harbour authority closed the eastern quay on Tuesday after divers found cracks in eleven of its pillars. "
    "Ships that were to berth there in the coming weeks have been sent to the container port further up the river. "
    "Repairs will cost about nine million euros and keep the quay shut until the end of the summer at the earliest. "
    "Unions fear for the jobs of some two hundred dockers, for whom the authority has promised work elsewhere. "
    "A report on how the damage could stay hidden for years is to be laid before the city council in the autumn."
)
PARAPHRASE = (
    "Cracked pillars have put a quay in the east of the port out of use, its operator announced. For the dockers other "
    "places will be found, and the council wants to know why nobody noticed anything earlier."
)


def text(name: str, body: str, **more) -> SourceText:
    return SourceText(name, body, "en", **more)


def names(id_: str, words: str, *, named: bool = True) -> Speaker:
    return Speaker(span=Span(0, len(words)), text=words, id=id_, attribution="indirect", named=named)


def day(number: int) -> dt.datetime:
    return dt.datetime(2025, 3, number, tzinfo=dt.UTC)


def test_a_copy_and_a_cut_copy_are_one_origin_and_name_their_reason():
    cut = " ".join(STORY.split(". ")[:3])
    found = origins.trace([text("a", STORY, publisher="A"), text("b", STORY), text("c", cut)])

    assert (found.documents, found.independent) == (3, 1)
    assert {edge.kind for edge in found.edges} == {"copy"}
    assert all("%" in edge.reason for edge in found.edges)


def test_texts_that_share_only_a_quotation_are_not_copies():
    quoted = "“The eastern quay is closed until the end of the summer because eleven pillars have cracked badly.”"
    one = f"The manager spoke to us at the harbour gate in the morning. {quoted} She then went to a meeting."
    other = f"Nobody in the city council had been told a thing before noon. {quoted} Several members protested loudly."

    assert origins.trace([text("a", one, domain="a.example"), text("b", other, domain="b.example")]).independent == 2


def test_a_paraphrase_and_a_translation_hang_on_the_speaker_they_share():
    german = "Risse in elf Pfeilern: Der östliche Kai bleibt gesperrt, teilte die Hafenbehörde mit."
    found = origins.trace(
        [text("a", STORY), text("b", PARAPHRASE), SourceText("c", german, "de")],
        attributions={
            "a": [names("org:harbour", "the harbour authority")],
            "b": [names("org:harbour", "its operator")],
            "c": [names("org:harbour", "die Hafenbehörde")],
        },
    )

    assert found.independent == 1
    assert found.origins[0].id == "org:harbour"
    assert found.origins[0].kind == "primary"


def test_two_speakers_are_two_origins():
    found = origins.trace(
        [text("a", STORY), text("b", PARAPHRASE)],
        attributions={"a": [names("org:harbour", "the authority")], "b": [names("name:ada brink", "Ada Brink")]},
    )

    assert found.independent == 2


def test_unnamed_sources_never_count():
    found = origins.trace(
        [text("a", STORY)], attributions={"a": [names("", "people close to the matter", named=False)]}
    )

    assert found.independent == 0
    assert found.origins[0].kind == "unnamed"


@pytest.mark.parametrize("words", ["he", "the statement", "officials", "the spokesman"])
def test_words_that_name_nobody_never_count(words):
    found = origins.trace([text("a", STORY)], attributions={"a": [names(f"name:{words}", words)]})

    assert found.independent == 0


def test_words_that_name_nobody_give_way_to_a_name_beside_them():
    speakers = [names("name:the statement", "the statement"), names("name:ada brink", "Ada Brink")]
    found = origins.trace([text("a", STORY)], attributions={"a": speakers})

    assert [origin.name for origin in found.origins] == ["Ada Brink"]


def test_a_country_means_the_one_body_of_it_that_is_named():
    body = "Seoul's generals spoke of losses. The Joint Chiefs of Staff of South Korea wrote a report."
    found = origins.trace(
        [text("a", body), text("b", PARAPHRASE)],
        attributions={
            "a": [names("iso:KR", "Seoul's generals")],
            "b": [names("org:jcs-kr", "South Korea's Joint Chiefs of Staff")],
        },
    )

    assert [(origin.id, origin.name) for origin in found.origins] == [("org:jcs-kr", "Joint Chiefs of Staff")]


def test_a_country_beside_two_of_its_bodies_adds_nothing():
    found = origins.trace(
        [text("a", STORY), text("b", PARAPHRASE), text("c", "Nothing else was said about it in the capital.")],
        attributions={
            "a": [names("org:jcs-kr", "the Joint Chiefs of Staff")],
            "b": [names("org:nis-kr", "the National Intelligence Service")],
            "c": [names("iso:KR", "Seoul")],
        },
    )

    assert found.independent == 2


def test_a_story_of_an_agency_hangs_on_what_the_agency_itself_cites():
    found = origins.trace(
        [
            text("a", "BREMEN (KW) - " + STORY, publisher="Kaiwire", credit="Kaiwire (KW)"),
            text("b", "BREMEN (KW) - " + PARAPHRASE, domain="b.example"),
        ],
        attributions={"a": [names("name:ada brink", "Ada Brink")]},
    )

    assert [origin.name for origin in found.origins] == ["Ada Brink"]


def test_stories_signed_by_one_agency_are_one_origin():
    found = origins.trace(
        [
            text("a", "HAMBURG (dpa) - " + STORY, domain="a.example"),
            text("b", PARAPHRASE, credit="Von dpa", domain="b.example"),
            text("c", "Something else entirely was reported here. (dpa)", domain="c.example"),
        ]
    )

    assert found.independent == 1
    assert found.origins[0].kind == "agency"


def test_an_agency_nobody_has_listed_is_known_by_its_dateline():
    found = origins.trace(
        [
            text("a", "BREMEN (KW) - " + STORY, publisher="Kaiwire", credit="Kaiwire (KW)", domain="kaiwire.example"),
            text("b", "BREMEN (KW) - " + PARAPHRASE, domain="b.example"),
        ]
    )

    assert found.independent == 1
    assert found.origins[0].name == "Kaiwire"


def test_one_address_is_one_document_whatever_the_scheme():
    found = origins.trace(
        [
            text("a", STORY, url="https://www.port.example/quay?from=feed"),
            text("b", PARAPHRASE, url="http://port.example/amp/quay/", canonical_url="https://port.example/quay"),
        ]
    )

    assert found.independent == 1


def test_two_papers_that_cite_each_other_are_a_circle_and_do_not_count():
    found = origins.trace(
        [text("a", STORY, publisher="Post"), text("b", PARAPHRASE, publisher="Courier")],
        attributions={"a": [names("name:courier", "the Courier")], "b": [names("name:post", "the Post")]},
    )

    assert found.independent == 0
    assert found.origins[0].kind == "circular"
    assert found.origins[0].documents == ("a", "b")


def test_a_paper_that_cites_a_paper_hangs_on_what_that_one_cites():
    found = origins.trace(
        [text("a", STORY, publisher="Post"), text("b", PARAPHRASE, publisher="Courier")],
        attributions={"a": [names("org:harbour", "the authority")], "b": [names("name:post", "the Post")]},
    )

    assert [origin.id for origin in found.origins] == ["org:harbour"]


def test_a_person_can_keep_two_texts_apart_and_join_two_others():
    apart = Edge("a", "b", "human", "two reporters on the spot", merges=False)
    joined = Edge("a", "c", "human", "the same author")
    found = origins.trace(
        [text("a", STORY, domain="a.example"), text("b", STORY, domain="b.example"), text("c", PARAPHRASE)],
        edges=[apart, joined],
    )

    assert sorted(origin.documents for origin in found.origins) == [("a", "c"), ("b",)]
    assert apart in found.edges and joined in found.edges


def test_an_origin_was_first_seen_with_its_earliest_document():
    found = origins.trace([text("a", STORY, published=day(9)), text("b", STORY, published=day(4))])

    assert found.origins[0].first_seen == day(4)


def test_what_every_page_of_a_site_repeats_is_no_copy():
    furniture = (
        "Subscribe to our letter and read every morning what the town is talking about before anyone else does. "
    )
    bodies = [
        "The school at the market got a new roof over the holidays and smells of fresh timber now.",
        "Nine geese stopped the tram for half an hour on Sunday until a boy led them off with bread.",
        "The mayor wants to plant four hundred lime trees along the ring road within two years.",
    ]
    texts = {str(at): furniture + body for at, body in enumerate(bodies)}

    assert not any(found.copied for found in copying.overlaps(texts, dict.fromkeys(texts, "town.example")).values())


@given(st.lists(st.sampled_from([STORY, PARAPHRASE, "short", ""]), max_size=6))
def test_every_document_stands_under_exactly_one_origin(bodies):
    documents = [text(str(at), body) for at, body in enumerate(bodies)]

    found = origins.trace(documents)

    assert sorted(name for origin in found.origins for name in origin.documents) == sorted(d.id for d in documents)
