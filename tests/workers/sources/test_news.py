"""News, the web, earlier checks, feeds and archives: addresses to fetch, or pages as they were."""

import datetime as dt
import gzip
import json

import pytest

from tests.workers.sources.conftest import as_json, as_text
from workers import feeds, wayback
from workers.pagetext import Unreadable
from workers.sources.base import Query, SourceDisabled, SourceError, SourceUnavailable
from workers.sources.brave import Brave
from workers.sources.commoncrawl import CommonCrawl
from workers.sources.feeds import Feeds
from workers.sources.gdelt import Gdelt
from workers.sources.google_factcheck import GoogleFactCheck
from workers.sources.mediacloud import MediaCloud
from workers.sources.searxng import SearXNG
from workers.sources.wayback import Wayback

GOATS = Query(text="A goat tested the fence in Eulenburg.", language="en", entities=("Eulenburg",))


def _article(**changes):
    return {
        "url": "https://bote.example/goat?utm_source=x",
        "title": "A goat , they say , at the fence ",
        "seendate": "20241224T054500Z",
        "domain": "bote.example",
        "language": "German",
        "sourcecountry": "Germany",
    } | changes


def test_news_are_found_without_a_date_of_publication(service):
    twice = _article(url="https://bote.example/goat/?fbclid=1")
    service.on("/", {"articles": [_article(), twice, _article(url="javascript:x"), "odd"]})
    (finding,) = Gdelt().search(GOATS).hits

    assert (finding.title, finding.language) == ("A goat, they say, at the fence", "de")
    assert finding.published_at is None
    assert finding.details["seen"] == "20241224T054500Z"
    assert finding.content is None


def test_only_words_are_sent_never_operators(service):
    service.on("/", {})
    Gdelt().search(Query(text='(a OR domain:x) "fence" of Eulenburg-Nord -goat', language="en"))
    sent = service.asked[0].args["query"]
    assert sent.endswith(" sourcelang:english")
    assert not set("():") & set(sent.removesuffix("sourcelang:english"))


def test_broken_json_of_the_news_is_mended(service):
    body = b'{"articles": [{"url": "https://bote.example/a", "title": "tab\there \\x and \x01 more"}]}'
    service.on("/", as_text(body, kind="application/json"))
    assert len(Gdelt().search(GOATS).hits) == 1


def test_recorded_news_are_understood(shared, service):
    body = (shared / "samples/gdelt/doc_artlist_scrubbed.json").read_bytes()
    service.on("/", as_text(body, kind="application/json"))
    hits = Gdelt().search(GOATS).hits
    assert hits
    assert {hit.language for hit in hits} >= {"en"}
    service.on("/", as_text((shared / "samples/gdelt/rate_limit_body.txt").read_bytes()))
    with pytest.raises(SourceUnavailable, match="asks for a pause"):
        Gdelt().search(Query(text="Another goat entirely", language="en"))


def _review(number, **changes):
    return {
        "publisher": {"name": "Faktenbote", "site": "faktenbote.example"},
        "url": f"https://faktenbote.example/{number}",
        "title": "No goat at the fence ...",
        "reviewDate": "2024-12-20T00:00:00Z",
        "textualRating": "Größtenteils falsch",
        "languageCode": "de",
    } | changes


def test_an_earlier_check_comes_with_its_rating_word_for_word(service):
    claim = {
        "text": "A goat was there",
        "claimant": "A ministry",
        "claimReview": [_review(1), _review(2, reviewDate=None)],
    }
    service.on(
        "/claims:search", {"claims": [claim], "nextPageToken": "t"}, {"claims": [claim | {"claimReview": [_review(3)]}]}
    )
    hits = GoogleFactCheck().search(GOATS).hits

    assert [hit.url[-1] for hit in hits] == ["1", "2", "3"]
    assert hits[0].details["rating"] == "Größtenteils falsch"
    assert hits[0].details["claimant"] == "A ministry"
    assert hits[1].published_at is None
    assert [request.args.get("pageToken") for request in service.asked] == [None, "t"]
    assert service.asked[1].args["query"] == service.asked[0].args["query"]
    assert service.asked[0].headers["X-Goog-Api-Key"] == "key-of-the-desk"


def test_recorded_earlier_checks_are_understood(shared, service):
    for name in ("page1", "ro", "quint_2021"):
        body = (shared / f"samples/google_factcheck/claims_search_{name}.json").read_bytes()
        service.on("/claims:search", as_text(body, kind="application/json"), {})
        hits = GoogleFactCheck().search(Query(text=name, language="en")).hits
        assert hits
        assert all(hit.details["rating"] for hit in hits)


