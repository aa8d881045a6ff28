"""A desk's own picks and dismissals teach the machine, where that is better than the hand weights."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.analysis.checkworthiness import HAND
from claims.errors import NotPermitted, RuleBroken
from claims.models import CheckworthinessModel, Claim, Newsroom
from claims.operations import deciding, gathering, intake, training
from claims.roles import Role
from tests import make
from tests.operations.test_races import at_once
from workers.tasks.training import train_checkworthiness, train_due

pytestmark = pytest.mark.django_db

Outcome = CheckworthinessModel.Outcome
NOUNS = (("Fähre", True), ("Straße", False))


@pytest.fixture
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real sizes would take minutes; the rules are the same."""
    monkeypatch.setattr(training, "ENOUGH", 60)
    monkeypatch.setattr(training, "ENOUGH_OF_EACH", 20)


def desk(count: int = 40, *, ships: bool = True) -> Newsroom:
    """A desk that picks every sentence about ships and dismisses those about roads, or picks by no rule at all."""
    room = make.newsroom()
    for start in range(0, count, 20):
        text = " ".join(
            f"Die {noun} Nummer {number} wurde im Mai 2019 gebaut und kostete {number + 30} Euro."
            for number in range(start, min(count, start + 20))
            for noun, _ in NOUNS
        )
        make.article_read(room, text=text)
    person = make.researcher(room)
    for number, claim in enumerate(Claim.objects.filter(newsroom=room).order_by("pk")):
        if "Fähre" in claim.text if ships else number % 2:
            gathering.open_lookups(claim, by=person)
        else:
            deciding.dismiss(claim, by=person, reason="Not for us.")
    return room


def picked_since(room: Newsroom) -> None:
    """One more decision."""
    article = make.article_read(room, text="Die Fähre Nummer 999 wurde im Mai 2019 gebaut und kostete 70 Euro.")
    gathering.open_lookups(article.claims.get(), by=make.researcher(room))


def admin(room: Newsroom):
    return make.person(room, Role.ADMIN)


@pytest.mark.usefixtures("few_are_enough")
def test_a_model_that_beats_the_hand_weights_is_used_and_said_so() -> None:
    room = desk()

    model = training.train(room, language="de", by=admin(room))

    assert (model.used, model.outcome, model.decisions, model.worth) == (True, Outcome.BETTER, 80, 40)
    assert model.model_f1 > model.hand_f1
    assert model.model_auc >= model.hand_auc
    assert 0 < model.held_back < 40
    entry = room.ledger.get(kind="checkworthiness.trained")
    assert (entry.payload["model"], entry.payload["outcome"], entry.actor) == (model.pk, "better", admin(room))


@pytest.mark.usefixtures("few_are_enough")
def test_what_is_read_next_is_scored_by_the_model_and_names_it() -> None:
    room = desk()
    model = training.train(room, language="de", by=None)

    make.article_read(room, text="Die Fähre wurde 2020 gebaut. Die Straße wurde 2020 gebaut und kostete 80 Euro.")
    ship = Claim.objects.get(newsroom=room, text="Die Fähre wurde 2020 gebaut.")

    assert ship.reasons[0]["feature"] == f"model {model.pk}, learned from {model.learned_from} decisions"
    words = [reason for reason in ship.reasons if reason["feature"] == "words: fähre"]
    assert words and words[0]["weight"] > 0
    assert ship.text[words[0]["spans"][0]["start"] : words[0]["spans"][0]["end"]] == "Fähre"
    roads = Claim.objects.filter(newsroom=room, text__startswith="Die Straße wurde 2020")
    assert all(road.score < ship.score for road in roads)


@pytest.mark.usefixtures("few_are_enough")
def test_other_newsrooms_and_languages_keep_the_hand_weights() -> None:
    room = desk()
    training.train(room, language="de", by=None)

    assert training.in_use(room, "en") is None
    assert training.in_use(make.newsroom(), "de") is None
    assert training.weights_of(None) is HAND


@pytest.mark.usefixtures("few_are_enough")
def test_a_model_pulls_in_nothing_the_hand_weights_would_not_show() -> None:
    room = desk()
    training.train(room, language="de", by=None)

    article = make.article_read(room, text="Fähre, Fähre! Die Fähre Nummer 3 wurde im Mai 2019 gebaut und war teuer.")

    assert [claim.text[:11] for claim in article.claims.all()] == ["Die Fähre N"]


