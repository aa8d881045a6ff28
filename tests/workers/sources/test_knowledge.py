"""Wikidata and the libraries of papers: what they find, in our own words and their shapes."""

import json

import pytest

from tests.workers.sources.conftest import as_json, as_text
from workers.sources.base import Query, SourceUnavailable
from workers.sources.crossref import Crossref
from workers.sources.openalex import OpenAlex
from workers.sources.pubmed import PubMed
from workers.sources.wikidata import Wikidata


def _snak(prop, kind, value):
    return {"snaktype": "value", "property": prop, "datavalue": {"type": kind, "value": value}}


def _time(text, precision, calendar="Q1985727"):
    return {"time": text, "precision": precision, "calendarmodel": f"http://www.wikidata.org/entity/{calendar}"}


def _statement(snak, rank="normal", qualifiers=None, references=1):
    return {
        "mainsnak": snak,
        "rank": rank,
        "qualifiers": {s["property"]: [s] for s in qualifiers or []},
        "references": [{"hash": "x"}] * references,
    }


ITEM = {
    "type": "item",
    "id": "Q900",
    "lastrevid": 77,
    "modified": "2024-12-01T00:00:00Z",
    "labels": {"de": {"language": "de", "value": "Ada Lindgren"}},
    "descriptions": {"en": {"language": "en", "value": "mayor of Eulenburg"}},
    "claims": {
        "P569": [_statement(_snak("P569", "time", _time("+1971-04-11T00:00:00Z", 11)))],
        "P39": [
            _statement(
                _snak("P39", "wikibase-entityid", {"id": "Q901"}),
                qualifiers=[_snak("P580", "time", _time("+2019-06-00T00:00:00Z", 10))],
                references=0,
            ),
            _statement(_snak("P39", "wikibase-entityid", {"id": "Q902"}), rank="deprecated"),
        ],
        "P1082": [
            _statement(
                _snak("P1082", "quantity", {"amount": "+41250", "unit": "http://www.wikidata.org/entity/Q903"}),
                qualifiers=[_snak("P585", "time", _time("+2023-00-00T00:00:00Z", 9))],
            )
        ],
        "P999": [_statement(_snak("P999", "string", "not read"))],
    },
}
LABELS = {"P569": "born", "P39": "office", "P1082": "population", "Q901": "mayor", "Q903": "people"}


@pytest.fixture
def wikidata(service):
    def answer(request):
        if request.args["action"] == "wbsearchentities":
            hit = {"id": "Q900", "label": "Ada Lindgren", "match": {"type": "label", "language": "de", "text": "x"}}
            return as_json({"searchinfo": {}, "search": [hit], "success": 1})
        if "claims" in request.args["props"]:
            return as_json({"entities": {"Q900": ITEM}, "success": 1})
        named = request.args["ids"].split("|")
        entities = {i: {"id": i, "labels": {"en": {"value": LABELS[i]}}} for i in named if i in LABELS}
        return as_json({"entities": entities | {"Q1": {"id": "Q1", "missing": True}}})

    service.on("/", answer)
    return service


def test_statements_of_an_item_are_read_as_sentences(wikidata):
    (finding,) = Wikidata().search(Query(text="x", language="de", entities=("Ada Lindgren",))).hits

    assert finding.content.decode().splitlines() == [
        "Ada Lindgren: mayor of Eulenburg.",
        "Ada Lindgren, born: 11 April 1971.",
        "Ada Lindgren, office: mayor (from June 2019) (without a reference).",
        "Ada Lindgren, population: 41,250 people (in 2023).",
    ]
    assert finding.url == "https://www.wikidata.org/w/index.php?title=Q900&oldid=77"
    assert finding.licence == "CC0"


