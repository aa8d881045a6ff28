"""Published fact-checks come in from pages and files, once each, and corrections are taken over."""

import gzip
import json

import pytest
from django.core.management import CommandError, call_command

from claims.models import EarlierCheck
from tests import make
from tests.workers.loopback import http as answer
from tests.workers.loopback import serving
from workers import claimimport
from workers.claimreview import NotUsable
from workers.pagetext import Unreadable
from workers.tasks.remembering import update_earlier_checks


def review(number, rating="Falsch"):
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"https://faktenbote.example/{number}",
        "claimReviewed": f"Eulenburg sold {number} bridges.",
        "author": {"@type": "Organization", "name": "Faktenbote"},
        "reviewRating": {"@type": "Rating", "alternateName": rating},
    }


GOOGLE = {
    "claims": [
        {
            "text": "Eulenburg sold 3 bridges.",
            "claimReview": [
                {"publisher": {"name": "Bote"}, "url": "https://bote.example/3", "textualRating": "Wrong"},
                {"publisher": {"name": "Post"}, "url": "https://post.example/3", "textualRating": "False"},
            ],
        }
    ],
    "nextPageToken": "x",
}
SHAPES = {
    "one": (json.dumps(review(1)), 1),
    "a list": (json.dumps([review(1), review(2)]), 2),
    "a graph": (json.dumps({"@graph": [review(1), {"@type": "WebPage"}]}), 1),
    "lines": (f"{json.dumps(review(1))}\n\n{json.dumps(review(2))}\nbroken\n", 2),
    "an item of a feed": (json.dumps({"@type": "DataFeedItem", "item": [review(1), review(2)]}), 2),
    "a feed": (json.dumps({"@type": "DataFeed", "dataFeedElement": [{"item": [review(1)]}, {"item": None}]}), 1),
    "a page": (f'<html><script type="application/ld+json">{json.dumps(review(1))}</script></html>', 1),
    "the answer of a search": (json.dumps(GOOGLE), 2),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_reviews_are_found_in_every_shape_people_keep_them_in(tmp_path, shape):
    text, number = SHAPES[shape]
    path = tmp_path / "reviews"
    path.write_text(text, encoding="utf-8")
    assert len([read for read in claimimport.from_file(path) if not isinstance(read, NotUsable)]) == number
    path.write_bytes(gzip.compress(text.encode()))
    assert len([read for read in claimimport.from_file(path) if not isinstance(read, NotUsable)]) == number


def test_a_packed_file_that_is_broken_or_unpacks_beyond_the_cap_is_refused(tmp_path, settings):
    settings.CLAIMREVIEW_FEED_MAX_BYTES = 1_000_000
    path = tmp_path / "reviews.gz"
    path.write_bytes(gzip.compress(json.dumps(review(1)).encode())[:60])
    with pytest.raises(Unreadable, match="broken"):
        list(claimimport.from_file(path))
    for start in ('{"dataFeedElement": [', "["):
        path.write_bytes(gzip.compress(start.encode() + b" " * 2_000_000))
        with pytest.raises(Unreadable, match="larger than 1,000,000 bytes"):
            list(claimimport.from_file(path))


@pytest.mark.django_db
def test_a_page_is_imported_and_its_later_correction_updates_the_record(loopback_allowed, capsys):
    ratings = iter(["Falsch", "Richtig"])

    def script(peer, request):
        block = f'<script type="application/ld+json">{json.dumps(review(7, next(ratings)))}</script>'
        peer.sendall(answer(f"<html><head>{block}</head></html>".encode(), "Content-Type: text/html"))

    with serving(script) as server:
        call_command("import_claimreviews", server.url("/7"))
        call_command("import_claimreviews", server.url("/7"))

    assert "1 earlier checks kept, 0 refused" in capsys.readouterr().out
    assert EarlierCheck.objects.get().rating == "Richtig"


@pytest.mark.django_db
def test_what_cannot_be_read_is_named_and_the_rest_is_kept(tmp_path, capsys):
    room = make.newsroom("desk")
    good, bad, lines = tmp_path / "good.json", tmp_path / "bad.txt", tmp_path / "lines"
    good.write_text(json.dumps(review(1)))
    bad.write_text("Good morning.")
    lines.write_text(f"{json.dumps(review(2))}\nbroken\n")

    with pytest.raises(CommandError, match="2 of 4 could not be read"):
        call_command("import_claimreviews", *map(str, (good, bad, tmp_path / "none", lines)), newsroom="desk")

    told = capsys.readouterr().err
    assert "neither HTML nor JSON" in told
    assert "No such file" in told
    assert "1 refused: Line 2 is not JSON." in told
    assert set(EarlierCheck.objects.values_list("newsroom", "url")) == {
        (room.pk, "https://faktenbote.example/1"),
        (room.pk, "https://faktenbote.example/2"),
    }


@pytest.mark.django_db
def test_the_nightly_task_asks_nobody_unless_the_operator_wants_it(loopback_allowed):
    body = json.dumps({"dataFeedElement": [{"item": [review(1)]}]}).encode()
    with serving(lambda peer, request: peer.sendall(answer(body, "Content-Type: application/json"))) as server:
        loopback_allowed.CLAIMREVIEW_FEED_URL = server.url("/data.json")
        assert update_earlier_checks() == 0
        assert server.requests == []
        loopback_allowed.CLAIMREVIEW_FEED_NIGHTLY = True
        assert update_earlier_checks() == 1
