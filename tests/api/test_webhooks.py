"""Webhooks and keys by API: for those who administer the newsroom."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import ApiKey, Delivery, Webhook
from claims.operations import telling
from claims.roles import Role
from tests import make
from tests.api.client import Program, only, program_of

pytestmark = pytest.mark.django_db

URL = "https://cms.example/hook"


@pytest.fixture
def room() -> Any:
    return make.newsroom()


@pytest.fixture
def admin(room: Any) -> Program:
    return program_of(make.person(room, Role.ADMIN), room)


def test_a_webhook_is_made_changed_tested_and_stopped(room: Any, admin: Program) -> None:
    made = admin.post("webhooks/", {"url": URL, "types": ["publication.published"]})
    at = f"webhooks/{made.json()['id']}/"

    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert admin.get(at).json()["secret"] == ""
    assert "whsec_" not in str(Webhook.objects.values().get())
    assert admin.put(at, {"url": URL + "2", "label": "CMS"}).json()["types"] == []
    sent = admin.post(at + "tests/")
    assert (sent.status_code, sent.json()["type"], sent.json()["state"]) == (201, "webhook.tested", "open")
    assert [one["event"] for one in admin.get(at + "deliveries/").json()["results"]] == [sent.json()["event"]]
    assert admin.post(at + "rotations/").json()["secret"].startswith("whsec_")
    assert admin.put(at + "disabled/", {"reason": "Moving."}).json()["disabled_reason"] == "Moving."
    assert only(admin.post(at + "tests/"))["code"] == "disabled"
    assert admin.call("DELETE", at + "disabled/").json()["disabled_at"] is None


def test_a_range_of_events_is_told_again(room: Any, admin: Program) -> None:
    at = f"webhooks/{admin.post('webhooks/', {'url': URL}).json()['id']}/"
    make.claim_submitted(room)
    telling.spread(Webhook.objects.get().pk)
    Delivery.objects.update(state="done")

    answer = admin.post(at + "replays/", {"since": 1, "until": 100})

    assert (answer.status_code, answer.json()) == (201, {"events": 1})
    assert Delivery.objects.get().state == "open"
    assert only(admin.post(at + "replays/", {"since": 5, "until": 1}))["attr"] == "until"
    assert admin.post(at + "replays/", {"since": 1, "until": 1_000_000}).status_code == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "ftp://cms.example/"}, "url"),
        ({"url": "https://user:pass@cms.example/"}, "url"),
        ({"url": URL, "types": ["everything"]}, "types.0"),
        ({}, "url"),
    ],
)
def test_a_bad_webhook_is_refused_with_its_field(admin: Program, body: Any, field: str) -> None:
    answer = admin.post("webhooks/", body)

    assert (answer.status_code, only(answer)["attr"]) == (400, field)


def test_a_key_is_made_listed_and_revoked(room: Any, admin: Program) -> None:
    person = make.researcher(room)

    made = admin.post("keys/", {"user": person.username, "label": "CMS", "scopes": ["read"]})

    assert made.status_code == 201
    program = Program(made.json()["secret"])
    assert program.get("claims/").status_code == 200
    listed = {one["id"]: one for one in admin.get("keys/").json()}
    assert listed[made.json()["id"]]["secret"] == ""
    assert listed[made.json()["id"]]["last_used_at"] is not None
    assert admin.call("DELETE", f"keys/{made.json()['id']}/").status_code == 204
    assert program.get("claims/").status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"user": "nobody"}, "user"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["all"]}, "scopes.0"),
        ({"label": ""}, "label"),
        ({"allowed_networks": ["everywhere"]}, "allowed_networks"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
    ],
)
def test_a_bad_key_is_refused_with_its_field(room: Any, admin: Program, body: Any, field: str) -> None:
    given = {"user": make.researcher(room).username, "label": "CMS", "scopes": ["read"], **body}

    answer = admin.post("keys/", given)

    assert (answer.status_code, only(answer)["attr"]) == (400, field)


def test_keys_and_webhooks_are_not_for_those_who_do_not_administer(room: Any, admin: Program) -> None:
    webhook = admin.post("webhooks/", {"url": URL}).json()["id"]
    key = ApiKey.objects.first()
    assert key is not None
    for role in (Role.EDITOR, Role.RESEARCHER, Role.AUDITOR):
        program = program_of(make.person(room, role), room)
        assert program.get("webhooks/").json()["results"] == []
        assert program.get("keys/").json() == []
        tries = [
            program.post("webhooks/", {"url": URL}),
            program.post("keys/", {"user": "x", "label": "x", "scopes": ["read"]}),
            program.get(f"webhooks/{webhook}/"),
            program.get(f"webhooks/{webhook}/deliveries/"),
            program.post(f"webhooks/{webhook}/replays/", {"since": 1, "until": 2}),
            program.post(f"webhooks/{webhook}/rotations/"),
            program.get(f"keys/{key.token_key}/"),
            program.call("DELETE", f"keys/{key.token_key}/"),
        ]
        assert {answer.status_code for answer in tries} == {403}


def test_a_key_cannot_be_made_by_a_key_without_the_scope(room: Any) -> None:
    person = make.member(room, *Role.values)

    answer = program_of(person, room, "read", "submit", "review", "publish").post(
        "keys/", {"user": person.username, "label": "More", "scopes": ["admin"]}
    )

    assert answer.status_code == 403
