"""Training by hand says what it found before it changes anything."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.models import CheckworthinessModel
from claims.operations import training
from tests import make
from tests.operations.test_training import desk

pytestmark = pytest.mark.django_db


def said(**options: object) -> str:
    out = StringIO()
    call_command("train_checkworthiness", stdout=out, **options)
    return out.getvalue()


def test_it_prints_the_figures_of_both_and_what_weighs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(training, "ENOUGH", 60)
    monkeypatch.setattr(training, "ENOUGH_OF_EACH", 20)
    room = desk()
    text = said(newsroom=room.slug, language="de", dry_run=True)
    assert "80: 40 worth checking, 40 not" in text
    assert "hand weights   F1 0." in text and "model          F1 1.000, AUC 1.000" in text
    assert "words: fähre" in text and "Dry run: nothing was changed." in text
    assert not CheckworthinessModel.objects.exists()

    assert "scores from now on" in said(newsroom=room.slug, language="de")
    assert training.in_use(room, "de") is not None


def test_it_goes_through_every_language_and_says_what_is_missing():
    room = make.newsroom(languages=["en", "de"])
    text = said(newsroom=room.slug)
    assert text.count("Too few to learn from: 500 are needed, 50 of each answer.") == 2
    assert room.checkworthiness_models.count() == 2


def test_an_unknown_newsroom_is_refused():
    with pytest.raises(CommandError, match="no newsroom 'nowhere'"):
        said(newsroom="nowhere")
