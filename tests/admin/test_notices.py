"""My notices, the chain of escalation and claims that went back: on the pages and by API."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from claims.models import Chat, Claim, Escalation, Membership, RefusedAddress
from claims.operations import noticing, returning, reviewing
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words
from tests.api.client import program_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/account/notices/"


def test_a_person_chooses_how_often_they_are_mailed_of_what(signed_in: SignIn, settings: Any):
    settings.EMAIL_HOST = "mail.example"
    user = make.member(make.newsroom(), Role.REVIEWER)
    user.email = "me@mail.example"
    user.save()
    client = signed_in(user)
    assert "me@mail.example" in words(client.get(PAGE))
    wanted = {**noticing.preferences_of(user), "mention": "weekly", "comment": "off"}
    assert client.post(PAGE, wanted).status_code == 302
    assert noticing.preferences_of(user) == wanted
    assert client.post(PAGE, {**wanted, "mention": "hourly"}).status_code == 400


def test_the_page_says_why_nothing_is_mailed(signed_in: SignIn, settings: Any):
    user = make.member(make.newsroom(), Role.REVIEWER)
    client = signed_in(user)
    settings.EMAIL_HOST = ""
    assert "This installation sends no mail" in words(client.get(PAGE))
    settings.EMAIL_HOST = "mail.example"
    assert "Your account has no mail address" in words(client.get(PAGE))
    user.email = "me@mail.example"
    user.save()
    RefusedAddress.objects.create(person=user, address=user.email, reason="No such user.")
    assert "No such user." in words(client.get(PAGE))
    client.post(f"{PAGE}address/")
    assert not RefusedAddress.objects.exists()


def test_the_page_is_german_for_german_readers_and_found_from_ones_notices(signed_in: SignIn):
    client = signed_in(make.member(make.newsroom(), Role.REVIEWER))
    assert f'href="{PAGE}"' in client.get("/admin/mine/").content.decode()
    client.cookies["django_language"] = "de"
    page = words(client.get(PAGE))
    assert "Meine Hinweise" in page
    assert "Ein Urteil ist überfällig" in page
    assert "einmal am Tag" in page


def test_an_admin_keeps_the_chain_and_it_is_checked(signed_in: SignIn):
    room = make.newsroom()
    client = signed_in(make.member(room, Role.ADMIN))
    add = "/admin/claims/escalation/add/"
    given = {"newsroom": room.pk, "role": "desk_lead", "after_hours": 4}
    assert client.post(add, given).status_code == 302
    rung = Escalation.objects.get()
    assert "nobody: the newsroom's admins are told" in words(client.get("/admin/claims/escalation/"))
    assert "People of this role are in the chain already." in words(client.post(add, given))
    for wrong in ({"role": "admin", "after_hours": -1}, {"role": "admin", "after_hours": 401}, {"role": "auditor"}):
        assert client.post(add, {**given, **wrong}).status_code == 200
    client.post(f"/admin/claims/escalation/{rung.pk}/delete/", {"post": "yes"})
    assert not Escalation.objects.exists()
    kinds = room.ledger.order_by("sequence").values_list("kind", flat=True)
    assert [kind for kind in kinds if kind.startswith("escalation.")] == ["escalation.added", "escalation.removed"]


def test_the_chain_by_api():
    room = make.newsroom()
    program = program_of(make.member(room, Role.ADMIN), room)
    made = program.call("POST", "/api/v1/escalations/", {"role": "desk_lead", "after_hours": 4})
    assert made.status_code == 201
    path = f"/api/v1/escalations/{made.json()['id']}/"
    again = program.call("POST", "/api/v1/escalations/", {"role": "desk_lead", "after_hours": 8})
    assert again.status_code == 400
    changed = program.call("PUT", path, {"role": "editor", "after_hours": 0}).json()
    assert (changed["role"], changed["after_hours"]) == ("editor", 0)
    reader = program_of(make.reviewer(room), room)
    assert reader.call("DELETE", path).status_code == 403
    assert program.call("DELETE", path).status_code == 204


def test_preferences_by_api_and_a_key_that_only_reads_changes_none():
    room = make.newsroom()
    user = make.reviewer(room)
    path = "/api/v1/notices/preferences/"
    program = program_of(user, room)
    assert program.call("PATCH", path, {"kinds": {"comment": "weekly"}}).json()["kinds"]["comment"] == "weekly"
    assert program.call("PATCH", path, {"kinds": {"comment": "hourly"}}).status_code == 400
    assert program.call("PATCH", path, {"kinds": {"nonsense": "daily"}}).status_code == 400
    reader = program_of(user, room, "read")
    assert reader.call("GET", path).json()["kinds"]["comment"] == "weekly"
    assert reader.call("PATCH", path, {"kinds": {"comment": "off"}}).status_code == 403


def test_chats_by_api():
    room = make.newsroom()
    program = program_of(make.member(room, Role.ADMIN), room)
    given = {"label": "Desk", "style": "teams", "kinds": ["overdue"], "language": "de"}
    assert program.call("POST", "/api/v1/chats/", given).status_code == 400  # without an address
    made = program.call("POST", "/api/v1/chats/", {**given, "url": "https://chat.example/hook/abc"})
    assert made.status_code == 201
    assert made.json()["host"] == "chat.example"
    assert "abc" not in made.content.decode()
    path = f"/api/v1/chats/{made.json()['id']}/"
    assert program.call("PUT", path, {**given, "label": "Newsdesk"}).json()["label"] == "Newsdesk"
    assert program.call("POST", f"{path}posts/", {}).status_code == 201
    assert program.call("PUT", f"{path}disabled/", {"reason": "Holidays"}).json()["disabled_reason"] == "Holidays"
    assert program.call("DELETE", f"{path}disabled/").json()["disabled_at"] is None
    assert Chat.objects.get().sealed_url


def test_claims_of_somebody_away_are_given_back_from_the_team_page(signed_in: SignIn):
    claim = make.claim_in_review()
    reviewer = make.reviewer(claim.newsroom)
    reviewing.assign(claim, to=reviewer, by=reviewer)
    today = timezone.now().date()
    Membership.objects.filter(user=reviewer).update(away_from=today, away_until=today + dt.timedelta(days=2))
    for pk in returning.begun():
        returning.hand_back(pk)
    client = signed_in(make.editor(claim.newsroom))
    page = client.get("/admin/team/").content.decode()
    handback = reviewer.memberships.get().handbacks.get()
    assert f"/admin/team/undo/{handback.pk}/" in page
    client.post(f"/admin/team/undo/{handback.pk}/")
    assert Claim.objects.get(pk=claim.pk).assignee == reviewer
    assert "was undone already" in words(client.post(f"/admin/team/undo/{handback.pk}/", follow=True))
    stranger = signed_in(make.editor(make.newsroom()))
    assert stranger.post(f"/admin/team/undo/{handback.pk}/").status_code == 404
