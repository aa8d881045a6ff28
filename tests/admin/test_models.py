"""What models suggested is shown with their name; what they cost, to those who run the newsroom."""

from __future__ import annotations

import pytest

from claims.models import Consultation, ModelCall
from claims.operations import consulting, suggesting
from claims.operations.consulting import Price
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import bench, words

pytestmark = pytest.mark.django_db
LIST = "/admin/claims/modelcall/"


@pytest.fixture
def chatting(settings):
    settings.MODEL_CHAT_URL, settings.MODEL_CHAT_NAME = "http://127.0.0.1:9/v1", "parrot-7b"
    return make.newsroom(ask_models=True)


def held(consultation: Consultation) -> Consultation:
    taken = Consultation.objects.take(consultation.pk)
    assert taken is not None
    return taken


def test_the_article_names_the_model_beside_its_candidate(chatting, signed_in: SignIn):
    article = make.article_read(chatting)
    asked = held(Consultation.objects.get(article=article))
    (claim,) = suggesting.suggest_claims(asked, ["Das Wetter war schön.", "Invented words here."], model="parrot-7b")
    client = signed_in(make.editor(chatting))
    page = words(client.get(f"/admin/claims/article/{article.pk}/change/"))
    assert "parrot-7b suggested 1; 1 left out." in page
    assert "suggested by parrot-7b" in page
    assert "suggested by parrot-7b" in words(client.get(bench(claim)))
    assert "suggested by parrot-7b" in words(client.get("/admin/claims/claim/"))


def test_the_workbench_says_why_a_model_suggested_nothing(chatting, signed_in: SignIn):
    claim = make.claim_in_review(chatting)
    consulting.give_up(held(Consultation.objects.get(claim=claim, job="stance")), reason="It is asleep.")
    consulting.keep(held(Consultation.objects.get(claim=claim, job="queries")), ["trees <b>"], model="parrot-7b")
    page = words(signed_in(make.editor(chatting)).get(bench(claim)))
    assert "The model could not be asked: It is asleep." in page
    assert "suggested by parrot-7b" in page
    assert "trees <b>" in page or "trees &lt;b&gt;" in page


def test_calls_and_their_totals_are_for_those_who_run_the_newsroom(chatting, signed_in: SignIn):
    asked = held(Consultation.objects.get(article=make.article_read(chatting)))
    consulting.begin(
        asked, model="parrot-7b", server="127.0.0.1:9", prompt="x", price=Price(), tokens_in=1, tokens_out=1
    )
    client = signed_in(make.member(chatting, Role.ADMIN))
    assert "parrot-7b" in words(client.get(LIST))
    call = ModelCall.objects.get()
    assert client.get(f"{LIST}{call.pk}/change/").status_code == 200
    assert client.post(f"{LIST}{call.pk}/change/", {"cost": "0"}).status_code == 403
    client = signed_in(make.member(make.newsroom(), Role.ADMIN))
    assert "parrot-7b" not in words(client.get(LIST))
    assert signed_in(make.reviewer(chatting)).get(LIST).status_code == 403
