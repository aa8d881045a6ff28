"""Times in the desk are those of the newsroom: shown by its clock, and read by it where somebody types one."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from claims.models import Claim, Newsroom
from claims.operations import scheduling
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, do, words

pytestmark = pytest.mark.django_db


def test_a_time_typed_in_the_desk_is_that_of_the_newsroom_and_says_so(signed_in: SignIn):
    claim = make.claim_decided()
    Newsroom.objects.filter(pk=claim.newsroom_id).update(time_zone="Pacific/Auckland")
    client = signed_in(make.member(claim.newsroom, Role.DESK_LEAD))
    assert "Time in Pacific/Auckland" in words(client.get(bench(claim)))
    day = timezone.localdate() + dt.timedelta(days=30)
    do(client, claim, "schedule", publish_at=f"{day}T18:00")
    there = dt.datetime.combine(day, dt.time(18), ZoneInfo("Pacific/Auckland"))
    assert scheduling.of(claim).publish_at == there
    assert f"{there:%b %Y}, 18:00" in words(client.get(bench(Claim.objects.get(pk=claim.pk))))
    assert timezone.get_current_timezone_name() == "UTC"


def test_newsrooms_in_different_zones_and_none_named_leave_the_installations(signed_in: SignIn):
    room = make.newsroom()
    person = make.member(room, Role.REVIEWER)
    assert "Times in the desk are those of UTC" in words(signed_in(person).get("/admin/account/"))
    Newsroom.objects.filter(pk=room.pk).update(time_zone="Europe/Berlin")
    assert "those of Europe/Berlin" in words(signed_in(person).get("/admin/account/"))
    other = make.newsroom(time_zone="Asia/Tokyo")
    other.memberships.create(user=person, roles=[Role.REVIEWER])
    assert "those of UTC" in words(signed_in(person).get("/admin/account/"))
