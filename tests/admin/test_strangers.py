"""Walls: every page of the admin, asked for by somebody from another newsroom, shows nothing of this one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.urls.resolvers import URLPattern, URLResolver

from claims.models import Evidence, Lookup, Recheck, Verdict
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn

pytestmark = pytest.mark.django_db
SECRET = "Zwiebelkuchen"


@pytest.fixture
def world() -> dict[str, Any]:
    """A newsroom full of secrets, and somebody from another one."""
    room = make.newsroom(slug="geheim")
    claim = make.claim_published(
        room, text=f"{SECRET} planted 1,250 trees in March 2024.", drafts=[make.draft(private=True)]
    )
    article = make.article_read(room, text=f"{SECRET} wächst. " + make.ARTICLE, title=SECRET)
    return {
        "room": room,
        "claim": claim,
        "article": article,
        "member": make.member(room, Role.DESK_LEAD, Role.ADMIN, name=SECRET.lower()),
        "stranger": make.member(make.newsroom(), Role.DESK_LEAD, Role.ADMIN, Role.AUDITOR),
    }


def _patterns(resolver: Any) -> Iterator[URLPattern]:
    for one in resolver:
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns)
        else:
            yield one


def _rows(world: dict[str, Any]) -> dict[str, int]:
    claim, room = world["claim"], world["room"]
    return {
        "claim": claim.pk,
        "article": world["article"].pk,
        "document": Evidence.objects.filter(claim=claim)[0].document_id,
        "publication": claim.publications.get().pk,
        "membership": room.memberships.get(user=world["member"]).pk,
        "rating": room.ratings.all()[0].pk,
        "newsroom": room.pk,
        "ledgerentry": room.ledger.all()[0].pk,
        "lookup": Lookup.objects.filter(claim=claim)[0].pk,
        "verdict": Verdict.objects.get(claim=claim).pk,
        "user": world["member"].pk,
        "recheck": getattr(Recheck.objects.first(), "pk", 1),
    }


def _addresses(world: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every address of the admin, with this newsroom's rows filled in."""
    rows = _rows(world)
    for pattern in _patterns(admin.site.get_urls()):
        if not pattern.name:
            continue
        kind = next((name for name in rows if f"claims_{name}_" in pattern.name), "claim")
        for given in (
            {},
            {"pk": rows[kind]},
            {"object_id": rows[kind]},
            {"pk": rows["claim"], "name": "review"},
            {"kind": "lookup", "pk": rows["lookup"]},
            {"kind": "article", "pk": rows["article"]},
            {"app_label": "claims"},
        ):
            try:
                yield pattern.name, reverse(f"admin:{pattern.name}", kwargs=given)
            except NoReverseMatch:
                continue


def test_a_stranger_sees_nothing_at_any_address(signed_in: SignIn, world: dict[str, Any]):
    client = signed_in(world["stranger"])
    asked = 0
    for name, address in _addresses(world):
        if name in ("logout", "password_change", "password_change_done"):
            continue
        page = client.get(address, follow=True)
        asked += 1
        assert page.status_code in (200, 302, 403, 404, 405), (name, page.status_code)
        body = b"".join(page.streaming_content) if page.streaming else page.content
        assert SECRET.lower() not in body.decode(errors="replace").lower(), f"{name} shows it at {address}"
    assert asked > 40


def test_nothing_a_stranger_posts_changes_anything(signed_in: SignIn, world: dict[str, Any]):
    client = signed_in(world["stranger"])
    before = world["room"].ledger.count()
    for name, address in _addresses(world):
        if name in ("logout", "password_change", "desk_language"):
            continue
        page = client.post(address, {"reason": "x", "roles": ["admin"], "rating": 1, "reasons": "x"})
        assert page.status_code < 500, (name, page.status_code)
    assert world["room"].ledger.count() == before


def test_somebody_who_is_not_signed_in_is_sent_to_the_login_everywhere(client: Any, world: dict[str, Any]):
    for name, address in _addresses(world):
        if name in ("login", "jsi18n", "desk_welcome", "logout"):
            continue
        page = client.get(address)
        assert page.status_code in (302, 404, 405) or SECRET not in page.content.decode(), name
        if page.status_code == 302:
            assert "/login/" in page["Location"] or page["Location"] == address + "/", (name, page["Location"])


def test_members_do_see_it(signed_in: SignIn, world: dict[str, Any]):
    client = signed_in(world["member"])
    found = 0
    for _name, address in _addresses(world):
        page = client.get(address, follow=True)
        if not page.streaming and SECRET.lower() in page.content.decode(errors="replace").lower():
            found += 1
    assert found > 8


def test_search_and_autocomplete_stay_inside_the_walls(signed_in: SignIn, world: dict[str, Any]):
    client = signed_in(world["stranger"])
    part = SECRET[1:-1]  # pages repeat what was looked for
    for address in (
        f"/admin/claims/claim/?q={part}&tab=all",
        f"/admin/claims/article/?q={part}",
        f"/admin/search/?s={part}&extended=1",
        f"/admin/autocomplete/?app_label=claims&model_name=claim&field_name=duplicate_of&term={part}",
        f"/admin/claims/claim/?article={world['article'].pk}&tab=all",
        f"/admin/claims/claim/?assignee={world['member'].pk}&tab=all",
    ):
        assert SECRET not in client.get(address).content.decode(), address
