"""Training: what a desk finds worth checking is learned from its own picks and dismissals.

The hand weights stay unless a model beats them on decisions it never saw. See docs/checkworthiness.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from claims import transitions
from claims.analysis import checkworthiness, weights
from claims.analysis.checkworthiness import HAND, Decision, Weights
from claims.analysis.types import Reading, Reason, Sentence, Span
from claims.errors import RuleBroken
from claims.models import CheckworthinessModel, Claim, LedgerEntry, Newsroom, User
from claims.workflow import DISMISS, GATHER, PROPOSE, RESTORE, Permission

Outcome = CheckworthinessModel.Outcome

ENOUGH = 500  # decisions in all; with fewer the held-back part is too small to compare on
ENOUGH_OF_EACH = 50  # of "worth checking" and of "not", so that both stand in the held-back part
HELD_BACK = 5  # every fifth decision by the hash of its text: the same text always falls on the same side
_WORTH = {GATHER.name: True, PROPOSE.name: True, DISMISS.name: False, RESTORE.name: None}


@dataclass(frozen=True, slots=True)
class Figures:
    """How well weights tell what the desk picks: F1 of "worth checking" at their threshold, and ranking (AUC)."""

    f1: float
    auc: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A model beside the hand weights, both measured on the same decisions, which the model never saw."""

    decisions: int
    worth: int
    held_back: int = 0
    weights: Weights | None = None
    hand: Figures | None = None
    model: Figures | None = None

    @property
    def outcome(self) -> CheckworthinessModel.Outcome:
        if self.model is None or self.hand is None:
            return Outcome.TOO_FEW
        better = self.model.f1 > self.hand.f1 and self.model.auc >= self.hand.auc
        return Outcome.BETTER if better else Outcome.NOT_BETTER


def decided(newsroom: Newsroom | int, language: str) -> list[tuple[str, Decision]]:
    """The sentences of articles on which people of this desk decided, with the hash of their text.

    The last word counts: checked or proposed means worth checking, dismissed means not, put back means undecided.
    What the newsroom's policy gathered by itself is nobody's decision.
    """
    answers: dict[int, bool | None] = {}
    moves = LedgerEntry.objects.filter(
        newsroom=newsroom,
        kind="claim.moved",
        actor__isnull=False,
        claim__article__isnull=False,
        claim__language=language,
    ).order_by("sequence")
    for claim, body in moves.values_list("claim_id", "body").iterator():
        move = json.loads(body).get("move")
        if move in _WORTH:
            answers.pop(claim, None)  # the later decision stands later
            answers[claim] = _WORTH[move]
    once: dict[str, Decision] = {}
    ordered = [pk for pk, answer in answers.items() if answer is not None]
    for start in range(0, len(ordered), 1000):
        some = ordered[start : start + 1000]
        rows = Claim.objects.only("text", "sha256", "facts", "reasons").in_bulk(some)
        for pk in some:
            once.pop(rows[pk].sha256, None)
            once[rows[pk].sha256] = Decision(_sentence(rows[pk]), rows[pk].read_facts(), bool(answers[pk]))
    return sorted(once.items())


def _sentence(claim: Claim) -> Sentence:
    heading = any(reason["feature"] == "heading" for reason in claim.reasons)
    return Sentence(Span(0, len(claim.text)), claim.text, "heading" if heading else "sentence")


def compare(newsroom: Newsroom | int, language: str) -> Comparison:
    """Train on four fifths of the desk's decisions and measure on the rest. Changes nothing."""
    rows = decided(newsroom, language)
    worth = sum(row.worth for _, row in rows)
    if len(rows) < ENOUGH or min(worth, len(rows) - worth) < ENOUGH_OF_EACH:
        return Comparison(len(rows), worth)
    held = [row for digest, row in rows if int(digest, 16) % HELD_BACK == 0]
    model = checkworthiness.train([row for digest, row in rows if int(digest, 16) % HELD_BACK], language)
    return Comparison(
        decisions=len(rows),
        worth=worth,
        held_back=len(held),
        weights=model,
        hand=measure(HAND, held, language),
        model=measure(model, held, language),
    )


def measure(known: Weights, rows: Sequence[Decision], language: str) -> Figures:
    """How well weights tell these decisions."""
    from claims.analysis import learning  # numpy is loaded only where something is trained

    scores = [checkworthiness.score(row.sentence, language, facts=row.facts, weights=known)[0] for row in rows]
    answers = [row.worth for row in rows]
    return Figures(
        f1=learning.f1([score >= known.claim for score in scores], answers),
        auc=learning.ranked_right(scores, answers),
    )


