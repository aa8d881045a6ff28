"""Following and occurrences for programs."""

from __future__ import annotations

import pytest

from claims.models import FollowedSource, Occurrence
from tests import make
from tests.api.client import program_of
from tests.operations.test_occurring import SAID, followed

pytestmark = pytest.mark.django_db


def test_a_program_follows_pauses_visits_and_unfollows():
    room = make.newsroom()
    program = program_of(make.researcher(room), room)
    made = program.call("POST", "/api/v1/followed-sources/", {"url": "https://bote.example/feed", "topic": "trees"})
    assert made.status_code == 201
    told = made.json()
    assert (told["name"], told["kind"], told["every_minutes"], told["active"]) == ("bote.example", "feed", 60, True)
    one = f"/api/v1/followed-sources/{told['id']}/"
    assert program.call("POST", "/api/v1/followed-sources/", {"url": "https://bote.example/feed"}).status_code == 400
    changed = program.call("PUT", one, {"url": "https://bote.example/map.xml", "kind": "sitemap", "every_minutes": 30})
    assert (changed.json()["kind"], changed.json()["topic"]) == ("sitemap", "")
    assert program.call("PUT", f"{one}pause/", {}).json()["active"] is False
    assert program.call("PUT", f"{one}pause/", {}).status_code == 422
    assert program.call("DELETE", f"{one}pause/").json()["active"] is True
    assert program.call("POST", f"{one}visits/", {}).status_code == 201
    assert program.call("GET", f"{one}items/").json()["results"] == []
    assert program.call("DELETE", one).status_code == 204
    assert program.call("GET", one).status_code == 404
    assert FollowedSource.objects.get().removed_at is not None


def test_a_program_reads_where_a_claim_was_said_and_parts_what_is_not_the_same():
    room = make.newsroom()
    claim = make.claim_submitted(room, text=SAID)
    followed(room, SAID, publisher="Bote")
    program = program_of(make.researcher(room), room)
    address = f"/api/v1/claims/{claim.pk}/occurrences/"
    (told,) = program.call("GET", address).json()["results"]
    assert (told["kind"], told["publisher"], told["found_by"], told["said_on"]) == (
        "said",
        "Bote",
        "Bote",
        "2024-05-01",
    )
    parted = program.call("DELETE", f"{address}{told['id']}/").json()
    assert parted["became"] == Occurrence.objects.get().became_id and parted["taken_back_by"]
