"""The walls between newsrooms. Made from the URL conf: a new address is covered at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import URLPattern, reverse

from claims.api.urls import urlpatterns
from claims.models import Claim
from claims.operations import gathering, keying, telling
from claims.roles import Role
from tests import make
from tests.api.client import Program, program_of

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OWN = {
    "newsrooms",
    "ratings",
    "articles",
    "claims",
    "imports",
    "events",
    "keys",
    "webhooks",
    "publications",
    "match",
}  # no id in the address: they show the caller's own
OPEN = {"schema", "docs", "nowhere"}


def addresses() -> list[URLPattern]:
    return [one for one in urlpatterns if one.name not in OPEN]


def ids_in(claim: Claim) -> dict[str, Any]:
    """An id for every kind of thing an address can name, all of one newsroom."""
    return {
        "claim_id": claim.pk,
        "article_id": make.article(claim.newsroom).pk,
        "lookup_id": claim.lookups.first().pk,  # type: ignore[union-attr]
        "evidence_id": claim.evidence.first().pk,  # type: ignore[union-attr]
        "document_id": _private_document(claim),
        "webhook_id": telling.register(claim.newsroom, url="https://cms.example/", by=None)[0].pk,
        "key_id": _key(claim),
    }


def _key(claim: Claim) -> str:
    room = claim.newsroom
    return str(keying.issue(room, user=make.editor(room), by=None, label="CMS", scopes=["read"])[0].token_key)


def _private_document(claim: Claim) -> int:
    return gathering.keep(make.draft(private=True, url="file:///own/archive/1"), claim).pk


def path_of(pattern: URLPattern, ids: dict[str, Any]) -> str:
    wanted = pattern.pattern.converters  # type: ignore[attr-defined]
    return reverse(f"api:{pattern.name}", kwargs={name: ids[name] for name in wanted})


def test_a_stranger_finds_nothing_at_any_address_with_any_method() -> None:
    claim = make.claim_published()
    ids = ids_in(claim)
    elsewhere = make.newsroom("elsewhere")
    stranger = program_of(make.member(elsewhere, *Role.values), elsewhere)

    insider = program_of(make.editor(claim.newsroom), claim.newsroom, "read")

    for pattern in addresses():
        for method in METHODS:
            answer = stranger.call(method, path_of(pattern, ids), {"reason": "x", "text": "x"})
            if pattern.name in OWN:
                assert answer.status_code in (200, 400, 405, 415), (method, pattern.name)
                assert claim.newsroom.slug.encode() not in answer.content
                assert claim.text.encode() not in answer.content
            else:  # 405 is the same for everybody: it says nothing about the thing
                assert answer.status_code in (404, 405), (method, pattern.name)
                if answer.status_code == 405:
                    assert insider.call(method, path_of(pattern, ids)).status_code == 405, (method, pattern.name)


@pytest.mark.parametrize("pattern", addresses(), ids=lambda pattern: pattern.name)
def test_whoever_is_not_signed_in_gets_401_everywhere(pattern: URLPattern) -> None:
    ids = dict.fromkeys(
        ("claim_id", "article_id", "lookup_id", "evidence_id", "document_id", "webhook_id", "key_id"), 1
    )

    for method in METHODS:
        assert Program().call(method, path_of(pattern, ids)).status_code == 401
