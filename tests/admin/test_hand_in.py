"""Handing in through the desk: what is wrong is said beside its field, and nothing is half-saved."""

from __future__ import annotations

import pytest

from claims.models import Article, Claim
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db
ARTICLE, CLAIM = "/admin/claims/article/add/", "/admin/claims/claim/add/"


def test_an_article_is_handed_in_and_shown(signed_in: SignIn):
    room = make.newsroom()
    page = signed_in(make.researcher(room)).post(
        ARTICLE,
        {"newsroom": room.pk, "text": make.ARTICLE, "language": "de", "published_on": "2024-04-02"},
        follow=True,
    )
    assert Article.objects.get().text == make.ARTICLE
    assert "The article is in" in words(page)


def test_the_same_article_twice_is_said_to_be_here_already(signed_in: SignIn):
    room = make.newsroom()
    client = signed_in(make.researcher(room))
    given = {"newsroom": room.pk, "text": make.ARTICLE, "language": "de"}
    client.post(ARTICLE, given)
    assert "here already" in words(client.post(ARTICLE, given, follow=True))
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": ""}, "Give the text, or the address it can be fetched from."),
        ({"text": "  \n "}, "is empty"),
        ({"text": "…—!"}, "is empty"),
        ({"text": "x" * 400_001}, "400,001 characters"),
        ({"text": "Ein Text.", "language": "zz"}, "not a language code"),
        ({"text": "Ein Text.", "published_on": "2999-01-01"}, "in the future"),
        ({"text": "Ein Text.", "published_on": "yesterday"}, "valid date"),
        ({"text": "Ein Text.", "url": "javascript:alert(1)"}, "http"),
        ({"text": "NUL \x00 in it"}, "ull characters"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(signed_in: SignIn, given: dict[str, str], said: str):
    room = make.newsroom()
    page = signed_in(make.researcher(room)).post(ARTICLE, {"newsroom": room.pk, "title": "Kept title", **given})
    assert page.status_code == 400
    assert said in words(page)
    assert "Kept title" in page.content.decode()
    assert not Article.objects.exists()


def test_a_single_claim_goes_to_the_queue(signed_in: SignIn):
    room = make.newsroom()
    client = signed_in(make.researcher(room))
    client.post(CLAIM, {"newsroom": room.pk, "text": "Eulenburg planted 1,250 trees.", "language": "en"})
    assert Claim.objects.get().status == "submitted"


def test_nobody_hands_in_for_a_newsroom_that_is_not_theirs(signed_in: SignIn):
    room, other = make.newsroom(), make.newsroom()
    page = signed_in(make.researcher(room)).post(ARTICLE, {"newsroom": other.pk, "text": make.ARTICLE})
    assert page.status_code == 400
    assert not Article.objects.exists()


def test_an_auditor_hands_in_nothing(signed_in: SignIn):
    room = make.newsroom()
    assert signed_in(make.member(room, Role.AUDITOR)).get(ARTICLE).status_code == 403


def test_a_reading_that_failed_says_why_and_is_tried_again(signed_in: SignIn):
    article = make.article()
    held = Article.objects.take(article.pk)
    assert held is not None
    Article.objects.bury(held, error="The reader stumbled.")
    client = signed_in(make.researcher(article.newsroom))
    page = client.get(f"/admin/claims/article/{article.pk}/change/")
    assert "The reader stumbled." in words(page)
    client.post(f"/admin/claims/article/{article.pk}/read-again/")
    article.refresh_from_db()
    assert article.state == "open"
