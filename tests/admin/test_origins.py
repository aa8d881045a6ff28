"""On the workbench a person cuts and adds connections, sees who did, and takes it back."""

from __future__ import annotations

import pytest

from claims.models import Assessment, OriginEdge
from claims.operations import assessing
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import do, words
from tests.operations.test_overriding import count, join, two_origins

pytestmark = pytest.mark.django_db


def test_documents_are_joined_and_the_page_says_who_and_why(signed_in: SignIn) -> None:
    claim, documents = two_origins()
    client = signed_in(make.researcher(claim.newsroom))
    do(
        client,
        claim,
        "add_edge",
        edge="new",
        document=documents[0].pk,
        target=documents[1].pk,
        reason="Both tell what the union told.",
        version=claim.version,
    )
    assert count(claim) == 1
    page = words(client.get(f"/admin/claims/claim/{claim.pk}/change/"))
    assert "Both tell what the union told." in page and "Take back" in page


def test_a_connection_is_cut_from_the_reason_it_shows(signed_in: SignIn) -> None:
    claim, _ = two_origins()
    edge = next(e for e in Assessment.objects.get(claim=claim).origins["edges"] if e["kind"] != "human")
    do(
        signed_in(make.researcher(claim.newsroom)),
        claim,
        "cut_edge",
        edge=f"{edge['source']}>{edge['target']}",
        reason="It counted itself.",
        version=claim.version,
    )
    made = OriginEdge.objects.get()
    assert (made.action, made.target) == ("cut", edge["target"])


def test_a_cut_without_a_reason_comes_back_beside_its_form(signed_in: SignIn) -> None:
    claim, _ = two_origins()
    edge = next(e for e in Assessment.objects.get(claim=claim).origins["edges"] if e["kind"] != "human")
    page = do(
        signed_in(make.researcher(claim.newsroom)),
        claim,
        "cut_edge",
        edge=f"{edge['source']}>{edge['target']}",
        reason="",
        version=claim.version,
    )
    assert "This field is required" in words(page)
    assert not OriginEdge.objects.exists()


def test_what_was_decided_is_taken_back(signed_in: SignIn) -> None:
    claim, documents = two_origins()
    edge = join(claim, documents)
    claim.refresh_from_db()
    do(signed_in(make.reviewer(claim.newsroom)), claim, "restore_edge", edge=edge.pk, version=claim.version)
    assert count(claim) == 2


def test_a_decision_on_a_document_that_is_gone_is_shown_as_without_effect(signed_in: SignIn) -> None:
    claim, documents = two_origins()
    join(claim, documents)
    claim.lookups.get().hits.filter(document=documents[1]).delete()
    claim.evidence.filter(document=documents[1]).delete()
    Assessment.objects.revive(Assessment.objects.get(claim=claim).pk)
    make.assess(claim)
    assert len(assessing.documents_of(claim)) == 1
    page = signed_in(make.researcher(claim.newsroom)).get(f"/admin/claims/claim/{claim.pk}/change/")
    assert "has no effect now" in words(page)
