"""Records as fact-checkers really publish them: read as far as they make sense, or refused with a reason."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from claims.models import EarlierCheck
from tests.workers.loopback import http as answer
from tests.workers.loopback import saying, serving
from workers import claimreview
from workers.claimreview import NotUsable
from workers.pagetext import Unreadable

URL = "https://faktenbote.example/goat"
RECORD = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": URL + "/",
    "claimReviewed": "A goat tested the fence in Eulenburg.",
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "A ministry"},
        "datePublished": "2024-12-20",
    },
    "author": {"@type": "Organization", "name": "Faktenbote"},
    "datePublished": "2024-12-23",
    "reviewRating": {"@type": "Rating", "alternateName": "Größtenteils falsch", "ratingValue": "2", "bestRating": "5"},
    "inLanguage": "en-GB",
}


def read(**changes):
    return claimreview.read(RECORD | changes, page=URL)


def page(*blocks):
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    return f"<html><head>{scripts}</head><body><p>Text.</p></body></html>".encode()


def test_a_record_is_read_with_its_rating_word_for_word():
    draft = read()
    assert draft.claim_text == "A goat tested the fence in Eulenburg."
    assert draft.rating == "Größtenteils falsch"
    assert (draft.claimant, draft.publisher, draft.language) == ("A ministry", "Faktenbote", "en")
    assert (draft.claimed_on, draft.checked_on) == (dt.date(2024, 12, 20), dt.date(2024, 12, 23))
    assert draft.identifier == "faktenbote.example/goat"
    assert draft.shared == ""


@pytest.mark.parametrize(
    "url",
    [URL, URL + "/", "http://faktenbote.example/goat", "https://www.faktenbote.example/goat/?utm_source=x&fbclid=y"],
)
def test_copies_of_one_record_have_one_name(url):
    assert read(url=url).identifier == "faktenbote.example/goat"


@pytest.mark.parametrize(
    ("rating", "words"),
    [
        ("Falsch", "Falsch"),
        ({"@type": "rating", "alternateName": " Falsch "}, "Falsch"),
        ({"name": "Falsch"}, "Falsch"),
        ({"properties": {"alternateName": "Falsch"}}, "Falsch"),
        ([{"alternateName": "Falsch"}, {"alternateName": "Wahr"}], "Falsch"),
        ({"alternateName": ["Falsch", "False"]}, "Falsch"),
        ({"ratingValue": 2, "bestRating": "5"}, "2 of 5"),
        ({"alternateName": "<b>Falsch</b>&nbsp;!"}, "Falsch !"),
    ],
)
def test_a_rating_is_found_wherever_it_hides(rating, words):
    assert read(reviewRating=rating).rating == words


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"claimReviewed": "", "itemReviewed": {"@type": "CreativeWork"}}, "names no claim"),
        ({"claimReviewed": None, "itemReviewed": None}, "names no claim"),
        ({"reviewRating": None}, "no rating"),
        ({"reviewRating": {"ratingValue": "-1", "bestRating": "-1", "worstRating": "-1"}}, "no rating"),
        ({"reviewRating": {"ratingValue": 3}}, "no rating"),
    ],
)
def test_a_record_that_says_too_little_is_refused_with_the_reason(changes, reason):
    with pytest.raises(NotUsable, match=reason):
        read(**changes)


def test_a_record_without_an_address_takes_that_of_its_page():
    assert read(url=None).url == URL
    with pytest.raises(NotUsable, match="no address"):
        claimreview.read(RECORD | {"url": "javascript:alert(1)"}, page="")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2017-03-01 20:30:17 UTC", dt.date(2017, 3, 1)),
        ("2019-01-23T14:22:00+0100", dt.date(2019, 1, 23)),
        ("0001-01-01", None),
        ("", None),
        (["2019-01-23"], dt.date(2019, 1, 23)),
        ({"@value": "x"}, None),
    ],
)
def test_a_day_is_read_or_left_out(value, day):
    assert read(datePublished=value).checked_on == day


def test_odd_types_count_too():
    for kind in (" ClaimReview", "http://schema.org/ClaimReview", ["Article", "ClaimReview"]):
        (draft,) = claimreview.on_page(page(json.dumps(RECORD | {"@type": kind})), url=URL)
        assert draft.rating
    untyped = {name: value for name, value in RECORD.items() if name != "@type"} | {"type": "ClaimReview"}
    (draft,) = claimreview.on_page(page(json.dumps(untyped)), url=URL)
    assert draft.rating


def test_a_page_is_searched_in_graphs_and_lists_and_repeats_count_once():
    graph = json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, RECORD]})
    found = claimreview.on_page(page(graph, json.dumps([RECORD])), url=URL)
    assert len(found) == 1


def test_two_claims_of_one_page_are_two_checks():
    other = RECORD | {"claimReviewed": "Two goats tested the fence."}
    found = claimreview.on_page(page(json.dumps([RECORD, other])), url=URL)
    assert [draft.identifier for draft in found] == ["faktenbote.example/goat", "faktenbote.example/goat#2"]


@pytest.mark.parametrize(
    "broken",
    [
        json.dumps(RECORD).replace('"author"', '"x": "a\nb\tc", "author"'),
        json.dumps(RECORD)[:-1] + ",}",
        json.dumps(RECORD).replace(', "author"', ',, "author"'),
        f"<!-- {json.dumps(RECORD)} -->",
        f"//<![CDATA[\n{json.dumps(RECORD)}\n//]]>",
        json.dumps(RECORD) + ";",
    ],
    ids=["line breaks", "comma at the end", "two commas", "comment", "cdata", "semicolon"],
)
def test_broken_json_is_mended_where_that_is_plain(broken):
    (draft,) = claimreview.on_page(page(broken), url=URL)
    assert draft.claim_text == RECORD["claimReviewed"]


def test_json_that_cannot_be_mended_is_no_review():
    assert claimreview.on_page(page('{"@type": "ClaimReview", "claimReviewed": '), url=URL) == []


def test_microdata_is_read_too():
    html = b"""<div itemscope itemtype="http://schema.org/ClaimReview"><link itemprop="url" href="/goat">
      <span itemprop="claimReviewed">A goat tested the fence.</span>
      <div itemprop="itemReviewed" itemscope itemtype="http://schema.org/CreativeWork">
        <div itemprop="author" itemscope><meta itemprop="name" content="A ministry"></div></div>
      <div itemprop="reviewRating" itemscope><span itemprop="alternateName">Falsch</span></div>
      <div itemprop="author" itemscope><span itemprop="name">Faktenbote</span></div></div>"""
    (draft,) = claimreview.on_page(html, url=URL)
    assert (draft.claim_text, draft.rating, draft.claimant) == ("A goat tested the fence.", "Falsch", "A ministry")
    assert draft.url == URL


def test_media_reviews_are_rated_by_their_categories():
    record = {
        "@type": "MediaReview",
        "url": URL,
        "originalMediaContextDescription": "The picture shows another goat.",
        "mediaAuthenticityCategory": ["TransformedContent", "https://schema.org/DecontextualizedContent"],
        "author": {"url": "https://www.faktenbote.example/"},
    }
    draft = claimreview.read(record)
    assert draft.rating == "TransformedContent, DecontextualizedContent"
    assert draft.publisher == "faktenbote.example"


def test_words_under_a_licence_of_their_own_are_left_out():
    explained = RECORD["reviewRating"] | {"ratingExplanation": "Because the goat was a sheep."}
    assert read(reviewRating=explained).more == "Because the goat was a sheep."
    assert read(reviewRating=explained, sdLicense="https://licence.example/").more == ""


def feed(*items):
    elements = [{"@type": "DataFeedItem", "dateCreated": "2024-12-24", "item": item} for item in items]
    whole = {"@type": "DataFeed", "dateModified": "2024-12-24", "dataFeedElement": elements}
    return json.dumps(whole, ensure_ascii=False).encode()


def other(number):
    return RECORD | {"url": f"https://faktenbote.example/{number}", "claimReviewed": f"Claim Ä number {number}."}


@pytest.mark.parametrize("size", [1, 7, 1000, 10**6])
def test_a_feed_is_read_in_pieces_of_any_size(size):
    body = feed([other(1)], None, [other(2), other(3)], [])
    found = list(claimreview.from_feed(body[at : at + size] for at in range(0, len(body), size)))
    assert [draft.claim_text for draft in found] == [f"Claim Ä number {number}." for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"<html>", b'{"dataFeedElement": [{"item": null}', b'{"dataFeedElement": [{]']
)
def test_half_a_feed_is_said_to_be_half(body):
    with pytest.raises(Unreadable):
        list(claimreview.from_feed([body]))


@pytest.mark.django_db
def test_the_feed_is_fetched_when_it_has_changed_and_corrections_are_taken_over(settings, loopback_allowed, capsys):
    bodies = [
        feed([other(1)], [other(2), other(3) | {"reviewRating": {}}]),
        feed([other(1) | {"reviewRating": "Richtig"}]),
    ]

    def script(peer, request):
        if b'If-None-Match: "2"' in request:
            peer.sendall(b"HTTP/1.1 304 Not Modified\r\n\r\n")
            return
        number = len(server.requests)
        peer.sendall(answer(bodies[number - 1], f'ETag: "{number}"', "Content-Type: application/json"))

    with serving(script) as server:
        settings.CLAIMREVIEW_FEED_URL = server.url("/data.json")
        call_command("update_earlier_checks")
        shown = capsys.readouterr()
        assert "2 earlier checks kept, 1 refused" in shown.out
        assert "gives no rating" in shown.err
        call_command("update_earlier_checks")
        call_command("update_earlier_checks")

    assert "has not changed" in capsys.readouterr().out
    ratings = dict(EarlierCheck.objects.values_list("identifier", "rating"))
    assert ratings == {"faktenbote.example/1": "Richtig", "faktenbote.example/2": "Größtenteils falsch"}


@pytest.mark.django_db
def test_a_feed_that_cannot_be_had_is_one_sentence(settings, loopback_allowed, tmp_path):
    with serving(saying(answer(b"", status="500 Internal Server Error"))) as server:
        settings.CLAIMREVIEW_FEED_URL = server.url("/data.json")
        with pytest.raises(CommandError, match="status 500"):
            call_command("update_earlier_checks")
    settings.CLAIMREVIEW_FEED_MAX_BYTES = 1000
    with serving(saying(answer(feed(*[[other(n)] for n in range(20)])))) as server:
        settings.CLAIMREVIEW_FEED_URL = server.url("/data.json")
        with pytest.raises(CommandError, match="larger than 1,000"):
            call_command("update_earlier_checks")
    with pytest.raises(CommandError, match="No such file"):
        call_command("update_earlier_checks", file=tmp_path / "none.json")


def test_recorded_reviews_are_read_or_refused_with_a_reason(shared):
    read = 0
    for line in (shared / "data/claimreview/claimreview_samples.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        payload = row["payload"]
        if row["kind"].startswith("google"):
            claims = payload.get("claims", [payload])
            found = [draft for claim in claims for draft in claimreview.from_google(claim)]
        else:
            block = payload if isinstance(payload, str) else json.dumps(payload)
            found = claimreview.on_page(page(block), url=URL)
        assert found, row["id"]
        read += sum(not isinstance(draft, NotUsable) for draft in found)
    assert read >= 11