def test_a_claim_that_names_nothing_asks_nobody(wikidata):
    findings = Wikidata().search(Query(text="x", language="de"))
    assert findings.hits == ()
    assert findings.note
    assert wikidata.asked == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (_time("+2012-04-11T00:00:00Z", 11), "11 April 2012"),
        (_time("+2012-04-00T00:00:00Z", 10), "April 2012"),
        (_time("+2012-00-00T00:00:00Z", 9), "2012"),
        (_time("+2010-00-00T00:00:00Z", 8), "2010s"),
        (_time("+1701-00-00T00:00:00Z", 7), "18. century"),
        (_time("-0044-03-15T00:00:00Z", 11), "44 BC"),
        (_time("+1582-10-04T00:00:00Z", 11, "Q1985786"), "4 October 1582 (Julian calendar)"),
        (_time("+2012-13-45T00:00:00Z", 11), ""),
        (_time("nonsense", 11), ""),
    ],
)
def test_a_date_is_told_as_far_as_it_is_known(value, text):
    from workers.sources.wikidata import _value

    assert _value(_snak("P569", "time", value), {}) == text


def test_a_merged_item_comes_under_its_new_id(shared, service):
    entity = json.loads((shared / "samples/wikidata/entitydata_Q16231742.json").read_text(encoding="utf-8"))
    search = {"search": [{"id": "Q16231742"}]}
    service.on("/", lambda r: as_json(search if r.args["action"] == "wbsearchentities" else entity))
    for finding in Wikidata().search(Query(text="x", language="en", entities=("Anything",))).hits:
        assert "Q3571994" in finding.url


def test_recorded_statements_are_understood(shared, service):
    entity = json.loads((shared / "samples/wikidata/entitydata_Q1299.json").read_text(encoding="utf-8"))
    search = json.loads((shared / "samples/wikidata/wbsearchentities_scrubbed.json").read_text(encoding="utf-8"))
    service.on("/", lambda r: as_json(search if r.args["action"] == "wbsearchentities" else entity))
    (finding,) = Wikidata().search(Query(text="x", language="en", entities=("Anything",))).hits
    assert "1960" in finding.content.decode()


PAPER = {
    "DOI": "10.5555/eulen.1",
    "title": ["Tree planting in <i>small</i> towns"],
    "author": [{"given": "Ina", "family": "Holm"}, {"family": "Eulenburg Group"}],
    "issued": {"date-parts": [[2024, 3]]},
    "container-title": ["Journal of Trees"],
    "abstract": "<jats:p>Some 1,250 trees were counted.</jats:p><jats:p>Most of them live.</jats:p>",
    "publisher": "Tree Press",
    "language": "en",
    "type": "journal-article",
}


def _works(*items):
    return {"status": "ok", "message-type": "work-list", "message": {"items": list(items), "total-results": len(items)}}


def test_a_paper_is_found_with_its_abstract(service):
    service.on("/works", _works(PAPER))
    (finding,) = Crossref().search(Query(text="Eulenburg trees", language="en")).hits

    assert finding.url == "https://doi.org/10.5555/eulen.1"
    assert finding.title == "Tree planting in small towns"
    assert finding.content.decode() == (
        "Tree planting in small towns\nIna Holm, Eulenburg Group\nJournal of Trees 2024\n\n"
        "Some 1,250 trees were counted.\n\nMost of them live."
    )
    assert finding.published_at.isoformat()[:10] == "2024-03-01"
    assert service.asked[0].args["mailto"] == "desk@desk.example"


def test_a_retraction_is_shown_in_the_title(service):
    withdrawn = PAPER | {"update-to": [{"type": "retraction", "DOI": "10.5555/eulen.0"}]}
    service.on("/works", _works(withdrawn, {"DOI": "10.5555/none"}, PAPER | {"issued": {"date-parts": [[None]]}}))
    hits = Crossref().search(Query(text="Eulenburg trees", language="en")).hits

    assert hits[0].title.startswith("RETRACTION: ")
    assert [hit.published_at is None for hit in hits] == [False, True]


def test_recorded_works_are_understood(shared, service):
    for name in ("works_query", "works_select_param", "works_sample", "cursor_max_page1"):
        body = (shared / f"samples/crossref/{name}.json").read_bytes()
        service.on("/works", as_text(body, kind="application/json"))
        hits = Crossref().search(Query(text=name, language="en")).hits
        assert hits
        assert all(hit.url.startswith("https://doi.org/10.") and hit.content for hit in hits)


