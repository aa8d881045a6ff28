"""All checks as one DataFeed, as programs that collect fact-checks read it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from claims.models import Publication
from claims.operations import publishing
from claims.public import datafeed
from tests import make

pytestmark = pytest.mark.django_db


def read(address: str = "/checks/datafeed.json", **headers: str) -> tuple[Any, dict[str, Any]]:
    answer = Client().get(address, headers=headers)
    assert answer.status_code == 200
    return answer, json.loads(answer.getvalue())


def test_every_check_that_is_vouched_for_is_in_it_as_its_own_claim_review() -> None:
    publication, gone = make.publication(), make.publication()
    publishing.withdraw(gone.claim, by=make.editor(gone.newsroom), reason="The letter was forged.")

    answer, told = read()

    assert answer["Content-Type"] == "application/ld+json"
    assert answer.streaming
    assert (told["@context"], told["@type"]) == ("https://schema.org", "DataFeed")
    [item] = told["dataFeedElement"]
    own = Client().get(f"{publication.get_absolute_url()}claimreview.json").json()
    assert (item["@type"], item["item"], item["url"]) == ("DataFeedItem", [own], own["url"])
    publication.refresh_from_db()
    assert item["dateModified"] == publication.changed_at.isoformat() == told["dateModified"]


def test_an_empty_feed_is_still_a_feed() -> None:
    _, told = read()

    assert told["dataFeedElement"] == []
    assert "dateModified" not in told


def test_pages_lead_through_everything_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datafeed, "MOST", 2)
    room = make.newsroom()
    made = [make.publication(room) for _ in range(5)]
    moment = made[0].changed_at  # three changed in the same moment: the place must tell them apart
    Publication.objects.filter(pk__in=[one.pk for one in made[:3]]).update(changed_at=moment)

    found, sizes, address = [], [], f"/checks/datafeed.json?newsroom={room.slug}"
    while address:
        answer, told = read(address)
        found += [item["url"] for item in told["dataFeedElement"]]
        sizes.append(len(told["dataFeedElement"]))
        link = answer.get("Link", "")
        assert not link or link.endswith('; rel="next"')
        parts = urlsplit(link.partition(">")[0].removeprefix("<"))
        address = f"{parts.path}?{parts.query}" if link else ""

    assert sizes == [2, 2, 1]
    wanted = sorted(Publication.objects.all(), key=lambda one: (one.changed_at, one.pk), reverse=True)
    assert [urlsplit(url).path for url in found] == [one.get_absolute_url() for one in wanted]


@pytest.mark.parametrize("place", ["x", "1", "1-", "-1-1", "1" * 17 + "-1", "1-" + "1" * 19, "٣-٣", "1-1\x00"])
def test_a_place_nobody_gave_out_is_refused(place: str) -> None:
    assert Client().get("/checks/datafeed.json", {"before": place}).status_code == 400


def test_the_largest_place_one_may_write_is_answered() -> None:
    assert Client().get("/checks/datafeed.json", {"before": f"{'9' * 16}-{'9' * 18}"}).status_code == 200


def test_it_is_not_sent_again_until_a_check_changes() -> None:
    publication = make.publication()
    first, _ = read()

    again = Client().get("/checks/datafeed.json", headers={"If-None-Match": first["ETag"]})
    publishing.correct(publication, by=make.editor(publication.newsroom), kind="update", notice="One more source.")
    changed, _ = read(**{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    assert changed["ETag"] != first["ETag"]


def test_it_is_narrowed_by_newsroom_and_language() -> None:
    one, other = make.publication(), make.publication()
    Publication.objects.filter(pk=other.pk).update(content={**other.content, "language": "de"})

    def of(query: str) -> list[str]:
        return [urlsplit(item["url"]).path for item in read(f"/checks/datafeed.json?{query}")[1]["dataFeedElement"]]

    assert of(f"newsroom={one.newsroom.slug}") == [one.get_absolute_url()]
    assert of("language=de") == [other.get_absolute_url()]
    assert of("newsroom=%00") == []


def test_a_check_withdrawn_while_the_feed_is_written_is_left_out() -> None:
    publication = make.publication()
    answer = Client().get("/checks/datafeed.json")
    publishing.withdraw(publication.claim, by=make.editor(publication.newsroom), reason="Forged.")

    assert json.loads(answer.getvalue())["dataFeedElement"] == []
