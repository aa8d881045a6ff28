"""What every source keeps to, whoever stands behind it: three outcomes, told apart, and errors people can read."""

import pytest

from tests.workers.loopback import saying, serving
from tests.workers.sources.conftest import as_text
from workers.sources import registry
from workers.sources.base import Query, SourceError, SourceUnavailable

# Each service with an answer that means "searched, nothing there".
EMPTY = {
    "wikidata": {"search": []},
    "crossref": {"status": "ok", "message": {"items": []}},
    "pubmed": {"esearchresult": {"count": "0", "idlist": []}},
    "gdelt": {},
    "google_factcheck": {},
    "openalex": {"meta": {"count": 0}, "results": []},
    "destatis": {"Status": {"Code": 104, "Content": "nichts gefunden"}, "Tables": None},
    "searxng": {"query": "x", "results": [], "unresponsive_engines": []},
    "brave": {"type": "search", "web": {"results": []}, "results": []},
    "mediacloud": {"stories": [], "pagination_token": None},
    "wayback": [],
    "worldbank": [{"page": 0, "pages": 0, "total": 0}, None],
    "eurostat": {
        "class": "dataset",
        "id": ["geo", "time"],
        "size": [1, 0],
        "value": {},
        "dimension": {"time": {"category": {"index": {}}}},
    },
    "commoncrawl": [],
}
# The services that have something to refuse in HTTP 200, and how they do it.
REFUSALS = [
    ("wikidata", {"error": {"code": "maxlag", "info": "Waiting"}}, SourceUnavailable),
    ("wikidata", {"error": {"code": "param-illegal", "info": "No"}}, SourceError),
    ("pubmed", {"esearchresult": {"ERROR": "Search Backend failed: timed\nout"}}, SourceUnavailable),
    ("gdelt", as_text("Please limit requests to one every 5 seconds."), SourceUnavailable),
    ("gdelt", as_text("The specified keyword is too short."), SourceError),
    ("gdelt", as_text("<html><body>Bad Gateway</body></html>", kind="text/html"), SourceUnavailable),
    ("searxng", {"results": [], "unresponsive_engines": [["google", "CAPTCHA"]]}, SourceUnavailable),
    ("destatis", {"Status": {"Code": -1, "Content": "Fehler im System"}, "Object": None}, SourceError),
    ("worldbank", [{"message": [{"id": "120", "key": "x", "value": "Not valid"}]}], SourceError),
    ("eurostat", {"error": [{"status": 400, "label": "Unknown dimension"}]}, SourceError),
    ("eurostat", {"warning": [{"status": 413, "label": "Asynchronous"}]}, SourceUnavailable),
    ("mediacloud", {"status": "error", "note": "query failed"}, SourceUnavailable),
    ("openalex", {"error": "Budget exceeded", "message": "try tomorrow"}, SourceUnavailable),
    ("brave", {"type": "ErrorResponse", "error": {"code": "RATE_LIMITED", "detail": "slow down"}}, SourceUnavailable),
    ("google_factcheck", {"error": {"code": 500, "message": "backend error"}}, SourceUnavailable),
]
QUERY = Query(
    text="Die Inflation in Deutschland lag 2022 bei 6,9 Prozent, sagte Kim Jong Un.",
    language="de",
    languages=("de",),
    entities=("Kim Jong Un",),
    urls=("https://news.example/a",),
)


def ask(slug):
    return registry.get(slug).search(QUERY)


@pytest.mark.parametrize("slug", EMPTY)
def test_searched_and_empty_is_an_answer(slug, service):
    service.on("/", EMPTY[slug])
    if slug == "commoncrawl":
        service.on("/collinfo.json", [{"id": "CC-MAIN-2024-51", "from": "2024-12-01T00:00:00"}])
        service.on("/CC-MAIN", as_text('{"message": "No Captures found for: x"}', 404))
    assert ask(slug).hits == ()
    assert service.asked


@pytest.mark.parametrize(("slug", "reply", "kind"), REFUSALS)
def test_an_error_that_comes_as_a_success_is_an_error(slug, reply, kind, service):
    service.on("/", reply)
    with pytest.raises(SourceError) as refusal:
        ask(slug)
    assert type(refusal.value) is kind
    assert len(str(refusal.value)) > 20


@pytest.mark.parametrize("slug", EMPTY)
@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (as_text("", 500), SourceUnavailable),
        (as_text("<html>maintenance</html>", 503, "text/html"), SourceUnavailable),
        (as_text("slow down", 429, **{"Retry-After": "31"}), SourceUnavailable),
        (as_text("go away", 403), SourceError),
        (as_text("who are you", 401), SourceError),
        (as_text("bad request", 400), SourceError),
        (as_text('{"half": [1, 2', kind="application/json"), SourceUnavailable),
        (as_text("<html><body>a portal page</body></html>", kind="text/html"), SourceUnavailable),
        (as_text("null", kind="application/json"), SourceUnavailable),
    ],
)
def test_a_service_in_trouble_is_never_empty(slug, reply, kind, service):
    service.on("/", reply)
    with pytest.raises(SourceError) as refusal:
        ask(slug)
    assert type(refusal.value) is kind, refusal.value
    if reply.status_code == 429:
        assert 25 <= refusal.value.retry_after <= 31
    if reply.status_code == 503:
        assert refusal.value.retry_after


@pytest.mark.parametrize("slug", EMPTY)
def test_a_dead_service_is_unavailable(slug, service):
    with serving(saying(b"")) as server:
        service.point_to(server.url().rstrip("/"))
        with pytest.raises(SourceUnavailable):
            ask(slug)


def test_every_source_of_the_settings_is_there_and_says_whether_it_can_be_asked(settings):
    sources = registry.every()
    assert len(sources) >= len(settings.SOURCES)
    for slug, source in sources.items():
        assert source.slug == slug
        assert source.name
    settings.FETCH_CONTACT = ""
    for slug in ("wikipedia", "wikidata", "crossref", "pubmed", "wayback", "commoncrawl"):
        assert "FETCH_CONTACT" in sources[slug].available()


@pytest.mark.parametrize(
    ("slug", "setting"),
    [
        ("google_factcheck", "GOOGLE_FACTCHECK_KEY"),
        ("openalex", "OPENALEX_KEY"),
        ("destatis", "DESTATIS_USER"),
        ("searxng", "SEARXNG_URL"),
        ("brave", "BRAVE_KEY"),
        ("mediacloud", "MEDIACLOUD_KEY"),
        ("feeds", "FEED_URLS"),
    ],
)
def test_a_missing_key_switches_a_source_off_with_a_reason(slug, setting, settings):
    setattr(settings, setting, [] if setting == "FEED_URLS" else "")
    assert setting in registry.get(slug).available()


def test_no_key_is_sent_in_an_address_that_is_logged_or_kept(service):
    for slug in ("google_factcheck", "brave", "mediacloud", "destatis"):
        service.on("/", EMPTY[slug])
        ask(slug)
    assert not any("key-of-the-desk" in request.url for request in service.asked)


def test_the_same_question_is_asked_once_a_day(service):
    service.on("/", EMPTY["crossref"])
    ask("crossref")
    ask("crossref")
    assert len(service.asked) == 1


def test_a_failure_is_not_remembered(service):
    service.on("/", as_text('{"half', kind="application/json"), EMPTY["crossref"])
    with pytest.raises(SourceUnavailable):
        ask("crossref")
    assert ask("crossref").hits == ()