@pytest.mark.usefixtures("few_are_enough")
def test_a_model_that_is_no_better_is_kept_but_not_used() -> None:
    room = make.newsroom()
    for start in range(0, 80, 20):
        text = " ".join(
            f"Die Fähre Nummer {number} wurde im Mai 2019 gebaut und kostete {number + 30} Euro. "
            f"Die Fähre Nummer {number} fährt hier."
            for number in range(start, start + 20)
        )
        make.article_read(room, text=text)
    person = make.researcher(room)
    for claim in Claim.objects.filter(newsroom=room).order_by("pk"):
        if claim.score >= HAND.claim:
            gathering.open_lookups(claim, by=person)
        else:
            deciding.dismiss(claim, by=person, reason="Not for us.")

    model = training.train(room, language="de", by=None)

    # This desk decides exactly as the hand weights do, and nothing is better than always right.
    assert (model.hand_f1, model.hand_auc) == (1.0, 1.0)
    assert (model.used, model.outcome) == (False, Outcome.NOT_BETTER)
    assert model.weights is not None
    assert training.in_use(room, "de") is None


def test_equal_figures_are_not_better() -> None:
    same = training.Figures(f1=0.7, auc=0.8)
    found = training.Comparison(600, 300, 120, HAND, hand=same, model=same)
    assert found.outcome == Outcome.NOT_BETTER
    ranked_worse = training.Comparison(600, 300, 120, HAND, hand=same, model=training.Figures(f1=0.9, auc=0.7))
    assert ranked_worse.outcome == Outcome.NOT_BETTER


def test_too_few_decisions_change_nothing_and_say_why() -> None:
    room = desk(count=4)

    model = training.train(room, language="de", by=None)

    assert (model.used, model.outcome, model.decisions, model.weights) == (False, Outcome.TOO_FEW, 8, None)


@pytest.mark.usefixtures("few_are_enough")
def test_the_newest_comparison_decides() -> None:
    room = desk()
    first = training.train(room, language="de", by=None)
    second = training.train(room, language="de", by=None)
    first.refresh_from_db()
    assert (first.used, first.outcome, second.used) == (False, Outcome.SUPERSEDED, True)
    same = training.Figures(f1=0.7, auc=0.8)

    training.keep(room, training.Comparison(90, 45, 18, HAND, hand=same, model=same), language="de", by=None)

    assert training.in_use(room, "de") is None


@pytest.mark.usefixtures("few_are_enough")
def test_training_twice_on_the_same_decisions_gives_the_same_figures() -> None:
    room = desk()
    assert training.compare(room, "de") == training.compare(room, "de")


@pytest.mark.usefixtures("few_are_enough")
def test_an_admin_goes_back_to_the_hand_weights_and_the_clock_respects_it() -> None:
    room = desk()
    model = training.train(room, language="de", by=None)

    training.set_aside(model, by=admin(room))

    assert training.in_use(room, "de") is None
    assert model.outcome == Outcome.SET_ASIDE
    assert room.ledger.filter(kind="checkworthiness.set_aside", actor=admin(room)).count() == 1
    picked_since(room)
    assert list(training.due()) == []
    with pytest.raises(RuleBroken, match="not in use"):
        training.set_aside(model, by=admin(room))


@pytest.mark.usefixtures("few_are_enough")
def test_the_clock_trains_only_where_there_are_new_decisions() -> None:
    room = desk()
    assert list(training.due()) == [(room, "de")]
    training.train(room, language="de", by=None)
    assert list(training.due()) == []
    picked_since(room)
    assert list(training.due()) == [(room, "de")]


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.EDITOR, Role.DESK_LEAD, Role.AUDITOR])
def test_nobody_but_an_admin_trains_or_goes_back(role: str) -> None:
    room = make.newsroom()
    with pytest.raises(NotPermitted):
        training.train(room, language="de", by=make.person(room, role))
    model = training.train(room, language="de", by=None)
    with pytest.raises(NotPermitted):
        training.set_aside(model, by=make.person(room, role))


