"""What was learned from the desk's decisions can be read by all of the newsroom and undone by its admins."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.analysis import weights
from claims.analysis.checkworthiness import HAND
from claims.models import CheckworthinessModel, Newsroom
from claims.operations import training
from claims.operations.training import Comparison, Figures
from claims.roles import Role
from tests import make
from tests.admin.conftest import SignIn
from tests.admin.pages import words

pytestmark = pytest.mark.django_db

LIST = "/admin/claims/checkworthinessmodel/"


def learned(room: Newsroom) -> CheckworthinessModel:
    found = Comparison(640, 400, 128, HAND, hand=Figures(0.701, 0.8), model=Figures(0.812, 0.9))
    return training.keep(room, found, language="de", by=None)


def page(model: CheckworthinessModel) -> str:
    return reverse("admin:claims_checkworthinessmodel_change", args=[model.pk])


def back(model: CheckworthinessModel) -> str:
    return reverse("admin:claims_checkworthinessmodel_set_aside", args=[model.pk])


def test_the_figures_of_both_and_the_weights_stand_on_the_page(signed_in: SignIn) -> None:
    model = learned(make.newsroom())
    client = signed_in(make.researcher(model.newsroom))

    assert "0.701 · 0.800" in words(client.get(LIST))
    text = words(client.get(page(model)))

    assert "learned from 512 of them. Both were measured on the other 128" in text
    assert "0.812" in text and "heading -2.00" in text
    assert "Go back to the hand weights" not in text


def test_an_admin_goes_back_to_the_hand_weights(signed_in: SignIn) -> None:
    model = learned(make.newsroom())
    client = signed_in(make.member(model.newsroom, Role.ADMIN))

    assert "Go back to the hand weights" in words(client.get(page(model)))
    text = words(client.post(back(model), follow=True))

    assert "The hand weights score again" in text
    assert training.in_use(model.newsroom, "de") is None
    assert "This model is not in use." in words(client.post(back(model), follow=True))


def test_nobody_else_does(signed_in: SignIn) -> None:
    model = learned(make.newsroom())
    signed_in(make.editor(model.newsroom)).post(back(model))
    assert signed_in(make.member(make.newsroom(), Role.ADMIN)).post(back(model)).status_code == 404
    assert signed_in(make.member(model.newsroom, Role.ADMIN)).get(back(model)).status_code == 405
    model.refresh_from_db()
    assert model.used


def test_another_newsroom_sees_nothing_of_it(signed_in: SignIn) -> None:
    model = learned(make.newsroom("harbour"))
    client = signed_in(make.member(make.newsroom(), Role.ADMIN))
    assert client.get(page(model)).status_code == 404
    assert "Harbour" not in words(client.get(LIST))


def test_too_few_decisions_say_how_many_are_needed_in_german_too(signed_in: SignIn) -> None:
    room = make.newsroom()
    model = training.train(room, language="de", by=None)
    client = signed_in(make.researcher(room))
    assert "500 decisions are needed, 50 of each answer" in words(client.get(page(model)))
    client.cookies["django_language"] = "de"
    assert "Es braucht 500 Entscheidungen" in words(client.get(page(model)))
    assert "Prüfwürdigkeit" in words(client.get(LIST))


def test_stored_weights_are_read_back_as_they_were() -> None:
    model = learned(make.newsroom())
    assert training.weights_of(model) == HAND == weights.from_json(model.weights)
    assert model.trained_at <= timezone.now()