def test_a_web_search_names_the_engines_that_were_silent(service):
    result = {
        "url": "https://bote.example/a",
        "title": "Goat",
        "content": "A <b>goat</b>",
        "engine": "x",
        "engines": ["x"],
    }
    service.on("/search", {"results": [result, {"url": None}], "unresponsive_engines": [["bing", "timeout"]]})
    findings = SearXNG().search(GOATS)

    assert [hit.snippet for hit in findings.hits] == ["A goat"]
    assert "bing: timeout" in findings.note


def test_a_server_without_json_is_told_what_to_change(service):
    service.on("/search", as_text("Forbidden", 403))
    with pytest.raises(SourceError, match=r"search\.formats"):
        SearXNG().search(GOATS)


def test_web_and_news_results_are_joined(service):
    web = {"title": "Goat", "url": "https://bote.example/a", "description": "A <strong>goat</strong>", "language": "en"}
    news = {
        "title": "News",
        "url": "https://bote.example/b",
        "page_age": "2024-12-23T17:09:03",
        "meta_url": {"hostname": "bote.example"},
    }
    service.on("/web/search", {"type": "search", "web": {"results": [web, web]}})
    service.on("/news/search", {"type": "news", "results": [news]})
    hits = Brave().search(GOATS).hits

    assert [hit.url[-1] for hit in hits] == ["b", "a"]
    assert hits[0].published_at == dt.datetime(2024, 12, 23, 17, 9, 3, tzinfo=dt.UTC)
    assert hits[1].snippet == "A goat"


def test_recorded_web_results_are_understood(shared, service):
    for kind in ("web", "news"):
        body = (shared / f"samples/brave/{kind}_search.json").read_bytes()
        service.on(f"/{kind}/search", as_text(body, kind="application/json"))
    hits = Brave().search(GOATS).hits
    assert len(hits) == 10
    assert not any("<" in hit.title + hit.snippet for hit in hits)


def test_stories_of_collections_are_found(service):
    story = {
        "id": "1",
        "url": "https://bote.example/a",
        "title": "Goat",
        "media_name": "Bote",
        "publish_date": "2024-12-23",
    }
    service.on("/search/story-list", {"stories": [story, {}], "pagination_token": "x"})
    (finding,) = MediaCloud().search(GOATS).hits
    assert (finding.publisher, finding.published_at.day) == ("Bote", 23)
    assert service.asked[0].headers["Authorization"] == "Token key-of-the-desk"


RSS = """
<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel><title>Bote</title><language>de-DE</language><ttl>60</ttl>
<item><title><![CDATA[Ziege am Zaun von Eulenburg]]></title><link>/ziege</link>
<pubDate>Mon, 23 Dec 2024 08:00:00 +0100</pubDate>
<description>Eine &lt;b&gt;Ziege&lt;/b&gt; stand am Zaun.</description><guid isPermaLink="false">x-1</guid></item>
<item><title>Wetter</title><link>https://bote.example/wetter</link><pubDate>gestern</pubDate></item>
<item><title>Ohne Link</title></item>
</channel></rss>"""


@pytest.fixture
def feed(service, settings):
    settings.FEED_URLS = [f"{service.url}/feed"]
    return service


def test_entries_that_share_names_and_words_are_found(feed):
    feed.on("/feed", as_text(RSS.encode(), kind="application/rss+xml"))
    (finding,) = Feeds().search(Query(text="Die Ziege testet den Zaun.", language="de", entities=("Eulenburg",))).hits

    assert finding.url == f"{feed.url}/ziege"
    assert (finding.title, finding.publisher, finding.language) == ("Ziege am Zaun von Eulenburg", "Bote", "de")
    assert finding.snippet == "Eine Ziege stand am Zaun."
    assert finding.published_at == dt.datetime(2024, 12, 23, 7, tzinfo=dt.UTC)


def test_a_feed_is_not_visited_more_often_than_it_allows(feed):
    feed.on("/feed", as_text(RSS.encode(), kind="application/rss+xml"))
    for _ in range(3):
        Feeds().search(GOATS)
    assert len(feed.asked) == 1


def test_a_feed_visited_again_sends_only_what_is_new(feed, monkeypatch):
    monkeypatch.setattr(feeds, "AT_MOST", 0.0)
    feed.on("/feed", as_text(RSS.encode(), kind="application/rss+xml", ETag='"1"'), as_text(b"", 304))
    for _ in range(2):
        assert Feeds().search(GOATS).hits
    assert feed.asked[1].headers["If-None-Match"] == '"1"'


