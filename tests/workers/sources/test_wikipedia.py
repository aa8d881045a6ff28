"""Wikipedia is asked as it is; the answers are our own in its shapes."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug import Request, Response

from tests.workers.loopback import saying, serving
from workers.sources.base import Query, SourceError, SourceUnavailable
from workers.sources.wikipedia import Wikipedia

TEXTS = {11: ("Ostwarden", "Ostwarden ist eine Hafenstadt. Sie hat 1.100 Einwohner."), 12: ("Leer", "")}


@pytest.fixture
def wiki(httpserver, loopback_allowed):
    """A wiki of two pages that records how it was asked."""
    asked = []

    def answer(request: Request) -> Response:
        asked.append((request.path, request.args.to_dict(), request.headers["User-Agent"]))
        if request.args.get("list") == "search":
            hits = [
                {
                    "ns": 0,
                    "pageid": 11,
                    "title": "Ostwarden",
                    "snippet": 'eine <span class="searchmatch">Hafen</span>stadt',
                },
                {"ns": 0, "pageid": 12, "title": "Leer", "snippet": ""},
            ]
            return _json({"batchcomplete": True, "query": {"searchinfo": {"totalhits": 2}, "search": hits}})
        number = int(request.args["pageids"])
        title, text = TEXTS[number]
        page = {
            "pageid": number,
            "ns": 0,
            "title": title,
            "extract": text,
            "canonicalurl": f"https://de.wikipedia.org/wiki/{title}",
            "revisions": [{"revid": 9000 + number, "parentid": 1, "timestamp": "2024-12-01T08:00:00Z"}],
        }
        return _json({"batchcomplete": True, "query": {"pages": [page]}})

    httpserver.expect_request("/de/api.php").respond_with_handler(answer)
    httpserver.expect_request("/en/api.php").respond_with_handler(
        lambda request: (asked.append((request.path, request.args.to_dict(), "")), _json({"query": {"search": []}}))[1]
    )
    loopback_allowed.WIKIPEDIA_URL = httpserver.url_for("/{language}/api.php").replace("%7B", "{").replace("%7D", "}")
    return asked


def _json(value) -> Response:
    return Response(json.dumps(value), content_type="application/json; charset=utf-8")


def _query(**changes):
    return Query(**({"text": "Ostwarden hat 1.100 Einwohner.", "language": "de"} | changes))


def test_a_page_is_found_with_its_text_and_the_revision_read(wiki):
    (finding,) = Wikipedia().search(_query()).hits

    assert finding.content.decode() == TEXTS[11][1]
    assert finding.url == "https://de.wikipedia.org/w/index.php?title=Ostwarden&oldid=9011"
    assert (finding.title, finding.language, finding.licence) == ("Ostwarden", "de", "CC BY-SA 4.0")
    assert finding.snippet == "eine Hafenstadt"
    assert finding.published_at.isoformat() == "2024-12-01T08:00:00+00:00"


def test_an_empty_page_is_no_finding(wiki):
    assert [finding.title for finding in Wikipedia().search(_query()).hits] == ["Ostwarden"]


def test_each_language_is_asked_with_its_own_words(wiki):
    query = _query(languages=("de", "en"), terms={"de": ("Ostwarden Hafen",), "en": ("Ostwarden harbour",)})
    Wikipedia().search(query)

    searched = {(path, args["srsearch"]) for path, args, _ in wiki if args.get("list") == "search"}
    assert searched == {("/de/api.php", "Ostwarden Hafen"), ("/en/api.php", "Ostwarden harbour")}


def test_the_operator_says_who_asks(wiki, settings):
    Wikipedia().search(_query())
    assert "desk@desk.example" in wiki[0][2]

    settings.FETCH_CONTACT = ""
    assert "FETCH_CONTACT" in Wikipedia().available()


def test_a_language_without_a_name_is_noted_not_asked(wiki):
    findings = Wikipedia().search(_query(languages=("../x", "en")))
    assert "../x" in findings.note
    assert findings.hits == ()


def test_searched_and_empty_is_an_answer(wiki):
    assert Wikipedia().search(_query(languages=("en",))).hits == ()


def _answering(body, status="200 OK", *headers):
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", *headers, f"Content-Length: {len(body)}", "", ""]
    return serving(saying("\r\n".join(lines).encode() + body))


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b'{"error": {"code": "maxlag", "info": "Waiting for a database"}}', "200 OK", SourceUnavailable),
        (b'{"error": {"code": "ratelimited", "info": "Too fast"}}', "200 OK", SourceUnavailable),
        (b'{"error": {"code": "search-text-disabled", "info": "no"}}', "200 OK", SourceError),
        (b"<html>Varnish</html>", "200 OK", SourceUnavailable),
        (b'{"query": {"sea', "200 OK", SourceUnavailable),
        (b"[]", "200 OK", SourceUnavailable),
        (b"", "503 Service Unavailable", SourceUnavailable),
        (b"", "502 Bad Gateway", SourceUnavailable),
        (b"Please set a user-agent", "403 Forbidden", SourceError),
        (b"", "404 Not Found", SourceError),
    ],
)
def test_an_answer_that_is_none_is_never_empty(body, status, kind, loopback_allowed):
    with _answering(body, status) as server:
        loopback_allowed.WIKIPEDIA_URL = server.url("/{language}")
        with pytest.raises(SourceError) as refusal:
            Wikipedia().search(_query())
    assert type(refusal.value) is kind


def test_a_pause_is_passed_on(loopback_allowed):
    with _answering(b"", "429 Too Many Requests", "Retry-After: 17") as server:
        loopback_allowed.WIKIPEDIA_URL = server.url("/{language}")
        with pytest.raises(SourceUnavailable) as pause:
            Wikipedia().search(_query())
    assert pause.value.retry_after == 17


def test_a_dead_service_is_unavailable(loopback_allowed):
    with serving(saying(b"")) as server:
        loopback_allowed.WIKIPEDIA_URL = server.url("/{language}")
        with pytest.raises(SourceUnavailable):
            Wikipedia().search(_query())


def test_recorded_answers_are_understood(shared, httpserver, loopback_allowed):
    search = json.loads((shared / "samples/mediawiki/action_search_page1.json").read_text(encoding="utf-8"))
    page = json.loads((shared / "samples/mediawiki/action_extract_plaintext.json").read_text(encoding="utf-8"))
    pages = page["query"]["pages"]
    page["query"]["pages"] = list(pages.values()) if isinstance(pages, dict) else pages

    def answer(request):
        query = parse_qs(urlsplit(request.url).query)
        return _json(search if "list" in query else page)

    httpserver.expect_request("/en").respond_with_handler(answer)
    loopback_allowed.WIKIPEDIA_URL = httpserver.url_for("/") + "{language}"
    hits = Wikipedia().search(Query(text="anything", language="en", limit=3)).hits

    assert hits
    assert all(hit.content and hit.url.startswith("https://en.wikipedia.org/w") for hit in hits)


def test_a_recorded_error_is_an_error(shared, httpserver, loopback_allowed):
    body = (shared / "samples/mediawiki/action_error_in_http200.json").read_bytes()
    httpserver.expect_request("/en").respond_with_data(body, content_type="application/json")
    loopback_allowed.WIKIPEDIA_URL = httpserver.url_for("/") + "{language}"
    with pytest.raises(SourceError, match="refuses the question"):
        Wikipedia().search(Query(text="anything", language="en"))
