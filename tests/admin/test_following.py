"""The page "Following" and the panel that says where a claim was said again."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from claims.models import Claim, FollowedItem, FollowedSource, Occurrence
from claims.operations import following
from claims.operations.following import Entry, Sight
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, words
from tests.operations.test_occurring import SAID, followed

ALL = "/admin/following/"


def test_an_empty_page_says_what_to_do_and_the_first_source_is_there_a_minute_later(signed_in: SignIn):
    room = make.newsroom()
    client = signed_in(make.researcher(room))
    assert "Give the address of a feed" in words(client.get(ALL))
    given = {"newsroom": room.pk, "kind": "feed", "url": "ftp://x", "every_minutes": 60, "reach": 0}
    assert "full address" in words(client.post(f"{ALL}new/", given))
    client.post(f"{ALL}new/", {**given, "url": "https://bote.example/feed"})
    source = FollowedSource.objects.get(newsroom=room)
    page = words(client.get(ALL))
    assert "bote.example" in page and "not visited yet" in page
    again = client.post(f"{ALL}new/", {**given, "url": "https://bote.example/feed"})
    assert again.status_code == 400 and "followed already" in words(again)
    assert source.active


def test_what_failed_is_shown_with_its_reason_and_a_noted_item_can_be_read(signed_in: SignIn):
    room = make.newsroom(followed_per_day=0)
    person = make.researcher(room)
    source = following.follow(room, by=person, url="https://bote.example/feed", name="Bote")
    held = FollowedSource.objects.take(source.pk)
    assert held is not None
    following.record_visit(held, Sight(entries=[Entry("https://bote.example/1", "One")]))
    FollowedSource.objects.filter(pk=source.pk).update(next_attempt_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    held = FollowedSource.objects.take(source.pk)
    assert held is not None
    following.record_visit(held, Sight(reason="The server answered with status 503."))

    client = signed_in(person)
    page = words(client.get(ALL))
    assert "1 failed visit" in page and "status 503" in page
    one = reverse("admin:desk_followed", args=[source.pk])
    assert "noted, not read" in words(client.get(f"{one}?noted=1"))
    item = FollowedItem.objects.get()
    client.post(reverse("admin:desk_followed_item", args=[item.pk]))
    assert "waits to be read" in words(client.get(one))

    client.post(f"{one}pause/")
    assert "paused" in words(client.get(ALL))
    client.post(f"{one}visit/")
    assert FollowedSource.objects.get(pk=source.pk).active
    client.post(one, {"kind": "feed", "url": source.url, "name": "New name", "every_minutes": 15, "reach": 3})
    assert "New name" in words(client.get(one))
    client.post(f"{one}unfollow/")
    assert client.get(one).status_code == 404


def test_an_auditor_sees_what_is_followed_and_cannot_touch_it(signed_in: SignIn):
    room = make.newsroom()
    source = following.follow(room, by=make.researcher(room), url="https://bote.example/feed", name="Bote")
    client = signed_in(make.member(room, Role.AUDITOR))
    assert "Bote" in words(client.get(ALL)) and "Pause" not in words(client.get(ALL))
    client.post(reverse("admin:desk_followed_do", args=[source.pk, "pause"]))
    assert FollowedSource.objects.get().active
    assert client.get(f"{ALL}new/").status_code == 403
    stranger = signed_in(make.researcher(make.newsroom()))
    assert stranger.get(reverse("admin:desk_followed", args=[source.pk])).status_code == 404


def test_the_workbench_says_how_often_and_where_and_lets_a_person_part_them(signed_in: SignIn):
    room = make.newsroom()
    claim = make.claim_submitted(room, text=SAID)
    for number in (1, 2):
        followed(room, f"{SAID} Report {number}.", url=f"https://bote.example/{number}")
    client = signed_in(make.researcher(room))
    page = words(client.get(bench(claim)))
    assert "Said 3 times, first on" in page, page[page.find("Said") :][:200]
    assert "found by following Bote" in page
    assert "came in 3 times 0.24 + regional 0.10" in page, page[page.find("Priority") :][:200]
    occurrence = Occurrence.objects.latest("pk")
    client.post(reverse("admin:desk_occurrence_part", args=[occurrence.pk]))
    assert "Said 2 times" in words(client.get(bench(claim)))
    assert Claim.objects.filter(newsroom=room, text=SAID).count() == 2
    client.cookies["django_language"] = "de"
    assert "2 Mal gesagt" in words(client.get(bench(claim)))


def test_what_waits_to_be_picked_stands_by_priority_with_its_reasons(signed_in: SignIn):
    room = make.newsroom()
    low, high = make.claim_submitted(room, text=SAID), make.claim_submitted(room, text="Eulenburg felled 300 trees.")
    Claim.objects.filter(pk=low.pk).update(score=0.3)
    Claim.objects.filter(pk=high.pk).update(score=0.5)
    for number in (1, 2, 3):
        followed(room, f"{SAID} Report {number}.", url=f"https://bote.example/{number}")
    page = words(signed_in(make.researcher(room)).get("/admin/claims/claim/?tab=pick"))
    assert page.index(SAID) < page.index(high.text)
    assert "Priority 0.70 = worth checking 0.30 + came in 4 times 0.30 + regional 0.10" in page