def test_a_feed_that_has_ended_is_not_visited_again(feed):
    feed.on("/feed", as_text(b"", 410))
    for _ in range(2):
        with pytest.raises(SourceUnavailable, match="ended this feed"):
            Feeds().search(GOATS)
    assert len(feed.asked) == 1


def test_one_broken_feed_does_not_hide_the_others(feed, settings):
    settings.FEED_URLS = [f"{feed.url}/broken", f"{feed.url}/feed"]
    feed.on("/feed", as_text(RSS.encode(), kind="application/rss+xml"))
    feed.on("/broken", as_text(b"", 500))
    findings = Feeds().search(GOATS)
    assert len(findings.hits) == 1
    assert "broken" in findings.note


@pytest.mark.parametrize(
    "body", [b"<html><p>no feed</p></html>", b"{}", b"", b"<rss><!DOCTYPE x [<!ENTITY a 'b'>]>", b'{"items": 1}']
)
def test_what_is_no_feed_says_so(body):
    with pytest.raises(Unreadable):
        feeds.read(body)


def test_an_atom_feed_and_a_json_feed_are_read_alike():
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://bote.example/"><title>Bote</title>
      <entry><title type="html">A &lt;i&gt;goat&lt;/i&gt;</title><link href="goat"/>
      <updated>2024-12-23T07:00:00Z</updated>
      <summary>At the fence.</summary><author><name>Ina Holm</name></author></entry></feed>"""
    as_dict = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Bote",
        "items": [
            {
                "id": "1",
                "url": "goat",
                "title": "A goat",
                "content_text": "At the fence.",
                "date_published": "2024-12-23T07:00:00Z",
            },
            "odd",
            {"id": "no address"},
        ],
    }
    (one,) = feeds.read(atom, "https://bote.example/feed").entries
    (other,) = feeds.read(json.dumps(as_dict).encode(), "https://bote.example/feed").entries
    assert (one.url, one.title, one.summary, one.published_at) == (
        other.url,
        other.title,
        other.summary,
        other.published_at,
    )
    assert one.url == "https://bote.example/goat"


def test_recorded_feeds_are_read_or_refused(shared):
    read = 0
    for path in sorted((shared / "samples/feeds").iterdir()):
        try:
            feed = feeds.read(path.read_bytes(), "https://feeds.example/")
        except Unreadable:
            continue
        read += 1
        assert all(entry.url.startswith("http") for entry in feed.entries)
    assert read >= 8


CDX = [
    ["timestamp", "original", "mimetype", "statuscode", "digest"],
    ["20241223100000", "https://news.example/a", "text/html", "200", "AAA"],
    ["20249999999999", "https://news.example/a", "text/html", "200", "BBB"],
    ["20241224100000", "https://news.example/a", "warc/revisit", "-", "CCC"],
    ["odd"],
]
PAGE = b"<html><body><p>As it was.</p></body></html>"


def _memento(status=200):
    return as_text(PAGE, status, "text/html", **{"Memento-Datetime": "Mon, 23 Dec 2024 10:00:00 GMT"})


def test_captures_that_make_no_sense_are_left_out(service):
    service.on("/cdx", CDX)
    found = wayback.captures("https://news.example/a")
    assert [(capture.timestamp, capture.status) for capture in found] == [
        ("20241223100000", 200),
        ("20241224100000", None),
    ]


def test_a_page_is_shown_as_it_was(service):
    service.on("/cdx", CDX)
    service.on("/web/", _memento())
    query = Query(text="x", urls=("https://news.example/a",), until=dt.date(2024, 12, 23))
    (finding,) = Wayback().search(query).hits

    assert finding.content == PAGE
    assert finding.url == f"{service.url}/web/20241223100000/https://news.example/a"
    assert service.asked[-1].path == "/web/20241223100000id_/https://news.example/a"
    assert service.asked[0].args["closest"] == "20241223120000"


def test_the_status_of_that_day_is_not_the_archives(service):
    service.on("/web/", _memento(429))
    (capture,) = [wayback.Capture("https://news.example/a", dt.datetime(2024, 12, 23, tzinfo=dt.UTC), 429)]
    assert wayback.play(capture).capture.status == 429
    service.on("/web/", as_text("slow down", 429))
    with pytest.raises(SourceUnavailable, match="pause"):
        wayback.play(capture)


def test_a_capture_that_cannot_be_played_is_none(service):
    service.on("/web/", as_text("not found", 404))
    assert (
        wayback.play(wayback.Capture("https://news.example/a", dt.datetime(2024, 12, 23, tzinfo=dt.UTC), 200)) is None
    )


def test_a_site_the_archive_does_not_show_is_told(service):
    service.on(
        "/cdx", as_text("org.archive.util.io.RuntimeIOException: AdministrativeAccessControlException: Blocked", 403)
    )
    with pytest.raises(SourceError, match="does not show this site"):
        wayback.captures("https://news.example/a")


def test_saving_a_page_is_a_job_with_an_honest_state(service, settings):
    service.on("/save", {"url": "https://news.example/a", "job_id": "spn2-abc"})
    service.on(
        "/save/status/spn2-abc",
        {"status": "pending", "job_id": "spn2-abc"},
        {"status": "success", "timestamp": "20241224120000", "original_url": "https://news.example/a"},
        {"status": "error", "status_ext": "error:blocked-url", "message": "This URL is blocked."},
        {"status": "error", "status_ext": "error:user-session-limit", "message": "Too many."},
    )
    job = wayback.save("https://news.example/a")
    assert job == "spn2-abc"
    assert wayback.saved(job) is None
    assert wayback.saved(job).address.endswith("/web/20241224120000/https://news.example/a")
    with pytest.raises(SourceError, match="blocked") as refusal:
        wayback.saved(job)
    assert not isinstance(refusal.value, SourceUnavailable)
    with pytest.raises(SourceUnavailable, match="Too many"):
        wayback.saved(job)
    assert service.asked[0].headers["Authorization"] == "LOW key-of-the-desk"

    settings.WAYBACK_KEY = ""
    with pytest.raises(SourceDisabled, match="WAYBACK_KEY"):
        wayback.save("https://news.example/a")


def test_recorded_captures_are_understood(shared):
    for path in sorted((shared / "samples/wayback").glob("cdx_*")):
        text = path.read_text(encoding="utf-8").strip()
        if "blocked" in path.name:
            continue
        found = wayback._rows(text)
        assert all(1994 <= capture.taken_at.year <= 2030 for capture in found)
        assert found or not text or path.name in ("cdx_bad_timestamp.txt", "cdx_malformed_lines.txt"), path.name


def _record(body=PAGE):
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/a\r\nContent-Type: application/http"
        b"; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(http)
    )
    return gzip.compress(head + http + b"\r\n\r\n")


def test_a_vanished_page_is_found_in_an_old_crawl(service):
    piece = _record()
    row = {
        "timestamp": "20241204103329",
        "status": "200",
        "length": str(len(piece)),
        "offset": "10",
        "filename": "crawl-data/x.warc.gz",
    }
    crawls = [{"id": "CC-MAIN-2025-05", "from": "2025-01-12"}, {"id": "CC-MAIN-2024-51", "from": "2024-12-01"}]
    service.on("/collinfo.json", crawls)
    service.on("/CC-MAIN-2024-51-index", as_text(json.dumps(row) + "\n" + '{"timestamp": "odd"}\n'))
    service.on("/crawl-data/", as_text(piece, 206, "application/octet-stream"))
    query = Query(text="x", urls=("https://news.example/a",), until=dt.date(2024, 12, 24))
    (finding,) = CommonCrawl().search(query).hits

    assert finding.content == PAGE
    assert finding.details["taken_at"].startswith("2024-12-04")
    assert service.asked[-1].headers["Range"] == f"bytes=10-{9 + len(piece)}"


@pytest.mark.parametrize("piece", [b"", b"\x1f\x8b broken", _record()[:-30]], ids=["nothing", "noise", "cut"])
def test_a_broken_record_is_no_page(piece, service):
    row = {"timestamp": "20241204103329", "length": "500", "offset": "10", "filename": "crawl-data/x.warc.gz"}
    service.on("/collinfo.json", [{"id": "CC-MAIN-2024-51", "from": "2024-12-01"}])
    service.on("/CC-MAIN", as_json(row))
    service.on("/crawl-data/", as_text(piece, 206, "application/octet-stream"))
    try:
        assert CommonCrawl().search(Query(text="x", urls=("https://news.example/a",))).hits == ()
    except SourceUnavailable as exc:
        assert "broken" in str(exc)


def test_a_file_name_cannot_lead_elsewhere(service):
    row = {"timestamp": "20241204103329", "length": "500", "offset": "10", "filename": "crawl-data/../../secret"}
    service.on("/collinfo.json", [{"id": "CC-MAIN-2024-51", "from": "2024-12-01"}])
    service.on("/CC-MAIN", as_json(row))
    assert CommonCrawl().search(Query(text="x", urls=("https://news.example/a",))).hits == ()
