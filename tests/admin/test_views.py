"""Saved views: kept, shared, opened with, changed by their owner only."""

from __future__ import annotations

import re

import pytest

from claims.errors import InvalidInput
from claims.models import SavedView
from claims.operations import arranging, triaging
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db
QUEUE, VIEWS = "/admin/claims/claim/", "/admin/claims/claim/views/"


def _chips(page: object) -> list[str]:
    return re.findall(r'class="d-chip" href="([^"]+)"', page.content.decode())


def test_what_is_on_the_screen_is_kept_and_opens_again_with_everything_but_the_page(signed_in: SignIn):
    room = make.newsroom()
    dora = make.researcher(room)
    about, other = make.claim_submitted(room), make.claim_submitted(room)
    triaging.classify(about, by=dora, topic="energy")
    client = signed_in(dora)
    address = "tab=pick&topic=energy&sort=newest&severity=1&severity=2&after=7&evil=1"
    page = client.post(VIEWS, {"name": "Energy", "newsroom": room.pk, "address": address}, follow=True)
    assert "The view is saved." in words(page)
    view = SavedView.objects.get()
    assert view.address == "tab=pick&sort=newest&severity=1&severity=2&topic=energy"
    assert not view.shared
    opened = client.get(QUEUE + _chips(page)[0].replace("&amp;", "&"))
    assert f"#{about.pk}" in words(opened)
    assert f"#{other.pk}" not in words(opened)


def test_a_private_view_is_seen_by_its_owner_a_shared_one_by_the_newsroom_and_neither_by_strangers(signed_in: SignIn):
    room = make.newsroom()
    dora, ralf, zoe = make.researcher(room), make.reviewer(room), make.researcher(make.newsroom())
    arranging.keep(room, by=dora, name="Mine", address="tab=pick")
    shared = arranging.keep(room, by=dora, name="Ours", address="tab=free", shared=True)
    assert len(_chips(signed_in(dora).get(QUEUE))) == 2
    assert len(_chips(signed_in(ralf).get(QUEUE))) == 1
    assert _chips(signed_in(zoe).get(QUEUE)) == []
    assert signed_in(zoe).post(f"{VIEWS}{shared.pk}/", {"remove": "yes"}).status_code == 404
    given = {"name": "Theirs", "newsroom": room.pk, "address": ""}
    assert "Only the person who saved" in words(signed_in(ralf).post(f"{VIEWS}{shared.pk}/", given, follow=True))
    assert "Select a valid choice" in words(signed_in(zoe).post(VIEWS, given, follow=True))
    assert SavedView.objects.filter(name="Ours").exists()


def test_a_view_is_renamed_changed_and_deleted_by_its_owner_and_a_shared_one_deleted_by_the_admin(signed_in: SignIn):
    room = make.newsroom()
    dora, emil = make.researcher(room), make.person(room, Role.ADMIN)
    view = arranging.keep(room, by=dora, name="Old", address="tab=pick", shared=True)
    client = signed_in(dora)
    client.post(f"{VIEWS}{view.pk}/", {"name": "New", "newsroom": room.pk, "address": "tab=free", "shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.address) == ("New", "tab=free")
    assert "deleted" in words(signed_in(emil).post(f"{VIEWS}{view.pk}/", {"remove": "yes"}, follow=True))
    assert not SavedView.objects.exists()


def test_the_queue_opens_with_the_preferred_view_and_only_one_is_preferred(signed_in: SignIn):
    room = make.newsroom()
    dora = make.researcher(room)
    first = arranging.keep(room, by=dora, name="First", address="tab=all", preferred=True)
    second = arranging.keep(room, by=dora, name="Second", address="tab=pick&sort=oldest", preferred=True)
    first.refresh_from_db()
    assert not first.preferred
    client = signed_in(dora)
    assert client.get(QUEUE).headers["Location"] == f"{QUEUE}?tab=pick&sort=oldest&view={second.pk}"
    assert client.get(QUEUE, {"tab": "all"}).status_code == 200


def test_names_are_once_per_person(signed_in: SignIn):
    room = make.newsroom()
    arranging.keep(room, by=make.researcher(room), name="Energy", address="")
    arranging.keep(room, by=make.reviewer(room), name="Energy", address="")
    with pytest.raises(InvalidInput, match="already"):
        arranging.keep(room, by=make.researcher(room), name=" energy ", address="")
    with pytest.raises(InvalidInput, match="name"):
        arranging.keep(room, by=make.researcher(room), name="  ", address="")