def test_the_last_word_of_a_person_counts_and_the_policy_has_none() -> None:
    room = make.newsroom()
    article = make.article_read(room)
    person = make.researcher(room)
    one, other = article.claims.order_by("pk")[:2]
    gathering.open_lookups(other, by=None)
    assert training.decided(room, "de") == []

    deciding.dismiss(one, by=person, reason="No.")
    assert [row.worth for _, row in training.decided(room, "de")] == [False]
    deciding.restore(one, by=person)
    assert training.decided(room, "de") == []
    gathering.open_lookups(Claim.objects.get(pk=one.pk), by=person)
    assert [row.worth for _, row in training.decided(room, "de")] == [True]
    assert training.decided(make.newsroom(), "de") == []


def test_claims_handed_in_alone_teach_nothing_about_articles() -> None:
    claim = make.claim_gathering()
    assert training.decided(claim.newsroom, claim.language) == []


def test_only_one_model_per_newsroom_and_language_can_be_in_use() -> None:
    room = make.newsroom()
    given = {"newsroom": room, "language": "de", "outcome": "better", "weights": {}, "decisions": 1, "worth": 1}
    CheckworthinessModel.objects.create(**given, used=True, trained_at=timezone.now())
    with pytest.raises(IntegrityError, match="one_checkworthiness_model_in_use"), transaction.atomic():
        CheckworthinessModel.objects.create(**given, used=True, trained_at=timezone.now())


def test_what_is_not_better_can_never_be_in_use() -> None:
    given = {"newsroom": make.newsroom(), "language": "de", "outcome": "not_better", "decisions": 1, "worth": 1}
    with pytest.raises(IntegrityError, match="checkworthiness_in_use_is_better"), transaction.atomic():
        CheckworthinessModel.objects.create(**given, weights={}, used=True, trained_at=timezone.now())


def test_a_claim_sent_in_alone_is_scored_without_a_model_as_before() -> None:
    claim = make.claim_submitted()
    assert not any("learned" in reason["feature"] for reason in claim.reasons)
    assert intake.read(make.article(claim.newsroom)).claims


@pytest.mark.usefixtures("few_are_enough")
def test_the_task_trains_one_newsroom_and_language_and_delivered_twice_leaves_one_model_in_use() -> None:
    room = desk()

    train_checkworthiness(room.pk, "de")
    train_checkworthiness(room.pk, "de")

    models = CheckworthinessModel.objects.filter(newsroom=room)
    assert sorted((model.outcome, model.trained_by) for model in models) == [
        (Outcome.BETTER, None),
        (Outcome.SUPERSEDED, None),
    ]
    assert len({(model.hand_f1, model.model_f1) for model in models}) == 1


def test_the_task_of_a_newsroom_that_is_gone_or_has_too_few_decisions_changes_nothing() -> None:
    train_checkworthiness(0, "de")
    assert not CheckworthinessModel.objects.exists()

    room = desk(count=4)
    train_checkworthiness(room.pk, "de")
    assert not CheckworthinessModel.objects.filter(used=True).exists()


@pytest.mark.usefixtures("few_are_enough")
def test_the_clock_hints_each_newsroom_and_language_once(monkeypatch: pytest.MonkeyPatch) -> None:
    room = desk()
    hinted: list[tuple[int, str]] = []
    monkeypatch.setattr(train_checkworthiness, "delay", lambda *given: hinted.append(given))

    assert train_due() == 1
    assert hinted == [(room.pk, "de")]
    train_checkworthiness(*hinted[0])
    assert train_due() == 0


@pytest.mark.django_db(transaction=True)
def test_of_models_kept_at_once_one_is_in_use() -> None:
    room = make.newsroom()
    hand, better = training.Figures(f1=0.7, auc=0.8), training.Figures(f1=0.9, auc=0.9)
    found = training.Comparison(90, 45, 18, HAND, hand=hand, model=better)

    at_once(*[partial(training.keep, room, found, language="de", by=None)] * 6)

    outcomes = CheckworthinessModel.objects.filter(newsroom=room).values_list("outcome", flat=True)
    assert sorted(outcomes) == [Outcome.BETTER, *[Outcome.SUPERSEDED] * 5]