def train(newsroom: Newsroom, *, language: str, by: User | None) -> CheckworthinessModel:
    """Learn from the desk's decisions; use what was learned where it beats the hand weights, and say so either way.

    The newest comparison decides: a model that was in use steps down when its successor is no better than the
    hand weights. Too few decisions change nothing.
    """
    transitions.require(by, Permission.ADMINISTER, newsroom)
    return keep(newsroom, compare(newsroom, language), language=language, by=by)


@transaction.atomic
def keep(newsroom: Newsroom, found: Comparison, *, language: str, by: User | None) -> CheckworthinessModel:
    """Keep a comparison as a row of the history, and put its model in use where it is better."""
    transitions.require(by, Permission.ADMINISTER, newsroom)
    Newsroom.objects.select_for_update(no_key=True).get(pk=newsroom.pk)
    outcome = found.outcome
    if outcome != Outcome.TOO_FEW:
        CheckworthinessModel.objects.in_use(newsroom, language).update(used=False, outcome=Outcome.SUPERSEDED)
    model = CheckworthinessModel.objects.create(
        newsroom=newsroom,
        language=language,
        weights=weights.to_json(found.weights) if found.weights else None,
        used=outcome == Outcome.BETTER,
        outcome=outcome,
        decisions=found.decisions,
        worth=found.worth,
        held_back=found.held_back,
        hand_f1=found.hand.f1 if found.hand else None,
        hand_auc=found.hand.auc if found.hand else None,
        model_f1=found.model.f1 if found.model else None,
        model_auc=found.model.auc if found.model else None,
        trained_at=timezone.now(),
        trained_by=by,
    )
    transitions.record(
        "checkworthiness.trained",
        newsroom=newsroom,
        by=by,
        model=model.pk,
        language=language,
        outcome=str(outcome),
        decisions=found.decisions,
        # Canonical JSON of the ledger knows no fractions of its own: figures go in as they are printed.
        hand_f1=f"{found.hand.f1:.3f}" if found.hand else "",
        model_f1=f"{found.model.f1:.3f}" if found.model else "",
    )
    return model


@transaction.atomic
def set_aside(model: CheckworthinessModel, *, by: User) -> CheckworthinessModel:
    """Go back to the hand weights. The monthly training then leaves this language alone until a person trains."""
    transitions.require(by, Permission.ADMINISTER, model.newsroom_id)
    changed = CheckworthinessModel.objects.filter(pk=model.pk, used=True).update(used=False, outcome=Outcome.SET_ASIDE)
    if not changed:
        raise RuleBroken("This model is not in use.", code="not_in_use")
    transitions.record(
        "checkworthiness.set_aside", newsroom=model.newsroom_id, by=by, model=model.pk, language=model.language
    )
    model.refresh_from_db()
    return model


def due() -> Iterator[tuple[Newsroom, str]]:
    """Newsrooms and languages with enough new decisions to train by the clock, where nobody said not to."""
    for newsroom in Newsroom.objects.order_by("pk"):
        for language in newsroom.languages:
            last = CheckworthinessModel.objects.filter(newsroom=newsroom, language=language).first()
            if last is not None and last.outcome == Outcome.SET_ASIDE:
                continue
            count = len(decided(newsroom, language))
            if count >= ENOUGH and (last is None or count > last.decisions):
                yield newsroom, language


def explained(reading: Reading, model: CheckworthinessModel | None) -> Reading:
    """The reading with the model named among the reasons of every claim; its start value is their first term."""
    if model is None:
        return reading
    known = weights_of(model)
    named = Reason(f"model {model.pk}, learned from {model.learned_from} decisions", round(known.bias, 3))
    return replace(reading, claims=tuple(replace(one, reasons=(named, *one.reasons)) for one in reading.claims))


def in_use(newsroom: Newsroom | int, language: str) -> CheckworthinessModel | None:
    """The model that scores for this newsroom and language now; None for the hand weights.

    Asked anew for every text, so that every worker follows a change at once; only its large weights are kept.
    """
    return CheckworthinessModel.objects.in_use(newsroom, language).defer("weights").first()


def weights_of(model: CheckworthinessModel | None) -> Weights:
    return HAND if model is None or model.pk is None else _weights(model.pk)


@lru_cache(maxsize=8)
def _weights(pk: int) -> Weights:
    """Weights of a row never change, so that a worker may keep them."""
    return weights.from_json(CheckworthinessModel.objects.values_list("weights", flat=True).get(pk=pk))