ARTICLES = b"""<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<PubmedArticleSet>
 <PubmedArticle><MedlineCitation><PMID>111</PMID><Article>
  <Journal><Title>Journal of Goats</Title><JournalIssue><PubDate><Year>2023</Year><Month>Nov</Month></PubDate>
  </JournalIssue></Journal>
  <ArticleTitle>Goats at <i>fences</i>.</ArticleTitle>
  <Abstract><AbstractText Label="METHODS">We led 12 goats.&x;</AbstractText>
            <AbstractText Label="RESULTS">None jumped.</AbstractText></Abstract>
  <AuthorList><Author><LastName>Holm</LastName><ForeName>Ina</ForeName></Author></AuthorList>
  <Language>eng</Language><PublicationTypeList><PublicationType>Retracted Publication</PublicationType>
  </PublicationTypeList></Article></MedlineCitation></PubmedArticle>
 <PubmedArticle><MedlineCitation><PMID>112</PMID><Article><Journal><JournalIssue><PubDate>
  <MedlineDate>2001 Spring</MedlineDate></PubDate></JournalIssue></Journal><ArticleTitle>Untold</ArticleTitle>
 </Article></MedlineCitation></PubmedArticle>
</PubmedArticleSet>"""


def test_medical_papers_come_with_abstract_and_say_when_they_were_retracted(service):
    service.on("/esearch.fcgi", {"esearchresult": {"count": "2", "idlist": ["111", "112"]}})
    service.on("/efetch.fcgi", as_text(ARTICLES, kind="text/xml"))
    goats, untold = PubMed().search(Query(text="goats", language="en")).hits

    assert goats.title == "RETRACTED: Goats at fences."
    assert goats.content.decode().endswith("Methods: We led 12 goats.\n\nResults: None jumped.")
    assert goats.published_at.isoformat()[:10] == "2023-11-01"
    assert untold.published_at.year == 2001
    assert service.asked[0].args["email"] == "desk@desk.example"


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"not xml"])
def test_papers_that_cannot_be_read_are_not_none(body, service):
    service.on("/esearch.fcgi", {"esearchresult": {"count": "1", "idlist": ["111"]}})
    service.on("/efetch.fcgi", as_text(body, kind="text/xml"))
    with pytest.raises(SourceUnavailable):
        PubMed().search(Query(text="goats", language="en"))


def test_recorded_papers_are_understood(shared, service):
    service.on("/esearch.fcgi", as_text((shared / "samples/pubmed/esearch_retmode_json.json").read_bytes()))
    for name in ("pubmed1", "pubmed7"):
        service.on("/efetch.fcgi", as_text((shared / f"samples/pubmed/{name}.xml").read_bytes(), kind="text/xml"))
        hits = PubMed().search(Query(text=name, language="en")).hits
        assert hits
        assert all(hit.title and hit.published_at for hit in hits)


def test_an_abstract_is_put_together_again(service):
    work = {
        "id": "https://openalex.org/W1",
        "doi": "https://doi.org/10.5555/eulen.2",
        "display_name": "Counting balloons",
        "publication_date": "2024-11-30",
        "language": "en",
        "is_retracted": False,
        "abstract_inverted_index": {
            "balloons": [3],
            "Some": [0],
            "7,000": [1],
            "waste": [2],
            "flew.": [4],
            "x": [10**9],
        },
        "authorships": [{"author": {"display_name": "Ina Holm"}}],
        "primary_location": {"source": {"display_name": "Journal of Air"}},
    }
    service.on("/works", {"meta": {"count": 1}, "results": [work, {"id": None}]})
    (finding,) = OpenAlex().search(Query(text="balloons", language="en")).hits

    assert finding.content.decode() == "Counting balloons\nIna Holm\nJournal of Air\n\nSome 7,000 waste balloons flew."
    assert finding.published_at.isoformat()[:10] == "2024-11-30"
