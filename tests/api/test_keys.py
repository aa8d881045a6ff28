"""Keys: confined to one newsroom and to their scopes."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from claims.errors import InvalidInput, NotPermitted, RuleBroken
from claims.models import ApiKey
from claims.operations import keying
from claims.roles import Role
from tests import make
from tests.api.client import Program, only, program_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Bearer a b", "Bearer f\xfcr", "Basic eDp5", "Token x", "Bearer \x00"]
)
def test_without_a_key_that_holds_nothing_is_answered(header: str) -> None:
    stranger = Program()
    stranger.headers = {"Authorization": header} if header else {}

    answer = stranger.get("claims/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_only_the_hash_of_a_key_is_kept() -> None:
    room = make.newsroom()
    key, secret = keying.issue(room, user=make.editor(room), by=None, label="CMS", scopes=["read"])

    assert secret.startswith("fck_")
    assert secret.startswith(key.token_key)
    assert secret not in str(ApiKey.objects.values().get())


def test_a_key_sees_only_its_newsroom_although_its_person_belongs_to_more() -> None:
    room, other = make.newsroom(), make.newsroom()
    person = make.editor(room)
    other.memberships.create(user=person, roles=[Role.EDITOR])
    claim = make.claim_submitted(other)

    program = program_of(person, room)

    assert program.get(f"claims/{claim.pk}/").status_code == 404
    assert program_of(person, other).get(f"claims/{claim.pk}/").status_code == 200


def test_a_key_of_an_administrator_of_the_server_is_confined_too() -> None:
    room, other = make.newsroom(), make.newsroom()
    person = make.editor(room)
    person.is_superuser = True
    person.save()
    claim = make.claim_submitted(other)

    assert program_of(person, room).get(f"claims/{claim.pk}/").status_code == 404


def test_a_key_does_no_more_than_its_scopes_and_no_more_than_its_person() -> None:
    room = make.newsroom()
    submitter = program_of(make.editor(room), room, "submit")
    reader = program_of(make.editor(room), room, "read")
    auditor = program_of(make.person(room, Role.AUDITOR), room)

    assert submitter.post("claims/", {"text": "The sky is blue."}).status_code == 201
    assert submitter.get("claims/").status_code == 403
    assert reader.get("claims/").status_code == 200
    assert reader.post("claims/", {"text": "The sky is green."}).status_code == 403
    assert auditor.post("claims/", {"text": "The sky is green."}).status_code == 403


def test_an_expired_key_or_one_of_somebody_who_left_is_refused() -> None:
    room = make.newsroom()
    person = make.editor(room)
    _, secret = keying.issue(
        room, user=person, by=None, label="CMS", scopes=["read"], expires_at=timezone.now() + dt.timedelta(hours=1)
    )
    program = Program(secret)
    assert program.get("claims/").status_code == 200

    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        assert program.get("claims/").status_code == 401

    room.memberships.filter(user=person).update(active=False)
    assert program.get("claims/").json()["results"] == []


def test_a_revoked_key_is_refused_at_once() -> None:
    room = make.newsroom()
    admin = make.person(room, Role.ADMIN)
    key, secret = keying.issue(room, user=make.editor(room), by=admin, label="CMS", scopes=["read"])

    keying.revoke(key, by=admin)

    assert Program(secret).get("claims/").status_code == 401


def test_a_rotated_key_works_beside_its_successor_for_a_while() -> None:
    room = make.newsroom()
    admin = make.person(room, Role.ADMIN)
    key, old = keying.issue(room, user=make.editor(room), by=admin, label="CMS", scopes=["read"])

    _, new = keying.rotate(key, by=admin, overlap=dt.timedelta(hours=1))

    assert Program(old).get("claims/").status_code == Program(new).get("claims/").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        assert Program(old).get("claims/").status_code == 401
        assert Program(new).get("claims/").status_code == 200
    with pytest.raises(RuleBroken):
        keying.rotate(key, by=admin)


def test_a_key_for_some_networks_is_refused_from_others() -> None:
    room = make.newsroom()
    far, near = (
        keying.issue(room, user=make.editor(room), by=None, label="CMS", scopes=["read"], allowed_networks=[net])[1]
        for net in ("203.0.113.0/24", "127.0.0.0/8")
    )

    refused = Program(far).get("claims/")

    assert (refused.status_code, only(refused)["code"]) == (401, "foreign_address")
    assert Program(near).get("claims/").status_code == 200


def test_keys_are_made_by_administrators_for_members_with_known_scopes() -> None:
    room = make.newsroom()
    editor, stranger = make.editor(room), make.editor(make.newsroom())

    with pytest.raises(NotPermitted):
        keying.issue(room, user=editor, by=editor, label="CMS", scopes=["read"])
    with pytest.raises(RuleBroken):
        keying.issue(room, user=stranger, by=None, label="CMS", scopes=["read"])
    for wrong in ({"scopes": ["all"]}, {"scopes": []}, {"label": " "}, {"allowed_networks": ["everywhere"]}):
        with pytest.raises(InvalidInput):
            keying.issue(room, user=editor, by=None, **{"label": "CMS", "scopes": ["read"], **wrong})


def test_the_command_prints_the_secret_alone() -> None:
    room = make.newsroom()
    person = make.editor(room)
    out, err = StringIO(), StringIO()

    call_command(
        "create_key", newsroom=room.slug, user=person.username, label="CMS", scope=["read"], stdout=out, stderr=err
    )

    assert Program(out.getvalue().strip()).get("claims/").status_code == 200
    with pytest.raises(CommandError, match="no newsroom"):
        call_command("create_key", newsroom="nobody-s", user=person.username, label="CMS")
