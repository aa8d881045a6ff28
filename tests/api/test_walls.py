"""The walls between newsrooms. Made from the URL conf: a new address is covered at once."""

from __future__ import annotations

import pytest
from django.urls import URLPattern

from claims.roles import Role
from tests import make
from tests.api.addresses import addresses, claim_with_everything, ids_in, path_of
from tests.api.client import Program, program_of

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OWN = {
    "newsrooms",
    "ratings",
    "sources",
    "articles",
    "claims",
    "complaints",
    "export_newsroom",
    "notices",
    "rechecks",
    "notices_read",
    "preferences",
    "escalations",
    "chats",
    "views",
    "export_claims",
    "export_checks",
    "export_evidence",
    "export_reviews",
    "imports",
    "events",
    "keys",
    "webhooks",
    "publications",
    "policies",
    "interests",
    "pool_checks",
    "pool_claims",
    "cosignatures",
    "takeovers",
    "match",
    "followed_sources",
}  # no id in the address: they show the caller's own


def test_a_stranger_finds_nothing_at_any_address_with_any_method() -> None:
    claim = claim_with_everything()
    ids = ids_in(claim)
    elsewhere = make.newsroom("elsewhere")
    stranger = program_of(make.member(elsewhere, *Role.values), elsewhere)

    insider = program_of(make.editor(claim.newsroom), claim.newsroom, "read")

    for pattern in addresses():
        for method in METHODS:
            answer = stranger.call(method, path_of(pattern, ids), {"reason": "x", "text": "x"})
            if pattern.name in OWN:
                assert answer.status_code in (200, 400, 405, 415), (method, pattern.name)
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert claim.newsroom.slug.encode() not in content
                assert claim.text.encode() not in content
            else:  # 405 is the same for everybody: it says nothing about the thing
                assert answer.status_code in (404, 405), (method, pattern.name)
                if answer.status_code == 405:
                    assert insider.call(method, path_of(pattern, ids)).status_code == 405, (method, pattern.name)


@pytest.mark.parametrize("pattern", addresses(), ids=lambda pattern: pattern.name)
def test_whoever_is_not_signed_in_gets_401_everywhere(pattern: URLPattern) -> None:
    ids = dict.fromkeys(pattern.pattern.converters, 1)  # type: ignore[attr-defined]

    for method in METHODS:
        assert Program().call(method, path_of(pattern, ids)).status_code == 401
