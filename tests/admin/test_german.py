"""The desk in German: pages, refusals, and names inside refusals."""

from __future__ import annotations

import pytest
from django.utils import translation

from claims.admin.refusals import KNOWN, PATTERNS, said
from claims.errors import MoveNotAllowed, RuleBroken
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, do, words


@pytest.mark.parametrize("message", [*KNOWN, *PATTERNS])
def test_every_refusal_the_desk_knows_is_said_in_german(message: str):
    with translation.override("de"):
        assert translation.gettext(message) != message


def test_a_refusal_with_figures_keeps_them_and_an_unknown_one_is_shown_as_it_is():
    with translation.override("de"):
        needed = said(RuleBroken("Reviews needed for a verdict: 2; given so far: 1."))
        assert needed == "Für ein Urteil nötige Gutachten: 2; bisher abgegeben: 1."
        assert "Zustimmen" in said(MoveNotAllowed("Cannot approve a claim that is decided."))
        assert said(RuleBroken("Something new.")) == "Something new."
    with translation.override("en"):
        assert said(RuleBroken("This passage is evidence already.")) == "This passage is evidence already."


@pytest.mark.django_db
def test_a_german_reviewer_reads_a_german_page_and_a_german_refusal(signed_in: SignIn):
    claim = make.claim_reviewed()
    client = signed_in(make.reviewer(claim.newsroom))
    client.cookies["django_language"] = "de"
    text = words(client.get(bench(claim)))
    assert "Angaben und Quellen im Vergleich" in text
    assert "1 Dokument, 1 unabhängiger Ursprung" in text
    page = do(client, claim, "review", rating=make.rating(claim.newsroom).pk, reasons="Noch einmal.")
    assert "Sie haben diese Behauptung schon begutachtet." in words(page)


@pytest.mark.django_db
def test_lists_name_their_columns_in_german(signed_in: SignIn):
    client = signed_in(make.member(make.newsroom(), Role.DESK_LEAD, Role.ADMIN))
    client.cookies["django_language"] = "de"
    assert "Reihenfolge" in words(client.get("/admin/claims/rating/"))
