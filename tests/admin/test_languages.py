"""A language that is not covered says so wherever its text is shown: article, workbench, API and result file."""

from __future__ import annotations

import pytest
from django.urls import reverse

from claims import results
from claims.models import Article, Claim
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, words
from tests.api.client import program_of

pytestmark = pytest.mark.django_db

POLISH = "14 marca 2023 roku we Francji sprzedano 1200 dzwonów. Potem zaczął padać deszcz."
SAID = "only numbers, dates and countries are read in this language"


def polish() -> tuple[Article, Claim]:
    article = make.article_read(text=POLISH, language="pl")
    return article, article.claims.get()


def test_article_and_workbench_say_that_the_language_is_not_covered(signed_in: SignIn) -> None:
    article, claim = polish()
    client = signed_in(make.researcher(article.newsroom))

    page = words(client.get(reverse("admin:claims_article_change", args=[article.pk])))
    assert SAID in page
    assert "Speakers, quotations and check-worthiness were not." in page
    assert SAID in words(client.get(bench(claim)))
    client.cookies["django_language"] = "de"
    assert "in dieser Sprache werden nur Zahlen, Daten und Länder gelesen" in words(client.get(bench(claim)))


def test_a_covered_language_has_no_such_mark(signed_in: SignIn) -> None:
    claim = make.claim_in_review()
    assert SAID not in words(signed_in(make.reviewer(claim.newsroom)).get(bench(claim)))


def test_the_api_and_the_result_say_it_too() -> None:
    article, claim = polish()
    desk = program_of(make.researcher(article.newsroom), article.newsroom)

    found = desk.get(f"articles/{article.pk}/").json()
    assert found["language_covered"] is False
    assert any("(pl) is not covered" in note for note in found["notes"])
    assert desk.get(f"claims/{claim.pk}/").json()["language_covered"] is False
    assert [row["language_covered"] for row in desk.get("claims/").json()["results"]] == [False]
    assert results.of_article(article)["article"]["language_covered"] is False
    assert make.claim_gathering().language_covered
